"""A sum of einsums beside loops that a person wrote, and beside another sum: the sum decides, not its operands."""

import numpy as np
import pytest

import einloop
from einloop.core.errors import OptionError, ShapeError

SUM = "C[i,k] = A[i,j]*B[j,k] - D[i,k]"


@pytest.mark.parametrize(
    ("text", "source", "right"),
    [
        (SUM, "C = A @ B - D", True),
        (SUM, "C = A @ B + D", False),
        (SUM, "C = A @ B * D", False),
        (SUM, "def f(A, B, D):\n    return A @ B - D", True),
        ("y[i] = 2*x[i]", "y = 2 * x", True),
        ("y[i] = 2*x[i]", "y = 3 * x", False),
        ("y[i] = 2*x[i]", "y = x", False),
        ("y[i] = (1+2j)*x[i]", "y = (1 + 2j) * x", True),
        ("y[i] = (1+2j)*x[i]", "y = (1 - 2j) * x", False),
        ("y[i] = x[i]/3 - z[i]/s", "y = x / 3 - z / s", True),
        ("y[i] = x[i]/3 - z[i]/s", "y = x / 3 - z * s", False),
    ],
)
def test_the_sum_decides(text, source, right):
    found = einloop.verify(text, source=source)
    assert bool(found) is right
    assert right or found.mismatch is not None


def test_what_is_added_to_is_part_of_it():
    source = "for i in range(len(C)):\n    C[i] += 3 * x[i]\n"
    assert einloop.verify("C[i] += 3*x[i]", source=source, add=True)
    assert not einloop.verify("C[i] += 2*x[i]", source=source, add=True)


def test_given_arrays_and_shapes_decide_too():
    arrays = [np.ones((2, 3)), np.ones((3, 4)), np.full((2, 4), 3.0)]
    assert einloop.verify(SUM, source="C = A @ B - D", load=arrays)
    wrong = einloop.verify(SUM, source="C = 0 * A @ B + D - 3", load=arrays)  # zeros on these arrays too
    assert not wrong
    assert "C = np.einsum('ij,jk->ik', A, B) - D" in str(wrong)
    assert not einloop.verify(SUM, source="C = A @ B - 2*D", shapes=[(2, 3), (3, 4), (2, 4)], shapes_only=True)


def test_several_statements_are_not_compared():
    with pytest.raises(OptionError, match="one statement over whole arrays, not with several statements") as refused:
        einloop.verify("t[i] = x[i] + 1; y[i] = t[i]*t[i]", source="y = (x + 1) ** 2")
    assert (refused.value.id, refused.value.hint) == ("EL435", "give one statement at a time")


def test_a_length_is_no_scalar_of_another_name():
    one, other = "s = \\sum_i (x_i - m)^2", "s = \\sum_i x_i^2 - 2m\\sum_i x_i + n m^2"
    assert not einloop.equivalent(one, other)
    assert einloop.equivalent(one, one.replace("- m", "- q"))


def test_nothing_is_divided_by_the_length_of_an_empty_axis():
    mean = "s = \\frac{1}{n}\\sum_{i=1}^n x_i"
    compiled = einloop.compile(mean)
    assert compiled(np.arange(4.0)) == 1.5
    for refused in (lambda: compiled(np.zeros(0)), lambda: einloop.generate(mean, shapes=[(0,)])):
        with pytest.raises(ShapeError, match=r"^error EL210: 'i' has length 0, and something is divided by it"):
            refused()
