"""Whole numbers of which sums of products are exact, however long: zeros among them where nothing else helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.dtypes import DTYPES, common_dtype
from ..core.exact import exact_bound
from .cases import Draw, ValueKind
from .data import fill
from .einsum import Array, einsum
from .subject import Subject

WIDE = "float64"
"""What exact sums are compared in, by BLAS."""


def whole_draw(shapes: Sequence[tuple[int, ...]], dtypes: Sequence[str], *, factors: int, terms: int) -> Draw:
    """Return the draw of whole numbers whose sums are exact in their dtype and in float64.

    `bound` is 0 where only zeros among ones make them so.
    """
    bound = min(exact_bound(name, factors, terms) for name in (common_dtype(dtypes), WIDE))
    return Draw(
        shapes=tuple(shapes), dtypes=tuple(dtypes), kind=ValueKind.INTEGERS, factors=factors, terms=terms, bound=bound
    )


def whole_numbers(draw: Draw, subject: Subject, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return one array per distinct input."""
    arrays = fill(draw, rng)
    common = common_dtype(draw.dtypes)
    if draw.bound or common == "bool" or not all(array.size for array in arrays):
        return arrays
    room = 2 ** min(DTYPES[common].bits or 53, DTYPES[WIDE].bits or 53)
    share = (room / 8 / max(draw.terms, 1)) ** (1 / draw.factors)
    while True:
        sparse = [np.where(rng.random(a.shape) < share, a, np.zeros((), a.dtype)).astype(a.dtype) for a in arrays]
        sizes = subject.per_operand([(np.abs(a.real) + np.abs(a.imag)).astype(WIDE) for a in sparse])
        if float(np.max(einsum(subject.spec.subscripts, sizes, quick=True), initial=0)) <= room:
            return tuple(sparse)
        share /= 2


def widened(array: Array, dtype: Any) -> Array:
    """Return whole numbers as what sums of `dtype` are taken in."""
    return array.astype("complex128" if dtype.kind == "c" else WIDE)


def narrowed(exact: Any, dtype: Any) -> Array:
    """Return sums of whole numbers in their dtype, where integers wrap."""
    values = np.asarray(exact)
    if dtype.kind == "b":
        return values > 0
    return values.astype("int64").astype(dtype) if dtype.kind in "iu" else values.astype(dtype)
