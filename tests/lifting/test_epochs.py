"""Loops that only repeat: a few turns are run, and more that change a thing by itself are refused at once."""

from __future__ import annotations

import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

DESCENT = """for epoch in range({}):
    g = np.zeros(d)
    for i in range(m):
        p = 0
        for j in range(d):
            p += X[i, j] * w[j]
        for j in range(d):
            g[j] += (p - y[i]) * X[i, j]
    for j in range(d):
        w[j] -= lr * g[j] / m"""


@pytest.mark.parametrize("turns", ["3", "epochs", "1, 100"])
def test_a_descent_is_refused_before_it_runs(turns):
    with pytest.raises(LiftError) as caught:
        lift(DESCENT.format(turns), Notation.LOOPS)
    start, stop = caught.value.span
    assert (caught.value.id, caught.value.message, DESCENT.format(turns)[start:stop]) == (
        "EL822",
        "each turn of this loop changes w by what the turn before left of it",
        "w[j] -= lr * g[j] / m",
    )
    assert caught.value.hint == "give one turn: what stands in the loop"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("for t in range(4):\n    for i in range(n):\n        y[i] += x[i]", "y += 4 * x"),
        (
            "for t in range(3):\n    x = A[:, :] @ x",
            "x = np.einsum('ij,jk,kl,l->i', A, A, A, x)",
        ),
        (
            "for t in range(2):\n    x = x + A[:, :] @ x",
            "x1 = x + np.einsum('ij,j->i', A, x)\nx = x1 + np.einsum('ij,j->i', A, x1)",
        ),
    ],
)
def test_a_few_turns_are_run(text, wanted):
    assert lift(text, Notation.LOOPS, {"x": 1, "A": 2}).text() == wanted
