"""Where a person stands in a trace: a value, and the moves from it to the next. Knows no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from math import prod

from ....core.frozen import dataclass
from ....core.message import Code, Message
from ....core.plain_array import strides_of
from ....core.trace import TracedCell, TracedLoops, TracedRole, TraceStep
from ..sum import next_write, previous_write

SPEEDS = (0.5, 1, 2, 4, 8, 16, 50, 200, 1000, 10_000, 100_000, 1_000_000)
"""Steps a second; playing begins with the third of them."""
USUAL_SPEED = 2
FRAME = 0.1
"""Seconds between two pictures at the least: where more steps are made, pictures leave some out."""
MAX_AT_ONCE = 1000
"""Steps of one cell between two pictures."""
MAX_DIGITS = 18
"""Of a number that is typed."""
MAX_UNWRITTEN = 1000
"""Cells of the result that are looked at, one after the other, for one that a step writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyCell:
    """The steps that write one cell; those of a running total only in the sum that began after so many steps."""

    cell: TracedCell
    begun: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceCursor:
    """What is shown: the step, how fast it plays, the number that is being typed, what was told last.

    `number` is 0 where there is no step. `only`: other steps are passed over.
    """

    number: int
    playing: bool = False
    speed: int = USUAL_SPEED
    typed: str | None = None
    only: OnlyCell | None = None
    help: bool = False
    told: Message | None = None
    done: bool = False


def begin(trace: TracedLoops, number: int = 1) -> TraceCursor:
    """Return the state to begin with: at a step, or at none where there is none."""
    return TraceCursor(number=min(max(number, 1), trace.count))


def next_number(trace: TracedLoops, state: TraceCursor, count: int = 1) -> int | None:
    """Return the number of the step that is `count` on, or of the last before the end; None where there is none."""
    if state.only is None:
        last = min(state.number + count, trace.count)
        return last if last > state.number else None
    writes = islice(trace.machine.writing(state.only.cell, after=state.number), min(count, MAX_AT_ONCE))
    found = list(_of_sum(trace, state.only, writes))
    return found[-1] if found else None


def previous_number(trace: TracedLoops, state: TraceCursor) -> int | None:
    """Return the number of the step before; None where there is none."""
    if state.only is None:
        return state.number - 1 if state.number > 1 else None
    found = previous_write(trace, state.only.cell, state.number)
    return None if found is None or found <= (state.only.begun or 0) else found


def first_number(trace: TracedLoops, state: TraceCursor) -> int | None:
    """Return the number of the first step."""
    if state.only is None:
        return 1 if trace.count else None
    return next_write(trace, state.only.cell, state.only.begun or 0)


def last_number(trace: TracedLoops, state: TraceCursor) -> int | None:
    """Return the number of the last step; in a sum of very many, of one far on."""
    if state.only is None:
        return trace.count or None
    if state.only.begun is None:
        return next(iter(trace.machine.writing(state.only.cell, reverse=True)), None)
    return next_number(trace, state, MAX_AT_ONCE) or state.number


def _of_sum(trace: TracedLoops, only: OnlyCell, numbers: Iterator[int]) -> Iterator[int]:
    for number in numbers:
        if only.begun is not None and trace.step(number).begun != only.begun:
            return
        yield number


def only_of(trace: TracedLoops, step: TraceStep) -> OnlyCell:
    """Return what shows just the cell that a step writes."""
    totals = {array.name for array in trace.arrays if array.role is TracedRole.TOTAL}
    return OnlyCell(cell=step.target, begun=step.begun if step.target.array in totals else None)


def result_cell(trace: TracedLoops, number: int) -> TracedCell:
    """Return the cell of the result that a step is about: the one it writes, or where the loops around it stand."""
    step, result = trace.step(number), trace.result
    if step.target.array == result.name:
        return step.target
    places = dict(step.indices)
    pairs = zip(result.axes, result.shape, strict=False)
    return TracedCell(result.name, tuple(min(places.get(axis, 0), size - 1) for axis, size in pairs))


def moved_cell(trace: TracedLoops, cell: TracedCell, by: int) -> tuple[TracedCell, int] | None:
    """Return the next cell of the result, or the one before (`by` -1), with the first step that writes it."""
    shape = trace.result.shape
    size, strides = prod(shape), strides_of(shape)
    flat = sum(place * stride for place, stride in zip(cell.at, strides, strict=True))
    for _ in range(min(size, MAX_UNWRITTEN)):
        flat = (flat + by) % size
        at = tuple(flat // stride % length for stride, length in zip(strides, shape, strict=True))
        found = TracedCell(cell.array, at)
        number = next_write(trace, found, 0)
        if number is not None:
            return found, number
    return None


def told(state: TraceCursor, id: str, **values: object) -> TraceCursor:
    """Return the state with a sentence for the reader, and without playing on."""
    words = {name: value if isinstance(value, int) else Code(str(value)) for name, value in values.items()}
    return replace(state, told=Message(f"trace.keys.{id}", words), playing=False)


def moved(state: TraceCursor, number: int | None, end: str) -> TraceCursor:
    """Return the state at another step; where there is none, with a sentence that says so."""
    return told(state, end) if number is None else replace(state, number=number)


def played(trace: TracedLoops, state: TraceCursor, steps: int) -> TraceCursor:
    """Return the state so many steps on, at the end no longer playing."""
    number = next_number(trace, state, max(steps, 1))
    if number is None:
        return replace(state, playing=False)
    return replace(state, number=number)


def pace(state: TraceCursor) -> tuple[float, int]:
    """Return how many seconds there are between two pictures, and how many steps.

    >>> [pace(TraceCursor(number=1, speed=speed)) for speed in (0, 2, 8)]
    [(2.0, 1), (0.5, 1), (0.1, 100)]
    """
    wanted = 1 / SPEEDS[state.speed]
    return max(wanted, FRAME), max(round(FRAME / wanted), 1)


def cell_name(state: TraceCursor) -> str | None:
    """Return the name of the one cell whose steps are shown."""
    return None if state.only is None else str(state.only.cell)
