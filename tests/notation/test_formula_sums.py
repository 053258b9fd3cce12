"""Formulas that are sums of einsums: what they are as numpy, which numbers they compute, what is refused of them."""

from __future__ import annotations

import pytest

from einloop.core.combination import Combination, Statements
from einloop.core.errors import NotationError
from einloop.core.source import Notation
from einloop.core.spec import Spec
from einloop.notation import read, read_statements
from einloop.notation.formula import read_formula, read_formulas

SUMS: list[tuple[str, str]] = [
    ("C[i] = A[i,j]*x[j] + b[i]", "C = np.einsum('ij,j->i', A, x) + b"),
    ("C_{ij} = A_{ij} + B_{ij}", "C = A + B"),
    ("C_{ij} = -A_{ij}", "C = -A"),
    ("C[i] = + + - A[i]", "C = -A"),
    ("C[i] = 2 * 3 * A[i]**2 - 10^{-3} * B[i]", "C = 6 * np.einsum('i,i->i', A, A) - 0.001 * B"),
    ("C[i] = 1e-3 * A[i] + 2j * B[i] + 0.5f*D[i] - .25*E[i]", "C = 0.001 * A + 2j * B + 0.5 * D - 0.25 * E"),
    ("C[i] = A[i] * -2 + B[i] / -n", "C = -2 * A - B / n"),
    ("C[i] = (A[i] + B[i]) / (n*m)", "C = A / n / m + B / n / m"),
    ("C[i] = (A[i] + B[i]) / (n/m)", "C = m * A / n + m * B / n"),
    ("C[i] = (A[i] + B[i]) / (n - 1)", "C = A / (n - 1) + B / (n - 1)"),
    ("C[i] = A[i] / 0.3 + B[i] / .5", "C = (10 / 3) * A + 2 * B"),
    ("C[i] = A[i] / 3 / n * m", "C = (1 / 3) * m * A / n"),
    (r"C = \frac{1}{2} a_i b_i", "C = 0.5 * np.einsum('i,i->', a, b)"),
    (r"C_{ik} = \frac{A_{ij} B_{jk}}{n}", "C = np.einsum('ij,jk->ik', A, B) / n"),
    (r"C_{ij} = \frac12 (A_{ij} + A_{ji})", "C = 0.5 * A + 0.5 * np.einsum('ji->ij', A)"),
    ("y_i = 1/2 a_i + 3 b_i", "y = 0.5 * a + 3 * b"),
    ("C_i = ¾A_i + 2²B_i ÷ 3 − D_i", "C = 0.75 * A + (4 / 3) * B - D"),
    ("yᵢ = Σⱼ Aᵢⱼ xⱼ + bᵢ", "y = np.einsum('ij,j->i', A, x) + b"),
    (r"y_i = \sum_{j=1}^{n} A_{ij} x_j + b_i", "y = np.einsum('ij,j->i', A, x) + b"),
    (
        r"y_i = \left( \sum_j A_{ij} x_j + b_i \right) \cdot c_i \times 2",
        "y = 2 * np.einsum('ij,j,i->i', A, x, c) + 2 * np.einsum('i,i->i', b, c)",
    ),
    ("y_i = (A_{ij} x_j + b_i) c_i", "y = np.einsum('ij,j,i->i', A, x, c) + np.einsum('i,i->i', b, c)"),
    (
        "y_i = (A_{ij} x_j - b_i)^2",
        "y = np.einsum('ij,j,ik,k->i', A, x, A, x) - 2 * np.einsum('ij,j,i->i', A, x, b) + np.einsum('i,i->i', b, b)",
    ),
    ("s = (x_i - y_i)^2", "s = np.einsum('i,i->', x, x) - 2 * np.einsum('i,i->', x, y) + np.einsum('i,i->', y, y)"),
    ("s = (x_i - m)^2", "s = np.einsum('i,i->', x, x) - 2 * m * np.einsum('i->', x) + x.shape[0] * m * m"),
    (r"s = \sum (x_i - m)^2", "s = np.einsum('i,i->', x, x) - 2 * m * np.einsum('i->', x) + x.shape[0] * m * m"),
    (r"s = \sum_i (x_i - m) y_i", "s = np.einsum('i,i->', x, y) - m * np.einsum('i->', y)"),
    (r"c_j = \sum_i (a_{ij} + d_j)", "c = np.einsum('ij->j', a) + a.shape[0] * d"),
    (r"c = \sum_i a_i + \sum_i b_i", "c = np.einsum('i->', a) + np.einsum('i->', b)"),
    (r"c = (\sum_i a_i)(\sum_i b_i) + d", "c = np.einsum('i,j->', a, b) + d"),
    (r"c = (\sum_i a_i)^3 + d", "c = np.einsum('i,j,k->', a, a, a) + d"),
    (
        r"s = \frac{1}{n-1} \sum_{i=1}^{n} x_i^2 - \frac{1}{n}\left(\sum_{i=1}^n x_i\right)^2",
        "s = np.einsum('i,i->', x, x) / (x.shape[0] - 1) - np.einsum('i,j->', x, x) / x.shape[0]",
    ),
    (r"s = \frac{1}{n} \sum_{i=1}^{n} (x_i - m)", "s = np.einsum('i->', x) / x.shape[0] - m"),
    (r"s = \frac{1}{n} \sum_{i=0}^{n} x_i + c", "s = np.einsum('i->', x) / n + c"),
    ("C[i] = A[i] + 1", "C = A + 1"),
    ("C[i] = A[i] + 2", "C = A + 2"),
    (
        "C[i,j] = a[i] + b[j]",
        "C = a[:, None] + b",
    ),
    (
        "C_{ij} = (a_i + b_j)^2",
        "C = np.einsum('i,i->i', a, a)[:, None] + 2 * np.einsum('i,j->ij', a, b) + np.einsum('j,j->j', b, b)",
    ),
    ("c = a_i b_i + 1", "c = np.einsum('i,i->', a, b) + 1"),
    ("C[i] = A[i] - A[i]", "C = np.full((A.shape[0],), 0)"),
    (
        "c = 2 a_i b_i - 3 (a_i - b_i)^2",
        "c = 8 * np.einsum('i,i->', a, b) - 3 * np.einsum('i,i->', a, a) - 3 * np.einsum('i,i->', b, b)",
    ),
    ("c = (a_i - b_i)(a_i + b_i)", "c = np.einsum('i,i->', a, a) - np.einsum('i,i->', b, b)"),
    ("c = A_{ij} x_i x_j + A_{kl} x_k x_l", "c = 2 * np.einsum('ij,i,j->', A, x, x)"),
    ("C_{ij} = A^T_{ij} + A_{ij}", "C = np.einsum('ji->ij', A) + A"),
    (
        r"C_{ij} = A_{ij}^\top - B^{\mathrm{T}}_{ij} + Dᵀᵢⱼ",
        "C = np.einsum('ji->ij', A) - np.einsum('ji->ij', B) + np.einsum('ji->ij', D)",
    ),
    ("x'_i = R_{ij} x_j + t_i", "x_prime = np.einsum('ij,j->i', R, x) + t"),
    (r"\hat{y}_i = \mathbf{W}_{ij} x_j + y_i", "y_hat = np.einsum('ij,j->i', W, x) + y"),
    (r"M^{(1)}_{ir} = A_{ij} M^{(2)}_{jr} + \alpha N^{(1)}_{ir}", "M_1 = np.einsum('ij,jr->ir', A, M_2) + alpha * N_1"),
    ("C[i,j] = C[j,i] + A[i,j]", "C = np.einsum('ji->ij', C) + A"),
    ("C[..., i] = A[..., i] + B[..., i]", "C = A + B"),
    ("C(i,k) = 2*A(i,j)*B(j,k) - D(i,k)", "C = 2 * np.einsum('ij,jk->ik', A, B) - D"),
    ("y_i = {a_i + b_i} c", "y = c * a + c * b"),
    ("C[i] /= n", "C = C / n"),
    ("C[i] += A[i] + B[i]", "C = A + B"),
    ("C[i] -= A[i]", "C = -A"),
    ("C[i] = C[i] + A[i,j]*x[j]", "C += np.einsum('ij,j->i', A, x)"),
    ("C[i] = C[i] - A[i]", "C -= A"),
    ("C[i] = 2*C[i] + A[i]", "C = 2 * C + A"),
    ("C[i,j] = alpha*A[i,k]*B[k,j] + beta*C[i,j]", "C = alpha * np.einsum('ik,kj->ij', A, B) + beta * C"),
    (
        "c = (a + b)^4 + d",
        "c = a * a * a * a + 4 * a * a * a * b + 6 * a * a * b * b + 4 * a * b * b * b + b * b * b * b + d",
    ),
    (r"\begin{equation} y_i = a_i - b_i \qquad (3) \end{equation}", "y = a - b"),
    (r"y_i = a_i - \hat{b}_i % residual", "y = a - b"),
]

