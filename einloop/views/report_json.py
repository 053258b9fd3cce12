"""A Report as one line of JSON: facts for programs, and the same in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from ..core.report import Finding, Report
from .catalogue import Catalogue
from .page import Page, Phrase
from .text import part_text


def write_json(report: Report, catalogue: Catalogue) -> str:
    """Return the report as one line of strict JSON, ending in a line break.

    JSON has no numbers that are not finite: they are written as texts, "nan", "inf" and "-inf".
    """
    return json_line(report_data(report, catalogue))


def json_line(data: Mapping[str, Any]) -> str:
    """Return data as one line of strict JSON, ending in a line break."""
    line = json.dumps(data, ensure_ascii=False, allow_nan=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: no encoding holds it
        line = json.dumps(data, allow_nan=False)
    return line + "\n"


def report_data(report: Report, catalogue: Catalogue) -> dict[str, Any]:
    """Return the report as plain values: kind, subject, language, sections, findings."""
    page = Page(report, catalogue)
    return {
        "kind": report.kind,
        "subject": report.subject,
        "language": catalogue.language,
        "sections": [
            {
                "id": section.id,
                "title": _text(page.title(section)) or None,
                "facts": _strict(section.facts),
                "text": [part_text(page, part) for part in section.parts],
            }
            for section in report.sections
        ],
        "findings": [_finding_data(page, finding) for finding in report.findings],
    }


def _finding_data(page: Page, finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "message": _text(page.phrases(finding.message)),
        "text": finding.text,
        "spans": [[span.start, span.stop] for span in finding.spans],
        "operand": finding.operand,
        "axis": finding.axis,
        "fixes": [{"expression": fix.expression, "shape": fix.shape} for fix in finding.fixes],
    }


def _text(phrases: Sequence[Phrase]) -> str:
    return "".join(phrase.text for phrase in phrases)


def _strict(fact: object) -> object:
    """Return a fact as JSON holds it.

    >>> _strict({"values": (1.5, float("nan"))})
    {'values': [1.5, 'nan']}
    """
    if isinstance(fact, Mapping):
        return {str(key): _strict(value) for key, value in fact.items()}
    if isinstance(fact, list | tuple):
        return [_strict(value) for value in fact]
    if isinstance(fact, float) and not isfinite(fact):
        return str(float(fact))
    return fact
