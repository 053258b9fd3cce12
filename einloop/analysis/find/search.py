"""The einsums that fit the shapes of an example, the simplest first: a best-first search over labels. No values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from ...core.spec import MATHEMATICAL_LETTERS
from .fitting import Sample

DIAGONAL = 60
"""Points for an index that stands once more in one operand."""
LONE = 50
"""For an index that stands once in all: the axis is summed on its own."""
UNRELATED = 4
"""For a group of operands that shares no index with the others, beside the first group."""
TURNED = 3
"""For two indices of the output that do not stand in the order in which they appear in the operands."""
KEPT = 1
"""For an index that operands share and that stays in the output: contracted is what it mostly is."""
SPREAD = 1
"""For every operand from the third on that shares one index."""
CROSSED = 1
"""For two indices that two operands share, in another order in the later one."""
INWARD = 1
"""For a contracted index that is not last in its first operand, or not first in its second one, but for those that both
have: in a product of matrices the summed axes face each other."""

MAX_NODES = 600_000
"""Incomplete expressions that are kept for a look: a few hundred megabytes."""

Labels = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An einsum that fits: its labels, numbered by first appearance, and how far it is from the simplest kind."""

    terms: tuple[Labels, ...]
    output: Labels
    points: int

    @property
    def subscripts(self) -> str:
        """The expression in np.einsum's notation."""
        written = ",".join("".join(MATHEMATICAL_LETTERS[x] for x in term) for term in self.terms)
        return f"{written}->{''.join(MATHEMATICAL_LETTERS[x] for x in self.output)}"


class _Partial(NamedTuple):
    """An expression that is complete up to some axis, in the order in which they are looked at.

    `bound`: points that it has at least when it is complete. By label: `kinds`, the number of its length; `holders`,
    the operands that have it, a bit each; `times`, how often it stands in them.
    """

    bound: int
    depth: int
    number: int
    points: int
    labels: Labels
    kinds: Labels
    holders: Labels
    times: Labels


