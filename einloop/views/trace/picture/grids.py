"""Arrays of a trace as grids: a rectangle for every cell that is shown, with its value; those of the step are marked.

A cell that is read has a thick edge and a dot, the one that is written a double edge and an arrow, and both a ground.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ....core.drawing import ASCENT, DESCENT, TEXT_SIZE, Ink, Inscription, Look, Pieces, Rectangle, Stroke, moved
from ....core.grid import ArrayGrid, GridAxis, GridCell, array_grid
from ....core.slide import Panel
from ....core.text_width import code_width
from ....core.trace import TracedArray, TracedCell
from ..lines import shortened_middle
from ..places import near_places
from .moment import PictureSize, TracedMoment

NAME_SIZE, NAME_HEIGHT, SHAPE_HEIGHT = 18, 24, 20
MATRIX = 2
"""Axes, counted from the last, that are rows and columns."""
MAX_PANEL_CELLS = 200
"""Cells of one array that are drawn."""
PAD = 14
"""Between a value and the edges of its cell, on both sides together."""
ARROW = "→"
DOT_RADIUS, DOT_INSET, RING_INSET = 3.5, 8.0, 4.0
DOT_ABOVE = 40
"""In a cell of this height or more a value stands lower than the dot."""
DECIMAL = re.compile(r"-?\d+\.\d+")
LONGEST_NAME = 20
MARGIN_SIDE = 8
"""To the left and right of an array."""
LOOKS_ORDER = (Look.CELL, Look.UNREAD, Look.READ, Look.WRITTEN)
"""Marked cells are drawn over their neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCell:
    """A cell as it is drawn: what it holds, what it held if it is the written one, and how it looks."""

    place: GridCell
    look: Look
    text: str
    whole: str
    before: str | None = None


def traced_panel(moment: TracedMoment, array: TracedArray, size: PictureSize) -> Panel | None:
    """Return an array with its name, its shape and dtype, and its cells; None where these are too many."""
    axes = [_axis(moment, array, number, size) for number in range(len(array.shape))]
    if prod(len(axis.shown) for axis in axes) > MAX_PANEL_CELLS:
        return None
    cells = [_value_cell(moment, array, cell, size) for cell in array_grid(axes, size.high).cells]
    wide = max([size.high, *(_needed(cell, size) for cell in cells)])
    grid = array_grid(axes, wide, size.high)
    name, kind = _name(moment, array), _kind(moment, array)
    top = NAME_HEIGHT + (SHAPE_HEIGHT if kind else 0) + 4
    half = max(_width(name, NAME_SIZE), _width(kind, TEXT_SIZE)) / 2
    left = max(half - (grid.corner[0] + grid.width) / 2, 0.0)
    middle = left + (grid.corner[0] + grid.width) / 2
    shapes: list[Ink] = [
        Inscription(x=middle, y=NAME_SIZE, pieces=name, size=NAME_SIZE, look=Look.NAME, title=_title(array, name))
    ]
    if kind:
        shapes.append(Inscription(x=middle, y=NAME_HEIGHT + 15, pieces=kind, look=Look.FAINT))
    shapes += _beside(moment, array, grid, (left, top))
    if not grid.cells:
        x, y = grid.corner
        room = max(grid.width - x, size.high), max(grid.height - y, size.high)
        shapes.append(Rectangle(x=left + x, y=top + y, width=room[0], height=room[1], look=Look.EMPTY))
    placed = zip(grid.cells, cells, strict=True)
    drawn = [(cell.look, list(_cell(array, at, cell, (wide, size), (left, top)))) for at, cell in placed]
    shapes += [one for _, made in sorted(drawn, key=lambda found: LOOKS_ORDER.index(found[0])) for one in made]
    return Panel(
        width=max(left + grid.width, middle + half) + 2 * MARGIN_SIDE,
        height=top + grid.height,
        shapes=tuple(moved(shape, MARGIN_SIDE, 0) for shape in shapes),
    )


def _axis(moment: TracedMoment, array: TracedArray, number: int, size: PictureSize) -> GridAxis:
    """Return the places of an axis that are shown: near those of the step, or near where its loop stands."""
    extent = array.shape[number]
    name = array.axes[number] if number < len(array.axes) else str(number)
    needed = {at[number] for at in moment.touched(array)}
    if not needed and moment.step is not None and extent:
        needed = {min(place, extent - 1) for loop, place in moment.step.indices if loop == name}
    most = size.places if number >= len(array.shape) - MATRIX else size.slices
    if most == 1:
        shown = tuple(sorted(needed or range(min(extent, 1))))[:1]
    else:
        shown = tuple(place for place in near_places(extent, most, needed) if isinstance(place, int))
    return GridAxis(name=shortened_middle(name, LONGEST_NAME), extent=extent, shown=shown)


def _value_cell(moment: TracedMoment, array: TracedArray, place: GridCell, size: PictureSize) -> ValueCell:
    cell = TracedCell(array.name, place.place)
    value = moment.text(array, place.place)
    whole = value or ""
    text = shortened_value(whole, size.characters)
    if cell != moment.written:
        look = Look.READ if cell in moment.read else Look.UNREAD if value is None else Look.CELL
        return ValueCell(place=place, look=look, text=text, whole=whole)
    before = shortened_value(moment.before, size.characters)
    return ValueCell(place=place, look=Look.WRITTEN, text=text, whole=whole, before=before)


