"""Where the cells of one array stand in a picture: a row, a matrix, or slices. A pure function of its shape.

The last axis runs across, the one before it down, the next across again in blocks of such matrices, and so on. Of a
long axis some places are shown, with a gap where others are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from .text_width import code_width

MATRIX_AXES = 2
"""How many axes, counted from the last, have their cells next to each other; each axis before them makes blocks."""
MARK_SIZE = 14
"""Size of the font of the places beside a grid."""
MARK_HEIGHT = 18
DOTS_HEIGHT = 22
"""Of dots between two blocks, one below the other."""
BLOCK_GAP = 10
"""Between two blocks."""
CELL_GAP = 1.05
"""How wide the gap is that stands for places left out, in cells."""
SMALLEST_GAP = 18
"""And at the least, so that its dots can be read."""
TICK_CELL = 18
"""Cells of this size or more have their places written beside them, if no number is too wide."""

CellSize: TypeAlias = tuple[float, float]
"""How wide and how high a cell is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridAxis:
    """One axis: its name, its length and which of its places are shown, ascending."""

    name: str
    extent: int
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One element of the array: its place along every axis, and its upper left corner."""

    place: tuple[int, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GridMark:
    """What is written beside a grid: the name of an axis, a place along it, or dots where places are left out.

    `text` stands centred at `x`, on the base line `y`. `place`: None for a name alone and for dots.
    """

    axis: int
    text: str
    x: float
    y: float
    place: int | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GridBar:
    """A line along which an axis runs, from one corner to another."""

    axis: int
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayGrid:
    """All cells of an array that are shown, what is written beside them, and how much room all of it takes.

    `corner` is where the cells begin, `size` the width of a cell.
    """

    cells: tuple[GridCell, ...]
    marks: tuple[GridMark, ...]
    bars: tuple[GridBar, ...]
    corner: tuple[float, float]
    width: float
    height: float
    size: float


def shown_places(extent: int, whole: int, some: int, needed: Collection[int] = ()) -> tuple[int, ...]:
    """Return the places of an axis that are shown: all of up to `whole`, else `some`.

    Those that are needed are among them, then the last one; the others are the first.

    >>> shown_places(4, 4, 3), shown_places(1000, 4, 3), shown_places(1000, 4, 3, {7}), shown_places(1000, 4, 1, {7})
    ((0, 1, 2, 3), (0, 1, 999), (0, 7, 999), (7,))
    """
    if extent <= whole:
        return tuple(range(extent))
    chosen = {place for place in needed if 0 <= place < extent}
    if len(chosen) < some:
        chosen.add(extent - 1 if some > 1 else 0)
    following = (place for place in range(extent) if place not in chosen)
    while len(chosen) < some:
        chosen.add(next(following))
    return tuple(sorted(chosen))


def array_grid(axes: Sequence[GridAxis], size: float, high: float | None = None) -> ArrayGrid:
    """Return where the cells of an array stand, from an upper left corner at 0, 0.

    `size` is the width of a cell, and its height too where none is given.

    >>> axes = [GridAxis(name="i", extent=2, shown=(0, 1)), GridAxis(name="j", extent=9, shown=(0, 1, 8))]
    >>> grid = array_grid(axes, 20)
    >>> [(cell.place, cell.x - grid.corner[0], cell.y - grid.corner[1]) for cell in grid.cells][:4]
    [((0, 0), 0.0, 0.0), ((0, 1), 20.0, 0.0), ((0, 8), 61.0, 0.0), ((1, 0), 0.0, 20.0)]
    >>> [mark.text for mark in grid.marks]
    ['j', '0', '1', '⋯', '8', 'i', '0', '1']
    """
    whole = _blocks(tuple(axes), len(axes), (size, size if high is None else high), top=True, side=True)
    return ArrayGrid(
        cells=tuple(whole.cells),
        marks=tuple(whole.marks),
        bars=tuple(whole.bars),
        corner=whole.corner,
        width=whole.width,
        height=whole.height,
        size=size,
    )


@dataclass(slots=True, kw_only=True)
class _Block:
    """A part of a grid while it is put together: cells and marks from its own upper left corner."""

    corner: tuple[float, float]
    width: float = 0.0
    height: float = 0.0
    cells: list[GridCell] = field(default_factory=list)
    marks: list[GridMark] = field(default_factory=list)
    bars: list[GridBar] = field(default_factory=list)

    def add(self, other: _Block, x: float, y: float, place: int) -> None:
        """Add another part, moved by x and y, its cells at a place along one more axis in front."""
        self.cells += [replace(cell, place=(place, *cell.place), x=cell.x + x, y=cell.y + y) for cell in other.cells]
        self.marks += [replace(mark, x=mark.x + x, y=mark.y + y) for mark in other.marks]
        self.bars += [replace(bar, x1=bar.x1 + x, y1=bar.y1 + y, x2=bar.x2 + x, y2=bar.y2 + y) for bar in other.bars]


@lru_cache(maxsize=256)
def _blocks(axes: tuple[GridAxis, ...], inner: int, size: CellSize, *, top: bool, side: bool) -> _Block:
    """Return the grid of the last `inner` axes. `top`, `side`: with what is written above it, and to its left."""
    if inner <= MATRIX_AXES:
        return _matrix(axes, inner, size, top=top, side=side)
    return (_across if inner % 2 else _down)(axes, inner, size, top=top, side=side)


def _across(axes: tuple[GridAxis, ...], inner: int, size: CellSize, *, top: bool, side: bool) -> _Block:
    """Return blocks side by side, each with its place above it; the first has what is written to the left.

    Blocks below others have no places above them, and stand as far apart as those that do.
    """
    number, axis = len(axes) - inner, axes[len(axes) - inner]
    first, other = (_blocks(axes, inner - 1, size, top=top, side=one) for one in (side, False))
    above = MARK_HEIGHT if top else 0.0
    made = _Block(corner=(first.corner[0], first.corner[1] + above), width=first.width)
    x = 0.0
    for place, missing in _with_gaps(axis):
        block = first if place in axis.shown[:1] else other
        if missing:
            y = above + (first.corner[1] + first.height) / 2 + 5
            made.marks.append(GridMark(axis=number, text="⋯", x=x + SMALLEST_GAP / 2, y=y, left_out=missing))
            x += SMALLEST_GAP
            made.width = max(made.width, x)
            x += BLOCK_GAP
        if place is None:
            break
        text = f"{axis.name}={place}"
        cells = block.width - block.corner[0]
        inset = max(code_width(text, MARK_SIZE) - cells, 0.0) / 2
        if top:
            middle = x + inset + block.corner[0] + cells / 2
            made.marks.append(GridMark(axis=number, text=text, x=middle, y=MARK_SIZE, place=place))
        made.add(block, x + inset, above, place)
        x += block.width + 2 * inset
        made.width = max(made.width, x)
        x += BLOCK_GAP
    made.height = first.height + above
    return made


def _down(axes: tuple[GridAxis, ...], inner: int, size: CellSize, *, top: bool, side: bool) -> _Block:
    """Return blocks below each other, each with its place to its left; the first has what is written above."""
    number, axis = len(axes) - inner, axes[len(axes) - inner]
    first, other = (_blocks(axes, inner - 1, size, top=one, side=side) for one in (top, False))
    texts = {place: f"{axis.name}={place}" for place in axis.shown}
    widest = max((code_width(text, MARK_SIZE) for text in texts.values()), default=0.0) if side else 0.0
    left = widest + 6 if side else 0.0
    made = _Block(corner=(first.corner[0] + left, first.corner[1]), width=left + first.width, height=first.height)
    y = 0.0
    for place, missing in _with_gaps(axis):
        block = first if place in axis.shown[:1] else other
        if missing:
            middle = left + (first.corner[0] + first.width) / 2
            made.marks.append(GridMark(axis=number, text="⋮", x=middle, y=y + MARK_SIZE + 1, left_out=missing))
            y += DOTS_HEIGHT - (BLOCK_GAP if place is None else 0.0)
            made.height = max(made.height, y)
        if place is None:
            break
        if side:
            middle = y + (block.corner[1] + block.height) / 2 + 5
            made.marks.append(GridMark(axis=number, text=texts[place], x=widest / 2, y=middle, place=place))
        made.add(block, left, y, place)
        y += max(block.height, MARK_HEIGHT)
        made.height = max(made.height, y)
        y += BLOCK_GAP
    return made


def _with_gaps(axis: GridAxis) -> Iterator[tuple[int | None, int]]:
    """Yield every place that is shown, and how many places are left out before it; None for those after the last."""
    before = -1
    for place in axis.shown:
        yield place, place - before - 1
        before = place
    if axis.shown and before < axis.extent - 1:
        yield None, axis.extent - 1 - before


def _matrix(axes: Sequence[GridAxis], inner: int, size: CellSize, *, top: bool, side: bool) -> _Block:
    """Return the cells of the last two axes or of fewer, with names and places above them and to their left."""
    columns, rows = (axes[-1] if inner else None), (axes[-2] if inner == MATRIX_AXES else None)
    (xs, wide), (ys, high) = _steps(columns, size[0], _gap(size)), _steps(rows, size[1], _gap(size))
    ticks = len(axes) == inner and min(size) >= TICK_CELL and (columns is None or _widest(columns) <= size[0] - 2)
    named = rows is not None and side
    name = code_width(rows.name, MARK_SIZE) if rows is not None and side else 0.0
    left = (name + 8 if named else 0.0) + (_widest(rows) + 6 if rows is not None and ticks else 0.0)
    above = (MARK_HEIGHT + 4 if columns and top else 0.0) + (MARK_HEIGHT if columns and ticks else 0.0)
    over = (code_width(columns.name, MARK_SIZE) - wide) / 2 if columns else 0.0
    left = max(left, over)
    made = _Block(corner=(left, above), width=left + wide + max(over, 0.0), height=above + max(high, MARK_HEIGHT / 2))
    if columns:
        number = len(axes) - 1
        if top:
            made.marks.append(GridMark(axis=number, text=columns.name, x=left + wide / 2, y=MARK_SIZE - 1))
            made.bars.append(GridBar(axis=number, x1=left, y1=MARK_HEIGHT, x2=left + wide, y2=MARK_HEIGHT))
        made.marks += _row_marks(columns, number, xs, size, (left, above), first=ys[0], ticks=ticks)
    if rows:
        number = len(axes) - 2
        if side:
            made.marks.append(GridMark(axis=number, text=rows.name, x=name / 2, y=above + high / 2 + 5))
            made.bars.append(GridBar(axis=number, x1=name + 4, y1=above, x2=name + 4, y2=above + high))
        made.marks += _column_marks(rows, number, ys, size, (left, above), first=xs[0], ticks=ticks)
    made.cells += [
        GridCell(place=(*([row] if rows else []), *([column] if columns else [])), x=left + x, y=above + y)
        for row, y in zip(rows.shown if rows else (0,), ys, strict=False)
        for column, x in zip(columns.shown if columns else (0,), xs, strict=False)
    ]
    return made


def _widest(axis: GridAxis) -> float:
    """Return how wide the widest place of an axis is."""
    return max((code_width(str(place), MARK_SIZE) for place in axis.shown), default=0.0)


def _row_marks(
    axis: GridAxis,
    number: int,
    xs: list[float],
    size: CellSize,
    corner: tuple[float, float],
    *,
    first: float,
    ticks: bool,
) -> Iterator[GridMark]:
    """Yield the places above columns, and dots in the first row where some are left out."""
    for (place, missing), x in zip(_with_gaps(axis), xs, strict=False):
        if missing:
            middle = corner[0] + x - _gap(size) / 2
            yield GridMark(axis=number, text="⋯", x=middle, y=corner[1] + first + size[1] / 2 + 5, left_out=missing)
        if ticks and place is not None:
            yield GridMark(axis=number, text=str(place), x=corner[0] + x + size[0] / 2, y=corner[1] - 5, place=place)


def _column_marks(
    axis: GridAxis,
    number: int,
    ys: list[float],
    size: CellSize,
    corner: tuple[float, float],
    *,
    first: float,
    ticks: bool,
) -> Iterator[GridMark]:
    """Yield the places to the left of rows, and dots in the first column where some are left out."""
    for (place, missing), y in zip(_with_gaps(axis), ys, strict=False):
        if missing:
            middle = corner[1] + y - _gap(size) / 2 + 5
            yield GridMark(axis=number, text="⋮", x=corner[0] + first + size[0] / 2, y=middle, left_out=missing)
        if ticks and place is not None:
            x = corner[0] - 5 - code_width(str(place), MARK_SIZE) / 2
            yield GridMark(axis=number, text=str(place), x=x, y=corner[1] + y + size[1] / 2 + 5, place=place)


def _steps(axis: GridAxis | None, size: float, gap: float) -> tuple[list[float], float]:
    """Return where the cells along an axis begin, after dots at its end where that would be, and how far it reaches.

    An axis without places has room for one.
    """
    if axis is None:
        return [0.0], size
    found, at = list[float](), 0.0
    for place, missing in _with_gaps(axis):
        at += gap if missing else 0.0
        found.append(at)
        at += 0.0 if place is None else size
    return found or [0.0], at or size


def _gap(size: CellSize) -> float:
    return max(CELL_GAP * min(size), SMALLEST_GAP)
