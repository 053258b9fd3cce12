"""A Report as GitHub flavoured Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ..core.message import Message, Value
from ..core.report import Block, Finding, Formula, Paragraph, Part, Report, Section, SumFormula, Table
from ..core.visible import columns
from .catalogue import Catalogue
from .formula import latex
from .page import Page, Phrase, clean
from .text import plain

MARKS = re.compile(r"[\\`*_\[\]<|$~&]")
"""What means something inside a line of Markdown."""
STARTS = re.compile(r"^(\s*)(?:([#>=+-])|(\d+)([.)]))")
"""What means something where a line begins."""
ENTITIES = {ord(mark): f"&#{ord(mark)};" for mark in "|\\`*_[]$~"}
NOT_FORMULAS = frozenset({"math", "mermaid", "geojson", "topojson", "stl"})
"""Names of languages that GitHub renders instead of showing them; no Block is meant so."""


def write_markdown(report: Report, catalogue: Catalogue) -> str:
    """Return the report as Markdown, ending in a line break: a heading with the expression, then sections."""
    page = Page(report, catalogue)
    blocks = [*_heading(page), *(block for section in page.sections for block in _section(page, section))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _heading(page: Page) -> Iterator[str]:
    lines = [plain(line) for line in page.subject]
    if len(lines) == 1:
        yield f"# {code_span(lines[0])}" if lines[0] else ""
    else:
        yield fence("\n".join(lines), "text")


def _section(page: Page, section: Section) -> Iterator[str]:
    title = page.title(section)
    if title:
        yield f"## {_inline(title)}"
    for part in section.parts:
        yield _part(page, part)


def _part(page: Page, part: Part) -> str:
    match part:
        case Paragraph():
            return _line(page, part.message)
        case Formula() | SumFormula():
            return fence(" ".join(clean(latex(part))), "math")
        case Block():
            title = [] if part.title is None else [_line(page, part.title)]
            language = "text" if part.language in NOT_FORMULAS else re.sub(r"[^\w+-]", "", part.language)
            return "\n\n".join([*title, fence("\n".join(clean(part.text.rstrip("\n"))), language)])
        case Table():
            return _table(page, part)
        case Finding():
            return _finding(page, part)


def _finding(page: Page, finding: Finding) -> str:
    """Return a finding as a quotation: headline, the picture in a fence, hint."""
    lines = [
        f"**{_inline(page.phrases(page.headline(finding)), code=False)}**: {_inline(page.phrases(finding.message))}"
    ]
    picture = page.picture(finding)
    if picture:
        lines += ["", *fence("\n".join(plain(line) for line in picture), "text").split("\n")]
    hint = page.hint(finding)
    if hint is not None:
        lines += ["", _line(page, hint)]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _table(page: Page, table: Table) -> str:
    """Return a table, its columns aligned in the source too."""
    if not table.heads:
        return ""
    rows = [[_cell(page, cell) for cell in row] for row in (table.heads, *table.rows)]
    widths = [max(3, *map(columns, column)) for column in zip(*rows, strict=True)]
    right = page.right(table)
    rule = [f"{'-' * (width - 1)}:" if to_right else "-" * width for width, to_right in zip(widths, right, strict=True)]
    lines = [_row(rows[0], widths, right), f"| {' | '.join(rule)} |", *(_row(row, widths, right) for row in rows[1:])]
    return "\n".join(lines)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    filled = []
    for cell, width, to_right in zip(cells, widths, right, strict=True):
        blanks = " " * (width - columns(cell))
        filled.append(blanks + cell if to_right else cell + blanks)
    return f"| {' | '.join(filled)} |"


def _cell(page: Page, value: Value) -> str:
    return _inline(page.phrases(value), in_table=True)


def _line(page: Page, message: Message) -> str:
    """Return a message as a line of its own."""
    return STARTS.sub(_escaped_start, _inline(page.phrases(message)))


def _escaped_start(match: re.Match[str]) -> str:
    blanks, mark, digits, dot = match.groups()
    return f"{blanks}\\{mark}" if mark else f"{blanks}{digits}\\{dot}"


def _inline(phrases: Iterable[Phrase], *, in_table: bool = False, code: bool = True) -> str:
    written = []
    for phrase in phrases:
        if not (phrase.code and code):
            written.append(MARKS.sub(r"\\\g<0>", phrase.text))
        elif in_table and "|" in phrase.text:
            written.append(f"<code>{escape(phrase.text, quote=False).translate(ENTITIES)}</code>")
        else:
            written.append(code_span(phrase.text))
    return "".join(written)


def code_span(text: str) -> str:
    """Return code inside a line, between more backticks than it holds in a row.

    >>> print(code_span("A[i]"), code_span("a`b"), code_span("`"))
    `A[i]` ``a`b`` `` ` ``
    """
    if not text:
        return ""
    ticks = "`" * (_longest(text) + 1)
    inside = f" {text} " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else text
    return f"{ticks}{inside}{ticks}"


def fence(text: str, language: str) -> str:
    """Return lines of code between fences longer than any run of backticks inside."""
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
