"""Functions that only torch has, other libraries, and shapes that do not fit what code does with them."""

from __future__ import annotations

import pytest

import einloop
from einloop.core.errors import LiftError

LIFTED = [
    ("import torch\ny = x @ W.transpose(0, 1)", "x=3x4 W=5x4", "y = np.einsum('ij,kj->ik', x, W)"),
    ("x.unflatten(1, (2, 3))", "x=2x6x3", "result = x.reshape(x.shape[0], 2, 3, x.shape[2])"),
    ("x.reshape(x.shape[0], 2, 3, x.shape[2]).sum(1)", "x=2x6x3",
     "result = np.einsum('ijkl->ikl', x.reshape(x.shape[0], 2, 3, x.shape[2]))"),
    ("x.permute(0, 2, 1)", "x=2x3x4", "result = np.einsum('ijk->ikj', x)"),
    ("x.sum(dim=-1)", "x=2x3", "result = np.einsum('ij->i', x)"),
    ("sum(sum(A @ B))", "A=2x3 B=3x4", "result = np.einsum('ij,jk->', A, B)"),
    ("A = torch.arange(12.).view(3, 4)\nC = A @ A.T", "", "C = np.einsum('ij,kj->ik', A, A)"),
    ("d = 1.0 / (n * m) * sum(sum(r) for r in A)", "", "d = np.einsum('ij->', A) / n / m"),
    ("B = A[:]\nfor i in range(n):\n    for j in range(m):\n        B[i][j] = 2 * B[i][j]", "", "B = 2 * A"),
    ("J = 0\nfor i in range(n):\n    for c in range(k):\n        J += r[i, c] * np.dot(X[i] - m[c], X[i] - m[c])",
     "X=5x3 m=2x3",
     "J = np.einsum('ic,ij,ij->', r, X, X) - 2 * np.einsum('ic,ij,cj->', r, X, m) + np.einsum('ic,cj,cj->', r, m, m)"),
]  # fmt: skip
REFUSED = [
    ("EL803", "C = tf.matmul(A, B, transpose_b=True)", "", "tf",
     "tf is not a library that is read: numpy, torch and jax are"),
    ("EL813", "C = A @ B.T", "A=2x3 B=4x2", "A @ B.T",
     "A.shape[1] is 3, B.shape[1] is 2, and here they have to be equal"),
    ("EL813", "x.reshape(x.shape[0], 6) @ W", "x=4x2x4 W=6x5", "x.reshape(x.shape[0], 6)",
     "8 elements do not fit into 6"),
    ("EL807", "np.diag(v, 1)", "v=3", "np.diag(v, 1)", "only the main diagonal is read"),
]  # fmt: skip


def _shapes(said):
    return {name: tuple(map(int, shape.split("x"))) for name, shape in (one.split("=") for one in said.split())}


@pytest.mark.parametrize(("text", "shapes", "wanted"), LIFTED)
def test_lifted_and_proved(text, shapes, wanted):
    found = einloop.lift(text, shapes=_shapes(shapes))
    assert str(found) == wanted
    assert found.verification


@pytest.mark.parametrize(("id", "text", "shapes", "place", "reason"), REFUSED)
def test_refused(id, text, shapes, place, reason):
    with pytest.raises(LiftError) as caught:
        einloop.lift(text, shapes=_shapes(shapes))
    assert caught.value.id == id
    if reason is not None:
        assert caught.value.message == reason
        assert text[slice(*caught.value.span)] == place


def test_the_library_that_is_asked_for_says_what_code_means():
    found = einloop.lift("x @ W.transpose(0, 1)", shapes={"x": (3, 4), "W": (5, 4)}, library="torch")
    assert str(found) == "result = torch.einsum('ij,kj->ik', x, W)"
    assert found.verification