REFUSED: list[tuple[str, str, str | None, str, str | None]] = [
    (
        "y_i = (A_{ij} x_j)^2",
        "EL145",
        "j",
        "is the sum over 'j' raised to the power, or what is summed? (character 11)",
        "write (\\sum_{j} ...)^2 or \\sum_{j} (...)^2",
    ),
    (
        "y_i = (A_{ij} + b_i) c_i",
        "EL145",
        "j",
        "index 'j' is summed: are the terms without it added once, or once for each 'j'? (character 11)",
        "write \\sum_{j} before the term that has it, or before the parentheses",
    ),
    (
        "s = (a_i + b_j)(c_i + d_j)",
        "EL145",
        "(a_i + b_j)(c_i + d_j)",
        "index 'j' is summed: do terms without it count once, or once for each? (character 4)",
        "write \\sum_{j} where the sum belongs",
    ),
    (
        "e = (a_i b_i)(c_i d_i) + f",
        "EL146",
        "i",
        "index 'i' is summed inside parentheses, and stands outside too (character 16)",
        "write the sum signs, and name one of the indices differently",
    ),
    (
        r"c_j = \sum_i a_{ij} + b_{ij} + d_j",
        "EL145",
        "i",
        "does the sum over 'i' end before the next '+' or '-', or cover what follows? (character 25)",
        "write (\\sum_{i} ...) + ... or \\sum_{i} (...)",
    ),
    (
        r"y_i = b_i + \sum_i a_i",
        "EL146",
        "i",
        "index 'i' is summed, and stands in the result (character 17)",
        "leave it out of the sum, or out of the left side",
    ),
    (
        r"c = a_i \sum_i b_i + d",
        "EL146",
        "i",
        "index 'i' stands outside the reach of its sum sign (character 6)",
        "put the sum sign in front, or name one of the indices differently",
    ),
    (
        r"c = \sum_i a_i \sum_i b_i + d",
        "EL146",
        "i",
        "index 'i' is listed by two sum signs (character 20)",
        "name one of them differently",
    ),
    (
        r"c = \sum_k a_i + d",
        "EL146",
        "k",
        "index 'k' is summed, but no operand has it (character 9)",
        "leave it out of the sum, and multiply by its length where the term counts once for each: n m^2",
    ),
    (
        r"h^{(l+1)}_i = \sum_j W_{ij} h_j + b_i",
        "EL147",
        "(l+1)",
        "'(l+1)' reads as another layer or step, not as an index (character 3)",
        "name the arrays of each step differently, and leave the rest out: g_i = W_{ij} h_j + b_i",
    ),
    (
        r"c = \sum_{i=1}^{3} a_i + \sum_{i=1}^{2} a_i",
        "EL172",
        "2",
        "the limits of 'i' give one axis two lengths (character 37)",
        "take the part of the axis before",
    ),
    (
        "y = A x + b",
        "EL145",
        "A",
        "the formula has no indices, and nothing says what is summed (character 4)",
        "write them, as in y_i = A_{ij} x_j + b_i, or numpy code: y = A @ x + b",
    ),
    (
        "y = x^T A x + c",
        "EL147",
        "^T",
        "'^T' reads as a transpose, a conjugate or another array, not as an index (character 5)",
        "write indices, as in x_i A_{ij} x_j, or numpy code: x @ A @ x",
    ),
    (
        r"G_{ij} = R_{ij} - \frac{1}{2} R g_{ij}",
        "EL145",
        "R",
        "'R' has 0 indices here, and 2 before: is it one array? (character 30)",
        "give one of the arrays another name",
    ),
    (
        "C[i] = A[i] / B[i] + D[i]",
        "EL142",
        "B[i]",
        "division by 'B[i]', which has indices: an einsum has no division (character 14)",
        "give the inverse as an operand; to divide by a sum, compute it in a statement before",
    ),
    (
        r"C_i = a_i / \sum_j b_j",
        "EL142",
        "\\sum_j b_j",
        "division by '\\sum_j b_j', which has indices: an einsum has no division (character 12)",
        "give the inverse as an operand; to divide by a sum, compute it in a statement before",
    ),
    ("C[i] = A[i] / 0 + B[i]", "EL142", "0", "division by '0', which is zero (character 14)", None),
    (
        "C[i] = A[i] // 2 + B[i]",
        "EL142",
        "//",
        "'//' rounds the quotient down, and no sum of products does that (character 12)",
        None,
    ),
    (
        "y_i = a_i / 2 b_i",
        "EL145",
        "b_i",
        "'b_i' stands after a '/' and what it divides by: is it divided by too? (character 14)",
        "write parentheses around what divides, or '*' after it",
    ),
    (
        r"J = 1/2m \sum_i x_i^2",
        "EL145",
        "m",
        "'m' stands after a '/' and what it divides by: is it divided by too? (character 7)",
        "write parentheses around what divides, or '*' after it",
    ),
    ("C[i] = 2 3 A[i]", "EL145", "3", "'3' stands after a factor without '*' (character 9)", "write '*' between them"),
    (
        "C[i] = 0x10*A[i]",
        "EL145",
        "x10",
        "is '0x10' one number, or a product? (character 8)",
        "write a decimal number, or '*' for a product",
    ),
    (
        "c = 3",
        "EL143",
        "3",
        "the right side is a number alone, and no operand is left (character 4)",
        "write the number where it is used",
    ),
    (
        "c = a - a",
        "EL143",
        "a - a",
        "the right side is 0: its terms cancel, and no operand is left (character 4)",
        "write 0 where it is used",
    ),
    (
        "C[i,j] = a[i] + 1",
        "EL106",
        "j",
        "output index 'j' is in no operand (they offer i)",
        "only an index of an operand can stand in the output; for a new axis write result[..., None]",
    ),
    (
        "C[i] = 2",
        "EL106",
        "i",
        "output index 'i' is in no operand (they have no index at all)",
        "only an index of an operand can stand in the output; for a new axis write result[..., None]",
    ),
    (
        "C[..., i] = A[..., i] + b[i]",
        "EL106",
        "...",
        "'...' stands in the result, and not in every term (character 2)",
        "the axes of an ellipsis are not broadcast: write its indices",
    ),
    ("C[i] = A[i] + B[i] / ", "EL140", "/", "nothing after the '/' (character 19)", None),
    ("C[i] = A[i] + * B[i]", "EL140", "*", "an operand is missing before '*' (character 14)", None),
    ("C[i] = A[i] +", "EL140", "", "an operand is missing at the end (character 13)", None),
    ("C[i] = (A[i] + B[i]", "EL140", "(", "'(' is never closed (character 7)", None),
    (
        "C[i] = A[i] ** 0.5 + B[i]",
        "EL147",
        "0.5",
        "the power 0.5 is not a product (character 15)",
        "a power from 2 to 9 is that many equal factors",
    ),
    (
        "c = 2^{1/2} a_i",
        "EL147",
        "^",
        "the power of a number must be a whole number (character 5)",
        "from -99 to 99; else give it a name",
    ),
    ("c = (a_i + b_i)^x", "EL147", "^", "a power must be one number, 2 to 9 (character 15)", None),
    (
        "c = 10^{400} a_i",
        "EL147",
        "^",
        "the power of a number must be a whole number (character 6)",
        "from -99 to 99; else give it a name",
    ),
    ("c = 1e999 a_i", "EL173", "1e999", "1e999 is beyond the largest float (character 4)", "give it a name"),
    (
        "c = (2^{99})^9 (2^{99})^9 a_i",
        "EL173",
        "(2^{99})^9 (2^{99})^9 a_i",
        "a factor is beyond the largest float (character 4)",
        "give it a name",
    ),
    (
        "c = (a_i + b_i + d_i + e_i + f_i + g_i + h_i + p_i)^9",
        "EL173",
        "(a_i + b_i + d_i + e_i + f_i + g_i + h_i + p_i)^9",
        "the sum has 1,716 terms after expansion; at most 1,000 are read (character 4)",
        "write several statements, with names for the parts",
    ),
    (
        "y_i = a_i + f(x_i)",
        "EL148",
        "f",
        "'f' before '(' reads as a function (character 12)",
        r"write f_{ij} for an element, f \cdot (...) for a product",
    ),
    (
        "y_i = a_i + f'(x_i)",
        "EL148",
        "f'",
        "\"f'\" before '(' reads as a function (character 12)",
        "write '*' between them for a product",
    ),
    (
        r"y_i = a_i + \sqrt{x_i}",
        "EL148",
        "\\sqrt",
        "'\\sqrt' is not an operand, and an einsum has no functions (character 12)",
        "compute it before, and give the result a name",
    ),
    (
        r"y_i = \frac{d x_i}{d t}",
        "EL148",
        "\\frac{d x_i}{d t}",
        "'\\frac{d x_i}{d t}' reads as a derivative, and an einsum has none (character 6)",
        "compute it before, and give the result a name",
    ),
    (
        r"y_i = \frac{a_i} + b_i",
        "EL140",
        "\\frac",
        "'\\frac' takes two things in braces (character 6)",
        "write \\frac{a}{b}",
    ),
    (
        "y_i = A'_{ij} x_j + b_i",
        "EL147",
        "'",
        '"\'" reads as a transpose, a conjugate or another array, not as an index (character 7)',
        "write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
    ),
    (
        r"x_i = \sum_{t=1}^{T} a_{ti} + b^T_{ij} c_j",
        "EL147",
        "^T",
        "'^T' reads as a transpose, a conjugate or another array, not as an index (character 31)",
        "write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
    ),
    (
        "C[i] = max(A[i], 0) + B[i]",
        "EL148",
        "max",
        "'max' is not an operand, and an einsum has no functions (character 7)",
        "compute it before, and give the result a name; an array of that name has brackets, like max[i]",
    ),
    ("C_i = A_i + B_i = D_i", "EL141", "=", "a second '='; a formula has one left side (character 16)", None),
    (
        r"I_{ij} = m_k (x_k . x_k \delta_{ij} - y_k)",
        "EL140",
        ".",
        "'.' cannot stand here (character 18)",
        "a dot product has the index that is summed: x_{ki} x_{ki}",
    ),
    (
        "C[i] = A[i]; C[i] = B[i]",
        "EL145",
        "C[i]",
        "'C' is computed twice, and what the first statement computes is lost (character 13)",
        "give one of the arrays another name",
    ),
    (
        "D[i] = C[i]*2; C[i] = A[i]",
        "EL145",
        "C[i]",
        "'C' is read by a statement before the one that computes it (character 15)",
        "put the statement that computes C first, or give one of the arrays another name",
    ),
    (
        "C[i,j] = A[i,j]; C[i,j] += C[j,i]",
        "EL145",
        "C[i,j]",
        "'C' is read with other indices in the statement that changes it (character 17)",
        "give one of the arrays another name",
    ),
    (
        "D[i] = C[i]; C[i] += B[i]",
        "EL145",
        "C[i]",
        "'C' is changed after D read it (character 13)",
        "give what C is then another name",
    ),
    (
        "C[i] = A[i]; y = C",
        "EL145",
        "C",
        "'C' has 0 indices here, and 1 before: is it one array? (character 17)",
        "give one of the arrays another name",
    ),
]


