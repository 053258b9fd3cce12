"""Questions for the number of axes: the plainest readings, each cut to a line, without those that make no sense."""

from __future__ import annotations

import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

COST = """def cost(X, y, w, b):
    m = X.shape[0]
    cost = 0.0
    for i in range(m):
        f = np.dot(X[i], w) + b
        cost = cost + (f - y[i])**2
    return cost / (2 * m)"""
DISTANCES = (
    "D = np.zeros((n, n))\nfor i in range(n):\n    for j in range(n):\n        D[i, j] = np.sum((x[i] - x[j])**2)"
)
QUESTIONS = [
    (COST, "X, b, w and y", "-s X=2x3 -s w=3 -s y=2 for"),
    (DISTANCES, "x", "-s x=2x3 for"),  # a sum of numbers is none
    ("s = 0\nfor a in A.flatten():\n    s += a", "A", "-s A=2x3 for s = np.einsum('ij->', A)"),
    (
        "out = np.array([a * b for a, b in zip(A, w)])",
        "A and w",
        "-s A=2x3 -s w=2 for out = np.einsum('ij,i->ij', A, w)",
    ),
    ("J = 1/(2*m) * np.sum((X[:, :] @ th - y[:])**2)", "th", "-s th=2 for"),
]


@pytest.mark.parametrize(("text", "names", "reading"), QUESTIONS)
def test_the_plainest_reading_comes_first(text, names, reading):
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS if "for" in text else Notation.NUMPY)
    error = caught.value
    has = "have" if " and " in names else "has"
    assert (error.id, error.message) == ("EL812", f"how many axes {names} {has} is not known")
    said = "their shapes" if " and " in names else "its shape"
    assert error.hint.startswith(f"give {said}: {reading}")
    assert len(error.hint) < 500


def test_a_reason_that_no_number_of_axes_changes_is_said():
    text = "b = (n*sum(x*y) - sum(x)*sum(y)) / (n*sum(x*x) - sum(x)**2)"
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.NUMPY)
    assert (caught.value.id, caught.value.message) == ("EL807", "a quotient of arrays is not a sum of products")
