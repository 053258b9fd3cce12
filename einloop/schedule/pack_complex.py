"""A product of complex matrices as one of real matrices, of which one operand is written out.

The method is that of F. Van Zee, "Implementing high-performance complex matrix multiplication via the 1m method", 2020.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from operator import mul

from ..core.dtypes import DTYPES
from ..core.kernel import Axis, Expansion, Packed

PART = "part"
"""The index over the two parts of a complex number."""


def in_parts(packed: Packed, swapped: bool) -> tuple[Packed, Expansion]:
    """Return the real product, and how the operand of its vectors, `right` where swapped, is written out for it.

    >>> i, k = Axis(name="i", extent=8, left=9, target=7), Axis(name="k", extent=7, right=1, target=1)
    >>> j = Axis(name="j", extent=9, left=1, right=7)
    >>> product = Packed(
    ...     target="c", left="a", right="b", dtype="complex64", batch=(), rows=(i,), columns=(k,), contracted=(j,)
    ... )
    >>> real, expansion = in_parts(product, swapped=True)
    >>> real.dtype, [(axis.extent, axis.left, axis.right) for axis in real.contracted]
    ('float32', [(9, 2, 28), (2, 1, 14)])
    >>> expansion, expansion.length
    (Expansion(outer=((9, 7),), rows=((7, 1),)), 252)
    """
    side, other = ("right", "left") if swapped else ("left", "right")
    rows, columns = (packed.columns, packed.rows) if swapped else (packed.rows, packed.columns)
    outer = (*packed.batch, *packed.contracted)
    expansion = Expansion(outer=_source(outer, side), rows=_source(rows, side))
    part_of_row = Axis(name=PART, extent=2, target=1, **{side: 1})
    part_of_depth = Axis(name=PART, extent=2, **{side: expansion.row, other: 1})
    lanes = (*_written_out(rows, side, 2), part_of_row)
    beside = tuple(map(_wide, columns))
    spread = _written_out(outer, side, 2 * expansion.row)
    count = len(packed.batch)
    real = replace(
        packed,
        dtype=DTYPES[packed.dtype].part or packed.dtype,
        batch=spread[:count],
        rows=beside if swapped else lanes,
        columns=lanes if swapped else beside,
        contracted=(*spread[count:], part_of_depth),
    )
    return real, expansion


def _wide(axis: Axis) -> Axis:
    """Return an index of complex arrays as one of their parts."""
    return replace(axis, left=2 * axis.left, right=2 * axis.right, target=2 * axis.target)


def _written_out(axes: tuple[Axis, ...], side: str, unit: int) -> tuple[Axis, ...]:
    """Return indices of complex arrays as those of their parts; on one side they lie without gaps, `unit` apart."""
    strides = _strides([axis.extent for axis in axes], unit)
    wide = zip(map(_wide, axes), strides, strict=True)
    return tuple(replace(axis, right=n) if side == "right" else replace(axis, left=n) for axis, n in wide)


def _source(axes: Iterable[Axis], side: str) -> tuple[tuple[int, int], ...]:
    """Return extents and strides of the operand that is written out."""
    return tuple((axis.extent, getattr(axis, side)) for axis in axes)


def _strides(extents: list[int], unit: int) -> list[int]:
    """Return the strides of an array without gaps whose elements are so many numbers.

    >>> _strides([3, 4, 5], 2)
    [40, 10, 2]
    """
    return [unit * n for n in accumulate(reversed(extents[1:]), mul, initial=1)][::-1][: len(extents)]