def combination(text: str) -> Combination:
    found = read_formulas(text)
    assert isinstance(found, Statements)
    (one,) = found.combinations
    return one


@pytest.mark.parametrize(("text", "numpy"), SUMS, ids=[repr(x[0]) for x in SUMS])
def test_a_sum_is_read(text: str, numpy: str) -> None:
    found = read_statements(text, Notation.FORMULA)
    assert found.text() == numpy
    assert found.combinations[0].source.text == text


@pytest.mark.parametrize(("text", "numpy"), SUMS, ids=[repr(x[0]) for x in SUMS])
def test_what_takes_one_einsum_refuses_a_sum(text: str, numpy: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text, Notation.FORMULA)
    assert caught.value.id in ("EL140", "EL142", "EL143", "EL145", "EL146", "EL147", "EL165")


@pytest.mark.parametrize(("text", "id_", "at", "message", "hint"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str, at: str, message: str, hint: str | None) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text, Notation.FORMULA)
    error = caught.value
    assert (error.id, error.message, error.hint) == (id_, message, hint)
    assert error.text == text
    assert error.span is not None
    assert text[slice(*error.span)] == at


@pytest.mark.parametrize(
    ("text", "subscripts", "names"),
    [
        ("C_{ik} = A^T_{ij} B_{jk}", "ji,jk->ik", ["A", "B"]),
        ("c = (\\sum_i a_i)(\\sum_i b_i)", "i,j->", ["a", "b"]),
        ("c_i = (a_i)^2", "i,i->i", ["a", "a"]),
        ("x'_i = R_{ij} x_j", "ij,j->i", ["R", "x"]),
        ("c = 2 a_i b_i / 2", "i,i->", ["a", "b"]),
        ("y_i = a_i + b_i - b_i", "i->i", ["a"]),
        ("C[i,k] = 0; C[i,k] += A[i,j]*B[j,k]", "ij,jk->ik", ["A", "B"]),
    ],
)
def test_what_is_one_einsum_is_a_spec(text: str, subscripts: str, names: list[str]) -> None:
    found = read_statements(text, Notation.FORMULA)
    assert isinstance(found, Spec)
    assert (found.subscripts, [operand.name for operand in found.operands]) == (subscripts, names)
    assert found.source.text == text


