"""Where indices point: a position along an axis as `start + sum of step * label`, and when two such positions are one.

Every label runs over `range(lengths[label])`. Nothing here depends on how many positions there are, but for shapes that
cut an array at different places: these are taken apart position by position, up to `MAX_WAYS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MAX_WAYS = 512
"""Positions that two different cuts of one array are compared at."""


class Unfit(Exception):
    """Why an operation on whole arrays is refused, the id of the refusal, and what to do instead."""

    def __init__(self, reason: str, id: str = "EL813", hint: str = "") -> None:
        super().__init__(reason)
        self.id, self.hint = id, hint


@dataclass(frozen=True, slots=True)
class Position:
    """The position `start + sum of step * label` along an axis; no step is zero, no label stands twice."""

    start: int = 0
    steps: tuple[tuple[int, int], ...] = ()

    def __add__(self, other: Position) -> Position:
        found = dict(self.steps)
        for label, step in other.steps:
            found[label] = found.get(label, 0) + step
        return Position(self.start + other.start, tuple((label, step) for label, step in found.items() if step))

    def __mul__(self, factor: int) -> Position:
        return Position(self.start * factor, tuple((label, step * factor) for label, step in self.steps if factor))

    def put(self, found: Mapping[int, Position]) -> Position:
        """Return the position with places for some of its labels."""
        if not any(label in found for label, _ in self.steps):
            return self
        total = Position(self.start)
        for label, step in self.steps:
            total = total + (found[label] * step if label in found else Position(0, ((label, step),)))
        return total

    def bounds(self, lengths: Sequence[int]) -> tuple[int, int]:
        """Return the first and the last position."""
        ends = [step * (lengths[label] - 1) for label, step in self.steps]
        return self.start + sum(end for end in ends if end < 0), self.start + sum(end for end in ends if end > 0)


@dataclass(frozen=True, slots=True)
class Solution:
    """What labels have to be for two positions to be one; `added` are the lengths of new labels."""

    found: Mapping[int, Position]
    added: tuple[int, ...] = ()


def equal(one: Position, other: Position, lengths: Sequence[int]) -> Iterator[Solution]:
    """Yield for which labels two positions are one; each way once. Raises Unfit where there are too many.

    >>> [way.found for way in equal(Position(0, ((0, 1),)), Position(0, ((1, 1),)), (5, 5))]
    [{0: Position(start=0, steps=((1, 1),))}]
    >>> list(equal(Position(2), Position(3), ()))
    []
    """
    apart = one + other * -1
    if not apart.steps:
        if not apart.start:
            yield Solution({})
        return
    for label, step in apart.steps:
        rest = Position(apart.start, tuple(pair for pair in apart.steps if pair[0] != label)) * -step
        first, last = rest.bounds(lengths)
        if abs(step) == 1 and first >= 0 and last < lengths[label]:
            yield Solution({label: rest})
            return
    found = _overlapping(apart, lengths) or _paired(apart, lengths)
    if found is not None:
        yield found
        return
    ways = [{}] if not apart.steps else list(_ways(apart.start, list(apart.steps), lengths))
    yield from (Solution(way) for way in ways)


def _overlapping(apart: Position, lengths: Sequence[int]) -> Solution | None:
    """Return the label that two shifted ranges share."""
    if len(apart.steps) != 2:
        return None
    (one, step), (other, back) = apart.steps
    if step + back or apart.start % step:
        return None
    shift = apart.start // step  # other = one + shift
    low, high = max(0, -shift), min(lengths[one], lengths[other] - shift)
    new = len(lengths)
    if high <= low:
        return Solution({one: Position(0), other: Position(0)}, (0,))
    return Solution({one: Position(low, ((new, 1),)), other: Position(low + shift, ((new, 1),))}, (high - low,))


def _paired(apart: Position, lengths: Sequence[int]) -> Solution | None:
    """Return the pairs of labels where both positions count the same way, slow to fast."""
    plus = sorted(((step, label) for label, step in apart.steps if step > 0), reverse=True)
    minus = sorted(((-step, label) for label, step in apart.steps if step < 0), reverse=True)
    alike = [(step, lengths[label]) for step, label in plus] == [(step, lengths[label]) for step, label in minus]
    if apart.start or not alike or not decodable(Position(0, tuple((label, step) for step, label in plus)), lengths):
        return None
    return Solution({label: Position(0, ((other, 1),)) for (_, label), (_, other) in zip(plus, minus, strict=True)})


def decodable(place: Position, lengths: Sequence[int]) -> bool:
    """Return whether every position is reached by one choice of labels: each step is longer than all faster ones."""
    reach = 0
    for step, length in sorted((abs(step), lengths[label]) for label, step in place.steps):
        if step <= reach:
            return False
        reach += step * (length - 1)
    return True


def _ways(start: int, steps: list[tuple[int, int]], lengths: Sequence[int]) -> Iterator[dict[int, Position]]:
    """Yield the labels for which `start + sum of step * label` is 0."""
    steps = sorted(steps, key=lambda pair: -abs(pair[1]))
    tried = 0

    def solved(start: int, level: int, chosen: dict[int, Position]) -> Iterator[dict[int, Position]]:
        nonlocal tried
        if level == len(steps):
            if not start:
                yield chosen
            return
        label, step = steps[level]
        first, last = Position(start, tuple(steps[level + 1 :])).bounds(lengths)
        for value in range(lengths[label]):
            if first + step * value <= 0 <= last + step * value:
                tried += 1
                if tried > MAX_WAYS:
                    raise Unfit("the two shapes cut an array at different places", "EL808")
                yield from solved(start + step * value, level + 1, {**chosen, label: Position(value)})

    yield from solved(start, 0, {})
