"""Two names for one thing, slices of lists, and += of lists: what changes in place, and what has to be known for it."""

from __future__ import annotations

import pytest

import einloop
from einloop.core.errors import LiftError

TWINS = "y = x\ny *= 2\nz = x + y"
OTHER = "y = x\nx *= 2\nz = x + y"
SLICE = "b = x[:]\nfor i in range(len(x)):\n    {}[i] = 2 * b[i]"
AN_ARRAY = "right where A is an array: lists have no arithmetic: + joins them, * repeats them"
A_LIST = "right where {} is a list: a slice of an array is no copy"
LIFTED = [
    (TWINS, {"x": (3,)}, "z = 4 * x\nx = 2 * x", []),
    (OTHER, {"x": (3,)}, "z = 4 * x\nx = 2 * x", []),
    ("y = x\ny *= 2", {"x": (3,)}, "x = 2 * x", []),
    (SLICE.format("b"), None, "b = 2 * x", [A_LIST.format("x")]),
    (SLICE.format("x"), None, "x = 2 * x", [A_LIST.format("x")]),
    ("b = x[:]\nc = [0] * n\nfor i in range(n):\n    c[i] = 2 * b[i]", None, "c = 2 * x", ["shapes: x (n,)"]),
    (
        "C = []\nfor row in A:\n    row *= 2\n    C.append(row)",
        None,
        "C = 2 * A",
        ["right where A is an array of numbers: a row of it would change in place"],
    ),
    (
        "s = []\nfor row in A:\n    s += row",
        None,
        "s = (A).reshape(A.shape[0]*A.shape[1])",
        ["right where A is made of lists: += makes a list longer by one"],
    ),
    ("C = [2 * a for a in A]", {"A": (2, 3)}, "C = 2 * A", [AN_ARRAY]),
    ("C = []\nfor a in A:\n    C.append(a * k)", {"A": (2, 3), "k": ()}, "C = k * A", [AN_ARRAY]),
    ("C = []\nfor a in A:\n    C.append(a - a[0])", {"A": (2, 3)}, "C = A - A[:, 0][:, None]", []),
    ("C = [2 * a for a in A]", {"A": (3,)}, "C = 2 * A", []),
    ("import numpy as np\nC = [2 * a for a in A]", {"A": (2, 3)}, "C = 2 * A", []),
    ("s = []\nfor row in A:\n    s.extend(row)", None, "s = (A).reshape(A.shape[0]*A.shape[1])", []),
    ("s = []\nfor x in A:\n    s += [2 * a for a in x]", None, "s = (2 * A).reshape(A.shape[0]*A.shape[1])", []),
]
EXTENDS = "+= makes a list longer by a list, and adds an array to it"
ROWS = "C = [[0] * m for i in range(n)]\nfor i in range(n):\n    C[i] {} A[i]"
REFUSED = [
    ("EL812", TWINS, "y *= 2", "how many axes x has is not known"),
    ("EL812", OTHER, "x *= 2", "how many axes x has is not known"),
    ("EL813", ROWS.format("+="), "A[i]", f"{EXTENDS}, and this is one number"),
    ("EL802", ROWS.format("= C[i] +"), "C[i] + A[i]", "lists have no arithmetic: + joins them, * repeats them"),
    ("EL802", "s = [0, 0, 0]\ns += x", "s += x", f"{EXTENDS}: which this is, is not known"),
    (
        "EL812",
        "out = np.array([a - b for a, b in zip(A, w)])",
        "[a - b for a, b in zip(A, w)]",
        "how many axes A and w have is not known",
    ),
]


@pytest.mark.parametrize(("text", "shapes", "wanted", "notes"), LIFTED)
def test_what_changes_in_place_is_known_or_said(text, shapes, wanted, notes):
    found = einloop.lift(text, shapes=shapes)
    assert str(found) == wanted
    assert [note for note in found.notes if "numpy" not in note] == notes
    assert found.verification


@pytest.mark.parametrize(("id", "text", "place", "reason"), REFUSED)
def test_what_two_readings_differ_in_is_asked(id, text, place, reason):
    with pytest.raises(LiftError) as caught:
        einloop.lift(text)
    start, stop = caught.value.span
    assert (caught.value.id, text[start:stop], caught.value.message) == (id, place, reason)


def test_a_question_has_both_answers():
    with pytest.raises(LiftError) as caught:
        einloop.lift(TWINS)
    both = "-s x=2 for z = 4 * x; x = 2 * x, or x as numbers for z = 3 * x, or others"
    assert caught.value.hint == f"give its shape: {both}"