class BestFirst:
    """Iterates over all einsums that fit an example, those of fewer points first.

    Labels are chosen axis by axis, then those of the output. What is chosen has its points at once, and what is still
    to come is never overrated, so that expressions are complete in the order of their points. `stopped`: there were
    too many incomplete ones, and those that fit were not all found.

    >>> [found.subscripts for found in BestFirst(Sample(operands=((2, 3), (3, 4)), result=(2, 4)))]
    ['ij,jk->ik', 'ij,kl->il']
    """

    def __init__(self, sample: Sample, nodes: int = MAX_NODES) -> None:
        self.stopped = False
        self._nodes = nodes
        kinds = {extent: kind for kind, extent in enumerate(dict.fromkeys([*sample.lengths, *sample.result]))}
        self._axes = [(operand, kinds[extent]) for operand, _, extent in sample.axes]
        self._result = [kinds[extent] for extent in sample.result]
        self._starts = _starts(sample)
        self._known: tuple[Labels, list[int], int] = (), [], 0
        """Of the expression completed last: its labels, what each costs where it is summed, and unrelated groups."""
        self._whole = len(self._axes) + len(self._result)
        every = [kind for _, kind in self._axes]
        self._wanted = [_counted(self._result[place:], len(kinds)) for place in range(len(self._result) + 1)]
        self._left = [_counted(every[place:], len(kinds)) for place in range(len(every) + 1)]

    def __iter__(self) -> Iterator[Candidate]:
        heap = [_Partial(bound=0, depth=0, number=0, points=0, labels=(), kinds=(), holders=(), times=())]
        number = 0
        while heap:
            node = heappop(heap)
            if len(node.labels) == self._whole:
                yield self._candidate(node.labels, node.points)
                continue
            grow = self._with_output if len(node.labels) >= len(self._axes) else self._with_axis
            for grown in grow(node, number):
                heappush(heap, grown)
                number = grown.number
            if number > self._nodes:
                self.stopped = True
                done = sorted(one for one in heap if len(one.labels) == self._whole)
                yield from (self._candidate(one.labels, one.points) for one in done)
                return

    def _with_axis(self, node: _Partial, number: int) -> Iterator[_Partial]:
        """Yield an incomplete expression with each label that the next axis of the operands may have."""
        place = len(node.labels)
        operand, kind = self._axes[place]
        bit, left, wanted = 1 << operand, self._left[place + 1], self._wanted[0]
        single = _counted([k for k, times in zip(node.kinds, node.times, strict=True) if times == 1], len(left))
        spare = node.kinds.count(kind) + left[kind] >= wanted[kind]
        for label, holders in enumerate(node.holders if spare else ()):
            if node.kinds[label] != kind:
                continue
            if holders & bit:
                points = DIAGONAL
            else:
                later = node.holders[label + 1 :]
                points = CROSSED * sum(1 for other in later if other & bit and other != bit)
                points += SPREAD * (holders.bit_count() > 1)
            times = node.times[label]
            single[kind] -= times == 1
            number += 1
            yield self._grown(
                node,
                number,
                label,
                points,
                _lone(single, left, wanted),
                holders=(*node.holders[:label], holders | bit, *node.holders[label + 1 :]),
                times=(*node.times[:label], times + 1, *node.times[label + 1 :]),
            )
            single[kind] += times == 1
        single[kind] += 1
        rest = _lone(single, left, wanted)
        label = len(node.kinds)
        yield self._grown(
            node,
            number + 1,
            label,
            0,
            rest,
            kinds=(*node.kinds, kind),
            holders=(*node.holders, bit),
            times=(*node.times, 1),
        )

    def _with_output(self, node: _Partial, number: int) -> Iterator[_Partial]:
        """Yield an incomplete expression with each label that the next axis of the output may have."""
        output = node.labels[len(self._axes) :]
        kind, wanted = self._result[len(output)], self._wanted[len(output) + 1]
        alone = {x for x, times in enumerate(node.times) if times == 1 and x not in output}
        single = _counted([node.kinds[x] for x in alone], len(wanted))
        over = [max(count - wanted[kind], 0) for kind, count in enumerate(single)]
        every = LONE * sum(over)
        for label, known in enumerate(node.kinds):
            if known != kind or label in output:
                continue
            points = TURNED * sum(1 for other in output if other > label)
            points += KEPT * (node.holders[label].bit_count() > 1)
            number += 1
            yield self._grown(node, number, label, points, every - LONE * (label in alone and over[kind] > 0))

    def _grown(
        self,
        node: _Partial,
        number: int,
        label: int,
        points: int,
        rest: int,
        *,
        kinds: Labels | None = None,
        holders: Labels | None = None,
        times: Labels | None = None,
    ) -> _Partial:
        """Return an expression with one label more; `rest` are points that are sure to follow."""
        labels = (*node.labels, label)
        holders = node.holders if holders is None else holders
        times = node.times if times is None else times
        cost = node.points + points
        if len(labels) == self._whole:
            cost += self._last(labels, holders, times)
            rest = 0
        return _Partial(
            bound=cost + rest,
            depth=-len(labels),
            number=number,
            points=cost,
            labels=labels,
            kinds=node.kinds if kinds is None else kinds,
            holders=holders,
            times=times,
        )

    def _last(self, labels: Labels, holders: Labels, times: Labels) -> int:
        """Return the points that only a whole expression shows."""
        inputs, output = labels[: len(self._axes)], labels[len(self._axes) :]
        if self._known[0] != inputs:
            terms = self._candidate(labels, 0).terms
            inward = [INWARD * _inward(terms, x) if one.bit_count() > 1 else 0 for x, one in enumerate(holders)]
            summed = [LONE * (count == 1) + points for count, points in zip(times, inward, strict=True)]
            self._known = inputs, summed, UNRELATED * _unrelated(terms)
        _, summed, apart = self._known
        return sum(summed) - sum([summed[x] for x in output]) + apart

    def _candidate(self, labels: Labels, points: int) -> Candidate:
        starts = [*self._starts, len(self._axes)]
        terms = tuple(labels[one:other] for one, other in pairwise(starts))
        return Candidate(terms=terms, output=labels[len(self._axes) :], points=points)


def _starts(sample: Sample) -> tuple[int, ...]:
    """Return the number of axes before each operand."""
    starts = [0]
    for shape in sample.operands:
        starts.append(starts[-1] + len(shape))
    return tuple(starts[:-1])


def _counted(kinds: Sequence[int], count: int) -> list[int]:
    """Return how often each of the kinds of length occurs."""
    found = [0] * count
    for kind in kinds:
        found[kind] += 1
    return found


def _lone(single: Sequence[int], left: Sequence[int], wanted: Sequence[int]) -> int:
    """Return the least points for indices that stay on their own, whatever the axes still to come and the output take.

    All three count by kind of length: indices that stand once, axes of the operands and of the output to come.
    """
    return LONE * sum(s - t - w for s, t, w in zip(single, left, wanted, strict=True) if s > t + w)


def _inward(terms: Sequence[Labels], label: int) -> int:
    """Return in how many of its first two operands a contracted index does not face the other one."""
    one, other, *_ = (term for term in terms if label in term)
    after = one[one.index(label) + 1 :]
    before = other[: other.index(label)]
    return any(x not in other for x in after) + any(x not in one for x in before)


def _unrelated(terms: Sequence[Labels]) -> int:
    """Return how many groups of operands share no index with the first group; those without axes are left out."""
    groups: list[set[int]] = []
    for term in filter(None, terms):
        joined = [group for group in groups if group & set(term)]
        groups = [group for group in groups if not group & set(term)]
        groups.append(set(term).union(*joined))
    return max(len(groups), 1) - 1
