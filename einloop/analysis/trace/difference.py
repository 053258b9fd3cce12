"""Where the result of loops is not what another array holds: the first such cell, by how much, and what explains it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from itertools import permutations
from math import isfinite
from typing import Any

from ...core.arithmetic import shortest
from ...core.bind import show_shape
from ...core.dtypes import DTYPES, DtypeKind
from ...core.errors import OptionError
from ...core.frozen import dataclass
from ...core.message import Code, Message
from ...core.plain_array import PlainArray, positions
from ...core.trace import MAX_WRITES, UNKNOWN, Position, StepMachine, TracedArray, TracedCell, TraceDifference

MAX_CELLS = 300_000
"""Cells that are compared at the most."""
MAX_MORE = 300_000
"""Steps that are computed at the most to count, after the first cell that differs, the others that do."""
MAX_AXES = 5
"""Axes that are tried in every order."""
MAX_ULPS = 4
"""How many bits less than its dtype has a small sum of large terms keeps, beside the largest element."""
MAX_OUTPUTS = 2
"""Expressions that are named."""
FLOATS = (DtypeKind.FLOAT, DtypeKind.COMPLEX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far two elements may be apart: by a share of the larger one, or by a little of the largest element."""

    share: float
    least: float

    def allows(self, value: Any, wanted: Any) -> bool:
        """Return whether two elements are the same but for rounding; nan is like nan."""
        if value != value or wanted != wanted:  # noqa: PLR0124
            return bool(value != value and wanted != wanted)  # noqa: PLR0124
        if value == wanted:
            return True
        size = max(abs(value), abs(wanted))
        return bool(self.share and _finite(size) and abs(value - wanted) <= max(self.share * size, self.least))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """The cells of a result and of another array; those of the result are computed once."""

    machine: StepMachine
    result: TracedArray
    expected: PlainArray
    tolerance: Tolerance
    known: dict[Position, Any] = field(default_factory=dict)

    def value(self, at: Position) -> Any:
        """Return what the loops make of a cell. Raises OptionError where that takes too long."""
        if at not in self.known:
            value = self.machine.value(TracedCell(self.result.name, at), self.machine.count)
            if value == UNKNOWN:
                what = f"an element takes more than {MAX_WRITES:,} steps to compute, and no more are made for one"
                raise OptionError("EL425", what, hint="give smaller sizes")
            self.known[at] = value
        return self.known[at]

    def same(self, at: Position) -> bool:
        """Return whether the arrays agree at a place."""
        return self.tolerance.allows(self.value(at), self.expected.at(at))


def difference(
    machine: StepMachine,
    result: TracedArray,
    expected: PlainArray,
    at: Position | None = None,
    *,
    outputs: Callable[[tuple[int, ...]], Sequence[str]] = lambda _: (),
) -> TraceDifference:
    """Return the step that completes the first cell of the result, in C order, that another array has otherwise.

    `at`: only this cell is compared. `outputs` gives the expressions whose result has a shape. Floats may differ by
    what is lost when half of the digits of the coarser dtype are. Raises OptionError where the shapes differ, and
    where it takes too long.
    """
    if expected.shape != result.shape:
        raise _other_shape(result, expected.shape, outputs(expected.shape))
    cells = _Cells(machine=machine, result=result, expected=expected, tolerance=_tolerance(result, expected))
    for number, place in enumerate(positions(result.shape) if at is None else [at]):
        if number == MAX_CELLS:
            raise OptionError("EL425", f"the first {MAX_CELLS:,} cells are equal, and no more are compared")
        if not cells.same(place):
            cell = TracedCell(result.name, place)
            step = next(machine.writing(cell, reverse=True), None)
            return TraceDifference(step=step, said=tuple(_said(cells, place, alone=at is not None)))
    return TraceDifference(step=None, said=(_equal(cells, at),))


def _other_shape(result: TracedArray, shape: tuple[int, ...], outputs: Sequence[str]) -> OptionError:
    """Return what is said of an array of another shape: which expressions have a result of that shape."""
    hint = "its axes may be in another order" if sorted(shape) == sorted(result.shape) else None
    if outputs:
        hint = f"{' or '.join(map(repr, outputs[:MAX_OUTPUTS]))} would give {show_shape(shape)}"
    message = f"the array to compare with has shape {show_shape(shape)}, and the result {show_shape(result.shape)}"
    return OptionError("EL480", message, hint=hint)


