"""Square roots and inverses of numbers in formulas; those of elements are refused."""

from __future__ import annotations

import pytest

import einloop
from einloop.core.errors import NotationError
from einloop.core.source import Notation
from einloop.notation import read_statements

SCORES = "S = np.einsum('ik,jk->ij', Q, K) / np.sqrt({})"
READ = [
    (r"S_{ij} = \frac{Q_{ik} K_{jk}}{\sqrt{d}}", SCORES.format("d")),
    (r"S_{ij} = \frac{1}{\sqrt{d_k}} \sum_k Q_{ik} K_{jk}", SCORES.format("d_k")),
    (r"S_{ij} = \frac{\sum_k Q_{ik} K_{jk}}{\sqrt{d_k}}", SCORES.format("d_k")),
    (r"S_{ij} = \sum_k \frac{Q_{ik} K_{jk}}{\sqrt{d_{\text{model}}}}", SCORES.format("d_model")),
    ("S_ij = Q_ik K_jk d_k^{-1/2}", SCORES.format("d_k")),
    ("S_ij = Q_ik K_jk / sqrt(d)", SCORES.format("d")),
    ("S[i,j] = Q[i,k]*K[j,k]/np.sqrt(d)", SCORES.format("d")),
    ("S[i,j] = Q[i,k]*K[j,k]/math.sqrt(len(Q))", SCORES.format("Q.shape[0]")),
    ("S[i,j] = Q[i,k]*K[j,k]*d**-0.5", SCORES.format("d")),
    ("S[i,j] = Q[i,k]*K[j,k]*d**(-1/2)", SCORES.format("d")),
    ("y_i = √d x_i", "y = np.sqrt(d) * x"),
    ("y_i = d^{1/2} x_i", "y = np.sqrt(d) * x"),
    ("y[i] = d**0.5 * x[i]", "y = np.sqrt(d) * x"),
    (r"y_i = n^{-1} A_{ij} x_j", "y = np.einsum('ij,j->i', A, x) / n"),
    ("y[i] = A[i,j]*x[j]*n**-1", "y = np.einsum('ij,j->i', A, x) / n"),
    (r"y_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}", "y = x / np.sqrt(v + epsilon) - mu / np.sqrt(v + epsilon)"),
    (r"y_i = x_i / \sqrt{2\pi}", "y = x / np.sqrt(2 * pi)"),
    (r"y_i = \frac{x_i}{\sqrt{d} + 1}", "y = x / (np.sqrt(d) + 1)"),
    (r"y_i = \sqrt{\sqrt{d}} x_i", "y = np.sqrt(np.sqrt(d)) * x"),
    (r"y_i = \lambda x_i / \sqrt{\lambda}", "y = lambda_ * x / np.sqrt(lambda_)"),
    (r"s = \sum_j x_j^2; y_i = x_i / \sqrt{s}", "s = np.einsum('j,j->', x, x)\ny = x / np.sqrt(s)"),
]
FUNCTION = "'{}' is not an operand, and an einsum has no functions (character {})"
BEFORE = "compute it before, and give the result a name"
REFUSED = [
    (r"y_i = \sqrt{x_i}", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 6), BEFORE),
    (r"y_i = \sqrt{x} a_i + x_i", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 6), BEFORE),
    (r"y_i = \sqrt[3]{d} x_i", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 6), BEFORE),
    (
        r"y_i = x_i / \sqrt{\sum_j x_j^2}", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 12),
        "give the sum a name, s = ..., and take the root of s in the next statement",
    ),
    (
        r"y_i = x_i / \sqrt{v_j v_j}", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 12),
        r"where v_j is one number, give it a name without an index, like \sqrt{d}",
    ),
    (
        r"S_{ij} = \sum_k \frac{Q_{ik} K_{jk}}{\sqrt{d_k}}", "EL148", r"\sqrt", FUNCTION.format(r"\sqrt", 37),
        r"where d_k is one number, give it a name without an index, like \sqrt{d}",
    ),
    (
        "y_i = x_i^{-1/2}", "EL147", "-1/2", "the power -1/2 is not a product (character 11)",
        "a power from 2 to 9 is that many equal factors",
    ),
    (
        "y_i = A^{-1}_{ij} x_j", "EL147", "-1",
        "'-1' reads as a transpose, a conjugate or another array, not as an index (character 9)",
        "write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
    ),
    (
        r"y_i = x_i / \sqrt{-2}", "EL148", r"\sqrt{-2}",
        r"'\sqrt{-2}' is not the root of a number above zero (character 12)", None,
    ),
    (
        r"d = x_i x_i; y_i = x_i / \sqrt{d}; d *= 2", "EL145", "d", "'d' is changed after y read it (character 35)",
        "give what d is then another name",
    ),
    (
        "d = x_i x_i; y_i = x_i / d; d *= 2", "EL145", "d", "'d' is changed after y read it (character 28)",
        "give what d is then another name",
    ),
    (
        r"d = x_i x_i; d = d / \sqrt{d}", "EL145", "d",
        "'d' divides, or is in a root, in the statement that changes it (character 13)",
        "give one of the arrays another name",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "statement"), READ)
def test_a_root_of_a_number_is_read(text: str, statement: str) -> None:
    assert str(einloop.lift(text, verify=False)) == statement


@pytest.mark.parametrize(("text", "id_", "at", "message", "hint"), REFUSED)
def test_refused(text: str, id_: str, at: str, message: str, hint: str | None) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text, Notation.FORMULA)
    error = caught.value
    assert (error.id, error.message, error.hint) == (id_, message, hint)
    assert error.span is not None
    assert text[slice(*error.span)] == at


def test_a_number_with_an_index_is_said() -> None:
    (one,) = read_statements(r"S_{ij} = \frac{Q_{ik} K_{jk}}{\sqrt{d_k}}", Notation.FORMULA).combinations
    assert one.notes == ("d_k is read as one number: d_k",)


@pytest.mark.parametrize("text", [r"y_i = \frac{A_{ij} x_j}{\sqrt{d_k}}", "y[i] = A[i,j]*x[j]*np.sqrt(d)"])
def test_loops_agree(text: str) -> None:
    assert einloop.verify(text)
    assert einloop.lift(text).verification


def test_what_has_no_loops_says_why_it_is_not_verified() -> None:
    found = einloop.lift(r"s = x_j x_j; y_i = x_i / \sqrt{s}").verification
    assert str(found) == (
        "not verified: there are no loops for it: np.sqrt(s) is no operand: several statements read and write arrays "
        "as they are"
    )
