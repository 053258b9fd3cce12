"""A Report as plain text for a terminal or a file, in lines of pieces that a terminal may colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from textwrap import dedent

from ..core.message import Code, Message
from ..core.report import Block, Finding, Formula, Paragraph, Part, Report, Section, Severity, SumFormula, Table
from ..core.verification import Verification
from .catalogue import Catalogue
from .formula import latex
from .layout import wrap
from .page import Page, Piece, WordRole, flat
from .rows import Line, coloured, row_lines

WIDTH, TABLE_WIDTH = 88, 80
"""Of a text for a file or a pipe: where a narrower screen cuts lines, a paragraph still reads, but no table does."""
UNBROKEN_WIDTH = 1_000_000
INDENT = Piece("  ")
ROLES = {Severity.ERROR: WordRole.ERROR, Severity.WARNING: WordRole.WARNING, Severity.NOTE: WordRole.NOTE}


def write_text(report: Report, catalogue: Catalogue, width: int = WIDTH) -> str:
    """Return the report as lines of text, ending in a line break.

    Paragraphs take at most `width` columns, tables TABLE_WIDTH of them, where no code is longer than that.
    """
    lines = page_lines(Page(report, catalogue), width, min(width, TABLE_WIDTH))
    return "".join(plain(line) + "\n" for line in lines)


def narrow_lines(page: Page, width: int) -> Iterator[Line]:
    """Yield the lines of a page, none of them wider than `width`: code that is longer goes on on the next line."""
    from .trace.lines import folded

    for line in map(trimmed, page_lines(page, width, width)):
        yield from map(trimmed, folded(line, width))


def plain(line: Line) -> str:
    """Return a line without its colours."""
    return "".join(piece.text for piece in trimmed(line))


def trimmed(line: Line) -> Line:
    """Return a line without the blanks at its end."""
    while line and not line[-1].text.rstrip():
        line = line[:-1]
    return (*line[:-1], replace(line[-1], text=line[-1].text.rstrip())) if line else ()


def page_lines(page: Page, width: int, tables: int) -> Iterator[Line]:
    """Yield the lines of the whole page: the expression, then the sections. `tables`: how wide these are at most."""
    yield from page.subject
    for section in page.sections:
        yield ()
        yield from section_lines(page, section, width, tables)


def section_lines(page: Page, section: Section, width: int, tables: int) -> Iterator[Line]:
    """Yield the lines of a section: title, then parts, set apart where they would run into each other."""
    title = page.title(section)
    if title:
        yield tuple(Piece(phrase.text, role=WordRole.TITLE) for phrase in title)
    before: Part | None = None
    for part in section.parts:
        if before is not None and _apart(before, part):
            yield ()
        yield from part_lines(page, part, tables if isinstance(part, Table) else width)
        before = part


def _apart(before: Part, part: Part) -> bool:
    """Return whether an empty line stands between two parts: a paragraph stays with what it introduces."""
    return isinstance(part, Finding) or not isinstance(before, Paragraph) or before.lead


def part_lines(page: Page, part: Part, width: int) -> Iterator[Line]:
    """Yield the lines of one part."""
    match part:
        case Paragraph():
            yield from _wrapped(page, part.message, width)
        case Formula() | SumFormula():
            yield from ((INDENT, *line) for line in page.lines(str(part)))
            yield (INDENT, Piece(flat(latex(part))))
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


def _in_role(lines: list[Line], length: int, role: WordRole) -> Iterator[Line]:
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
        yield coloured(page, line)


def part_text(page: Page, part: Part) -> str:
    """Return one part as text, unbroken and without indent."""
    return dedent("\n".join(plain(line) for line in part_lines(page, part, UNBROKEN_WIDTH)))


def case_table(found: Verification, width: int) -> str:
    """Return the cases of a verification as lines of at most `width` columns: shapes, dtypes, values and outcome."""
    rows = [
        (
            " ".join("x".join(map(str, shape)) or "()" for shape in case.shapes),
            case.dtypes[0] if len(set(case.dtypes)) == 1 else " ".join(case.dtypes),
            case.kind + ("" if case.exact else ", within tolerance"),
            case.outcome.value,
        )
        for case in found.cases
    ]
    heads = ("shapes", "dtypes", "values", "outcome")
    table = Table(
        heads=tuple(Code(head) for head in heads), rows=tuple(tuple(Code(cell) for cell in row) for row in rows)
    )
    page = Page(Report(kind="cases", subject="", sections=()), Catalogue(language="", entries={}))
    return "\n".join(plain(line) for row in row_lines(page, table, width) for line in row)
