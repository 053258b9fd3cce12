"""Operands of sums are given by place in the order of the text, or of a function's parameters, in every face."""

import numpy as np
import pytest

import einloop

TEXTS = {
    "R[j] = -B[j,i]*beta*A[i,j] + beta": ("B", "beta", "A"),
    "D[i] = (a[i]-b[i])*(c[i]+a[i])": ("a", "b", "c"),
    "C[i] *= a": ("a", "C"),
    "C[i,k] = alpha*A[i,j]*B[j,k] + beta*C[i,k]": ("alpha", "A", "B", "beta", "C"),
    "y_i = \\frac{z_i - x_i}{s}": ("z", "x", "s"),
}


@pytest.mark.parametrize(("text", "names"), TEXTS.items())
def test_the_order_is_that_of_the_text(text, names):
    assert einloop.generate(text).inputs == names
    assert einloop.compile(text).operands == names


def test_the_order_is_that_of_the_parameters():
    text = "def f(a, b):\n    return b - a\n"
    shapes = {"a": (2,), "b": (2,)}
    assert einloop.generate(text, shapes=shapes, function="f").inputs == ("a", "b")
    assert einloop.compile(text, shapes=shapes)(np.ones(2), np.full(2, 5.0)).tolist() == [4, 4]


def test_several_statements_take_the_order_of_the_whole_text():
    assert einloop.generate("T[i] = b[i] + a[i]; y[i] = c[i]*T[i]").inputs == ("b", "a", "c")
