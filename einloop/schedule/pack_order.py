"""The order in which a packed kernel runs through its indices. In: the axes of one group; out: steps, slow to fast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

from ..core.kernel import Blocks, KernelStep, Order

TRANSPOSED = 8
"""Lanes of the blocks that are transposed in registers, at most: 8 by 8 needs 24 shuffles, 16 by 16 many registers."""


def fused(steps: Iterable[KernelStep]) -> tuple[KernelStep, ...]:
    """Return the steps without those of one iteration; two that lie behind each other in both arrays become one.

    >>> fused([KernelStep(3, 20, 100), KernelStep(4, 5, 25), KernelStep(1, 7, 7)])
    (KernelStep(extent=12, source=5, other=25),)
    """
    left = [step for step in steps if step.extent > 1]
    while True:
        for outer, inner in permutations(left, 2):
            if (outer.source, outer.other) == (inner.source * inner.extent, inner.other * inner.extent):
                left.remove(outer)
                left[left.index(inner)] = KernelStep(outer.extent * inner.extent, inner.source, inner.other)
                break
        else:
            return tuple(left)


def divisor(number: int, limit: int) -> int:
    """Return the largest divisor up to a limit.

    >>> divisor(20, 8), divisor(23, 8)
    (5, 1)
    """
    return next(n for n in range(min(number, limit), 0, -1) if number % n == 0)


def order_steps(
    rows: Iterable[KernelStep], columns: Iterable[KernelStep], depth: Iterable[KernelStep], lanes: int
) -> Order:
    """Return the steps in the order in which a kernel with vectors of so many lanes runs through them.

    >>> order_steps([KernelStep(16, 8, 1), KernelStep(8, 1, 16)], [], [KernelStep(4, 128, 1)], lanes=8).rows[:2]
    (KernelStep(extent=2, source=64, other=8), KernelStep(extent=8, source=1, other=16))
    """
    few = fused(rows) or (KernelStep(1),)
    most = min(lanes, TRANSPOSED)
    # smaller granules where the rows then run in even blocks
    sizes = (size for size in (most, most // 2) if size >= 4 and order_rows(few, lanes, size)[1] is Blocks.EVEN)
    granule = next(sizes, most)
    ordered, blocks = order_rows(few, lanes, granule)
    return Order(
        rows=ordered,
        columns=order_columns(fused(columns)) or (KernelStep(1),),
        depth=order_depth(fused(depth), granule) or (KernelStep(1),),
        blocks=blocks,
        granule=granule,
    )


def order_rows(rows: Sequence[KernelStep], lanes: int, granule: int) -> tuple[tuple[KernelStep, ...], Blocks]:
    """Return the steps of the rows, and in what blocks they run.

    The index that is contiguous in the target is the fastest, so that whole vectors can be written. Where another one
    is contiguous in the operand, a block of it stands right above, so that the cache lines that were read are used up:
    `granule` iterations of it by `lanes` (or `granule`) of the fastest, where that divides both.
    """
    order = _sorted(rows)
    streamed = next((step for step in order if step.source == 1), None)
    if streamed is None or streamed is order[-1]:
        return order, Blocks.NONE
    rest = [step for step in order if step is not streamed]
    fast = rest[-1]
    if fast.other != 1:
        # nothing is contiguous in the target: then let the operand be read in rows
        return (*rest, streamed), Blocks.NONE
    if streamed.extent % granule or fast.extent % granule:
        return (*rest[:-1], streamed, fast), Blocks.UNEVEN
    place = order.index(streamed)
    across, along = streamed.split(granule), fast.split(lanes if fast.extent % lanes == 0 else granule)
    slow = _several((*rest[:place], across[0], *rest[place:-1], along[0]))
    return (*slow, across[1], along[1]), Blocks.EVEN


def order_columns(columns: Sequence[KernelStep]) -> tuple[KernelStep, ...]:
    """Return the steps of the columns: the order of the target, but what is contiguous in the operand is fastest."""
    order = _sorted(columns)
    streamed = [step for step in order if step.source == 1]
    return tuple(sorted(order, key=lambda step: step in streamed))


def order_depth(depth: Sequence[KernelStep], granule: int) -> tuple[KernelStep, ...]:
    """Return the steps of the contracted indices.

    What is contiguous in the operand of the rows is fastest, else what is in that of the columns. Where the two
    operands want different indices to be fast, the depth runs in blocks of both: the cache lines and pages that either
    has touched are used up inside a block.
    """
    order = sorted(depth, key=lambda step: (step.source != 1, step.other != 1, abs(step.source)), reverse=True)
    second = next((step for step in order if step.other == 1), None)
    if second is None or len(order) == 1:
        return tuple(order)
    first = min((step for step in order if step is not second), key=lambda step: abs(step.source))
    if abs(first.source) > abs(second.source):
        return tuple(order)
    rest = [step for step in order if step is not first and step is not second]
    small, large = block(second.extent, granule), block(first.extent, granule)
    (outer, inner), (blocks, inside) = second.split(small), first.split(large)
    pair = (inner, inside) if first.source == 1 else (inside, inner)
    return _several((*rest, outer, blocks, *pair))


def block(extent: int, granule: int) -> int:
    """Return into what size an index is cut that shares blocks with another: the granule where it divides the extent.

    >>> block(88, 8), block(12, 8), block(35, 8), block(37, 8)
    (8, 12, 7, 37)
    """
    if extent % granule == 0:
        return granule
    size = divisor(extent, granule)
    return extent if extent <= 2 * granule or size == 1 else size


def _sorted(steps: Sequence[KernelStep]) -> tuple[KernelStep, ...]:
    """Return the steps as the target lies in memory, the one that is contiguous there last."""
    return tuple(sorted(steps, key=lambda step: (step.other != 1, abs(step.other), abs(step.source)), reverse=True))


def _several(steps: Iterable[KernelStep]) -> tuple[KernelStep, ...]:
    return tuple(step for step in steps if step.extent > 1)
