"""A Report as plain text for a terminal or a file, in lines of pieces that a terminal may colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import dedent

from ..core.message import Message
from ..core.report import Block, Finding, Formula, Paragraph, Part, Report, Section, Severity, Table
from ..core.visible import columns
from .catalogue import Catalogue, Run
from .layout import GAP, fit, wrap
from .page import Page, Piece, Role, flat

Line = tuple[Piece, ...]

WIDTH = 88
UNBROKEN = 1_000_000
INDENT = Piece("  ")
ROLES = {Severity.ERROR: Role.ERROR, Severity.WARNING: Role.WARNING, Severity.NOTE: Role.NOTE}


def write_text(report: Report, catalogue: Catalogue, width: int = WIDTH) -> str:
    """Return the report as lines of text, ending in a line break.

    Paragraphs and tables take at most `width` columns, where no code is longer than that.
    """
    return "".join(plain(line) + "\n" for line in page_lines(Page(report, catalogue), width))


def plain(line: Line) -> str:
    """Return a line without its colours."""
    return "".join(piece.text for piece in trimmed(line))


def trimmed(line: Line) -> Line:
    """Return a line without the blanks at its end."""
    while line and not line[-1].text.rstrip():
        line = line[:-1]
    return (*line[:-1], replace(line[-1], text=line[-1].text.rstrip())) if line else ()


def page_lines(page: Page, width: int = WIDTH) -> Iterator[Line]:
    """Yield the lines of the whole page: the expression, then the sections."""
    yield from page.subject
    for section in page.sections:
        yield ()
        yield from section_lines(page, section, width)


def section_lines(page: Page, section: Section, width: int) -> Iterator[Line]:
    """Yield the lines of a section: title, then parts, set apart where they would run into each other."""
    title = page.title(section)
    if title:
        yield tuple(Piece(phrase.text, role=Role.TITLE) for phrase in title)
    before: Part | None = None
    for part in section.parts:
        if before is not None and _apart(before, part):
            yield ()
        yield from part_lines(page, part, width)
        before = part


def _apart(before: Part, part: Part) -> bool:
    """Return whether an empty line stands between two parts: a paragraph stays with what it introduces."""
    return isinstance(part, Finding) or not isinstance(before, Paragraph) or before.lead


def part_lines(page: Page, part: Part, width: int) -> Iterator[Line]:
    """Yield the lines of one part."""
    match part:
        case Paragraph():
            yield from _wrapped(page, part.message, width)
        case Formula():
            yield from ((INDENT, *line) for line in page.lines(part.unicode))
            yield (INDENT, Piece(flat(part.latex)))
        case Block():
            if part.title is not None:
                yield from _wrapped(page, part.title, width)
            yield from ((INDENT, *line) for line in page.lines(part.text.rstrip("\n")))
        case Table():
            rows = row_lines(page, part, width - len(INDENT.text))
            yield from ((INDENT, *line) for row in rows for line in row)
        case Finding():
            yield from finding_lines(page, part, width)


def finding_lines(page: Page, finding: Finding, width: int) -> Iterator[Line]:
    """Yield a finding as errors are drawn: headline, the lines at fault with carets below, hint."""
    head = Message("view.finding", {"headline": page.headline(finding), "message": finding.message})
    lines = list(_wrapped(page, head, width))
    said = page.catalogue.text(page.headline(finding))
    yield from _in_role(lines, len(said), ROLES[finding.severity])
    yield from ((INDENT, *line) for line in page.picture(finding))
    hint = page.hint(finding)
    if hint is not None:
        yield from _wrapped(page, hint, width)


def _in_role(lines: list[Line], length: int, role: Role) -> Iterator[Line]:
    """Yield lines, of the first one the first `length` characters in a role."""
    for line in lines:
        said, out = "", list[Piece]()
        for piece in line:
            inside, rest = piece.text[:length], piece.text[length:]
            length -= len(inside)
            said += inside
            out += [Piece(rest, piece.colour)] if rest else []
        yield (Piece(said, role=role), *out) if said else tuple(out)
        length = 0


def _wrapped(page: Page, message: Message, width: int) -> Iterator[Line]:
    for line in wrap(page.runs(message), width):
        yield _coloured(page, line)


def _coloured(page: Page, runs: tuple[Run, ...]) -> Line:
    return tuple(piece for phrase in page.coloured(runs) for piece in phrase.pieces)


def row_lines(page: Page, table: Table, width: int, *, heads: bool = True) -> list[list[Line]]:
    """Return the rows of a table in aligned columns, with `heads` first: each the lines that it takes.

    Cells that are too wide for the table to fit go on on the next line.
    """
    rows = [[page.runs(cell) for cell in row] for row in ((table.heads, *table.rows) if heads else table.rows)]
    if not table.heads or not rows:
        return []
    widths = fit(rows, width)
    right = page.right(table)
    return [list(_row(page, row, widths, right)) for row in rows]


def _row(page: Page, row: Sequence[Sequence[Run]], widths: Sequence[int], right: Sequence[bool]) -> Iterator[Line]:
    cells = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        line: list[Piece] = []
        for cell, size, to_right in zip(cells, widths, right, strict=True):
            runs = cell[number] if number < len(cell) else ()
            blanks = Piece(" " * max(size - sum(columns(run.text) for run in runs), 0))
            text = _coloured(page, runs)
            line += [blanks, *text] if to_right else [*text, blanks]
            line.append(Piece(" " * GAP))
        yield tuple(line)


def part_text(page: Page, part: Part) -> str:
    """Return one part as text, unbroken and without indent."""
    return dedent("\n".join(plain(line) for line in part_lines(page, part, UNBROKEN)))
