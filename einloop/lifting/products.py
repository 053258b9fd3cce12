"""One sum of products as labels: the factors with where each axis is read, and where the result stands. Pure data.

Operations rename labels; their cost does not depend on how long axes are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count, permutations, product
from math import factorial, prod

from ..core.effort import spend
from ..core.polynomial import Element, Number, Polynomial
from .boxes import spanned
from .places import Position, Unfit, equal
from .terms import SITE, Monomial, ReadAxis, array_of

APART = SITE + SITE
"""What stands there where elements that are read in several places are not to be taken for the same."""
MAX_PRODUCTS = 64
"""Products of labels in one array."""
MAX_FACTORS = 24
"""Factors of one product."""
MAX_ELEMENTS = 200_000
"""Products of elements that one array is written out to."""
MAX_ALIKE = 4
"""Factors that are one array in one product, whose orders are all tried to tell two products alike."""

Factor = tuple[str, tuple[Position, ...]]


@dataclass(frozen=True, slots=True)
class Product:
    """The sum over all labels of `coefficient * factors`, each added at the place `result`."""

    coefficient: Number
    factors: tuple[Factor, ...]
    result: tuple[Position, ...]
    lengths: tuple[int, ...]
    """Of every label."""

    def put(self, found: dict[int, Position], added: Sequence[int] = ()) -> Product:
        """Return the sum with places for some labels; `added` are the lengths of new ones."""
        return Product(
            self.coefficient,
            tuple((name, tuple(place.put(found) for place in places)) for name, places in self.factors),
            tuple(place.put(found) for place in self.result),
            (*self.lengths, *added),
        ).tidied(set(found))

    def tidied(self, gone: Iterable[int] = ()) -> Product:
        """Return the sum with labels numbered as they appear, and without those that stand nowhere.

        A label of length 1 is position 0; one that stands nowhere multiplies by its length, unless it is in `gone`.
        """
        gone = set(gone)
        single = {label: Position(0) for label, length in enumerate(self.lengths) if length == 1}
        arrays = [*(places for _, places in self.factors), self.result]
        if single:
            arrays = [tuple(place.put(single) for place in places) for places in arrays]
        order = dict(zip(dict.fromkeys(label for array in arrays for p in array for label, _ in p.steps), count()))
        weight = self.coefficient
        for label, length in enumerate(self.lengths):
            if label not in order and label not in gone:
                weight = weight * int(length)
        *factors, result = (
            tuple(Position(place.start, tuple((order[label], step) for label, step in place.steps)) for place in array)
            for array in arrays
        )
        named = tuple((name, places) for (name, _), places in zip(self.factors, factors, strict=True))
        return Product(weight, named, result, tuple(self.lengths[label] for label in order))

    def where(self, one: Position, other: Position) -> Iterator[Product]:
        """Yield the parts of the sum in which two positions are one."""
        for way in equal(one, other, self.lengths):
            yield self.put(dict(way.found), way.added)

    def equated(self, one: int, other: int) -> Iterator[Product]:
        """Yield the parts of the sum in which two axes of the result are at one position."""
        yield from self.where(self.result[one], self.result[other])

    def standing(self, result: Sequence[Position]) -> Product:
        """Return the sum with another place of the result."""
        return replace(self, result=tuple(result)).tidied()

    def elements(self) -> Iterator[tuple[tuple[int, ...], tuple[Element, ...]]]:
        """Yield every position of the result with the elements that are multiplied there."""
        rank = len(self.result)
        ends = list(accumulate((len(places) for _, places in self.factors), initial=rank))
        parts = [(name, slice(ends[n], ends[n + 1])) for n, (name, _) in enumerate(self.factors)]
        for point in self._points():
            yield point[:rank], tuple([(name, point[own]) for name, own in parts])

    def _points(self) -> list[tuple[int, ...]]:
        """Return the places in the result and in every factor for every choice of labels, the last label fastest."""
        axes = [*self.result, *(place for _, places in self.factors for place in places)]
        spend(3 * self.size)
        steps = (
            tuple(sum(step for own, step in place.steps if own == label) for place in axes)
            for label in range(len(self.lengths))
        )
        return spanned(tuple(place.start for place in axes), zip(steps, self.lengths, strict=True))

    @property
    def size(self) -> int:
        """How many products of elements it is."""
        found = 1
        for length in self.lengths:
            found *= length
        return found

    @property
    def key(self) -> object:
        """What is the same for sums that differ in the coefficient, and in the order of their factors.

        What loops read in several places stays apart: it may meet at one element only, as in `x[i] - x[j]`.
        """
        named = ((name if APART in name else array_of(name), places) for name, places in self.factors)
        factors = sorted(named, key=lambda factor: factor[0])
        groups: dict[str, list[Factor]] = {}
        for factor in factors:
            groups.setdefault(factor[0], []).append(factor)
        if all(len(group) == 1 for group in groups.values()):
            orders: Iterable[tuple[list[Factor], ...]] = [tuple(groups.values())]
        elif all(len(group) <= MAX_ALIKE for group in groups.values()):
            orders = product(*([list(one) for one in permutations(group)] for group in groups.values()))
            spend(len(factors) * prod(factorial(len(group)) for group in groups.values()))
        else:
            orders = [tuple(groups.values())]
        return min(self._numbered([factor for group in order for factor in group]) for order in orders)

    def _numbered(self, factors: Sequence[Factor]) -> tuple[object, ...]:
        """Return the structure for factors in this order."""
        order: dict[int, int] = {}
        found: list[object] = [tuple(name for name, _ in factors)]
        for places in (*(places for _, places in factors), self.result):
            array = []
            for place in places:
                for label, _ in place.steps:
                    order.setdefault(label, len(order))
                array.append((place.start, tuple(sorted((order[label], step) for label, step in place.steps))))
            found.append(tuple(array))
        return (*found, tuple(int(self.lengths[label]) for label in order))

    @property
    def monomial(self) -> Monomial:
        """The sum as a term of a result."""
        return Monomial(
            coefficient=self.coefficient,
            names=tuple(array_of(name) for name, _ in self.factors),
            operands=tuple(tuple(map(_read, places)) for _, places in self.factors),
            result=tuple(map(_read, self.result)),
            lengths=tuple(int(length) for length in self.lengths),
        )


def _read(place: Position) -> ReadAxis:
    steps = sorted(place.steps, key=lambda pair: -abs(pair[1]))
    return ReadAxis(
        labels=tuple(label for label, _ in steps), steps=tuple(step for _, step in steps), start=place.start
    )


def of_monomial(term: Monomial) -> Product:
    """Return a term of a result as a sum of products."""
    *factors, result = (
        tuple(Position(axis.start, tuple(zip(axis.labels, axis.steps, strict=True))) for axis in array)
        for array in (*term.operands, term.result)
    )
    return Product(term.coefficient, tuple(zip(term.names, factors, strict=True)), result, term.lengths)


def constants(at: Sequence[int], cell: Polynomial) -> Iterator[Product]:
    """Yield the products of one element of an array that is known element by element."""
    result = tuple(map(Position, at))
    for factors, weight in cell.terms().items():
        yield Product(
            weight,
            tuple((name, tuple(Position(i) for i in place if isinstance(i, int))) for name, place in factors),
            result,
            (),
        )


def together(parts: Sequence[Product]) -> Product:
    """Return the product of several sums, each with labels of its own; its result has all their axes in order."""
    weight: Number = 1
    factors: list[Factor] = []
    result: list[Position] = []
    lengths: list[int] = []
    for part in parts:
        start = len(lengths)
        weight = weight * part.coefficient
        factors += ((name, tuple(_shifted(place, start) for place in places)) for name, places in part.factors)
        result += (_shifted(place, start) for place in part.result)
        lengths += part.lengths
    if len(factors) > MAX_FACTORS:
        raise Unfit("this is a product of too many arrays", "EL816")
    return Product(weight, tuple(factors), tuple(result), tuple(lengths))


def _shifted(place: Position, by: int) -> Position:
    return place if not by else Position(place.start, tuple((label + by, step) for label, step in place.steps))


def merged(parts: Iterable[Product], most: int = MAX_PRODUCTS) -> tuple[Product, ...]:
    """Return sums with those that are alike as one, and without those that are nothing. Raises Unfit for too many."""
    parts = [part for part in parts if part.coefficient and all(part.lengths)]
    spend(20 * len(parts))
    if len(parts) < 2:
        return tuple(parts)
    found: dict[object, Product] = {}
    for part in parts:
        key = part.key
        if key in found:
            found[key] = replace(found[key], coefficient=found[key].coefficient + part.coefficient)
        else:
            found[key] = part
        if len(found) > most:
            raise Unfit("this has too many terms", "EL816")
    return tuple(part for part in found.values() if part.coefficient)
