"""Where a trace first shows what somebody looks for: a nan, or a cell that another array has otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import inf, prod
from typing import Any

from ...core.arithmetic import largest
from ...core.bind import show_shape
from ...core.dtypes import DTYPES, DtypeKind
from ...core.errors import OptionError
from ...core.plain_array import PlainArray, positions
from ...core.trace import StepMachine, TracedArray, TracedCell

MAX_STEPS = 300_000
"""Steps that are looked at: some seconds."""
MAX_ELEMENTS, MAX_ODD = 3_000_000, 1000
"""Elements of an array that are looked at before any step is; and of these the nan and infinite ones."""
FLOATS = (DtypeKind.FLOAT, DtypeKind.COMPLEX)


def first_nan(machine: StepMachine, arrays: Mapping[str, PlainArray], *, scaled: bool) -> int | None:
    """Return the first step that writes a nan, None where none does. Raises OptionError where that takes too long.

    Steps before the first that reads a nan or an infinite number are looked at only where a sum may overflow;
    `scaled`: something else than products of elements is added up.
    """
    first = 1
    if not scaled and all(len(array.values) <= MAX_ELEMENTS for array in arrays.values()):
        odd = list(_odd(arrays))
        starts = (next(machine.reading(cell), None) for cell in odd[:MAX_ODD])
        if len(odd) <= MAX_ODD and not _may_overflow(arrays, machine.count):
            first = min((start for start in starts if start is not None), default=machine.count + 1)
    last = min(machine.count, first + MAX_STEPS - 1)
    found = next((n for n in range(first, last + 1) if _is_nan(machine.step(n).after)), None)
    if found is None and last < machine.count:
        what = f"no step up to {last:,} writes a nan, and no more than {MAX_STEPS:,} are looked at"
        raise OptionError("EL425", what, hint="einloop why --nonfinite looks at the elements of the result")
    return found


def first_difference(machine: StepMachine, result: TracedArray, expected: PlainArray) -> int | None:
    """Return the step that completes the first cell of the result, in C order, which another array has otherwise.

    None where there is no such cell. Floats may differ by what is lost when half of their digits are. Raises
    OptionError where the shapes differ, and where it takes too long.
    """
    if expected.shape != result.shape:
        shapes = f"{show_shape(expected.shape)}, and the result {show_shape(result.shape)}"
        raise OptionError("EL480", f"the array to compare with has shape {shapes}")
    row = DTYPES.get(result.dtype or "float64")
    close = 2.0 ** -((row.bits or 0) // 2) if row is not None and row.kind in FLOATS else 0.0
    for number, (at, wanted) in enumerate(zip(positions(result.shape), expected.values, strict=True)):
        if number == MAX_STEPS:
            raise OptionError("EL425", f"the first {MAX_STEPS:,} cells are equal, and no more are compared")
        value = machine.value(TracedCell(result.name, at), machine.count)
        if not _are_close(value, wanted, close):
            return next(machine.writing(TracedCell(result.name, at), reverse=True), None)
    return None


def _odd(arrays: Mapping[str, PlainArray]) -> Iterator[TracedCell]:
    """Yield the elements that are nan or infinite."""
    for name, array in arrays.items():
        if DTYPES[array.dtype].kind in FLOATS:
            for at, value in zip(positions(array.shape), array.values, strict=True):
                if not _is_finite(value):
                    yield TracedCell(name, at)


def _may_overflow(arrays: Mapping[str, PlainArray], count: int) -> bool:
    """Return whether so many products of elements, each of another array, may be beyond the floats of a dtype."""
    floats = [array for array in arrays.values() if DTYPES[array.dtype].kind in FLOATS]
    sizes = [max(_sizes(array.values), default=1.0) for array in arrays.values()]
    most = prod(max(size, 1.0) for size in sizes) * count
    return any(most >= largest(array.dtype) for array in floats)


def _sizes(values: Iterable[Any]) -> Iterable[float]:
    return (float(abs(value)) for value in values if isinstance(value, int | float | complex) and _is_finite(value))


def _are_close(value: Any, wanted: Any, close: float) -> bool:
    if _is_nan(value) or _is_nan(wanted):
        return _is_nan(value) and _is_nan(wanted)
    if value == wanted:
        return True
    return bool(close and _is_finite(value) and abs(value - wanted) <= close * max(abs(value), abs(wanted)))


def _is_finite(value: Any) -> bool:
    if isinstance(value, complex):
        return _is_finite(value.real) and _is_finite(value.imag)
    return not isinstance(value, float) or abs(value) < inf


def _is_nan(value: Any) -> bool:
    return isinstance(value, float | complex) and value != value  # noqa: PLR0124
