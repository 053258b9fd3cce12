"""Types of elements in a text: those that hold whole numbers only cut off the rest, which is refused or said."""

from __future__ import annotations

import pytest

import einloop
from einloop.core.errors import LiftError

MADE = "y = np.zeros(n, dtype={})\nfor i in range(n):\n    y[i] {}"
HOLDS = "y holds whole numbers ({}): what comes after the point is cut off, which no sum of products does"
WHOLE = "right where what y is given is whole: it cuts off the rest"
MAY_CHANGE = "a conversion to {} may change elements, which no sum of products does"
REFUSED = [
    (MADE.format("int", "= x[i] * w[i] / 2"), "int", HOLDS.format("int")),
    (MADE.format("np.int64", "= 0.5 * x[i]"), "np.int64", HOLDS.format("np.int64")),
    (MADE.format("'i4'", "+= x[i] / n"), "'i4'", HOLDS.format("'i4'")),
    ("y = np.zeros((n, m), int)\ny[:] = A[:, :] / 4", "int", HOLDS.format("int")),
    (
        MADE.format("np.uint8", "= 2 * x[i]"),
        "np.uint8",
        "y holds numbers without a sign (np.uint8): others wrap around, which no sum of products does",
    ),
    ("A.astype(int) @ B[:, :]", "A.astype(int)", MAY_CHANGE.format("int")),
    ("np.asarray(A, np.int32).sum()", "np.asarray(A, np.int32)", MAY_CHANGE.format("np.int32")),
    ("A.to(torch.int64).sum(0)", "A.to(torch.int64)", MAY_CHANGE.format("torch.int64")),
]
LIFTED = [
    (MADE.format("int", "+= x[i] * w[i]"), None, "y = np.einsum('i,i->i', x, w)", [WHOLE]),
    (MADE.format("int", "= 3"), None, "y = np.full((n,), 3)", []),
    (MADE.format("float", "= x[i] / 2"), None, "y = 0.5 * x", []),
    (MADE.format("np.float32", "+= x[i] / 3"), None, "y = (1 / 3) * x", []),
    ("A.astype(np.float64) @ B", {"A": (2, 3), "B": (3, 4)}, "result = np.einsum('ij,jk->ik', A, B)", []),
    ("A = np.asarray(A, dtype=float)\ny = A[:, 0] * A[:, 1]", None, "y = np.einsum('i,i->i', A[:, 0], A[:, 1])", []),
    (
        "torch.addmm(torch.zeros(x.size(0), W.size(0)), x, W.t())",
        {"x": (2, 3), "W": (4, 3)},
        "result = np.einsum('ij,kj->ik', x, W)",
        [],
    ),
]


@pytest.mark.parametrize(("text", "place", "reason"), REFUSED)
def test_a_type_that_cuts_off_is_refused(text, place, reason):
    with pytest.raises(LiftError) as caught:
        einloop.lift(text, shapes={"A": (2, 3)} if "A." in text or "(A" in text else None)
    start, stop = caught.value.span
    assert (caught.value.id, text[start:stop], caught.value.message) == ("EL807", place, reason)


@pytest.mark.parametrize(("text", "shapes", "wanted", "notes"), LIFTED)
def test_a_type_that_changes_nothing_is_left_out(text, shapes, wanted, notes):
    found = einloop.lift(text, shapes=shapes)
    assert str(found) == wanted
    assert [note for note in found.notes if note.startswith("right")] == notes
    assert found.verification
