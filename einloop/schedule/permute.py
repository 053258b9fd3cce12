"""How a permutation runs on a machine, in tiles. In: `Permuted`, out: `PermutedPlan`, or None for a plain nest.

A tile is a run of the source by a run of the target: elements that lie together in the source, for each of those that
lie together in the target. Blocks of it are transposed in registers (P. Springer, J. Hammond, P. Bientinesi, "TTC: A
high-performance compiler for tensor transpositions", 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd, isqrt, prod

from ..core.kernel import Axis, KernelRound, KernelStep, Permuted, PermutedPlan, Side, StrideRun
from ..core.machine import Machine
from .pack_order import TRANSPOSED, fused

SIZES = (1, 2, 4, 8, 16)
"""Bytes of the elements that can be moved."""
LINE = 64
"""Bytes of a line of the cache."""


def plan_permuted(permuted: Permuted, machine: Machine) -> PermutedPlan | None:
    """Return how the permutation runs on the machine.

    None where there is nothing to transpose: the same index is contiguous in both arrays, or none is in one of them, or
    it has too few iterations. And None where the elements have a size of their own (SIZES).

    >>> i, j = Axis(name="i", extent=5000, left=4000, target=1), Axis(name="j", extent=4000, left=1, target=5000)
    >>> made = plan_permuted(Permuted(target="b", source="a", size=8, axes=(i, j)), Machine(vector_bytes=32))
    >>> made.lanes, made.read.length, made.written.length, made.streamed
    (4, 64, 64, True)
    >>> plan_permuted(Permuted(target="b", source="a", size=8, axes=(j,)), Machine()) is None
    True
    """
    steps, first, begin = _forwards(permuted.axes)
    writing = next((step for step in steps if step.other == 1), None)
    reading = next((step for step in steps if step.source == 1), None)
    if permuted.size not in SIZES or reading is None or writing is None or reading is writing:
        return None
    streamed = _streamed(steps, permuted.size, machine)
    length = _length(permuted.size, streamed, machine)
    others = [step for step in steps if step not in (reading, writing)]
    write = _chain(writing, others, length, lambda step: step.other)
    read = _chain(reading, [step for step in others if step not in write], length, lambda step: step.source)
    along, across = _run(read, length, lambda step: step.other), _run(write, length, lambda step: step.source)
    lanes = _lanes(permuted.size, (along, across), machine)
    if not lanes:
        return None
    rounds = [_round(step, 1, Side.OTHER) for step in steps if step not in (*read, *write)]
    rounds += [_round(read[-1], along.chunk, Side.READ), _round(write[-1], across.chunk, Side.WRITTEN)]
    # what moves the target most is the outermost: it is written as it lies
    rounds.sort(key=lambda each: (abs(each.target * each.chunk), abs(each.source * each.chunk)), reverse=True)
    return PermutedPlan(
        kernel=permuted,
        lanes=lanes,
        rounds=tuple(each for each in rounds if each.extent > each.chunk),
        read=along,
        written=across,
        streamed=streamed,
        first=first,
        begin=begin,
    )


def _forwards(axes: Sequence[Axis]) -> tuple[tuple[KernelStep, ...], int, int]:
    """Return the steps, as few as possible and the source read forwards, and where they begin in source and target.

    >>> _forwards([Axis(name="i", extent=4, left=-1, target=3), Axis(name="j", extent=3, left=-4, target=1)])
    ((KernelStep(extent=4, source=1, other=-3), KernelStep(extent=3, source=-4, other=1)), -3, 9)
    """
    steps = [KernelStep(axis.extent, axis.left, axis.target) for axis in axes]
    first = begin = 0
    for n, step in enumerate(steps):
        if step.source == -1 and step.other != 1:
            steps[n] = KernelStep(step.extent, 1, -step.other)
            first -= step.extent - 1
            begin += (step.extent - 1) * step.other
    return fused(steps), first, begin


def _streamed(steps: Sequence[KernelStep], size: int, machine: Machine) -> bool:
    """Return whether the target is written past the caches: the two arrays do not fit into half of level 3.

    A line that is written is else read first: measured with 17 to 67 MB, up to half of the time. Elements of 16 bytes
    gain nothing (128 MB).
    """
    return size < SIZES[-1] and 2 * size * prod(step.extent for step in steps) >= machine.level3 // 2


def _length(size: int, streamed: bool, machine: Machine) -> int:
    """Return how many elements a run has at most.

    In the cache a line: strides by powers of two, of which few lines stay in a cache, then do no harm, for each line is
    used up at once. Two lines of small elements: a tile is little work for what surrounds it (measured: a quarter less
    time). Past the cache memory wants longer runs: a tile of the size of level 1, for which there is room on the stack.
    """
    line = LINE // size
    if not streamed:
        return line if size >= 4 else 2 * line
    return max(line, isqrt(min(machine.level1, 65536) // size) // TRANSPOSED * TRANSPOSED)


def _lanes(size: int, runs: tuple[StrideRun, StrideRun], machine: Machine) -> int:
    """Return the lanes of the blocks that are transposed in registers; 0 where a run is too short for any.

    Where half of them leave no rest, and are still a vector, they are enough: a rest is moved element by element.
    """
    if size == SIZES[-1]:
        return 1
    most = min(TRANSPOSED, machine.vector_bytes // size, *(run.length for run in runs))
    fit = [lanes for lanes in (8, 4, 2) if lanes <= most]
    whole = [lanes for lanes in fit if lanes * size >= 16 and not any(run.length % lanes for run in runs)]
    return next(iter((*whole, *fit)), 0)


def _chain(
    step: KernelStep, others: Sequence[KernelStep], length: int, stride: Callable[[KernelStep], int]
) -> tuple[KernelStep, ...]:
    """Return the steps that lie together in one array from a first one on, fast to slow, until they are long enough."""
    chain = [step]
    while (count := prod(each.extent for each in chain)) < length:
        follows = next((each for each in others if stride(each) == count), None)
        if follows is None:
            break
        chain.append(follows)
    return tuple(chain)


def _run(steps: Sequence[KernelStep], length: int, offset: Callable[[KernelStep], int]) -> StrideRun:
    """Return the run of these steps, fast to slow, the slowest cut into chunks of about equal size.

    >>> _run((KernelStep(4, 1, 100), KernelStep(10, 4, 7)), 16, lambda step: step.other).offsets
    (0, 100, 200, 300, 7, 107, 207, 307, 14, 114, 214, 314, 21, 121, 221, 321)
    """
    unit, last = prod(step.extent for step in steps[:-1]), steps[-1]
    most = max(1, length // unit)
    whole = TRANSPOSED // gcd(unit, TRANSPOSED)
    chunk = -(-last.extent // -(-last.extent // most))
    # whole blocks, where they fit
    chunk = min(last.extent, -(-chunk // whole) * whole if whole <= most else chunk)
    offsets = [0]
    for step, count in [*((step, step.extent) for step in steps[:-1]), (last, chunk)]:
        offsets = [n * offset(step) + at for n in range(count) for at in offsets]
    return StrideRun(unit=unit, chunk=chunk, extent=last.extent, offsets=tuple(offsets))


def _round(step: KernelStep, chunk: int, side: Side) -> KernelRound:
    return KernelRound(extent=step.extent, chunk=chunk, source=step.source, target=step.other, side=side)
