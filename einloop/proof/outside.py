"""Inputs outside of a contract, which checked loops must refuse. Draws no values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from ..core.build import MAX_AXES
from ..core.generated import Contract, Values
from ..core.spec import DOTS, Dots, Spec
from .cases import NO_ARITHMETIC, Draw, Sampler, ValueKind


def outside(spec: Spec, sampler: Sampler, contract: Contract) -> Iterator[tuple[str, Draw]]:
    """Yield inputs outside the contract that checked loops must refuse, each with what is wrong with it."""
    drawn = list(sampler.cases())
    if not drawn:
        return
    empty = next((draw for draw in drawn if draw.empty), None)
    for place, number in enumerate(sampler.inputs):
        yield from _wrong_extents(spec, sampler, drawn[0], place, number)
        for base in (drawn[0], empty):
            # loops over empty axes multiply nothing, so nothing in them refuses what has no product
            if base is not None:
                yield from _wrong_ranks(spec, base, place, number, contract)
                yield from _wrong_dtypes(spec, base, place, contract)


def _wrong_ranks(spec: Spec, base: Draw, place: int, number: int, contract: Contract) -> Iterator[tuple[str, Draw]]:
    operand, shape = spec.operands[number], base.shapes[place]
    named = sum(label != DOTS for label in operand.labels)
    more = operand.dots is None or spec.dots is Dots.EMPTY
    if contract.values is Values.ARRAYS and more and len(shape) < MAX_AXES:  # no array has one axis more than that
        for where, size in product((0, named), (2, 1)):
            yield f"an axis of size {size} too many", _reshaped(base, place, (*shape[:where], size, *shape[where:]))
    if contract.values is Values.ARRAYS and named:
        yield "an axis too few", _reshaped(base, place, shape[: named - 1])


def _wrong_extents(spec: Spec, sampler: Sampler, base: Draw, place: int, number: int) -> Iterator[tuple[str, Draw]]:
    operand, shape = spec.operands[number], base.shapes[place]
    if 0 in shape:
        return
    for position, label in enumerate(operand.labels):
        after = operand.dots is not None and position > operand.dots
        axis = len(shape) + position - len(operand.labels) if after else position
        if label == DOTS or not (position in operand.stretched or _tied_elsewhere(sampler, label)):
            continue
        for size in {shape[axis] + 1, 1} - {shape[axis]}:
            wrong = (*shape[:axis], size, *shape[axis + 1 :])
            yield f"axis {axis} of size {size}", _reshaped(base, place, wrong)


def _wrong_dtypes(spec: Spec, base: Draw, place: int, contract: Contract) -> Iterator[tuple[str, Draw]]:
    if contract.values is Values.LISTS:
        return
    if contract.dtypes is not None:
        yield "another dtype", _retyped(base, place, "int32" if contract.dtypes[place] == "int16" else "int16")
    elif not spec.is_view:
        for dtype in (*NO_ARITHMETIC, *(("bool", "object") if contract.numbers else ())):
            floats = replace(base, dtypes=("float64",) * len(base.dtypes))
            yield f"dtype {dtype}", _retyped(floats, place, dtype)


def _tied_elsewhere(sampler: Sampler, label: str) -> bool:
    """Return whether another size of one axis of `label` breaks the contract: another axis has to agree with it."""
    group = next((group for group in sampler.groups if any(index.label == label for index in group)), ())
    solid = [place for index in group for place in index.places if not place.stretched]
    return len({(sampler.operands[place.operand], place.axis) for place in solid}) > 1


def _reshaped(draw: Draw, place: int, shape: tuple[int, ...]) -> Draw:
    shapes = (*draw.shapes[:place], shape, *draw.shapes[place + 1 :])
    return replace(draw, shapes=shapes, kind=ValueKind.INTEGERS, bound=2)


def _retyped(draw: Draw, place: int, dtype: str) -> Draw:
    dtypes = (*draw.dtypes[:place], dtype, *draw.dtypes[place + 1 :])
    return replace(draw, dtypes=dtypes, kind=ValueKind.INTEGERS, bound=2)
