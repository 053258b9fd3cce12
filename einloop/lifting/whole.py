"""A result that is a whole array: its elements where they are asked for, and the terms that it is known to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from sys import maxsize

from ..core.polynomial import Polynomial
from .grids import Grid, Unfit, elements
from .places import Position, decodable
from .products import MAX_ELEMENTS, Product, merged, of_monomial
from .sizes import Refusal
from .terms import Monomial, families_of, terms_of

At = tuple[int, ...]
MAX_COMPRESSED = 20_000
"""Products of elements that are looked at to see whether rows written one by one are one term."""


@dataclass(frozen=True, slots=True)
class Whole(Mapping[At, Polynomial]):
    """The elements of a result by position, which are written out only where they are asked for."""

    grid: Grid
    _cells: dict[At, Polynomial] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[Monomial, ...]:
        """The terms whose sum it is."""
        return tuple(part.monomial for part in compressed(self.grid.parts))

    @property
    def region(self) -> Monomial | None:
        """All of its places as a term without factors, None where it has none."""
        lengths = tuple(map(int, self.grid.shape))
        places = tuple(Position(0, ((n, 1),)) for n in range(len(lengths)))
        return Product(1, (), places, lengths).tidied().monomial if all(lengths) else None

    def alike(self, terms: Sequence[Monomial]) -> bool:
        """Return whether these terms are seen to be the same sum; False says nothing."""
        mine, others = (
            {part.key: part.coefficient for part in merged(part.tidied() for part in parts)}
            for parts in (self.grid.parts, map(of_monomial, terms))
        )
        return mine == others

    def __len__(self) -> int:
        size = 1
        for length in self.grid.shape:
            size *= length
        return min(size, maxsize)  # len() of more is an error

    def __iter__(self) -> Iterator[At]:
        if len(self) > MAX_ELEMENTS:
            raise Refusal("EL816", "this array has too many elements")
        return product(*(range(length) for length in self.grid.shape))

    def __getitem__(self, at: At) -> Polynomial:
        if not self._cells:
            try:
                self._cells.update(elements(self.grid))
            except Unfit as error:
                raise Refusal(error.id, str(error)) from None
        return self._cells.get(at, Polynomial.number(0))


def compressed(parts: Sequence[Product]) -> list[Product]:
    """Return sums with those that differ in where they start only as one, where they fill one box."""
    groups: dict[object, list[Product]] = {}
    for part in parts:
        groups.setdefault(_shape(part), []).append(part)
    return [one for group in groups.values() for one in (_one(group) if len(group) > 1 else group)]


def _shape(part: Product) -> object:
    """Return what is the same for products that may be rows of one."""
    arrays = (*part.factors, ("", part.result))
    steps = tuple((name, tuple(place.steps for place in places)) for name, places in arrays)
    return part.coefficient, steps, tuple(map(int, part.lengths))


def _one(group: Sequence[Product]) -> list[Product]:
    """Return these products as fewer, or as they are where that is not to be seen."""
    if sum(part.size for part in group) > MAX_COMPRESSED:
        return [*group]
    cells: dict[At, Polynomial] = {}
    for part in group:
        for at, factors in part.elements():
            cells[at] = cells.get(at, Polynomial.number(0)) + Polynomial({factors: part.coefficient})
    try:
        found = [of_monomial(term).tidied() for term in terms_of(families_of(cells))]
    except Refusal:
        return [*group]
    clear = all(decodable(place, part.lengths) for part in found for place in _places(part))
    return found if clear and len(found) < len(group) else [*group]


def _places(part: Product) -> Iterator[Position]:
    yield from part.result
    for _, places in part.factors:
        yield from places
