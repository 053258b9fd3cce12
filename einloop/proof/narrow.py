"""Sums that stall, overflow or cancel where every step is rounded to a narrow dtype: cases, values, exact results.

np.einsum is not a yardstick here: along an outer axis it rounds float16 at every step itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ..core.dtypes import common_dtype, summing_dtype
from ..core.generated import Values
from ..core.sizes import axis_sizes, covered_rank
from ..core.spec import Index, Role, Spec
from .cases import MAX_LONG_AXES, Draw, Sampler, ValueKind
from .einsum import Array, einsum

MAX_TERMS, FREE_EXTENT = 300, 2
"""Terms of a long sum, and the extent of two other indices: with 1 np.einsum would take every axis as the inner one."""
MAX_ELEMENTS = 100_000
"""About how many elements an array with a long index has."""
BEYOND = 100_000.0
"""A product too large for float16, of factors that are not."""
HALTING, STEP, MAX_STEPS = 2048.0, 0.75, 20_000.0
"""A sum of float16 that stands still, what is added to it then, and what that comes to in all."""
MIN_TELLING_TERMS = 8
"""Terms from which on a sum can show these."""
PARTNERS = ("int8", "uint8", "bool")
"""Dtypes beside which a float16 stays what is added."""


def narrow_cases(sampler: Sampler) -> Iterator[Draw]:
    """Yield cases of narrow sums, where the contract has such: each summed index long alone, or the text's own extents.

    Products of two factors that are not summed need none: they are rounded once.
    """
    spec = sampler.spec
    ranks = [covered_rank(spec, sampler.operands, n, 0) for n in sampler.inputs if spec.operands[n].dots is not None]
    if (not spec.summed and len(spec.operands) <= 2) or sampler.cube or any(ranks):
        return
    for names in _dtypes(sampler):
        for sizes in _sizes(sampler):
            yield Draw(
                shapes=tuple(axis_sizes(spec, number, sizes) for number in sampler.inputs),
                dtypes=names,
                kind=ValueKind.NARROW,
                factors=len(spec.operands),
                terms=prod(sizes[index.label] for index in spec.summed),
            )


def _dtypes(sampler: Sampler) -> Iterator[tuple[str, ...]]:
    """Yield dtypes per input that are added in a narrow one."""
    contract, count = sampler.contract, len(sampler.inputs)
    if contract.values is Values.LISTS:
        return
    mixed = tuple(PARTNERS[n // 2 % len(PARTNERS)] if n % 2 else "float16" for n in range(count))
    every = [("float16",) * count, mixed] if contract.dtypes is None else [contract.dtypes]
    yield from (names for names in dict.fromkeys(every) if _is_narrow(common_dtype(names)))


def _is_narrow(dtype: str) -> bool:
    return summing_dtype(dtype) != dtype


def _sizes(sampler: Sampler) -> Iterator[dict[str, int]]:
    """Yield extents by label."""
    indices, alone = sampler.spec.indices, [g[0] for g in sampler.groups if len(g) == 1]
    given = {i.label: i.extent for i in indices if isinstance(i.extent, int)} if sampler.contract.literal else {}
    able = [index for index in alone if index.label not in sampler.pinned]
    free = [index.label for index in able if index.role is Role.FREE][:2]
    others = {index.label: FREE_EXTENT if index.label in free else 1 for index in indices}
    long = [{index.label: _terms(index)} for index in able if index.role is Role.SUMMED][:MAX_LONG_AXES]
    tried: list[dict[str, int]] = []
    for extents in long or [{}]:
        sizes = others | extents | given
        if sizes not in tried:
            tried.append(sizes)
            yield sizes


def _terms(index: Index) -> int:
    """Return how long an index is made: less where it occurs in an operand several times, as on a diagonal."""
    times = max(Counter(place.operand for place in index.places).values())
    return min(MAX_TERMS, int(MAX_ELEMENTS ** (1 / times)))


def narrow_values(spec: Spec, operands: Sequence[str], draw: Draw) -> tuple[Array, ...]:
    """Return one array per distinct input, with values along the longest summed index.

    First come factors of products that are too large for float16 and cancel; after them, and at the end, those of a
    term so large that adding what is left, step by step, changes nothing.
    """
    names = tuple(dict.fromkeys(operands))
    narrow = {name for name, dtype in zip(names, draw.dtypes, strict=True) if _is_narrow(dtype)}
    arrays = {name: np.ones(shape) for name, shape in zip(names, draw.shapes, strict=True)}
    found = [_axes(operands, index, arrays) for index in spec.summed]
    extent, axes = max(found, key=lambda one: one[0], default=(1, {}))
    having = [operands[number] for number in axes if operands[number] in narrow]
    if extent >= MIN_TELLING_TERMS:
        squared = len(set(having)) < len(having)
        for number, axis in axes.items():
            name = operands[number]
            if name in narrow and name in having:
                sign = 0 if squared else -1 if name == having[0] else 1
                values = _along(extent, draw.terms // extent, len(having), sign)
                shape = [extent if place == axis else 1 for place in range(arrays[name].ndim)]
                arrays[name] = np.broadcast_to(values.reshape(shape), arrays[name].shape)
    elif draw.terms == 1:
        # the product of the first two is too large, that of three is not
        for name, factor in zip(
            [n for n in names if n in narrow], (BEYOND**0.5, BEYOND**0.5, HALTING / BEYOND), strict=False
        ):
            arrays[name] = arrays[name] * factor
    return tuple(np.array(arrays[name], dtype) for name, dtype in zip(names, draw.dtypes, strict=True))


def _axes(operands: Sequence[str], index: Index, arrays: Mapping[str, Array]) -> tuple[int, dict[int, int]]:
    """Return the extent of an index, and the first axis that it has in each operand."""
    axes: dict[int, int] = {}
    for place in index.places:
        if not place.stretched:
            axes.setdefault(place.operand, place.axis % arrays[operands[place.operand]].ndim)
    return max((arrays[operands[number]].shape[axis] for number, axis in axes.items()), default=1), axes


def _along(extent: int, times: int, roots: int, sign: int) -> Array:
    """Return the values of an array along the long index.

    `roots` such arrays multiplied make the terms, each of them so many `times`. `sign` is that of the second value, 0
    where nothing can cancel, as squares cannot.
    """
    values = np.full(extent, (min(STEP, MAX_STEPS / extent) / times) ** (1 / roots))
    if roots == 1:
        values[:4] = BEYOND / 2, BEYOND / 2, -BEYOND / 2, -BEYOND / 2
    elif sign:
        values[:2] = BEYOND ** (1 / roots), sign * BEYOND ** (1 / roots)
    values[[4, -1]] = (HALTING / times) ** (1 / roots)
    return values


def exact_result(subscripts: str, operands: Sequence[Array]) -> Any:
    """Return sums of products in the widest dtype, rounded once to that of the operands together."""
    with np.errstate(all="ignore"):
        wide = np.asarray(einsum(subscripts, [array.astype(np.longdouble) for array in operands]))
        return wide.astype(np.result_type(*operands))[()]
