"""What explain, check and lift tell of sums: exact coefficients, nothing of arrays that nobody has, and Japanese."""

from __future__ import annotations

import pytest

import einloop


def section(report, id: str):
    return next(dict(part.facts) for part in report.sections if part.id == id)


COEFFICIENTS = [
    ("y[i] = (1+2j)*x[i]/3", "(1+2j)/3 · x[i]", r"\frac{1+2\mathrm{i}}{3} x_{i}", "((1+2j) / 3) * x"),
    ("y[i] = 1j*x[i]/7", "1j/7 · x[i]", r"\frac{\mathrm{i}}{7} x_{i}", "(1j / 7) * x"),
    ("y[i] = (0.5-1j)*x[i]", "(0.5-1j) · x[i]", r"(0.5-\mathrm{i}) x_{i}", "(0.5-1j) * x"),
    ("y[i] = x[i]/3", "1/3 · x[i]", r"\frac{1}{3} x_{i}", "(1 / 3) * x"),
    ("y[i] = (2+1j)*x[i]/n/3", "(2+1j)/3 · x[i] / n", r"\frac{2+\mathrm{i}}{3 n} x_{i}", "((2+1j) / 3) * x / n"),
]


@pytest.mark.parametrize(("text", "formula", "latex", "numpy"), COEFFICIENTS, ids=[x[0] for x in COEFFICIENTS])
def test_coefficients_are_exact(text: str, formula: str, latex: str, numpy: str) -> None:
    report = einloop.explain(text)
    meaning = section(report, "meaning")
    assert (meaning["formula"], meaning["latex"]) == (f"y[i] = {formula}", f"y_{{i}} = {latex}")
    assert section(report, "statement")["text"] == f"y = {numpy}"
    assert einloop.verify(text)


def test_ones_are_no_array_of_the_page_and_numbers_are() -> None:
    report = einloop.explain("y[i] = 2*x[i] + s*(x[i]+1)/n - s*z[j]")
    assert [one["name"] for one in section(report, "shapes")["operands"]] == ["x", "s", "n", "z"]
    shared = section(report, "shared")
    assert (shared["arrays"], shared["scalars"]) == ({"x": [1, 2]}, {"s": [2, 3, 4], "n": [2, 3]})
    rows = [row for part in report.sections if part.id == "sumterms" for row in part.parts[0].rows]
    assert [row[2].text for row in rows] == ["i->i", ",i->i", "", ",j,i->i"]


JAPANESE = [
    (
        "C[i,k] = 2*A[i,j]*B[j,k] - D[i,k]",
        "すべての i、k について、C[i,k] は A[i,j]·B[j,k] の j についての総和の 2 倍から D[i,k] を引いた値である。",
    ),
    ("y[i] = x[i]/n + z[i]", "すべての i について、y[i] は x[i] を n で割った値に z[i] を加えた値である。"),
    ("y[i] = -x[i] + 3", "すべての i について、y[i] は x[i] の符号を変えた値に 3 を加えた値である。"),
    (
        "y[i] = x[i] + b[j]*A[i,j] - 2*c[i]",
        "すべての i について、y[i] は、x[i] と、b[j]·A[i,j] の j についての総和と、"
        "c[i] の 2 倍の符号を変えた値の和である。",
    ),
    ("y[i] = y[i] - x[i]", "すべての i について、y[i] から x[i] を引く。"),
    ("y[i] = y[i] + 2*x[i] - s", "すべての i について、y[i] に x[i] の 2 倍から s を引いた値を加える。"),
]


@pytest.mark.parametrize(("text", "sentence"), JAPANESE, ids=[x[0] for x in JAPANESE])
def test_japanese_sentences_of_sums(text: str, sentence: str) -> None:
    page = einloop.explain(text).show("text", lang="ja")
    assert sentence in "".join(page.split("\n\n")[1].split("\n"))


FINDINGS = [
    ("y[i] = x[i] + z[j]", {}, ["EL762"]),
    ("y[i] = x[i] + 1", {}, []),
    ("y[i] = x[i] + s", {}, []),
    ("mu = x.mean()\nvar = ((x - mu)**2).mean()", {"x": (5,)}, ["EL764"]),
    ("v[k] = X[i,k]*X[i,k]/n - (\\sum_i X[i,k])*(\\sum_j X[j,k])/n/n", {}, ["EL764"]),
    ("v = x[i]*x[i] + (\\sum_i x[i])*(\\sum_j x[j])", {}, []),
]


@pytest.mark.parametrize(("text", "shapes", "ids"), FINDINGS, ids=[x[0] for x in FINDINGS])
def test_findings_speak_of_what_is_there(text: str, shapes: dict[str, tuple[int, ...]], ids: list[str]) -> None:
    assert [finding.id for finding in einloop.check(text, shapes=shapes).findings] == ids


def test_a_product_that_divides_has_parentheses() -> None:
    text = einloop.explain("mu = x.mean()\nvar = ((x - mu)**2).mean()", shapes={"x": (5,)}).show()
    assert "/ x.shape[0]*x.shape[0]" not in text


NAMES = [
    ("y = A + x", {"A": (2, 3), "x": (3,)}, None),
    ("x + 1", {"x": (3,)}, None),
    ("x[1:] * x[:-1]", {"x": (5,)}, "Hadamard (elementwise) product of x[1:] and x[:x.shape[0] - 1]."),
    ("x[1:] * x[1:]", {"x": (5,)}, "Elementwise square of x[1:]."),
    (
        "A[::-1] @ A.T",
        {"A": (3, 4)},
        "Matrix product A[::-1] · Aᵀ, with A transposed: i rows, k columns, j contracted.",
    ),
    (
        "np.trace(A[:, ::-1] @ B)",
        {"A": (3, 4), "B": (4, 3)},
        "Trace of the matrix product, tr(A[:, ::-1] · B), over i and j.",
    ),
]


@pytest.mark.parametrize(("text", "shapes", "name"), NAMES, ids=[x[0] for x in NAMES])
def test_parts_of_arrays_are_called_by_their_texts(text: str, shapes: dict, name: str | None) -> None:
    notes = einloop.lift(text, shapes=shapes).notes
    assert (name in notes) if name else not any("np" in note.split() or "roduct" in note for note in notes)
