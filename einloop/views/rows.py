"""A table in, rows of lines out that fit a width: cells wrap, long code takes a line of its own, columns move below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..core.report import Table
from ..core.visible import columns
from .catalogue import TextRun
from .layout import GAP, fit, shrunk, wrap
from .page import Page, Piece

Line = tuple[Piece, ...]

MIN_LEGIBLE_WIDTH = 10
"""How narrow a column gets before columns go below one another. What follows longer code then stands below it."""
BELOW = 4
"""Columns before code that is too long to stand beside anything."""


def coloured(page: Page, runs: Iterable[TextRun]) -> Line:
    """Return runs as pieces in the colours of the indices that they name."""
    return tuple(piece for phrase in page.coloured(tuple(runs)) for piece in phrase.pieces)


def row_lines(page: Page, table: Table, width: int, *, heads: bool = True) -> list[list[Line]]:
    """Return the rows of a table in aligned columns, with `heads` first: each the lines that it takes.

    Cells that are too wide for the table to fit go on on the next line. Where columns do not fit even so, those at the
    right follow below all rows, beside the first column once more.
    """
    rows = [[page.runs(cell) for cell in row] for row in ((table.heads, *table.rows) if heads else table.rows)]
    if not table.heads or not rows:
        return []
    widths, right = _widths(rows, width), page.right(table)
    found: list[list[Line]] = []
    for group in groups(widths, width):
        found += [[()]] if found else []
        sizes, sides = [widths[k] for k in group], [right[k] for k in group]
        found += [list(_row(page, [row[k] for k in group], sizes, sides, width)) for row in rows]
    return found


def _widths(rows: Sequence[Sequence[Sequence[TextRun]]], width: int) -> list[int]:
    """Return the width of each column: as wrapping makes them fit, else as narrow as they need to be."""
    wrapped = fit(rows, width)
    if _total(wrapped) <= width:
        return wrapped
    natural = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return shrunk(natural, [MIN_LEGIBLE_WIDTH] * len(natural), width)


def groups(widths: Sequence[int], width: int) -> list[list[int]]:
    """Return which columns stand beside one another: all, or as many as fit, the first one in every group.

    >>> groups([9, 9, 9, 9], 50), groups([9, 9, 9, 9], 33)
    ([[0, 1, 2, 3]], [[0, 1, 2], [0, 3]])
    """
    found = [[0]]
    for number in range(1, len(widths)):
        if len(found[-1]) > 1 and _total([widths[k] for k in (*found[-1], number)]) > width:
            found.append([0])
        found[-1].append(number)
    return found


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _row(
    page: Page, row: Sequence[Sequence[TextRun]], widths: Sequence[int], right: Sequence[bool], width: int
) -> Iterator[Line]:
    """Yield the lines of a row. What follows a cell that is wider than its column stands below it."""
    cells = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    beside: dict[int, list[tuple[TextRun, ...]]] = {}
    for number, cell in enumerate(cells):
        need = max(map(_width, cell))
        room = width - _total([*widths[:number], 0])
        if need <= max(room, widths[number]):
            beside[number] = cell
        if need > widths[number]:
            yield from _beside(page, beside, widths, right)
            beside = {}
        if need > max(room, widths[number]):
            start = Piece(" " * max(0, min(BELOW, width - need)))
            yield from ((start, *coloured(page, line)) for line in cell)
    yield from _beside(page, beside, widths, right)


def _beside(
    page: Page, cells: dict[int, list[tuple[TextRun, ...]]], widths: Sequence[int], right: Sequence[bool]
) -> Iterator[Line]:
    """Yield cells beside one another, columns without a cell left blank."""
    for number in range(max(map(len, cells.values()), default=0)):
        line: list[Piece] = []
        for column, (size, to_right) in enumerate(zip(widths, right, strict=True)):
            cell = cells.get(column, [])
            runs = cell[number] if number < len(cell) else ()
            blanks, text = Piece(" " * max(size - _width(runs), 0)), coloured(page, runs)
            line += [blanks, *text] if to_right else [*text, blanks]
            line.append(Piece(" " * GAP))
        yield tuple(line)


def _width(runs: Sequence[TextRun]) -> int:
    return sum(columns(run.text) for run in runs)
