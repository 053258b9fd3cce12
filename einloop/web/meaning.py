"""What an expression means: the page of `explain` without loops, and what `check` finds, with fixes to click."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.combination import Statements
from ..core.message import Message
from ..core.options import Options
from ..core.picture import caret_lines
from ..core.report import Finding, Paragraph, Report
from ..core.spec import Spec
from ..pipeline.as_call import call_of
from ..pipeline.check import check
from ..pipeline.dtypes import given_dtypes
from ..pipeline.explain import explain
from ..pipeline.lifted import calls_of, statement_notes
from ..runners.presence import has_numpy
from ..views.catalogue import Catalogue
from ..views.html import write_panel
from .arrays import HeldArrays
from .asked import options_of
from .reading import einsum_arrays, names_of, read, statement_arrays, words_for
from .state import PageState

ELSEWHERE = frozenset({"loops", "equivalents", "warnings"})
"""Sections of `explain` that stand in panels of their own."""


def meaning(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the sentence, the formula, the call, the operands, the findings and the page. Raises EinloopError."""
    options = options_of(state, held)
    words = words_for(state)
    found = read(state, options)
    report = explain(found, options)
    sections = tuple(section for section in report.sections if section.id not in ELSEWHERE)
    said = _said(found, state, options)
    looked_at = _without_values(found, options)
    if looked_at is not options:
        said["notes"].append(words.text(Message("answer.values")))
    return {
        "html": write_panel(replace(report, sections=sections), words),
        "sentence": " ".join(words.text(message) for message in _lead(report)),
        "formula": _formula(report),
        **said,
        "findings": [finding_data(one, words) for one in check(found, looked_at).findings],
    }


def _without_values(found: Spec | Statements, options: Options) -> Options:
    """Return options with the dtypes of the arrays in place of the arrays, where numpy, which looks at values, is not
    there."""
    if has_numpy() or not options.loaded or not isinstance(found, Spec):
        return options
    dtypes = given_dtypes(found, options) or ()
    return replace(options, loaded=(), shapes=(), sizes={}, dtypes=tuple((None, dtype) for dtype in dtypes))


def _lead(report: Report) -> list[Any]:
    parts = [part for section in report.sections if section.id == "meaning" for part in section.parts]
    return [part.message for part in parts if isinstance(part, Paragraph) and part.lead]


def _formula(report: Report) -> str:
    """Return the formula, or one a line of several."""
    facts: Any = report.facts.get("meaning", {})
    every = facts.get("formulas") or [facts]
    return "\n".join(str(one["formula"]) for one in every if "formula" in one)


def _said(found: Spec | Statements, state: PageState, options: Options) -> dict[str, Any]:
    """Return the call to paste, what was read, and whether it was code."""
    call = calls_of(state.library)
    notes: list[str] = []
    if isinstance(found, Spec):
        names = names_of(found, options)
        operands, result = einsum_arrays(found, names)
        text, source = call_of(found, names, call), found.source
    else:
        operands, result, _ = statement_arrays(found, options)
        text, source = found.text(call), found.combinations[0].source
        notes = list(statement_notes(found, state.lang))
    return {
        "call": text,
        "notation": source.notation.value,
        "lifted": source.notation.traits.code,
        "operands": operands,
        "result": result,
        "notes": notes,
    }


def finding_data(finding: Finding, words: Catalogue) -> dict[str, Any]:
    """Return a finding with its sentence in words, the text that it points into with carets, and its fixes."""
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "message": words.text(finding.message),
        "runs": [[run.text, run.code] for run in words.runs(finding.message)],
        "text": finding.text,
        "spans": [[span.start, span.stop] for span in finding.spans],
        "picture": list(caret_lines(finding.text, finding.spans)) if finding.text and finding.spans else [],
        "fixes": [{"expression": fix.expression, "shape": fix.shape} for fix in finding.fixes],
    }