def test_one_product_is_read_as_by_the_reader_of_one() -> None:
    for text in ("C[i,k] += A[i,j] * B[j,k]", r"y_i = \sum_{j=1}^n W_{ij} x_j", "c = x_i^2"):
        assert read_formulas(text) == read_formula(text)


def test_a_lone_formula_adds_only_where_asked() -> None:
    plain, adds = read_statements("C[i] += A[i,j]*x[j]"), read_statements("C[i] += A[i,j]*x[j]", add=True)
    assert isinstance(plain, Spec)
    assert "the loops start from zeros: what C[i] held before is not added (--add: it is)" in plain.notes
    assert isinstance(adds, Statements)
    assert adds.text() == "C += np.einsum('ij,j->i', A, x)"
    assert adds.combinations[0].notes == ()
    assert read_statements("C[i] -= 2*A[i]", add=True).text() == "C -= 2 * A"
    assert read_statements("C[i] += C[i] + A[i]", add=True).text() == "C = 2 * C + A"
    assert read_statements("C[i] += C[i] + A[i]").text() == "C = 2 * C + A"
    assert read_statements("C[i,j] += 1", add=True).text() == "C += 1"


def test_numbers_are_exact() -> None:
    coefficients = [
        one.coefficient for one in combination(r"y_i = \frac{1}{3} a_i + 0.1 b_i + 2 c_i + 6/3 d_i").summands
    ]
    assert [repr(x) for x in coefficients] == ["Fraction(1, 3)", "Fraction(1, 10)", "2", "2"]


