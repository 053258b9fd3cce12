"""Formulas of papers that look like calls, results that change after they are read, and what no formula says."""

from __future__ import annotations

import numpy as np
import pytest

import einloop
from einloop.core.errors import NotationError
from einloop.core.source import Notation
from einloop.notation import read_statements

PRODUCTS = [
    (r"w_i = w_i - \eta \left( y_i - t_i \right)", "w += -eta * y + eta * t", r"\eta (...) is read as a product"),
    (r"w_i = \eta\,(y_i - t_i)", "w = eta * y - eta * t", r"\eta (...) is read as a product"),
    ("w_i = a (y_i - t_i) / n", "w = a * y / n - a * t / n", "a (...) is read as a product"),
    ("w[i] = rate (y[i] - t[i])", "w = rate * y - rate * t", "rate (...) is read as a product"),
    (
        r"W_{ij} += \eta (v_i h_j - v'_i h'_j)",
        "W += eta * np.einsum('i,j->ij', v, h) - eta * np.einsum('i,j->ij', v_prime, h_prime)",
        r"\eta (...) is read as a product",
    ),
]


@pytest.mark.parametrize(("text", "numpy", "note"), PRODUCTS, ids=[repr(x[0]) for x in PRODUCTS])
def test_parentheses_with_terms_after_a_blank_are_a_factor(text: str, numpy: str, note: str) -> None:
    found = read_statements(text, add=True)
    assert found.text() == numpy
    assert note in found.combinations[0].notes


CALLS = [
    (r"w_i = \eta(y_i - t_i)", r"write \eta_{ij} for an element, \eta \cdot (...) for a product"),
    ("w[i] = alpha(y[i] - t[i])", "write alpha[i, j] for an element, alpha * (...) for a product"),
    (r"y_i = f (x_i) + b_i", r"write f_{ij} for an element, f \cdot (...) for a product"),
    (
        r"y_i = \mathrm{softmax}(x_i)",
        "compute it before, and give the result a name; an array of that name has brackets, like softmax[i]",
    ),
    (r"s = \mathrm{tr}(A B)", "write the indices: the trace of A B is A_{ij} B_{ji}"),
    (r"y_i = \exp (x_i - z_i)", "compute it before, and give the result a name"),
    ("y_i = e^{x_i}", "compute it before, and give the result a name"),
    ("y_i = e^{-x_i / T}", "compute it before, and give the result a name"),
]


@pytest.mark.parametrize(("text", "hint"), CALLS, ids=[repr(x[0]) for x in CALLS])
def test_functions_are_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text)
    assert (caught.value.id, caught.value.hint) == ("EL148", hint)


def test_a_derivative_is_no_array() -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(r"\frac{dx_i}{dt} = A_{ij} x_j")
    assert str(caught.value).splitlines()[0] == (
        r"error EL140: the left side is one array, and '\frac{dx_i}{dt}' is a fraction (character 0)"
    )
    assert caught.value.hint == "give it a name: v_i = ..."


X, Z, B = (np.random.default_rng(seed).integers(-4, 5, size=4) for seed in (1, 2, 3))
M = np.random.default_rng(5).integers(-4, 5, size=(4, 4))
CHANGED = [
    ("T[i] = 2*x[i]; W[i] = 3*T[i]; T[i] *= 2", {"W": 6 * X, "T": 4 * X}),
    ("T[i] = 2*x[i]; W[i] = 3*T[i]; T[i] += z[i]", {"W": 6 * X, "T": 2 * X + Z}),
    (
        "T[i] = x[i]; W[j] = T[j]*T[j]; T[k] = T[k] + z[k]; V[i] = T[i]",
        {"W": X * X, "T": X + Z, "V": X + Z},
    ),
    ("T[i] = A[i,j]*x[j]; W = T[i]*T[i]; T[i] -= b[i]", {"W": (M @ X) @ (M @ X), "T": M @ X - B}),
    ("T[i] = A[i,j]*x[j]; T[i] *= T[i]", {"T": (M @ X) ** 2}),
    (
        "T[i] = A[i,j]*x[j]; S[k] = A[k,i]*T[i]; T[i] *= 2; U[i] = S[i] + T[i]",
        {"S": M @ M @ X, "U": M @ M @ X + 2 * M @ X},
    ),
    ("T = x[k]*z[k]; W = 2*T; T *= 3", {"W": 2 * (X @ Z), "T": 3 * (X @ Z)}),
]


@pytest.mark.parametrize(("text", "results"), CHANGED, ids=[x[0] for x in CHANGED])
def test_a_result_that_changes_after_it_is_read(text: str, results: dict[str, np.ndarray]) -> None:
    found = einloop.lift(text)
    named = {"A": M, "x": X, "z": Z, "b": B}
    given = {name: value for name, value in named.items() if f"{name}[" in text}
    made = found.run(**given)
    assert {name: made[name].tolist() for name in results} == {name: value.tolist() for name, value in results.items()}


def test_what_changes_after_it_is_read_is_said() -> None:
    found = read_statements("T[i] = 2*x[i]; W[i] = 3*T[i]; T[i] *= 2")
    assert found.combinations[0].notes == ("T changes after W reads it: what it holds before is written out there",)


def test_a_name_of_code_stands_in_a_statement_of_names_alone() -> None:
    text = "T = x[k]*B[k,i]; T *= alpha; V[i] = T*x[i]"
    assert read_statements(text).text() == "T = alpha * np.einsum('k,ki->', x, B)\nV = T * x"


@pytest.mark.parametrize("text", ["R = -alpha + beta", "R = 3", "R = alpha", "R = 2*alpha*beta", "R -= 2*alpha"])
def test_names_alone_have_no_index(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text)
    assert (caught.value.id, caught.value.message) == (
        "EL145",
        "no operand has an index, so there is nothing to loop over",
    )


@pytest.mark.parametrize(
    "times", ["(b + 2*B[i,k])**2", "(b + 2*B[i,k])*(b + 2*B[i,k])", "(b + 2*B[i,k]) * (b+2*B[i,k])"]
)
def test_a_power_and_the_product_that_it_is_are_read_alike(times: str) -> None:
    found = read_statements(f"R[k] = a[k]*{times}")
    assert found.text() == (
        "R = B.shape[0] * b * b * a + 4 * b * np.einsum('k,ik->k', a, B) + 4 * np.einsum('k,ik,ik->k', a, B, B)"
    )


LENGTHS = [
    ("y[i] = x[i] / len(x)", "y = x / x.shape[0]"),
    ("y[i] = x[i] * x.shape[0]**2", "y = x.shape[0] * x.shape[0] * x"),
    ("y[i] = A[i,j]*x[j]/A.shape[1]", "y = np.einsum('ij,j->i', A, x) / A.shape[1]"),
    ("s = x[i]*x[i]/(len(x) - 1)", "s = np.einsum('i,i->', x, x) / (x.shape[0] - 1)"),
    ("mu = x[i]/len(x); y[i] = x[i] - mu", "mu = np.einsum('i->', x) / x.shape[0]\ny = x - mu"),
]


@pytest.mark.parametrize(("text", "numpy"), LENGTHS, ids=[x[0] for x in LENGTHS])
def test_lengths_in_code_form(text: str, numpy: str) -> None:
    assert read_statements(text).text() == numpy


def test_a_length_of_no_axis_is_refused() -> None:
    with pytest.raises(NotationError) as caught:
        read_statements("y[i] = x[i]*x.shape[1]", Notation.FORMULA)
    assert caught.value.message == "'x.shape[1]' is the length of no axis of this formula (character 12)"
