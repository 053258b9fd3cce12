"""Parts of arrays that whole arrays are assigned to: their lengths are those of the arrays, whatever these are."""

import numpy as np
import pytest

import einloop
from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

LIFTED = (
    ("y[1:] = x[:-1]", {"y": (5,), "x": (5,)}, "y[1:] = x[:y.shape[0] - 1]"),
    ("y[:-1] = 2 * x[1:]", {"y": (5,), "x": (5,)}, "y[:y.shape[0] - 1] = 2 * x[1:]"),
    ("y[2:] = x[:-1]", {"y": (6,), "x": (5,)}, "y[2:] = x[:x.shape[0] - 1]"),
    ("y[1:] = x", {"y": (5,), "x": (4,)}, "y[1:] = x"),
    ("y[:3] = x", {"y": (5,), "x": (3,)}, "y[:3] = x"),
    ("y[-3:] = x[:3]", {"y": (5,), "x": (4,)}, "y[y.shape[0] - 3:] = x[:3]"),
    ("y[1:-1] = x[2:] - x[:-2]", {"y": (5,), "x": (5,)}, "y[1:y.shape[0] - 1] = x[2:] - x[:y.shape[0] - 2]"),
    ("y[:, 1:] = A[:, :-1]", {"y": (2, 4), "A": (2, 4)}, "y[:, 1:] = A[:, :y.shape[1] - 1]"),
    ("y[1:] = 3", {"y": (5,)}, "y[1:] = 3"),
)


@pytest.mark.parametrize(("code", "shapes", "statement"), LIFTED)
def test_a_part_is_assigned_for_every_length(code, shapes, statement):
    found = lift(code, Notation.NUMPY)
    assert found.text() == statement
    rng = np.random.default_rng(0)
    given = {name: rng.integers(-9, 9, shape).astype(float) for name, shape in shapes.items()}
    theirs = {name: array.copy() for name, array in given.items()}
    exec(code, {}, theirs)  # the text of the table above
    ours = einloop.lift(code).run(**given)
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name])


def test_an_array_that_the_text_makes_says_how_long_the_other_is():
    found = einloop.lift("y = np.zeros(n)\ny[1:] = x[:-1]")
    assert str(found).startswith("y = np.zeros((n))\ny[1:] += x[:n - 1]")
    assert found.verification.cases


@pytest.mark.parametrize(("code", "place"), [("y[:n] = x[1:n+1]", "y[:n]"), ("y[0:n] = x[1:n+1]", "y[0:n]")])
def test_lengths_that_cannot_be_said_are_named_by_the_text(code, place):
    with pytest.raises(LiftError) as caught:
        lift(code, Notation.NUMPY)
    error = caught.value
    reason = f"{place} has to be as long as what is assigned to it"
    assert (error.id, code[slice(*error.span)], error.message) == ("EL813", place, reason)
    assert error.hint == "a loop that assigns one element at a time says how long both are"