def test_ones_are_views() -> None:
    views = combination("C[i,j] = a[i] + b[j] + 1").views
    assert [(view.name, view.text, view.ones) for view in views] == [
        ("ones", "np.ones(b.shape[0])", True),
        ("ones_", "np.ones(a.shape[0])", True),
    ]


def test_an_operand_of_ones_has_a_name_of_its_own() -> None:
    assert [view.name for view in combination("ones[i,j] = ones_[i] + b[j]").views] == ["ones__", "ones___"]


def test_no_name_is_a_word_of_python() -> None:
    assert read_statements(r"y_i = \lambda a_i + \lambda' b_i").text() == "y = lambda_ * a + lambda_prime * b"
    assert read_statements("y[i] = np[i] + np_[i]").text() == "y = np__ + np_"


def test_places_in_the_text() -> None:
    text = r"y_i = \frac{1}{2} \sum_j A_{ij} (x_j - m_j) + b_i"
    found = combination(text)
    written = [[text[o.span.start : o.span.stop] for o in one.spec.operands if o.span] for one in found.summands]
    assert written == [["A_{ij}", "x_j"], ["A_{ij}", "m_j"], ["b_i"]]
    labels = [[text[x.start : x.stop] for o in one.spec.operands for x in o.spans if x] for one in found.summands]
    assert labels == [["i", "j", "j"], ["i", "j", "j"], ["i"]]
    assert {text[x.start : x.stop] for one in found.summands for x in one.spec.output_spans if x} == {"i"}


