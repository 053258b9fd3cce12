"""A trace as text, for slides and pipes: a step in full, a range with a line each, or what happens to one cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict, Unpack

from ...core.message import Message
from ...core.trace import Position, TracedArray, TracedLoops, TraceStep
from ...core.visible import columns
from ..catalogue import Catalogue, TextRun
from ..page import Piece, WordRole, coloured_places, cut, flat
from ..rows import Line
from ..text import trimmed
from .code import code_lines, index_colours
from .grid import array_blocks, shown_arrays
from .lines import ASCII_DOTS, DOTS, TraceRoom, ascii_line, beside, block_width, folded, paragraph
from .memory import remembering
from .sum import sum_runs
from .table import cell_lines, left_out, range_lines

WIDTH, MIN_WIDTH = 80, 20
GAP, BESIDE = 3, 24
"""Columns between two arrays; and how many have to be left beside the code for arrays to stand there."""
MAX_ARRAYS = 6
"""Arrays that are shown though the step does not touch them."""
FULL = 2
"""Steps in full at the beginning, where no range is asked for; then comes the last."""


class TextOptions(TypedDict, total=False):
    """What steps a text has: those that write a cell of the result, `at`; how wide it is, and whether it is ASCII."""

    at: Position | None
    width: int
    ascii: bool


def write_trace_text(
    trace: TracedLoops,
    catalogue: Catalogue,
    first: int | None = None,
    last: int | None = None,
    **options: Unpack[TextOptions],
) -> str:
    """Return what `trace_lines` yields as text, ending in a line break."""
    lines = trace_lines(trace, catalogue, first, last, **options)
    return "".join("".join(piece.text for piece in line) + "\n" for line in lines)


def trace_lines(
    trace: TracedLoops,
    catalogue: Catalogue,
    first: int | None = None,
    last: int | None = None,
    **options: Unpack[TextOptions],
) -> Iterator[Line]:
    """Yield the lines of steps in pieces, as a terminal may colour them.

    One step is shown in full, several take a line each. `at`: the steps that write this cell of the result, and its
    value. With neither the first steps and the last one are shown. No line is wider than `width` columns. Raises
    OptionError for a step that there is not.
    """
    trace, at, ascii = remembering(trace), options.get("at"), options.get("ascii", False)
    room = TraceRoom(width=max(options.get("width", WIDTH), MIN_WIDTH), dots=ASCII_DOTS if ascii else DOTS)
    if at is not None:
        lines = cell_lines(trace, catalogue, at, room)
    elif first is None and last is None:
        lines = overview_lines(trace, catalogue, room)
    elif first == last or (last is None and first == trace.count):
        lines = step_lines(trace, trace.step(first or trace.count), catalogue, room)
    else:
        last = trace.count if last is None else min(last, trace.count)
        lines = range_lines(trace, catalogue, first or 1, last, room)
    for line in lines:
        plain = ascii_line(line) if ascii else line
        yield from map(trimmed, folded(plain, room.width))


def overview_lines(trace: TracedLoops, catalogue: Catalogue, room: TraceRoom) -> Iterator[Line]:
    """Yield what is traced, its first steps and its last one in full, with a count of those between."""
    colours = index_colours(trace)
    for text in dict.fromkeys((trace.expression, trace.formula)):
        yield from folded(tuple(cut(flat(text), coloured_places(flat(text), colours))), room.width)
    yield from flowed(
        [array_line(array) for array in {array.name: array for array in trace.arrays}.values()], room.width
    )
    for note in trace.notes:
        yield from paragraph(catalogue.runs(note), room.width)
    yield ()
    if not trace.count:
        yield (Piece(catalogue.text(Message("trace.text.none")), role=WordRole.TITLE),)
        yield from scene_lines(trace, None, catalogue, room)
        return
    shown = sorted({number for number in (*range(1, FULL + 1), trace.count) if number <= trace.count})
    before = 0
    for number in shown:
        if number - before > 1:
            yield (left_out(number - before - 1, catalogue, room.dots),)
            yield ()
        yield from step_lines(trace, trace.step(number), catalogue, room)
        if number < trace.count:
            yield ()
        before = number


def array_line(array: TracedArray) -> Line:
    """Return the name of an array, its shape and its dtype."""
    shape = "×".join(map(str, array.shape))
    return (Piece(array.name, role=WordRole.TITLE), Piece("".join(f" {one}" for one in (shape, array.dtype) if one)))


def step_lines(trace: TracedLoops, step: TraceStep, catalogue: Catalogue, room: TraceRoom) -> Iterator[Line]:
    """Yield a step in full: where the loops stand, the code, the arrays, the sum, the reasons."""
    yield from heading_lines(trace, step, catalogue, room.width)
    yield from scene_lines(trace, step, catalogue, room)
    yield from paragraph(sum_runs(trace, step, catalogue, room.dots), room.width)
    if step.reasons:
        yield from paragraph(reason_runs(step, catalogue), room.width)


def reason_runs(step: TraceStep, catalogue: Catalogue) -> list[TextRun]:
    """Return the sentences that say why a step is made, one after the other."""
    found: list[TextRun] = []
    for reason in step.reasons:
        if found and columns(found[-1].text[-1:]) < 2:  # nothing stands after the full stop of Japanese
            found.append(TextRun(" "))
        found += catalogue.runs(reason)
    return found


def heading_lines(trace: TracedLoops, step: TraceStep, catalogue: Catalogue, width: int) -> Iterator[Line]:
    """Yield the number of a step and the places of the loops."""
    words = Message("trace.text.heading", {"number": step.number, "count": trace.count})
    head: Line = (Piece(catalogue.text(words), role=WordRole.TITLE), Piece(" "))
    yield from flowed([head, *index_pieces(trace, step)], width)


def index_pieces(trace: TracedLoops, step: TraceStep) -> Iterator[Line]:
    """Yield every loop around a step with its place, the name in its colour."""
    colours = index_colours(trace)
    for name, place in step.indices:
        yield (Piece(name, colours.get(name)), Piece(f" = {place}"))


def flowed(parts: Sequence[Line], width: int, gap: int = 2) -> Iterator[Line]:
    """Yield parts beside one another, as many in a line as fit."""
    block = beside([[part] for part in parts], width, gap)
    yield from (line for line in block if line)


def scene_lines(trace: TracedLoops, step: TraceStep | None, catalogue: Catalogue, room: TraceRoom) -> Iterator[Line]:
    """Yield the code and the arrays: side by side where there is room for both."""
    code = code_lines(trace, None if step is None else step.line, room, catalogue)
    left = room.width - block_width(code) - GAP
    for width in (left, room.width):
        own = TraceRoom(width=width, rows=room.rows, cells=room.cells, code=room.code, dots=room.dots)
        arrays = [
            block
            for array in shown_arrays(trace, step, MAX_ARRAYS)
            for block in (array_blocks(trace, array, step, own) if width >= BESIDE else [])
        ]
        if width == left and arrays and max(map(block_width, arrays)) <= left:
            grids = beside(arrays, left, GAP)
            if len(grids) <= 2 * max(len(code), *map(len, arrays)):
                yield from beside([code, grids], room.width, GAP)
                return
    yield from code
    yield from beside(arrays, room.width, GAP)