def shortened_value(text: str, most: int) -> str:
    """Return a value in at most so many characters: of a decimal fraction the first digits, of others both ends.

    >>> shortened_value("0.1257302210933933", 8), shortened_value("1352250025000", 8), shortened_value("-7.5", 8)
    ('0.12573…', '13522…00', '-7.5')
    """
    if len(text) > most and DECIMAL.fullmatch(text) and text.index(".") < most - 2:
        return text[: most - 1] + "…"
    return shortened_middle(text, most)


def _needed(cell: ValueCell, size: PictureSize) -> float:
    """Return how wide a cell has to be."""
    if cell.before is None:
        beside = 2 * DOT_INSET if cell.look is Look.READ and size.high < DOT_ABOVE else 0.0
        return code_width(cell.text, size.font) + PAD + beside
    now, above = _lines(cell, size)
    ring = 0.0 if above else 2 * RING_INSET
    return max(code_width(now, size.font) + ring, code_width(above, TEXT_SIZE)) + PAD


def _free(size: PictureSize) -> float:
    """Return how much room is above and below two lines in a cell."""
    return (size.high - (ASCENT + DESCENT) * (TEXT_SIZE + size.font)) / 2


def _lines(cell: ValueCell, size: PictureSize) -> tuple[str, str]:
    """Return the value of the cell that is written, and what stands above it, where there is room."""
    if _free(size) > 0:
        return cell.text, f"{cell.before} {ARROW}".strip()
    return ARROW + cell.text, ""


def _cell(
    array: TracedArray, at: GridCell, cell: ValueCell, sizes: tuple[float, PictureSize], corner: tuple[float, float]
) -> Iterator[Ink]:
    """Yield the rectangle of a cell, its value, and its mark."""
    wide, size = sizes
    x, y = corner[0] + at.x, corner[1] + at.y
    name = str(TracedCell(array.name, at.place))
    title = f"{name} = {cell.whole}" if cell.whole else name
    yield Rectangle(x=x, y=y, width=wide, height=size.high, look=cell.look, element=name, title=title)
    middle, base, text = x + wide / 2, y + size.high / 2 + 0.35 * size.font, cell.text
    look = cell.look if cell.look in (Look.READ, Look.WRITTEN) else Look.TEXT
    if cell.look is Look.WRITTEN:
        inset = RING_INSET
        yield Rectangle(x=x + inset, y=y + inset, width=wide - 2 * inset, height=size.high - 2 * inset, look=Look.RING)
        text, above = _lines(cell, size)
        if above:
            yield Inscription(x=middle, y=y + _free(size) + ASCENT * TEXT_SIZE, pieces=((above, None),), look=look)
            base = y + size.high - _free(size) - DESCENT * size.font
    if cell.look is Look.READ:
        side, inset = 2 * DOT_RADIUS, DOT_INSET - DOT_RADIUS
        yield Rectangle(x=x + inset, y=y + inset, width=side, height=side, radius=DOT_RADIUS, look=Look.DOT)
    if text:
        yield Inscription(x=middle, y=base, pieces=((text, None),), size=size.font, look=look)


def _name(moment: TracedMoment, array: TracedArray) -> Pieces:
    """Return the name of an array with those of its axes, each in its colour."""
    name = shortened_middle(array.name, LONGEST_NAME)
    if not array.shape:
        return ((name, None),)
    axes = [array.axes[number] if number < len(array.axes) else "" for number in range(len(array.shape))]
    if not all(axes):
        return ((name, None),)
    inside = [piece for axis in axes for piece in ((",", None), _index(moment, axis))][1:]
    return ((name, None), ("[", None), *inside, ("]", None))


def _index(moment: TracedMoment, axis: str) -> tuple[str, int | None]:
    return shortened_middle(axis, LONGEST_NAME), moment.colours.get(axis)


def _kind(moment: TracedMoment, array: TracedArray) -> Pieces:
    """Return the shape of an array, each length in the colour of its index, and the dtype."""
    found: list[tuple[str, int | None]] = []
    for number, extent in enumerate(array.shape):
        found += [("×", None)] if number else []
        found.append((str(extent), _colour(moment, array, number)))
    dtype = array.dtype or ""
    return (*found, ((" " if found else "") + dtype, None)) if dtype else tuple(found)


def _colour(moment: TracedMoment, array: TracedArray, axis: int) -> int | None:
    """Return the number of the colour of the index along an axis."""
    return moment.colours.get(array.axes[axis]) if axis < len(array.axes) else None


def _width(pieces: Pieces, size: float) -> float:
    return code_width("".join(text for text, _ in pieces), size)


def _title(array: TracedArray, name: Pieces) -> str | None:
    """Return an array with whole names, where some are shortened."""
    whole = f"{array.name}[{','.join(array.axes)}]" if len(name) > 1 else array.name
    return None if whole == "".join(text for text, _ in name) else whole


def _beside(moment: TracedMoment, array: TracedArray, grid: ArrayGrid, corner: tuple[float, float]) -> Iterator[Ink]:
    """Yield the names of axes, places along them, and a line in the colour of its index along each."""
    left, top = corner
    for bar in grid.bars:
        points = ((left + bar.x1, top + bar.y1), (left + bar.x2, top + bar.y2))
        yield Stroke(points=points, look=Look.GUIDE, colour=_colour(moment, array, bar.axis))
    for mark in grid.marks:
        faint = mark.left_out > 0 or (mark.place is not None and mark.text == str(mark.place))
        yield Inscription(
            x=left + mark.x,
            y=top + mark.y,
            pieces=((mark.text, None if faint else _colour(moment, array, mark.axis)),),
            look=Look.FAINT if faint else Look.TEXT,
            title=f"+{mark.left_out}" if mark.left_out else None,
        )
