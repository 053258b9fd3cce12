"""A Report as plain text for a terminal or a file; `paint` may colour what is code."""

from __future__ import annotations

from collections.abc import Callable

from ..core.report import Block, Finding, Formula, Paragraph, Part, Report, Section, Table
from .catalogue import Catalogue

Paint = Callable[[str], str]


def write_text(report: Report, catalogue: Catalogue) -> str:
    """Return the report as lines of text, ending in a line break."""
    return "\n\n".join(_section(section, catalogue) for section in report.sections) + "\n"


def _section(section: Section, catalogue: Catalogue) -> str:
    body = "\n".join(_part(part, catalogue) for part in section.parts)
    title = catalogue.text(section.title) if section.title.id in catalogue.entries else ""
    return f"{title}\n{body}" if title else body


def _part(part: Part, catalogue: Catalogue) -> str:
    match part:
        case Paragraph():
            return catalogue.text(part.message)
        case Formula():
            return f"  {part.unicode}\n  {part.latex}"
        case Block():
            return "\n".join(f"  {line}".rstrip() for line in part.text.splitlines())
        case Table():
            return _table(part, catalogue)
        case Finding():
            return f"{part.severity.value} {part.id}: {catalogue.text(part.message)}"


def _table(table: Table, catalogue: Catalogue) -> str:
    cells = [[catalogue.text(cell) for cell in row] for row in (table.heads, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )
