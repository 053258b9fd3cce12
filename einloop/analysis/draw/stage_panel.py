"""One array of a story as a panel: the line that makes it, its lengths, and its cells with their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from ...core.drawing import TEXT_SIZE, Ink, Inscription, Look, Pieces, Rectangle, Stroke
from ...core.grid import MATRIX_AXES, ArrayGrid, GridAxis, GridCell, array_grid, shown_places
from ...core.slide import Panel, clipped
from ...core.story import Story, StoryStage
from ...core.story_data import element_text
from ...core.text_width import code_width
from .equation import Equation, shortened_names

HEADER_SIZE, HEADER_HEIGHT, SHAPE_HEIGHT = 17, 24, 20
WIDE_HEADER, WIDEST_HEADER = 300, 420
"""From the first on a line of code is written in the smallest font; in that it is cut at the second."""
LONGEST_NAME, LONGEST_VALUE = 10, 8
"""Characters of an index beside a grid, and of a value in a cell."""
PAD = 0.55
"""Between a value and the edges of its cell, on both sides together, in parts of the font's size."""
MAX_RANK, MAX_CELLS = 8, 400
"""Of an array that is shown as a grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSize:
    """How cells are drawn: how many places of rows and columns, and of slices; how high; the font of values, 0 for
    none. Without places there are no cells."""

    places: int
    slices: int
    high: float
    font: int

    def wide(self, texts: Iterable[str]) -> float:
        """Return how wide the cells of an array with these values are."""
        needed = (code_width(text, self.font) + PAD * self.font for text in texts if self.font)
        return max(self.high, *needed, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageScene:
    """A story and what its picture is told: the element of the result that is lit, by the names of its axes."""

    story: Story
    equation: Equation
    at: Mapping[str, int] | None

    @property
    def colours(self) -> Mapping[str, int]:
        """The number of the colour of every index, by its name."""
        return {self.equation.names.shown(label): number for label, number in self.equation.colour.items()}

    def look(self, stage: StoryStage, place: Sequence[int]) -> Look:
        """Return how a cell looks: lit, where the element is made of it; unread beside a diagonal."""
        along: dict[str, int] = {}
        for axis, size, one in zip(stage.axes, stage.shape, place, strict=True):
            if size != 1 and along.setdefault(axis, one) != one:
                return Look.UNREAD
        if self.at is None:
            return Look.CELL
        lit = all(self.at.get(axis, one) == one for axis, one in along.items())
        return Look.LIT if lit else Look.CELL


def stage_panel(scene: StageScene, stage: StoryStage, size: StageSize, *, drawn: bool) -> Panel:
    """Return an array with the line that makes it, its lengths, and its cells; not `drawn`, only how large it is."""
    lines, font = _header(stage.code or stage.name)
    shape = clipped(_shape(scene, stage), WIDEST_HEADER, TEXT_SIZE)
    above = HEADER_HEIGHT * len(lines)
    top = above + (SHAPE_HEIGHT if shape else 0) + 4
    grid = _grid(scene, stage, size)
    wide, high = (0.0, 0.0) if grid is None else (grid.corner[0] + grid.width, grid.height)
    half = max(*(code_width(line, font) for line in lines), code_width(_plain(shape), TEXT_SIZE)) / 2
    left = max(half - wide / 2, 0.0)
    middle = left + wide / 2
    shapes: list[Ink] = []
    if drawn:
        for number, line in enumerate(lines):
            y = HEADER_SIZE + number * HEADER_HEIGHT
            title = stage.code if line.endswith("…") else None
            shapes.append(Inscription(x=middle, y=y, pieces=((line, None),), size=font, look=Look.NAME, title=title))
        if shape:
            whole = "×".join(map(str, stage.shape))
            title = None if _plain(shape) == whole else whole
            shapes.append(Inscription(x=middle, y=above + 15, pieces=shape, title=title))
        if grid is not None:
            shapes += _cells(scene, stage, grid, size, (left, top))
    return Panel(width=max(left + wide, middle + half), height=top + high, shapes=tuple(shapes))


def _header(line: str) -> tuple[tuple[str, ...], int]:
    """Return a line of code in one line or two, and their font: what is long ends before its index."""
    if code_width(line, HEADER_SIZE) <= WIDE_HEADER:
        return (line,), HEADER_SIZE
    place = line.rindex("[") if line.endswith("]") else len(line)
    lines = tuple(part for part in (line[:place], line[place:]) if part)
    font = HEADER_SIZE if all(code_width(one, HEADER_SIZE) <= WIDE_HEADER for one in lines) else TEXT_SIZE
    return tuple(_plain(clipped(((one, None),), WIDEST_HEADER, font)) for one in lines), font


def _plain(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def _shape(scene: StageScene, stage: StoryStage) -> Pieces:
    """Return the lengths of an array, each in the colour of its index."""
    pairs = zip(stage.axes, stage.shape, strict=True)
    return tuple(piece for axis, size in pairs for piece in (("×", None), (str(size), scene.colours.get(axis))))[1:]


def _grid(scene: StageScene, stage: StoryStage, size: StageSize) -> ArrayGrid | None:
    """Return where the cells of an array stand, None where it has too many axes or cells for this size."""
    if not size.places or len(stage.shape) > MAX_RANK:
        return None
    axes = list(_axes(scene, stage, size))
    if prod(len(axis.shown) for axis in axes) > MAX_CELLS:
        return None
    places = (cell.place for cell in array_grid(axes, size.high).cells)
    return array_grid(axes, size.wide(_text(stage, place) for place in places), size.high)


def _axes(scene: StageScene, stage: StoryStage, size: StageSize) -> Iterator[GridAxis]:
    names = shortened_names(dict.fromkeys(stage.axes), LONGEST_NAME)
    short = dict(zip(dict.fromkeys(stage.axes), names, strict=True))
    for number, (axis, extent) in enumerate(zip(stage.axes, stage.shape, strict=True)):
        assert isinstance(extent, int)
        most = size.places if number >= len(stage.shape) - MATRIX_AXES else size.slices
        needed = {scene.at[axis]} if scene.at is not None and axis in scene.at and extent > 1 else set[int]()
        shown = shown_places(extent, most, max(most - 1, 1), needed)
        yield GridAxis(name=short[axis], extent=extent, shown=shown)


def _text(stage: StoryStage, place: Sequence[int]) -> str:
    """Return the value of a cell, "" where it is not known."""
    if stage.values is None:
        return ""
    text = element_text(stage.values.dtype, stage.values.at(place))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _cells(
    scene: StageScene, stage: StoryStage, grid: ArrayGrid, size: StageSize, corner: tuple[float, float]
) -> Iterator[Ink]:
    """Yield names of axes, places along them, and all cells, those that are lit last."""
    left, top = corner
    for bar in grid.bars:
        points = ((left + bar.x1, top + bar.y1), (left + bar.x2, top + bar.y2))
        yield Stroke(points=points, look=Look.GUIDE, colour=scene.colours.get(stage.axes[bar.axis]))
    for mark in grid.marks:
        faint = mark.left_out > 0 or (mark.place is not None and mark.text == str(mark.place))
        yield Inscription(
            x=left + mark.x,
            y=top + mark.y,
            pieces=((mark.text, None if faint else scene.colours.get(stage.axes[mark.axis])),),
            look=Look.FAINT if faint else Look.TEXT,
            title=f"+{mark.left_out}" if mark.left_out else None,
        )
    if not grid.cells:
        x, y = grid.corner
        wide, high = max(grid.width - x, size.high), max(grid.height - y, size.high)
        yield Rectangle(x=left + x, y=top + y, width=wide, height=high, look=Look.EMPTY)
    wide = size.wide(_text(stage, cell.place) for cell in grid.cells)
    drawn = [(scene.look(stage, cell.place), cell) for cell in grid.cells]
    for look, cell in sorted(drawn, key=lambda one: one[0] is Look.LIT):
        yield from _cell(stage, cell, look, size, (left, top, wide))


def _cell(
    stage: StoryStage, cell: GridCell, look: Look, size: StageSize, at: tuple[float, float, float]
) -> Iterator[Ink]:
    left, top, wide = at
    x, y = left + cell.x, top + cell.y
    name = f"{stage.name}[{','.join(map(str, cell.place))}]" if cell.place else stage.name
    value = "" if stage.values is None else element_text(stage.values.dtype, stage.values.at(cell.place))
    title = f"{name} = {value}" if value else name
    yield Rectangle(x=x, y=y, width=wide, height=size.high, look=look, element=name, title=title)
    text = _text(stage, cell.place) if size.font else ""
    if text:
        yield Inscription(
            x=x + wide / 2,
            y=y + size.high / 2 + 0.35 * size.font,
            pieces=((text, None),),
            size=size.font,
            look=Look.BADGE if look is Look.LIT else Look.TEXT,
        )
