"""Statements and arrays in, what numpy computes out, as the printed statement says it: whole or for one element."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from ...core.bind_sum import alone
from ...core.combination import Coefficient, Combination, Summand
from ...core.errors import DtypeError, OptionError
from ...core.parts import part
from ...core.slices import unharmed

MAX_POINTS = 10**9
"""Loop iterations of one term that are computed: a few seconds."""

Arrays = Mapping[str, Any]
Place = tuple[int, ...]


def operands_of(combination: Combination, arrays: Arrays) -> dict[str, Any]:
    """Return what every operand stands for. Raises OptionError where a part of an array cannot be read."""
    found = dict(arrays)
    for view in combination.views:
        made = part(view.text, arrays, _numbers(arrays), np.ones)
        if made is None:
            raise OptionError("EL420", f"{view.text} cannot be read of the arrays that are given")
        found[view.name] = made
    return found


def _numbers(arrays: Arrays) -> dict[str, int]:
    """Return the scalars that are whole numbers: lengths may be written in them."""
    scalars = {name: array for name, array in arrays.items() if getattr(array, "ndim", 0) == 0}
    return {name: int(value) for name, value in scalars.items() if np.asarray(value).dtype.kind in "iu"}


def scalar_of(text: str, arrays: Arrays) -> Any:
    """Return the value of a factor. Raises OptionError where the arrays do not say it."""
    if text in arrays and np.ndim(arrays[text]) == 0:
        return np.asarray(arrays[text])[()]
    value = part(text, arrays, _numbers(arrays))
    if value is None:
        raise OptionError("EL420", f"no value is given for {text}", hint="give it by its name")
    return value


def first_not_finite(value: Any) -> Place | None:
    """Return where the first nan or inf of a value is, None where it has none.

    >>> first_not_finite([[1.0, 2.0], [float("inf"), 0.0]]), first_not_finite(1), first_not_finite(float("nan"))
    ((1, 0), None, ())
    """
    result = np.asarray(value)
    if result.dtype.kind not in "fc":
        return None
    return next((tuple(int(n) for n in place) for place in np.argwhere(~np.isfinite(result))), None)


def computed(combination: Combination, arrays: Arrays, place: Place | None = None) -> Any:
    """Return what numpy gives for a statement, of an element at a `place` the slices that make it.

    Raises DtypeError where numpy refuses, OptionError where it takes too long.
    """
    operands = operands_of(combination, arrays)
    try:
        with np.errstate(all="ignore"):
            total: Any = None
            for summand in combination.summands:
                value = term_value(combination, summand, operands, place)
                if total is None:
                    total = -value if summand.negative else value
                else:
                    total = total - value if summand.negative else total + value
            if combination.adds:
                return _in_place(combination, arrays, total, place)
            return np.asarray(0 if total is None else total)
    except (TypeError, ValueError) as error:
        raise DtypeError("EL304", f"numpy cannot compute {combination.text()}: {error}") from None


def _in_place(combination: Combination, arrays: Arrays, total: Any, place: Place | None) -> Any:
    """Return what is there with a total added, in the dtype of what is there."""
    old = np.asarray(operand_at(held_before(combination, arrays), place))
    held = old.copy()
    if total is not None:
        held += total
    return held


def held_before(combination: Combination, arrays: Arrays) -> Any:
    """Return what is there before a statement adds to it. Raises OptionError where no array is given for it."""
    text = combination.target or combination.result
    found = part(text, arrays, _numbers(arrays))
    if found is None:
        raise OptionError("EL420", f"{text} is added to, and no array is given for it")
    return found


def operand_at(array: Any, place: Place | None) -> Any:
    """Return the slice of an array at a place, with all its axes; an axis of size 1 has no place but 0."""
    if place is None:
        return array
    pairs = zip(place, array.shape, strict=True)
    return array[(*(slice(0, 1) if size == 1 else slice(at, at + 1) for at, size in pairs), ...)]


def term_value(combination: Combination, summand: Summand, operands: Arrays, place: Place | None = None) -> Any:
    """Return a term without its sign, as numpy computes it: the einsum, scaled in the order in which it is written."""
    spec = alone(summand.spec)
    number = combination.spread and summand.constant(combination.ones)
    pairs = zip(summand.names, spec.operands, strict=True)
    named = [(name, operand) for name, operand in pairs if not (number and operand.labels)]
    at = {} if place is None else dict(zip(spec.output, place, strict=True))
    arrays = []
    for name, operand in named:
        if operand.labels:
            array = operands[name]
            index = (
                slice(min(at[x], size - 1), min(at[x], size - 1) + 1) if x in at else slice(None)
                for x, size in zip(operand.labels, array.shape, strict=True)
            )
            arrays.append((array[(*index, ...)], operand.labels))
    size = summand.size
    value: Any = None if size == 1 else plain_number(size)
    scalars = [np.asarray(operands[name])[()] for name, operand in named if not operand.labels]
    for scale in (*(scalar_of(text, operands) for text in summand.factors), *scalars):
        value = scale if value is None else value * scale
    if arrays:
        made = _einsum(summand, spec.output, arrays)
        value = made if value is None else value * made
    value = 1 if value is None else value
    for text in summand.divisors:
        value = value / scalar_of(text, operands)
    return value


def _einsum(summand: Summand, output: tuple[str, ...], arrays: list[tuple[Any, tuple[str, ...]]]) -> Any:
    if len(arrays) == 1 and arrays[0][1] == output:
        return arrays[0][0]
    extents = {x: n for array, labels in arrays for x, n in zip(labels, array.shape, strict=True)}
    if prod(extents.values()) > MAX_POINTS:
        raise OptionError("EL425", f"one term takes {prod(extents.values()):,} iterations (at most {MAX_POINTS:,})")
    spec = summand.spec
    text = f"{','.join(spec.term(labels) for _, labels in arrays)}->{spec.term(output)}"
    return np.einsum(text, *unharmed([array for array, _ in arrays]))


def plain_number(number: Coefficient) -> Any:
    """Return a coefficient as Python's numbers have it in the printed statement."""
    if not isinstance(number, Fraction):
        return number
    return number.numerator if number.denominator == 1 else number.numerator / number.denominator
