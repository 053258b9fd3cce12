"""Findings as Python warnings: id and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ..core.message import Code, Message
from ..core.picture import caret_lines
from ..core.report import Finding, Report, Severity
from ..views.catalogue import load_catalogue
from ..views.page import Page

Warned: TypeAlias = "tuple[tuple[str, str], ...]"
"""Id and text of every warning for a call."""


def warnings_of(findings: Sequence[Finding]) -> Warned:
    """Return id and text of the warnings among findings."""
    return tuple((finding.id, in_words(finding)) for finding in findings if finding.severity is Severity.WARNING)


def in_words(finding: Finding) -> str:
    """Return a finding as text: the sentence, the places, what to write instead."""
    catalogue = load_catalogue("en")
    lines = [catalogue.text(finding.message)]
    if finding.text and finding.spans:
        lines += [f"  {line}" for line in caret_lines(finding.text, finding.spans)]
    hint = Page(Report(kind="check", subject=finding.text, sections=()), catalogue).hint(finding)
    return "\n".join(lines if hint is None else [*lines, catalogue.text(hint)])


def mask_warning(operand: int) -> tuple[str, str]:
    """Return id and text of the warning for a masked array."""
    message = Message("diagnose.masked", {"operand": Code(str(operand))})
    return "EL747", load_catalogue("en").text(message)