def _tolerance(result: TracedArray, expected: PlainArray) -> Tolerance:
    """Return how far elements may be apart, by the coarser of the two dtypes."""
    rows = [DTYPES[name] for name in (result.dtype or "float64", expected.dtype) if name in DTYPES]
    bits = min((row.bits or 53 for row in rows if row.kind in FLOATS), default=0)
    if not bits or (result.dtype is None and expected.dtype not in DTYPES):
        return Tolerance(share=0.0, least=0.0)
    if all(row.kind not in FLOATS for row in rows):
        return Tolerance(share=0.0, least=0.0)
    sizes = (abs(value) for value in expected.values if isinstance(value, int | float | complex))
    largest = max((size for size in sizes if _finite(size)), default=0.0)
    return Tolerance(share=2.0 ** -(bits // 2), least=largest * 2.0 ** (MAX_ULPS - bits))


def _finite(value: Any) -> bool:
    return not isinstance(value, float) or isfinite(value)


def _equal(cells: _Cells, at: Position | None) -> Message:
    """Return that nothing differs, or by how much at the most."""
    gaps = (
        abs(value - wanted)
        for place, value in cells.known.items()
        if value != (wanted := cells.expected.at(place)) and value == value  # noqa: PLR0124
    )
    most = max(gaps, default=0)
    what = Code(cells.result.name if at is None else str(TracedCell(cells.result.name, at)))
    if not most:
        return Message("trace.against.same", {"cell": what})
    return Message("trace.against.close", {"cell": what, "difference": Code(f"{most:.2g}")})


def _said(cells: _Cells, at: Position, *, alone: bool) -> Iterator[Message]:
    """Yield what the array has in place of a value, how many cells differ, and where else the value stands."""
    value, wanted = cells.value(at), cells.expected.at(at)
    texts = {
        "cell": Code(str(TracedCell(cells.result.name, at))),
        "value": Code(_text(cells.result.dtype, value)),
        "wanted": Code(_text(cells.expected.dtype, wanted)),
    }
    gap = abs(value - wanted)
    if gap == gap and _finite(gap):  # noqa: PLR0124
        yield Message("trace.against.apart", texts | {"difference": Code(_text(None, gap))})
    else:
        yield Message("trace.against.differs", texts)
    if alone:
        return
    looked = _look_at_more(cells)
    count = sum(not cells.same(place) for place in looked)
    every = len(looked) == len(cells.expected.values)
    yield Message("trace.against.every" if every else "trace.against.some", {"count": count, "of": len(looked)})
    order = _order(cells) if every else None
    if order is not None:
        yield Message("trace.against.order", {"axes": Code(f"[{','.join(order)}]")})
        return
    found = [
        place
        for place, other in zip(positions(cells.expected.shape), cells.expected.values, strict=True)
        if value and place != at and other == value
    ]
    if len(found) == 1:
        place = Code(f"[{','.join(map(str, found[0]))}]")
        yield Message("trace.against.elsewhere", {"value": texts["value"], "place": place})


def _text(dtype: str | None, value: Any) -> str:
    text = shortest(dtype, value) if dtype in DTYPES and dtype is not None else str(value)
    return re.sub("(?<!e)-", "−", text.removesuffix(".0"))


def _look_at_more(cells: _Cells) -> list[Position]:
    """Return the cells that are compared: all, or the first ones where all would take too long."""
    result = cells.result
    first = TracedCell(result.name, next(iter(positions(result.shape))))
    steps = max(cells.machine.written(first, cells.machine.count), 1)
    most = max(MAX_MORE // steps, len(cells.known))
    looked: list[Position] = []
    for place in positions(result.shape):
        if len(looked) == most:
            break
        cells.value(place)
        looked.append(place)
    return looked


def _order(cells: _Cells) -> Sequence[str] | None:
    """Return the axes of the result in the order in which the array has them; None where that explains nothing."""
    shape, axes = cells.result.shape, cells.result.axes
    if not 2 <= len(shape) <= MAX_AXES:
        return None
    for order in permutations(range(len(shape))):
        if tuple(shape[axis] for axis in order) != shape or order == tuple(range(len(shape))):
            continue
        places = positions(shape)
        if all(cells.tolerance.allows(cells.value(at), cells.expected.at([at[n] for n in order])) for at in places):
            return [axes[axis] for axis in order]
    return None
