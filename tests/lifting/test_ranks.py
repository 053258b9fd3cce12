# ruff: noqa: E501
"""Texts that leave open how many axes an array has: asked for, or found where one number makes sense; never guessed."""

from __future__ import annotations

import numpy as np
import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.lifting.free import added_to, free_names, kept
from einloop.lifting.runnable import runnable

SHAPES = {
    "A": (3, 4), "B": (4, 5), "C": (3, 5), "e": (2, 2), "c": (2, 2, 2, 2), "M": (4, 4), "T": (2, 3, 5, 6), "X": (6, 4),
    "alpha": (), "beta": (), "k": (2, 4, 5), "mu": (4,), "q": (2, 3, 5), "u": (3,), "v": (4,), "w": (3,), "x": (4,),
    "y": (3,),
}  # fmt: skip
"""What the arrays of these texts are; a text is given those that it names."""

ASKED = (
    ("mean = X.sum(axis=0) / X.shape[0]", "how many axes X has is not known"),
    ("n = X.shape[0]\nD = X - X.mean(axis=0)\nS = D.T @ D / (n - 1)", "how many axes X has is not known"),
    (
        "H = np.eye(M.shape[0]) - np.ones((M.shape[0], M.shape[0])) / M.shape[0]\nK = H @ M @ H",
        "how many axes M has is not known",
    ),
    ("S = np.add.outer(u, v)", "how many axes u and v have is not known"),
    ("S = np.subtract.outer(u, v)", "how many axes u and v have is not known"),
    ("np.dot(A, B, out=C)", "how many axes A and B have is not known"),
    ("C[:] = A @ B", "how many axes A and B have is not known"),
    ("U = np.tensordot(e, np.tensordot(c, e, axes=2), axes=2)", "how many axes c and e have is not known"),
    ("y = [A[i] @ x for i in range(len(A))]", "how many axes A and x have is not known"),
    (
        "out = np.zeros((q.shape[0], q.shape[1], k.shape[1]))\nfor b in range(2):\n    out[b] = q[b] @ k[b].T",
        "how many axes k and q have is not known",
    ),
    ("y = np.array([x @ M @ x for x in X])", "how many axes M and X have is not known"),
    (
        "G = np.zeros((A.shape[0], X.shape[0]))\nfor i in range(A.shape[0]):\n    for j in range(X.shape[0]):\n        G[i, j] = np.sum(A[i] * X[j])",
        "how many axes A and X have is not known",
    ),
    (
        "R = np.zeros((A.shape[0], B.shape[1]))\nfor i in range(A.shape[0]):\n    for j in range(B.shape[1]):\n        R[i, j] = (A[i] * B[:, j]).sum()",
        "how many axes A has is not known",
    ),
    (
        "S = np.zeros((X.shape[1], X.shape[1]))\nfor r in X:\n    d = r - mu\n    S += np.outer(d, d)",
        "how many axes X and mu have is not known",
    ),
)
"""Texts in which several numbers of axes make sense, and the question; with the ranks they are right."""

FOUND = (
    (
        "y = np.zeros(len(X))\nfor i in range(len(X)):\n    y[i] = X[i].T.dot(M).dot(X[i])",
        "y = np.einsum('ij,jk,ik->i', X, M, X)",
    ),
    ("a = np.zeros(A.shape[1])\nfor i in range(len(w)):\n    a += w[i] * A[i]", "a = np.einsum('i,ij->j', w, A)"),
    ("y = T.mean(axis=(2, 3))", "y = np.einsum('ijkl->ij', T) / (T.shape[2]*T.shape[3])"),
    (
        "S = u[:, np.newaxis] + v[np.newaxis, :]",
        "S = u[:, None] + v",
    ),
)
"""Texts in which one number of axes makes sense, and what they are."""

GIVEN = (
    ("C = alpha * A @ B + beta * C", {"A": 2, "B": 2}, "C = alpha * np.einsum('ij,jk->ik', A, B) + beta * C"),
    ("y += alpha * A @ x", {"A": 2, "x": 1}, "y += alpha * np.einsum('ij,j->i', A, x)"),
    ("A = A[0]", {"A": 2}, "A = A[0]"),
    (
        "y = einops.rearrange(T, 'b c h w -> b (h w) c')",
        {"T": 4},
        "y = np.einsum('ijkl->iklj', T).reshape(T.shape[0], T.shape[2]*T.shape[3], T.shape[1])",
    ),
)
"""Texts with the ranks of some arrays: what a sum is added to has as many axes as the sum."""


def assert_same(text: str, printed: str) -> None:
    """Check that a text and what was printed for it leave the same."""
    rng = np.random.default_rng(0)
    given = {name: rng.integers(1, 9, shape).astype(float) for name, shape in SHAPES.items()}
    name = printed.partition(" ")[0]
    theirs, ours = ({"np": np, **{key: value.copy() for key, value in given.items()}} for _ in range(2))
    exec(runnable(text, [name]), theirs)
    exec(printed, ours)
    assert np.shape(theirs[name]) == np.shape(ours[name])
    assert np.allclose(theirs[name], ours[name], rtol=1e-12)


@pytest.mark.parametrize(("text", "question"), ASKED)
def test_axes_that_nothing_says_are_asked_for(text: str, question: str) -> None:
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS)
    assert f"{caught.value.id} {caught.value.message}" == f"EL812 {question}"
    ranks = {name: len(shape) for name, shape in SHAPES.items() if name in free_names(text)}
    assert_same(text, lift(text, Notation.LOOPS, ranks).text())


@pytest.mark.parametrize(("text", "statement"), FOUND)
def test_axes_are_found_where_one_number_makes_sense(text: str, statement: str) -> None:
    assert lift(text, Notation.LOOPS).text() == statement
    assert_same(text, statement)


@pytest.mark.parametrize(("text", "ranks", "statement"), GIVEN)
def test_what_a_sum_is_added_to_has_its_axes(text: str, ranks: dict[str, int], statement: str) -> None:
    assert lift(text, Notation.NUMPY, ranks).text() == statement
    assert_same(text, statement)


def test_inputs_are_what_is_read_first() -> None:
    assert free_names("y += A @ x") == ("y", "A", "x")
    assert free_names("t = A @ B\nC = t @ C") == ("A", "B", "C")
    assert free_names("s = 0\nfor i in range(n):\n    s += x[i]") == ("n", "x")
    assert free_names("y = [f * v for v in x]") == ("x", "f")
    assert kept("x = x * w") == {"x"}
    assert added_to("x = x * w") == frozenset()
    assert added_to("C = A @ C + B") == frozenset()
