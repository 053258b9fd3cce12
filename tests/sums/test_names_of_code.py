"""What is given without names, for code: it belongs to what the code reads, in the order in which it reads it."""

from __future__ import annotations

import numpy as np
import pytest

import einloop
from einloop.core.errors import OptionError
from einloop.core.options import Options
from einloop.pipeline.explain import explain
from einloop.pipeline.expression import read_expression
from einloop.pipeline.page import render

OUTER = "def f(b, a):\n    return np.outer(a, b)"
PRODUCT = "def f(x, A):\n    return A @ x"
SCALED = "C = alpha*A@B + beta*C"


def test_arrays_follow_the_parameters_of_a_function():
    b, a = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])
    page = str(einloop.why(OUTER, b, a, at=(0, 1)))
    assert "= 10·2\n" in page
    assert "= 20\n" in page


def test_arrays_of_other_shapes_follow_them_too():
    x, matrix = np.array([1.0, 2.0, 3.0, 4.0]), np.arange(12.0).reshape(3, 4)
    page = str(einloop.why(PRODUCT, x, matrix, at=(1,)))
    assert f"is {(matrix @ x)[1]:.0f}:" in page


@pytest.mark.parametrize("text", [PRODUCT, "def f(x, A):\n    return 2 * A @ x"])
def test_shapes_follow_them(text):
    options = Options(shapes=((None, (4,)), (None, (3, 4))))
    page = render(explain(read_expression(text, options), options), "text", "en")
    rows = [line.split(maxsplit=1) for line in page.splitlines()]
    assert [row for row in rows if row[:1] in (["A"], ["x"])] == [["A", "i j   (3, 4)"], ["x", "j     (4,)"]]


def test_dtypes_follow_them():
    function = einloop.generate(PRODUCT, shapes=[(4,), (3, 4)], dtypes=["float32", "float64"], target="c", function="f")
    assert dict(zip(function.inputs, function.contract.dtypes, strict=True)) == {"A": "float64", "x": "float32"}


def test_what_is_written_over_counts_as_an_array_where_all_are_given():
    options = Options(shapes=((None, (3, 4)), (None, (4, 5)), (None, (3, 5))))
    page = render(explain(read_expression(SCALED, options), options), "text", "en")
    assert "B      j k   (4, 5)" in page
    assert "C      i k   (3, 5)" in page


def test_too_many_dtypes_are_refused():
    with pytest.raises(OptionError) as caught:
        einloop.generate(PRODUCT, shapes=[(4,), (3, 4)], dtypes=["float32", "float64", "int8"])
    assert caught.value.id == "EL404"
    assert caught.value.message == "3 dtypes, and the code reads x, A"


def test_too_many_are_refused():
    with pytest.raises(OptionError) as caught:
        read_expression(PRODUCT, Options(shapes=((None, (4,)), (None, (3, 4)), (None, (2,)))))
    assert caught.value.id == "EL404"
    assert caught.value.message == "3 shapes, and the code reads x, A"
