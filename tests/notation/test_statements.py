"""Several formulas in one text: statements, results that later ones read, results that are changed."""

from __future__ import annotations

import pytest

from einloop.core.combination import Statements
from einloop.core.source import Notation
from einloop.core.spec import Spec
from einloop.notation import read_statements

SEQUENCES: list[tuple[str, str]] = [
    (
        "T[i,k] = A[i,j]*B[j,k]; D[i,l] = T[i,k]*C[k,l] + E[i,l]",
        "T = np.einsum('ij,jk->ik', A, B)\nD = np.einsum('ik,kl->il', T, C) + E",
    ),
    ("C[i,k] = 0\nC[i,k] += A[i,j]*B[j,k]\nC[i,k] *= 3", "C = 3 * np.einsum('ij,jk->ik', A, B)"),
    ("C[i] = A[i]; C[j] += B[j]; C[k] -= D[k]; C[i] /= n", "C = A / n + B / n - D / n"),
    ("C[i] += A[i]; D[i] = 2*B[i]", "C += A\nD = 2 * B"),
    ("C[i,j] = A[i,j]; C[j,i] += B[j,k]*D[k,i]", "C = A + np.einsum('ik,kj->ij', B, D)"),
    ("C[i] = A[i]; C[i] = C[i] + B[i]", "C = A + B"),
    ("C[i] = A[i] + b; C[i] *= 2", "C = 2 * A + 2 * b"),
    (
        "C[i,j] = a[i]; C[i,j] += b[j]",
        "C = a[:, None] + b",
    ),
    ("s = x_i x_i\ny_j = x_j / s", "s = np.einsum('i,i->', x, x)\ny = x / s"),
    (
        "\\begin{align*}\nr_i &= b_i - A_{ij} x_j, \\\\[2pt]\n\\rho &= r_i r_i\n\\end{align*}",
        "r = b - np.einsum('ij,j->i', A, x)\nrho = np.einsum('i,i->', r, r)",
    ),
    ("y_i = a_i\n    + b_i\nz = y_i y_i;", "y = a + b\nz = np.einsum('i,i->', y, y)"),
    (
        r"y_i = \sum_j W_{ij} x_j + b_i, \quad i=1,\dots,n \\ z = y_i y_i",
        "y = np.einsum('ij,j->i', W, x) + b\nz = np.einsum('i,i->', y, y)",
    ),
    (r"x_i = x_i - \eta g_i; v_i = x_i + w_i", "x -= eta * g\nv = x + w"),
    (
        "T_{ij} = A_{ik} B_{kj}; T_{ij} += D_{ij}; y_i = T_{ij} x_j",
        "T = np.einsum('ik,kj->ij', A, B) + D\ny = np.einsum('ij,j->i', T, x)",
    ),
]

TEMPORARIES: list[tuple[str, tuple[str, ...]]] = [
    ("T[i] = A[i,j]*x[j]; y = T[i]*T[i]", ("T",)),
    ("s = x_i x_i; y_i = x_i / s; z_i = y_i + x_i", ("s", "y")),
    ("s = x_i x_i; t = y_i y_i", ()),
    ("x_i = 2 x_i + b_i", ()),
    ("s = x_i x_i + 1; y_i = a_i / (s - 1)", ("s",)),
]


@pytest.mark.parametrize(("text", "numpy"), SEQUENCES, ids=[repr(x[0]) for x in SEQUENCES])
def test_statements_are_read(text: str, numpy: str) -> None:
    found = read_statements(text, Notation.FORMULA)
    assert found.text() == numpy
    assert {one.source.text for one in found.combinations} == {text}


@pytest.mark.parametrize(("text", "names"), TEMPORARIES)
def test_results_that_later_statements_read(text: str, names: tuple[str, ...]) -> None:
    found = read_statements(text, Notation.FORMULA)
    assert isinstance(found, Statements)
    assert found.temporaries == names


def test_what_several_statements_make_of_one_result_may_be_one_einsum() -> None:
    found = read_statements("C[i] = A[i]; C[i] *= C[i]")
    assert isinstance(found, Spec)
    assert (found.subscripts, [operand.name for operand in found.operands]) == ("i,i->i", ["A", "A"])


def test_a_line_without_a_result_goes_on_with_the_one_before() -> None:
    found = read_statements("y[i] = A[i,j] *\n x[j]\n - b[i]\nz = y[i]")
    assert found.text() == "y = np.einsum('ij,j->i', A, x) - b\nz = np.einsum('i->', y)"


def test_places_are_those_in_the_whole_text() -> None:
    text = "t_i = A_{ij} x_j\nz = t_i y_i + c"
    found = read_statements(text)
    spans = [o.span for one in found.combinations for part in one.summands for o in part.spec.operands]
    assert [text[span.start : span.stop] for span in spans if span] == ["A_{ij}", "x_j", "t_i", "y_i", "c"]
