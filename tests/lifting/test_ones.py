"""Axes of length 1 in the shapes that are given: any axis, unless the text stretches it, which is said then."""

from __future__ import annotations

import pytest

from einloop.core.source import Notation
from einloop.lifting import lift

CASES = [
    ("A * B", "A=3x1 B=1x4", "np.einsum('i,j->ij', A[:, 0], B[0])", ["A.shape[1]", "B.shape[0]"]),
    ("A @ B", "A=1x2x3 B=2x3x4", "np.einsum('ij,kjl->kil', A[0], B)", ["A.shape[0]"]),
    ("(X - mu).sum(0)", "X=5x3 mu=1x3", "np.einsum('ij->j', X) - X.shape[0] * mu[0]", ["mu.shape[0]"]),
    ("A + v", "A=3x4 v=1", "A + v[0]", ["v.shape[0]"]),
    ("np.squeeze(A @ B)", "A=1x4 B=4x1", "np.einsum('i,i->', A[0], B[:, 0])", ["A.shape[0]", "B.shape[1]"]),
    ("A.sum(0)", "A=1x4", "np.einsum('ij->j', A)", []),
    ("K @ H @ K", "K=2x1 H=1x2", "np.einsum('ij,jk,kl->il', K, H, K)", []),
    ("F @ x + B @ u", "F=2x2 x=2 B=2x1 u=1", "np.einsum('ij,j->i', F, x) + np.einsum('ij,j->i', B, u)", []),
    ("A[:, 0] * b", "A=3x1 b=3", "np.einsum('i,i->i', A[:, 0], b)", []),
    ("A.squeeze(1)", "A=3x1x4", "A[:, 0]", []),
]


@pytest.mark.parametrize(("text", "shapes", "wanted", "ones"), CASES)
def test_an_axis_of_length_1_is_any_axis_or_it_is_said(text, shapes, wanted, ones):
    given = {name: tuple(map(int, said.split("x"))) for name, said in (one.split("=") for one in shapes.split())}
    found = lift(text, Notation.NUMPY, None, given)
    notes = [note for one in found.combinations for note in one.notes if note.endswith("is 1")]
    assert found.text() == f"result = {wanted}"
    assert notes == [f"right where {length} is 1" for length in ones]
