"""An array of a trace as lines: its cells in columns, brackets around those that a step reads and writes.

Of an array of more than two axes the slices that the step touches, each with its name; of a long axis the places near
the step, with counts of what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...core.trace import Position, TracedArray, TracedCell, TracedLoops, TraceStep
from ...core.visible import columns
from ..page import Piece, WordRole
from ..rows import Line
from .lines import TraceRoom, block_width, clipped, shortened_middle
from .places import PlaceGap, near_places
from .values import ABOUT, short_text

Places = Sequence["int | PlaceGap | None"]
"""What is shown along an axis; None alone where there is no such axis."""
MATRIX = 2
"""How many axes, counted from the last, are shown at once."""
MAX_SLICES = 2
"""Of one array at a time."""
MAX_CELL, CUT, CUT_MORE = 24, (24, 20, 16, 12, 10), (8, 6, 4)
"""How wide a value is at most; and to what it is cut where a few columns do not fit, and where one does not."""
FEW_CELLS = 3
"""So many columns are left before values are cut."""
COUNTED = 5
"""With so many columns there is room to say in the row above them how many are left out."""
UNSET = "."
"""A cell that holds nothing yet."""
ARROW = " -> "


@dataclass(frozen=True, slots=True, kw_only=True)
class GridState:
    """An array after a step: what the step read and wrote of it. `before`: the written cell shows what it held, too."""

    trace: TracedLoops
    array: TracedArray
    step: TraceStep | None
    read: frozenset[Position]
    written: Position | None
    before: bool

    @property
    def touched(self) -> list[Position]:
        """The cells that the step writes and reads, the written one first."""
        first = [] if self.written is None else [self.written]
        return [*first, *sorted(self.read - set(first))]

    def text(self, at: Position, most: int, dots: str) -> str:
        """Return what a cell shows, each value cut to at most `most` columns."""
        if at == self.written and self.step is not None:
            value = self.step.after
        else:
            value = self.trace.value(self.array.name, at, 0 if self.step is None else self.step.number)
        now = UNSET if value is None else shortened_middle(short_text(value, self.array.dtype), most, dots)
        if at != self.written or not self.before or self.step is None or self.step.before is None:
            return now
        return shortened_middle(short_text(self.step.before, self.array.dtype), most, dots) + ARROW + now


@dataclass(frozen=True, slots=True)
class GridText:
    """What a cell shows, and how; `lit`: in brackets."""

    text: str
    role: WordRole
    lit: bool = False


def read_cells(step: TraceStep) -> Iterator[TracedCell]:
    """Yield the cells that a step reads."""
    for term in step.terms:
        yield from (cell for cell, _ in term.factors)
        yield from (one[0] for one in term.over if not isinstance(one, int))


def shown_arrays(trace: TracedLoops, step: TraceStep | None, most: int) -> list[TracedArray]:
    """Return the arrays to show: all of up to `most`, else those that a step touches, and the result."""
    every = list({array.name: array for array in trace.arrays}.values())
    if len(every) <= most:
        return every
    touched = set() if step is None else {step.target.array, *(cell.array for cell in read_cells(step))}
    return [array for array in every if array.name in touched or array.name == trace.result.name]


def array_blocks(
    trace: TracedLoops, array: TracedArray, step: TraceStep | None, room: TraceRoom, *, before: bool = True
) -> list[list[Line]]:
    """Return an array as blocks of lines, one for each slice. `before`: the written cell shows what it held, too."""
    if 0 in array.shape:
        return [[_title(array.name, room), clipped((Piece(_shape(array.shape), role=WordRole.QUIET),), room.width)]]
    read = frozenset() if step is None else frozenset(cell.at for cell in read_cells(step) if cell.array == array.name)
    written = step.target.at if step is not None and step.target.array == array.name else None
    state = GridState(trace=trace, array=array, step=step, read=read, written=written, before=before)
    lead = max(len(array.shape) - MATRIX, 0)
    slices = list(dict.fromkeys(at[:lead] for at in state.touched)) or [_idle(state, lead)]
    return [_fitted(state, prefix, room) for prefix in slices[:MAX_SLICES]]


def _idle(state: GridState, lead: int) -> Position:
    """Return the slice of an array that a step does not touch: where the loops around the step stand."""
    places = dict(state.step.indices) if state.step is not None else {}
    pairs = zip(state.array.axes[:lead], state.array.shape, strict=False)
    return tuple(min(places.get(axis, 0), size - 1) for axis, size in pairs)


def _fitted(state: GridState, prefix: Position, room: TraceRoom) -> list[Line]:
    """Return a slice in as many cells as fit, their values cut where even a few do not."""
    most = min(room.cells, state.array.shape[-1] if state.array.shape else 1)
    few = min(most, FEW_CELLS)
    tries = [(cells, MAX_CELL) for cells in range(most, few, -1)]
    tries += [(few, most) for most in CUT] + [(cells, CUT[-1]) for cells in range(few - 1, 0, -1)]
    block: list[Line] = []
    for cells, most in (*tries, *((1, most) for most in CUT_MORE)):
        block = _slice(state, prefix, replace(room, cells=cells), most)
        if block_width(block) <= room.width:
            return block
    return [clipped(line, room.width, room.dots) for line in block]


def _slice(state: GridState, prefix: Position, room: TraceRoom, most: int) -> list[Line]:
    """Return a matrix, a row or one value below its name; places stand beside it where some are left out."""
    inner = state.array.shape[len(prefix) :]
    lit = [at[len(prefix) :] for at in state.touched if at[: len(prefix)] == prefix]
    downs: Places = near_places(inner[0], room.rows, {at[0] for at in lit}) if len(inner) == MATRIX else (None,)
    acrosses: Places = near_places(inner[-1], room.cells, {at[-1] for at in lit}) if inner else (None,)
    ticks = any(isinstance(place, PlaceGap) for place in (*downs, *acrosses))
    rows = [_row(state, prefix, down, acrosses, most, dots=room.dots) for down in downs]
    about = any(ABOUT in one.text for row in rows for one in row)
    rows = [[replace(one, text=one.text.replace(ABOUT, "")) for one in row] for row in rows]
    if ticks:
        counted = room.cells >= COUNTED
        heads = [GridText(_tick(place, room.dots, counted=counted), role=WordRole.QUIET) for place in acrosses]
        rows.insert(0, heads)
    lines = _aligned(rows)
    if ticks:
        lines = _ticked(lines, ["", *(_tick(place, room.dots) for place in downs)])
    title = _name(state.array, prefix) + (f" {ABOUT}" if about else "") + (f"  {_shape(inner)}" if ticks else "")
    return [_title(title, room), *lines]


def _row(
    state: GridState, prefix: Position, down: int | PlaceGap | None, acrosses: Places, most: int, *, dots: str
) -> list[GridText]:
    """Return the cells of a row, or blanks where rows are left out."""
    row = []
    for across in acrosses:
        if isinstance(down, PlaceGap) or isinstance(across, PlaceGap):
            row.append(GridText("" if isinstance(down, PlaceGap) else dots, role=WordRole.QUIET))
            continue
        at = (*prefix, *(place for place in (down, across) if place is not None))
        role = WordRole.WRITTEN if at == state.written else WordRole.READ if at in state.read else WordRole.PLAIN
        row.append(GridText(state.text(at, most, dots), role, lit=role is not WordRole.PLAIN))
    return row


def _aligned(rows: Sequence[Sequence[GridText]]) -> list[Line]:
    """Return rows in columns: values to the right, a bracket before and after those that are lit.

    A value with what stood there before is longer than others, which end where its first part would.
    """
    columns_of = list(zip(*rows, strict=True))
    plain = [max((columns(one.text) for one in column if ARROW not in one.text), default=0) for column in columns_of]
    whole = [max(columns(one.text) for one in column) for column in columns_of]
    lines = []
    for row in rows:
        line: list[Piece] = []
        for one, right, size in zip(row, plain, whole, strict=True):
            text = " " * (right - columns(one.text)) + one.text
            shown = f"[{text}]" if one.lit else f" {text} "
            line += [Piece(shown, role=one.role), Piece(" " * (max(right, size) - columns(text)))]
        lines.append(tuple(piece for piece in line if piece.text))
    return lines


def _ticked(lines: Sequence[Line], ticks: Sequence[str]) -> list[Line]:
    """Return rows with the number of each before it."""
    size = max(map(columns, ticks))
    return [
        (Piece(" " * (size - columns(tick)) + tick + " ", role=WordRole.QUIET), *line)
        for tick, line in zip(ticks, lines, strict=True)
    ]


def _tick(place: int | PlaceGap | None, dots: str, *, counted: bool = True) -> str:
    """Return what stands beside a row or above a column: its number, or that some, or how many, are left out."""
    return (
        f"{dots}{place.count if counted else ''}"
        if isinstance(place, PlaceGap)
        else ""
        if place is None
        else str(place)
    )


def _name(array: TracedArray, prefix: Position) -> str:
    """Return the name of an array, of a slice with where it stands: `A[b=1]`."""
    axes = (*array.axes, *map(str, range(len(array.axes), len(prefix))))
    places = ",".join(f"{axis}={place}" for axis, place in zip(axes, prefix, strict=False))
    return f"{array.name}[{places}]" if places else array.name


def _title(text: str, room: TraceRoom) -> Line:
    return (Piece(shortened_middle(text, room.width, room.dots), role=WordRole.TITLE),)


def _shape(shape: Position) -> str:
    return "×".join(map(str, shape))
