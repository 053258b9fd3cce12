"""Whole explanations, word for word: the article's expressions and well-known ones. Every file in explanations/ is one:

    # known: bilinear form
    # expression: i,ij,j->
    # options: shapes=2;2x3;3 names=x;A;y
    # output
    the page that `einloop.explain(...).show()` must give

Options are those of golden/ (see test_golden.py).
`pytest --update-golden` rewrites the files, and fails: what it wrote is to be read first.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from test_golden import MARK, read_golden

import einloop

FOLDER = Path(__file__).parent / "explanations"
FILES = sorted(FOLDER.glob("*.golden"))
ARTICLE = Path(__file__).parents[1] / "examples" / "make.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_explanation(path: Path, request: pytest.FixtureRequest) -> None:
    case = read_golden(path)
    page = einloop.explain(case.expression, **case.options).show()
    if request.config.getoption("--update-golden"):
        path.write_text(case.head + MARK + page, encoding="utf-8")
        pytest.fail(f"{path.name} is written anew" if page != case.text else f"{path.name} stays")
    assert page == case.text


def test_the_articles_expressions_and_forty_others_are_among_them() -> None:
    there = {read_golden(path).expression for path in FILES}
    article = {example.expression for example in runpy.run_path(str(ARTICLE))["EXAMPLES"]}
    assert article <= there
    assert len(there - article) >= 40


DOUBTFUL = {
    "nothing pairs them": ("ij,kl->il", {}, "EL703"),
    "stretched": ("ik,jk->ij", {"shapes": [(4, 1), (1, 3)]}, "EL701"),
    "only the total": ("np.einsum('ij,k->ij', a, b)", {}, "EL705"),
    "a sum that wraps": ("i,i->", {"dtypes": "int8"}, "EL708"),
}


@pytest.mark.parametrize("format", ["text", "markdown", "html", "latex", "json", "comment", "fragment"])
@pytest.mark.parametrize("doubt", DOUBTFUL)
def test_a_warning_stands_above_everything_else(doubt, format):
    text, options, id = DOUBTFUL[doubt]
    report = einloop.explain(text, **options)
    page = report.show(format)
    assert page.index(id) < page.lower().index("add up")
    assert report.sections[0].id == next(iter(report.facts)) == "warnings"
