"""Which einsums fit shapes at all: how many there are, and why there is none. Searches nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import perm, prod

from ...core.bind import Shape
from ...core.spec import Extent

STRETCHING = 1
"""The length of an axis that fits an index of any length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known of a call: the shape of every operand and of the result. Lengths are numbers or names."""

    operands: tuple[Shape, ...]
    result: Shape

    @property
    def axes(self) -> tuple[tuple[int, int, Extent], ...]:
        """Every axis of the operands: the number of its operand, its own number, its length."""
        return tuple((p, axis, extent) for p, shape in enumerate(self.operands) for axis, extent in enumerate(shape))

    @property
    def lengths(self) -> tuple[Extent, ...]:
        """The length of every axis of the operands."""
        return tuple(extent for _, _, extent in self.axes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why nothing fits: the result has axes of a length more often than the operands do.

    `axes`: these axes of the result; `offered`: how many axes of this length the operands have; `factors`: places of
    two axes of the operands whose lengths multiply to it, which a reshape joins.
    """

    extent: Extent
    axes: tuple[int, ...]
    offered: int
    factors: tuple[tuple[int, int], ...] = ()


def count(sample: Sample) -> int:
    """Return how many einsums fit, up to the letters of the indices.

    Axes that share an index have one length, so each length is a matter of its own: the axes of that length fall into
    groups, one an index, and each axis of the result takes another group. An axis of length 1 shares its index with
    others of length 1 only.

    >>> count(Sample(operands=((2, 3), (3, 4)), result=(2, 4)))
    2
    >>> count(Sample(operands=((4, 4), (4, 4)), result=(4, 4)))
    62
    """
    have, want = Counter(sample.lengths), Counter(sample.result)
    return prod(_ways(number, want[extent]) for extent, number in have.items()) if want <= have else 0


def missing(sample: Sample) -> tuple[Gap, ...]:
    """Return what of the result the operands lack; nothing exactly where some einsum fits.

    >>> [gap.extent for gap in missing(Sample(operands=((2, 3),), result=(2, 7)))]
    [7]
    """
    have, want = Counter(sample.lengths), Counter(sample.result)
    return tuple(
        Gap(
            extent=extent,
            axes=tuple(axis for axis, length in enumerate(sample.result) if length == extent),
            offered=have[extent],
            factors=_factors(sample, extent),
        )
        for extent, number in want.items()
        if number > have[extent]
    )


def _ways(axes: int, taken: int) -> int:
    return sum(_groupings(axes, groups) * perm(groups, taken) for groups in range(taken, axes + 1))


@cache
def _groupings(axes: int, groups: int) -> int:
    """Return the ways to divide axes into groups none of which is empty: a Stirling number of the second kind."""
    if axes == groups:
        return 1
    if not 0 < groups < axes:
        return 0
    return groups * _groupings(axes - 1, groups) + _groupings(axes - 1, groups - 1)


def _factors(sample: Sample, extent: Extent) -> tuple[tuple[int, int], ...]:
    """Return the first two axes of the operands, as (operand, axis), whose lengths multiply to `extent`."""
    if not isinstance(extent, int) or extent <= STRETCHING:
        return ()
    sized = [(p, axis, n) for p, axis, n in sample.axes if isinstance(n, int) and n > STRETCHING]
    pairs = (((p, a), (q, b)) for (p, a, m), (q, b, n) in combinations(sized, 2) if m * n == extent)
    return next(pairs, ())


def shape_text(shape: Shape) -> str:
    """Return a shape as the command line takes it.

    >>> shape_text((2, 3)), shape_text(("B", 4)), shape_text((5,)), shape_text(())
    ('2x3', 'B,4', '5', '()')
    """
    if not shape:
        return "()"
    return ("x" if all(isinstance(extent, int) for extent in shape) else ",").join(map(str, shape))
