"""JSON: one strict line, stable keys, facts as they are."""

import json

import pytest
from hypothesis import given
from samples import facts, hostile, reports, sample

from einloop.core.report import Report, Section
from einloop.pipeline.page import render


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def data(report, lang="en"):
    line = render(report, "json", lang)
    assert line.count("\n") == 1
    line.encode()
    return json.loads(line, parse_constant=refuse)


def test_the_sample():
    page = data(sample())
    assert list(page) == ["kind", "subject", "language", "sections", "findings"]
    assert (page["kind"], page["subject"], page["language"]) == ("explain", "ij,k->i", "en")
    assert [section["id"] for section in page["sections"]] == ["meaning", "roles", "loops", "warnings", "unread"]
    assert page["sections"][0] == {
        "id": "meaning",
        "title": None,
        "facts": {"formula": "c[i]"},
        "text": [
            "For every i, multiply A[i,j] by b[k] and add up over j and k.",
            "c[i] = Σ_j A[i,j]\nc_{i} = \\sum_{j} A_{ij}",
        ],
    }
    assert page["sections"][2]["title"] == "Loops"
    assert page["sections"][2]["text"][0] == "Loops\n  for i in range(I):\n      c[i] = 0"
    assert page["sections"][4] == {"id": "unread", "title": None, "facts": {}, "text": []}


def test_numbers_that_are_not_finite_are_texts():
    assert data(sample())["sections"][1]["facts"] == {"values": [1.5, "nan", {"x": "-inf"}]}


def test_findings():
    first, second = data(sample())["findings"]
    assert first == {
        "id": "EL702",
        "severity": "warning",
        "message": "Add up A[i,j] over j.",
        "text": "ij,k->i",
        "spans": [[1, 2], [3, 4]],
        "operand": 0,
        "axis": 1,
        "fixes": [
            {"expression": "ij,j->i", "shape": "(2,)"},
            {"expression": "einsum('ij,j->i')", "shape": None},
        ],
    }
    assert (second["severity"], second["fixes"]) == ("note", [])


def finite(fact):
    if isinstance(fact, dict):
        return {key: finite(value) for key, value in fact.items()}
    if isinstance(fact, list):
        return [finite(value) for value in fact]
    return str(fact) if isinstance(fact, float) and fact - fact != 0 else fact


@given(facts)
def test_facts_come_back(fact):
    report = Report(kind="why", subject="", sections=(Section(id="warnings", parts=(), facts={"fact": fact}),))
    assert data(report)["sections"][0]["facts"] == {"fact": finite(fact)}


@given(reports)
def test_random_reports_come_back(report):
    page = data(report)
    assert (page["kind"], page["subject"]) == (report.kind, report.subject)
    assert [len(section["text"]) for section in page["sections"]] == [len(s.parts) for s in report.sections]
    assert len(page["findings"]) == len(report.findings)


@pytest.mark.parametrize("text", ["\ud800", "\u2028", "添字", '"\\', "\n"])
def test_odd_text(text):
    assert data(hostile(text))["subject"] == text
