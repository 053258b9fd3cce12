"""A Report as comment lines to paste above an einsum: warnings, what it means, its name, shapes, what is unread.

Of `find` it has the answers, of a story the stages.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..core.report import Finding, Paragraph, Part, Report, Severity, Table
from .catalogue import Catalogue
from .page import Page, Piece
from .rows import Line, row_lines
from .text import finding_lines, part_lines, plain

MARK = "# "
WIDTH = 88 - len(MARK)
MAX_ROWS = 10
"""A table of more rows shows its first ones, dots, and its last."""
DOTS: Line = (Piece("..."),)
NAME, SHAPES, ANSWERS, UNREAD, STORY = "called", "shapes", "answers", "unread", "story"


def write_comment(report: Report, catalogue: Catalogue) -> str:
    """Return the report as short comment lines of at most 88 columns, where no code is longer than that."""
    page = Page(report, catalogue)
    return "".join(f"{MARK}{plain(line)}".rstrip() + "\n" for line in _lines(page))


def _lines(page: Page) -> Iterator[Line]:
    """Yield errors and warnings wherever they stand, the lead sentences, name, shapes, answers, what is unread."""
    for part in _parts(page):
        if isinstance(part, Finding) and part.severity is not Severity.NOTE:
            yield from finding_lines(page, part, WIDTH)
    for section in page.sections:
        for part in section.parts:
            if (isinstance(part, Paragraph) and part.lead) or (isinstance(part, Table) and section.id == STORY):
                yield from part_lines(page, part, WIDTH)
    for part in _parts(page, NAME):
        if isinstance(part, Paragraph) and not part.lead:
            yield from part_lines(page, part, WIDTH)
    for part in _parts(page, SHAPES):
        if isinstance(part, Table):
            yield from _rows(page, part)
    for part in (*_parts(page, ANSWERS), *_parts(page, UNREAD)):
        yield from part_lines(page, part, WIDTH)


def _parts(page: Page, id: str | None = None) -> Iterator[Part]:
    """Yield the parts of every section, or of those with an id."""
    for section in page.sections:
        if id is None or section.id == id:
            yield from section.parts


def _rows(page: Page, table: Table) -> Iterator[Line]:
    """Yield the rows of a table, without heads, not all of a long one."""
    rows = row_lines(page, table, WIDTH, heads=False)
    if len(rows) > MAX_ROWS:
        rows = [*rows[: MAX_ROWS - 2], [DOTS], rows[-1]]
    for row in rows:
        yield from row
