"""Pages of stories, word for word; and the same story in every format and language.

`pytest --update-golden` rewrites the files, and fails: what it wrote is to be read first.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from einloop.core.options import Options
from einloop.pipeline.expression import read_expression
from einloop.pipeline.page import VIEWS, painted, shown
from einloop.pipeline.story import story

FOLDER = Path(__file__).parent / "golden"

CASES = {
    "product": ("ij,jk->ik", [(2, 3), (3, 2)], {}),
    "symbolic": ("bimd,bind->bimn", [], {}),
    "diagonal": ("iij,jk->ki", [(2, 2, 3), (3, 2)], {}),
    "path": ("ij,jk,k->i", [(2, 3), (3, 2), (2,)], {"path": "auto"}),
    "stretched": ("ij,i->j", [(1, 3), (4,)], {}),
    "small_integers": ("i,ij->j", [(3,), (3, 2)], {"dtypes": ((None, "int8"), (None, "bool"))}),
    "half": ("ij,j->i", [(2, 2), (2,)], {"dtypes": ((None, "float16"),)}),
    "ellipsis": ("i...,j->i...j", [], {}),
    "scalar": (",ij->ji", [(), (2, 3)], {}),
    "nothing": ("ij->ij", [(2, 2)], {}),
    "sum": ("D[i,k] = A[i,j]*B[j,k] - C[i,k]/2", [], {}),
    "statements": ("y = A @ x + b\nz = (y * b).sum()", [(2, 3), (3,), (2,)], {}),
}


def page(name, **look):
    text, shapes, options = CASES[name]
    known = Options(shapes=tuple((None, shape) for shape in shapes), **options)
    return shown(story(read_expression(text, known, whole=True), known)).show(**look)


def squeezed(text):
    """Return letters and digits alone: what a format sets between them is its own."""
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", CASES)
def test_page(name, lang, request):
    path = FOLDER / f"{name}.{lang}.txt"
    found = page(name, lang=lang)
    if request.config.getoption("--update-golden"):
        path.write_text(found, encoding="utf-8")
        pytest.fail(f"{path.name} is written anew")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("format", VIEWS)
@pytest.mark.parametrize("name", CASES)
def test_every_view_has_the_page(name, format, lang):
    """Every format shows each line of code, with the characters that it needs others for."""
    found = page(name, format=format, lang=lang)
    codes = [
        stage["code"]
        for step in json.loads(page(name, format="json", lang=lang))["sections"][0]["facts"]["steps"]
        for stage in step["stages"]
        if stage["code"]
    ]
    assert codes
    plain = re.sub(r"<[^>]*>|[\\{}]|texttt|textasciicircum|textquotedbl|allowbreak|-\|", "", html.unescape(found))
    for code in codes:
        assert squeezed(code) in squeezed(plain), code


def test_a_terminal_shows_it_in_colours():
    text, shapes, _ = CASES["product"]
    known = Options(shapes=tuple((None, shape) for shape in shapes))
    report = story(read_expression(text, known, whole=True), known)
    assert "\x1b[" in painted(report, "en", 80)
