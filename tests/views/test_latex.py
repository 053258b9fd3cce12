"""LaTeX: everything escaped, and documents that compile where a LaTeX is installed."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from samples import HOSTILE, hostile, long_sample, reports, sample, texts

import einloop
from einloop.core.formula import Element
from einloop.core.message import Code
from einloop.core.report import Block, Formula, Paragraph, Report, Section, Table
from einloop.pipeline.page import render
from einloop.views.tex import tex_code, tex_formula, tex_prose


def page_of(*parts, subject="ij"):
    return render(
        Report(kind="explain", subject=subject, sections=(Section(id="warnings", parts=parts),)), "latex", "en"
    )


def body(page):
    return page.partition("\\begin{document}\n")[2].partition("\\end{document}")[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A[i,j]", "A[i,j]"),
        ("a_b $x$ 50% #1 R&D {x}", r"a\_b\ \$x\$\ 50\%\ \#1\ R\&D\ \{x\}"),
        ("\\", r"\textbackslash{}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("i->j <<", r"i-\textgreater{}j\ \textless{}\textless{}"),
        ("'`\"", r"\textquotesingle{}\textasciigrave{}\textquotedbl{}"),
        ("---", "-{}-{}-"),
        (",,,", ",{},{},"),
        ("i·j", r"i\ensuremath{\cdot}\allowbreak{}j"),
        ("Σ_α", r"\ensuremath{\Sigma}\_\ensuremath{\alpha}"),
        ("添字", "添字"),
    ],
)
def test_code(text, written):
    assert tex_code(text) == written


def test_prose_keeps_its_blanks():
    assert tex_prose("a_b is 5% of c") == r"a\_b is 5\% of c"


def test_formulas():
    assert tex_formula("c = \\sum_{i}\nA_{i j}") == r"c = \sum_{i} A_{i j}"
    long = " ".join("A_{i j}" for _ in range(20))
    assert tex_formula(long).count(r"\allowbreak{} ") == 19
    short = Formula(result=Element("c"), factors=(Element("a"),))
    assert "\\[ c = a \\]" in page_of(short)
    assert "$\\displaystyle c" in page_of(replace(short, factors=(Element("A", ("i", "j")),) * 20))


UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[%#^~]")


@given(texts)
def test_nothing_of_a_user_is_left_unescaped(text):
    inside = body(page_of(Paragraph(message=Code(text)), Block(text=text), subject=text))
    inside = inside.replace("\\\\", "")
    assert UNESCAPED.findall(inside) == []
    assert inside.replace("\\{", "").replace("\\}", "").count("{") == inside.replace("\\{", "").replace(
        "\\}", ""
    ).count("}")


@given(reports)
def test_environments_are_closed(report):
    page = render(report, "latex", "en")
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", page):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []


def test_a_wide_table_shares_the_line():
    page = render(long_sample(), "latex", "en")
    shares = [float(share) for share in re.findall(r"\\dimexpr ([\d.]+)\\linewidth", page)]
    assert len(shares) == 3
    assert 0.99 < sum(shares) < 1.01


def test_a_narrow_table_takes_what_it_needs():
    page = page_of(Table(heads=(Code("a"), Code("b")), rows=((Code("x"), 1),)))
    assert "\\begin{tabular}{@{}lr@{}}" in page
    many = Table(heads=(Code("a"), Code("b")), rows=((Code("x"), 1),) * 31)
    assert "\\begin{longtable}[l]{@{}lr@{}}" in page_of(many)


def test_colours():
    assert r"\textcolor{index1}{j}" in render(sample(), "latex", "en")
    assert r"\definecolor{index0}{HTML}{1D5FC4}" in render(sample(), "latex", "en")


def test_japanese_asks_for_another_latex():
    assert "luatexja" in render(sample(), "latex", "ja")
    assert "luatexja" not in render(sample(), "latex", "en")


def all_hostile():
    """One report with every hostile text at every place."""
    reports_ = [hostile(text) for text in HOSTILE]
    return Report(
        kind="explain",
        subject="".join(HOSTILE),
        sections=tuple(section for report in reports_ for section in report.sections),
        colours={text: number for number, text in enumerate(HOSTILE)},
    )


def compiled(program, page, folder):
    """Return what a LaTeX says of a page: its log, and whether it made a document."""
    (folder / "page.tex").write_text(page, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
    log = folder / "page.log"
    return (folder / "page.pdf").exists(), log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


EXPRESSIONS = ("ij,jk->ik", "...ij,...jk->...ik", "kij", "->", "ab,bc,cd,de->ae", "C_{αβ} = Σ_γ A_{αγ} x_{γβ}")
needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX is installed")


@needs_latex
@pytest.mark.parametrize("make", [sample, long_sample, all_hostile])
def test_samples_compile(make, tmp_path):
    made, log = compiled("pdflatex", render(make(), "latex", "en"), tmp_path)
    assert made, log[-2000:]


@needs_latex
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_explanations_compile(expression, tmp_path):
    made, log = compiled("pdflatex", einloop.explain(expression).show("latex"), tmp_path)
    assert made, log[-2000:]
    assert "Missing character" not in log
