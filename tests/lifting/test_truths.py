"""Truth values: what np.einsum takes as or and and, and what counts them instead."""

from __future__ import annotations

import numpy as np
import pytest

import einloop
from einloop.core.errors import LiftError

SHAPES = {"A": (3, 4), "B": (3, 4), "C": (3, 4)}
SAID = "right for arrays of bool: there + is or, and * is and"
COUNTED = "elements are numbers here and truth values elsewhere in this text"
LIFTED = [
    ("r = A | B", "r = A + B"),
    ("r = A & 1", "r = A"),
    ("r = np.logical_or(A, B)", "r = A + B"),
    ("r = np.logical_and(A, B).any(-1)", "r = np.einsum('ij,ij->i', A, B)"),
    ("r = (A[:, :, None] & B.T[None]).any(axis=1)", "r = np.einsum('ij,kj->ik', A, B)"),
    ("r = np.einsum('ij,ij->i', A & B, C)", "r = np.einsum('ij,ij,ij->i', A, B, C)"),
    (
        "for i in range(3):\n    r[i] = False\n    for j in range(4):\n        r[i] = r[i] or (A[i, j] and B[i, j])",
        "r = np.einsum('ij,ij->i', A, B)",
    ),
]
REFUSED = [
    ("r = (A & B).sum(1)", "(A & B).sum(1)"),
    ("r = (A | B).sum()", "(A | B).sum()"),
    ("r = np.mean(A & B)", "np.mean(A & B)"),
    ("r = np.trace(A | B)", "np.trace(A | B)"),
    ("r = np.logical_and(A, B) + 1", "np.logical_and(A, B) + 1"),
    ("r = np.logical_or(A, B).sum()", "np.logical_or(A, B).sum()"),
]


def shapes_of(text):
    """Return the shapes of the arrays that a text reads."""
    return {name: shape for name, shape in SHAPES.items() if name in text}


@pytest.mark.parametrize(("text", "wanted"), LIFTED)
def test_truth_values_are_lifted_and_compared_as_such(text, wanted):
    found = einloop.lift(text, shapes=shapes_of(text))
    assert str(found) == wanted
    assert SAID in found.notes
    assert found.verification
    assert {dtype for case in found.verification.cases for dtype in case.dtypes} == {"bool"}
    assert not [note for note in found.notes if ".sum(" in note]
    every = {name: np.ones(shape, bool) for name, shape in shapes_of(text).items()}
    (result,) = found.run(**every).values()
    assert result.dtype == bool
    assert result.all()


@pytest.mark.parametrize(("text", "place"), REFUSED)
def test_what_counts_truth_values_is_refused(text, place):
    with pytest.raises(LiftError) as caught:
        einloop.lift(text, shapes=shapes_of(text))
    start, stop = caught.value.span
    assert (caught.value.id, caught.value.message, text[start:stop]) == ("EL807", COUNTED, place)
