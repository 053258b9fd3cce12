"""Where a trace first shows a nan, or an infinite number."""

from __future__ import annotations

from cmath import isfinite, isnan
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any

from ...core.arithmetic import largest
from ...core.dtypes import DTYPES, DtypeKind
from ...core.errors import OptionError
from ...core.plain_array import PlainArray, positions
from ...core.trace import StepMachine, TracedCell

MAX_STEPS = 30_000
"""Steps that are looked at: some seconds."""
MAX_ELEMENTS, MAX_ODD = 3_000_000, 1000
"""Elements of an array that are looked at before any step is; and of these the nan and infinite ones."""
MOST = 10**308
FLOATS = (DtypeKind.FLOAT, DtypeKind.COMPLEX)


def first_odd(machine: StepMachine, arrays: Mapping[str, PlainArray], *, infinite: bool, scaled: bool) -> int | None:
    """Return the first step that writes a nan, None where none does. Raises OptionError where that takes too long.

    `infinite`: or an infinite number.

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
    is_it = _is_nonfinite if infinite else _is_nan
    found = next((n for n in range(first, last + 1) if is_it(machine.step(n).after)), None)
    if found is None and last < machine.count:
        which = "a nan or an infinity" if infinite else "a nan"
        what = f"no step up to {last:,} writes {which}, and no more than {MAX_STEPS:,} are looked at"
        raise OptionError("EL425", what, hint="einloop why --nonfinite looks at the elements of the result")
    return found


def _odd(arrays: Mapping[str, PlainArray]) -> Iterator[TracedCell]:
    """Yield the elements that are nan or infinite."""
    for name, array in arrays.items():
        if DTYPES[array.dtype].kind in FLOATS and not all(map(isfinite, array.values)):
            for at, value in zip(positions(array.shape), array.values, strict=True):
                if not isfinite(value):
                    yield TracedCell(name, at)


def _may_overflow(arrays: Mapping[str, PlainArray], count: int) -> bool:
    """Return whether so many products of elements, each of another array, may be beyond the floats of a dtype."""
    floats = [array for array in arrays.values() if DTYPES[array.dtype].kind in FLOATS]
    sizes = [max(_sizes(array.values), default=1.0) for array in arrays.values()]
    most = prod(max(size, 1.0) for size in sizes) * count
    return any(most >= largest(array.dtype) for array in floats)


def _sizes(values: Iterable[Any]) -> Iterator[float]:
    """Yield how large numbers are, of those that are finite."""
    for value in values:
        if isinstance(value, int):
            yield float(min(abs(value), MOST))
        elif isinstance(value, float | complex) and isfinite(value):
            yield abs(value)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float | complex) and isnan(value)


def _is_nonfinite(value: Any) -> bool:
    return isinstance(value, float | complex) and not isfinite(value)