NOTES: list[tuple[str, list[str]]] = [
    ("y_i = A_{ij} x_j + b_i", []),
    ("C[i] = A[i,j] + b[i]", ["j is summed in A[i,j]; the terms without it are added once"]),
    ("s = (x_i - m)^2", ["the sum over i takes all of (x_i - m)^2: each of its terms"]),
    (r"s = \sum_i x_i - m", ["the sum over i ends before the next '+' or '-'"]),
    (
        r"s = \frac{1}{n} \sum_{i=1}^n x_i + c",
        [
            "the limits of the sum over i are not read: it takes the whole axis",
            "the sum over i ends before the next '+' or '-'",
            "n is the length of an axis, as the limit of a sum says",
        ],
    ),
    ("C[i] += A[i] + B[i]", ["the loops start from zeros: what C[i] held before is not added (--add: it is)"]),
    ("C[i] = 2*C[i] + A[i]", ["C on the right is what it holds before"]),
    ("C[i] = C[i] + A[i]", []),
    (
        r"H_{ij} = \delta_{ij} - 2 v_i v_j",
        ["delta is an array that you give: for the Kronecker delta, np.eye(n)"],
    ),
    ("x'_i = R_{ij} x_j + t_i", ["x'_i is read as an array of its own: x_prime"]),
    (r"y_i = a_i + b_i, \quad i=1,\dots,n", [r"i=1,\dots,n is ignored; pass --sizes i=n to use it"]),
    (r"y_i = a_i + b_i \qquad (3)", ["'(3)' is read as the number of the formula"]),
    (r"y_i = \hat{a}_i + b_i % residual", ["'% residual' is read as a comment"]),
]


