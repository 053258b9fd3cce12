"""What one statement adds, as bare numbers: many steps of a sum in a row, without what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add, mul
from typing import Any

from ...core.arithmetic import Unary, arithmetic
from ...core.buffer import BARE
from ...core.dtypes import common_dtype
from ...core.plain_array import PlainArray, strides_of
from ..typed import TypedNumber
from .tree import Indices, NamedElement, Write

Adding = Callable[[Any, Indices], Any]
"""Returns what a cell holds after a step, from what it held and the values of the indices."""


def adding(
    write: Write, total: TypedNumber, arrays: Mapping[str, PlainArray], dtypes: Mapping[str, str | None]
) -> Adding | None:
    """Return what adds the product of a statement to a total of one dtype that stays; None where it is not so simple.

    `arrays` are those that no statement writes, `dtypes` what they are read from.
    """
    (factors, scale, _), *more = write.terms
    if more or scale != BARE or not factors or write.minus or write.from_zero or write.cast is not None:
        return None
    if not all(place.array in arrays and place.view is None for place in factors):
        return None
    python = [place.python or dtypes[place.array] is None for place in factors]
    if total.weak:
        if not all(python) or write.dtype is not None:
            return None
        return _adding([_reading(place, arrays, None) for place in factors], mul, add)
    read = [write.wide or place.dtype or dtypes[place.array] for place in factors]
    dtype = total.dtype
    if any(python) or write.dtype not in (None, dtype) or set(read) != {dtype} or common_dtype([dtype]) != dtype:
        return None
    casts = [None if dtypes[place.array] == dtype else arithmetic(dtype).cast for place in factors]
    rules = arithmetic(dtype)
    return _adding(
        [_reading(place, arrays, cast) for place, cast in zip(factors, casts, strict=True)], rules.multiply, rules.add
    )


def _reading(place: NamedElement, arrays: Mapping[str, PlainArray], cast: Unary | None) -> Callable[[Indices], Any]:
    values = arrays[place.array].values
    pairs = list(zip(place.axes, strides_of(place.base), strict=True))
    moves = [(axis, stride) for axis, stride in pairs if isinstance(axis, str)]
    start = sum(axis * stride for axis, stride in pairs if isinstance(axis, int))

    def read(indices: Indices) -> Any:
        value = values[start + sum(indices[name] * stride for name, stride in moves)]
        return value if cast is None else cast(value)

    return read


def _adding(
    reads: list[Callable[[Indices], Any]], multiply: Callable[[Any, Any], Any], plus: Callable[[Any, Any], Any]
) -> Adding:
    first, *others = reads

    def after(held: Any, indices: Indices) -> Any:
        product = first(indices)
        for read in others:
            product = multiply(product, read(indices))
        return plus(held, product)

    return after
