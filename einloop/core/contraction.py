"""Sums of products over labelled axes, with whatever multiplies and adds: the one engine of all that is evaluated.

Values stand in C order in flat sequences. Terms are added one after another from a first value, the summed labels in
the order given, the last fastest; factors are multiplied from the left. Only the elements that are asked for are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import Any

from .frozen import dataclass
from .plain_array import strides_of

MAX_BLOCK = 65_536
"""Terms whose places are held at once."""

Binary = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Contraction:
    """Operands by their labels and shapes, without values; `extents` say how far each label runs.

    An axis of size 1 along a label that runs further is read at 0. `output` and `summed` together are all labels.

    >>> rows = Contraction((("i", "j"), ("j",)), ((2, 3), (3,)), {"i": 2, "j": 3}, ("i",), ("j",))
    >>> rows.places((1,), (2,)), list(rows.whole([[1, 2, 3, 4, 5, 6], [1, 1, 2]], int.__mul__, int.__add__, 0))
    ((5, 2), [9, 21])
    """

    terms: tuple[tuple[str, ...], ...]
    shapes: tuple[tuple[int, ...], ...]
    extents: Mapping[str, int]
    output: tuple[str, ...]
    summed: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many terms one element has."""
        return prod(self.extents[label] for label in self.summed)

    @property
    def moves(self) -> tuple[Mapping[str, int], ...]:
        """How many elements each operand moves on with one step of each label that it has."""
        found = []
        for term, shape in zip(self.terms, self.shapes, strict=True):
            steps: dict[str, int] = {}
            for label, size, stride in zip(term, shape, strides_of(shape), strict=True):
                steps[label] = steps.get(label, 0) + (stride if size == self.extents[label] else 0)
            found.append(steps)
        return tuple(found)

    def places(self, position: Sequence[int], summed: Sequence[int]) -> tuple[int, ...]:
        """Return which element of each operand one term reads, in C order."""
        at = dict(zip((*self.output, *self.summed), (*position, *summed), strict=True))
        return tuple(sum(step * at[label] for label, step in steps.items()) for steps in self.moves)

    def offsets(self, labels: Sequence[str]) -> list[list[int]]:
        """Return for each operand how far its element moves for every point of some labels, in C order."""
        found = []
        for steps in self.moves:
            offsets = [0]
            for label in labels:
                step = steps.get(label, 0)
                offsets = [one + step * place for one in offsets for place in range(self.extents[label])]
            found.append(offsets)
        return found

    def products(self, values: Sequence[Any], position: Sequence[int], multiply: Binary) -> Iterator[Any]:
        """Yield the products of one element in order."""
        starts = self.places(position, (0,) * len(self.summed))
        for bases, offsets in self._blocks():
            yield from _products(values, [s + b for s, b in zip(starts, bases, strict=True)], offsets, multiply)

    def element(self, values: Sequence[Any], position: Sequence[int], multiply: Binary, add: Binary, first: Any) -> Any:
        """Return one element; only its own terms are computed."""
        return reduce(add, self.products(values, position, multiply), first)

    def whole(self, values: Sequence[Any], multiply: Binary, add: Binary, first: Any) -> Iterator[Any]:
        """Yield every element in C order."""
        if not self.summed:
            found = _products(values, (0,) * len(values), self.offsets(self.output), multiply)
            yield from (add(first, value) for value in found)
            return
        if self.count > MAX_BLOCK:
            yield from (
                self.element(values, position, multiply, add, first)
                for position in product(*(range(self.extents[label]) for label in self.output))
            )
            return
        ((_, offsets),) = self._blocks()
        for bases in zip(*self.offsets(self.output), strict=True):
            yield reduce(add, _products(values, bases, offsets, multiply), first)

    def _blocks(self) -> Iterator[tuple[tuple[int, ...], list[list[int]]]]:
        """Yield where blocks of terms begin in each operand, and how far each term is from there."""
        inner = max(len(self.summed) - 1, 0)
        while inner and prod(self.extents[label] for label in self.summed[inner - 1 :]) <= MAX_BLOCK:
            inner -= 1
        offsets = self.offsets(self.summed[inner:])
        outer = self.summed[:inner]
        for at in product(*(range(self.extents[label]) for label in outer)):
            places = dict(zip(outer, at, strict=True))
            yield tuple(sum(steps.get(x, 0) * n for x, n in places.items()) for steps in self.moves), offsets


def _products(
    values: Sequence[Any], bases: Sequence[int], offsets: Sequence[Sequence[int]], multiply: Binary
) -> Iterator[Any]:
    columns = [
        [one[base + offset] for offset in moved] for one, base, moved in zip(values, bases, offsets, strict=True)
    ]
    return reduce(lambda left, right: map(multiply, left, right), columns[1:], iter(columns[0]))