@pytest.mark.parametrize(("text", "notes"), NOTES, ids=[repr(x[0]) for x in NOTES])
def test_notes(text: str, notes: list[str]) -> None:
    assert list(combination(text).notes) == notes


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("y = A x + b", "EL101"),
        ("y[i] = A[i] + import os", "EL140"),
        ("y_i = a_i + (((((((((((((((((((((b_i)))))))))))))))))))))", "EL149"),
        ("y_i = " + r"\frac{1}{" * 25 + "2" + "}" * 25 + "a_i", "EL149"),
        ("y_i = " + " + ".join(f"a_i b^{{({n})}}" for n in range(1100)), "EL173"),
        ("y_i = " + "(a + b)(a_i + b_i)" * 300, "EL173"),
        ("y_i = a_i + " + "7" * 400 + "b_i", "EL173"),
        ("; ".join(f"y{n}[i] = a[i] + b[i]" for n in range(101)), "EL173"),
        ("y[i] = b[i] + " + "*".join(f"a{n}[i]" for n in range(64)), "EL110"),
        ("y = b + A[" + ",".join(f"j{n}" for n in range(60)) + "]", "EL111"),
        ("y = b + " + r"\sum_j" * 60 + " A_{j}", "EL111"),
        ("y = 0" + r" + \sum_j A_{j}" * 210, "EL173"),
    ],
)
def test_much_is_refused_in_time(text: str, id_: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text)
    assert caught.value.id == id_


def test_a_sum_in_matrix_notation_says_what_to_write() -> None:
    with pytest.raises(NotationError) as caught:
        read_statements("y = A x + b")
    assert caught.value.hint == (
        "write a formula with its indices, like y_i = A_{ij} x_j + b_i, or numpy code: y = A @ x + b"
    )


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("C[i] *= alpha", "C = alpha * C"),
        ("C[i] = alpha*C[i]", "C = alpha * C"),
        ("x[i] = x[i]*x[i]", "x = np.einsum('i,i->i', x, x)"),
        ("C[i,j] *= A[i,k]*B[k,j]", "C = np.einsum('ij,ik,kj->ij', C, A, B)"),
    ],
)
def test_a_result_that_is_scaled_stays_in_its_array(text, statement):
    found = read_statements(text)
    assert isinstance(found, Statements)
    assert found.text() == statement
