"""Sums that stall, overflow or cancel where every step is rounded to a narrow dtype: cases, values, exact results.

np.einsum is no yardstick here: along an outer axis it rounds float16 at every step itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.dtypes import common_dtype, summing_dtype
from ..core.generated import Values
from ..core.sizes import axis_sizes, covered_rank
from .cases import LONG_AXES, Draw, Kind, Sampler

if TYPE_CHECKING:
    from .data import Array

TERMS = 300
"""Terms of a long sum."""
ROOM = 8
"""Elements from which on an array can hold what makes a sum go wrong."""
BEYOND, HALTING, STEP = 100_000.0, 2048.0, 0.75
"""A product too large for float16; a sum of float16 that stands still, and what is added to it then."""
PARTNERS = ("int8", "uint8", "bool")
"""Dtypes beside which a float16 stays what is added."""


def narrow_cases(sampler: Sampler) -> Iterator[Draw]:
    """Yield cases of narrow sums, where the contract has such: each summed index long alone, or the extents that stand
    in the text. Products of two factors that are not summed need none: they are rounded once."""
    spec = sampler.spec
    ranks = [covered_rank(spec, sampler.operands, n, 0) for n in sampler.inputs if spec.operands[n].dots is not None]
    if (not spec.summed and len(spec.operands) <= 2) or sampler.cube or any(ranks):
        return
    for names in _dtypes(sampler):
        for sizes in _sizes(sampler):
            yield Draw(
                shapes=tuple(axis_sizes(spec, number, sizes) for number in sampler.inputs),
                dtypes=names,
                kind=Kind.NARROW,
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
    indices = sampler.spec.indices
    given = {i.label: i.extent for i in indices if isinstance(i.extent, int)} if sampler.contract.literal else {}
    ones = {index.label: 1 for index in indices}
    summed = {index.label for index in sampler.spec.summed} - sampler.pinned
    long = [group[0].label for group in sampler.groups if len(group) == 1 and group[0].label in summed]
    tried: list[dict[str, int]] = []
    for label in long[:LONG_AXES] or [None]:
        sizes = ones | ({label: TERMS} if label else {}) | given
        if sizes not in tried:
            tried.append(sizes)
            yield sizes


def narrow_values(draw: Draw) -> tuple[Array, ...]:
    """Return one array per distinct input.

    In the first places of long ones stand factors of products that are too large for float16 and cancel, behind them
    and at the end those of a term behind which adding what is left, step by step, changes nothing.
    """
    narrow = [_is_narrow(dtype) for dtype in draw.dtypes]
    long = [n for n, shape in enumerate(draw.shapes) if narrow[n] and prod(shape) >= ROOM]
    repeated = len(draw.shapes) < draw.factors
    arrays = []
    for n, (shape, dtype) in enumerate(zip(draw.shapes, draw.dtypes, strict=True)):
        values = np.ones(prod(shape))
        if n in long:
            _fill(values, draw.factors if repeated else len(long), 0 if repeated else -1 if n == long[0] else 1)
        elif narrow[n] and draw.terms == 1:
            # the product of the first two is too large, that of three is not
            values[:] = BEYOND**0.5 if n < 2 else HALTING / BEYOND if n == 2 else 1
        arrays.append(values.astype(dtype).reshape(shape))
    return tuple(arrays)


def _fill(values: Array, roots: int, sign: int) -> None:
    """Fill an array of which so many, multiplied, make the terms; `sign` is that of the second, 0 where nothing can
    cancel, as squares cannot."""
    values[:] = STEP ** (1 / roots)
    if roots == 1:
        values[:4] = BEYOND / 2, BEYOND / 2, -BEYOND / 2, -BEYOND / 2
    elif sign:
        values[:2] = BEYOND ** (1 / roots), sign * BEYOND ** (1 / roots)
    values[[4, -1]] = HALTING ** (1 / roots)


def exact_result(subscripts: str, arrays: list[Array]) -> Any:
    """Return np.einsum's sums of products in the widest dtype, rounded once to that of the operands together."""
    with np.errstate(all="ignore"):
        wide = np.asarray(np.einsum(subscripts, *(array.astype(np.longdouble) for array in arrays), optimize=False))
        return wide.astype(np.result_type(*arrays))[()]
