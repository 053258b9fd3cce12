"""Expressions that people wrote: all legal, and almost none gets a warning that it does not deserve."""

import tomllib
from pathlib import Path

import pytest

from einloop.analysis.check import diagnose
from einloop.core.options import Options
from einloop.core.report import Severity
from einloop.core.source import Notation
from einloop.core.spec import Spec
from einloop.notation.shapes import read_shape
from einloop.notation.subscripts import read_subscripts
from einloop.pipeline.expression import read_spec

FOLDER = Path(__file__).parent
ROWS = tomllib.loads((FOLDER / "expressions.toml").read_text(encoding="utf-8"))["rows"]
FURTHER = tomllib.loads((FOLDER / "further.toml").read_text(encoding="utf-8"))["expressions"]
ONE_IN = 50
"""At most one expression in this many may get a warning that it does not deserve."""


def spec_of(row: dict, *, shaped: bool) -> Spec:
    shapes = tuple((None, read_shape(text) if text else ()) for text in row["shapes"])
    notation = Notation(row["notation"]) if "notation" in row else None
    options = Options(shapes=shapes if shaped else (), names=tuple(row["names"]), notation=notation)
    return read_spec(row["expression"], options)


def warnings_of(row: dict, *, shaped: bool) -> list[str]:
    return [f.id for f in diagnose(spec_of(row, shaped=shaped)) if f.severity is Severity.WARNING]


def test_the_corpus_is_large_and_each_row_stands_once():
    keys = [(row["project"], row["expression"], *row["shapes"]) for row in ROWS]
    assert len(ROWS) >= 220
    assert len(set(keys)) == len(keys)
    assert len({row["project"] for row in ROWS}) >= 40


@pytest.mark.parametrize("shaped", [True, False], ids=["with shapes", "without shapes"])
def test_almost_no_warning_is_undeserved(shaped):
    rows = [row for row in ROWS if not row.get("deserved")]
    warned = [(row["project"], row["expression"], found) for row in rows if (found := warnings_of(row, shaped=shaped))]
    assert len(warned) * ONE_IN <= len(rows), warned


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("deserved")], ids=lambda row: row["project"])
def test_rows_that_deserve_a_warning_get_one_and_say_why(row):
    assert row["reason"]
    assert warnings_of(row, shaped=True)


WARNED = {
    "zec,abxc->abe": "EL703",
    "bhwc,bpqd->bhwpq": "EL703",
    "bi,bkj->bk": "EL703",
    "il,kj,ijd->ijd": "EL703",
    "ii,jj->": "EL703",
    "nij,ik->nij": "EL704",
    "pq,r->pr": "EL704",
    "bn,bchw->bnhw": "EL704",
    "il,ln->il": "EL704",
    "bcd,ba->bcd": "EL704",
}
"""Further expressions with sums that nothing pairs; that one letter is wrong (EL719) is said of none."""


def test_further_expressions_are_left_in_peace():
    assert len(FURTHER) == len(set(FURTHER)) >= 300
    found = {
        text: [f.id for f in diagnose(read_subscripts(text)) if f.severity is Severity.WARNING] for text in FURTHER
    }
    assert {text: ids for text, ids in found.items() if ids} == {text: [id] for text, id in WARNED.items()}
