"""Whole arrays as sums of products of inputs, and what is done with them, from one rule: a contraction by labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from ..core.effort import spend
from ..core.polynomial import Number, Polynomial, exact
from .extents import joined, single
from .places import Position, Unfit
from .products import MAX_ELEMENTS, Product, constants, merged, of_monomial, together
from .sizes import Refusal
from .terms import SITE, Family, Orders, families_of, terms_of

__all__ = ["Grid", "Unfit"]


@dataclass(frozen=True, slots=True)
class Grid:
    """An array: its lengths, those that belong to something as `Extent`, and the products whose sum it is."""

    shape: tuple[int, ...]
    parts: tuple[Product, ...]

    @property
    def rank(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def cells(self) -> tuple[Polynomial, ...]:
        """Its elements in C order. Raises Unfit where they are too many."""
        found = elements(self)
        zero = Polynomial.number(0)
        return tuple(found.get(at, zero) for at in product(*(range(length) for length in self.shape)))

    @property
    def constant(self) -> Number | None:
        """The number that all its elements are, None where it has elements of inputs."""
        if not self.parts:
            return 0
        (part, *others) = self.parts
        if (
            others
            or part.factors
            or (self.rank and broadcast(number(part.coefficient), self.shape).parts != self.parts)
        ):
            return None
        return part.coefficient


def elements(grid: Grid) -> dict[tuple[int, ...], Polynomial]:
    """Return the elements that are not zero by position. Raises Unfit where they are too many."""
    if sum(part.size for part in grid.parts) > MAX_ELEMENTS:
        raise Unfit("this array has too many elements to take one by one", "EL816")
    found: dict[tuple[int, ...], dict[Any, Number]] = {}
    for part in grid.parts:
        for at, factors in part.elements():
            cell = found.setdefault(at, {})
            cell[factors] = cell.get(factors, 0) + part.coefficient
    return {at: Polynomial({f: weight for f, weight in cell.items() if weight}) for at, cell in found.items()}


def of_cells(shape: Sequence[int], cells: Mapping[tuple[int, ...], Polynomial]) -> Grid:
    """Return an array that is known element by element."""
    if not shape:
        return Grid((), merged((part for at, cell in cells.items() for part in constants(at, cell)), MAX_ELEMENTS))
    try:
        terms = [part.tidied() for orders in families_of(cells).items() for part in _of_family(*orders)]
    except Refusal:
        terms = [part for at, cell in cells.items() for part in constants(at, cell)]
    return Grid(tuple(shape), merged(terms, MAX_ELEMENTS))


def _of_family(family: Family, orders: Orders) -> Iterator[Product]:
    """Yield what products of the same arrays are; they know where the text reads them where that is one place."""
    places = {where for sites in orders.values() for where in sites}
    where = places.pop() if len(places) == len(orders) == 1 else ()
    for part in map(of_monomial, terms_of({family: orders})):
        named = zip(part.factors, where or ("",) * len(part.factors), strict=True)
        yield replace(part, factors=tuple((f"{name}{SITE}{site}" if site else name, at) for (name, at), site in named))


def made(lengths: Sequence[int], cell: Callable[[tuple[int, ...]], Polynomial]) -> Grid:
    """Return the grid of these lengths with what `cell` gives for every position."""
    return of_cells(lengths, {at: cell(at) for at in product(*(range(length) for length in lengths))})


def number(value: Number) -> Grid:
    """Return a number as an array without axes."""
    return Grid((), (Product(exact(value), (), (), ()),) if value else ())


def scalar(value: Polynomial) -> Grid:
    """Return one element, or a sum of such, as an array without axes."""
    return of_cells((), {(): value})


def element(name: str, shape: Sequence[int], at: Sequence[int | None] = ()) -> Grid:
    """Return an input, or the part of it where some axes stand at one position."""
    at = (*at, *(None,) * (len(shape) - len(at)))
    free = [n for n, i in enumerate(at) if i is None]
    places = tuple(Position(0, ((free.index(n), 1),)) if i is None else Position(i) for n, i in enumerate(at))
    result = tuple(Position(0, ((n, 1),)) for n in range(len(free)))
    lengths = tuple(shape[n] for n in free)
    return Grid(lengths, merged([Product(1, ((name, places),), result, lengths).tidied()]))


def contract(operands: Sequence[Grid], terms: Sequence[Sequence[object]], output: Sequence[object]) -> Grid:
    """Return the sum of products that labels say: one label an axis of each operand, and of the result."""
    lengths: dict[object, int] = {}
    for grid, term in zip(operands, terms, strict=True):
        if grid.rank != len(term):
            raise Unfit(f"{len(term)} axes are named of an array that has {grid.rank}")
        for label, length in zip(term, grid.shape, strict=True):
            lengths[label] = joined(lengths[label], length) if label in lengths else length
    named = [label for term in terms for label in term]
    first = {label: named.index(label) for label in dict.fromkeys(named)}
    twins = [(first[label], axis) for axis, label in enumerate(named) if first[label] != axis]
    unknown = [label for label in output if label not in first]
    if unknown or len(set(output)) != len(output):
        raise Unfit("the result has an axis that no operand has" if unknown else "the result names an axis twice")

    def parts() -> Iterable[Product]:
        for chosen in product(*(grid.parts for grid in operands)):
            spend(60)
            found = [together(chosen)]
            for one, other in twins:
                found = [part for whole in found for part in whole.equated(one, other)]
            yield from (part.standing([part.result[first[label]] for label in output]) for part in found)

    return Grid(tuple(lengths[label] for label in output), merged(parts()))


def broadcast(grid: Grid, shape: Sequence[int]) -> Grid:
    """Return the array with further axes in front, and its axes of length 1 as long as in `shape`."""
    if len(shape) < grid.rank:
        raise Unfit(f"an array with {grid.rank} axes does not fit a shape with {len(shape)}")
    own = (*(1 for _ in range(len(shape) - grid.rank)), *grid.shape)
    lengths = tuple(n if single(length) else joined(length, n) for length, n in zip(own, shape, strict=True))
    if own == lengths and len(own) == grid.rank:
        return Grid(lengths, grid.parts)

    def parts() -> Iterable[Product]:
        for part in grid.parts:
            result = (*(Position() for _ in range(len(shape) - grid.rank)), *part.result)
            longer, places = list(part.lengths), []
            for place, length, n in zip(result, own, lengths, strict=True):
                places.append(place if length == n else Position(0, ((len(longer), 1),)))
                longer += [] if length == n else [n]
            yield Product(part.coefficient, part.factors, tuple(places), tuple(longer)).tidied()

    return Grid(lengths, merged(parts()))


def shared(*grids: Grid) -> tuple[int, ...]:
    """Return the shape that arrays have together, by numpy's rules of broadcasting."""
    rank = max(grid.rank for grid in grids)
    found: tuple[int, ...] = (1,) * rank
    for grid in grids:
        own = (*(1 for _ in range(rank - grid.rank)), *grid.shape)
        found = tuple(b if single(a) else a if single(b) else joined(a, b) for a, b in zip(found, own, strict=True))
    return found


def scaled(grid: Grid, factor: Number) -> Grid:
    """Return an array times a number."""
    by = exact(factor)
    return Grid(grid.shape, merged(replace(part, coefficient=part.coefficient * by) for part in grid.parts))


def added(*grids: Grid) -> Grid:
    """Return the sum of arrays, by numpy's rules of broadcasting."""
    shape = shared(*grids)
    return Grid(shape, merged(part for grid in grids for part in broadcast(grid, shape).parts))


def subtracted(one: Grid, other: Grid) -> Grid:
    """Return the difference of arrays."""
    return added(one, scaled(other, -1))


def multiplied(*grids: Grid) -> Grid:
    """Return the product of arrays, element by element, by numpy's rules of broadcasting."""
    shape = shared(*grids)
    terms: list[list[object]] = []
    operands = []
    for grid in grids:
        skipped = len(shape) - grid.rank
        own = [not single(n) or single(shape[axis + skipped]) for axis, n in enumerate(grid.shape)]
        operands.append(Grid(tuple(n for n, same in zip(grid.shape, own, strict=True) if same), tuple(
            part.standing([place for place, same in zip(part.result, own, strict=True) if same])
            for part in grid.parts
        )))  # fmt: skip
        terms.append([axis + skipped for axis, same in enumerate(own) if same])
    named = {label for term in terms for label in term}
    found = contract(operands, terms, [axis for axis in range(len(shape)) if axis in named])
    return Grid(shape, found.parts) if len(named) == len(shape) else found


def quotient(one: Grid, other: Grid) -> Grid:
    """Return an array divided by a number, or by a scalar. Raises Unfit for arrays."""
    by = other.constant
    if by is not None:
        if not by:
            raise Unfit("this divides by zero", "EL807")
        return scaled(one, 1 / by if isinstance(by, complex) else 1 / Fraction(by))
    part = other.parts[0]
    if len(other.parts) > 1 or any(places for _, places in part.factors) or other.rank:
        raise Unfit("a quotient of arrays is not a sum of products", "EL807", "divide after the einsum")
    weight = 1 / part.coefficient if isinstance(part.coefficient, complex) else 1 / Fraction(part.coefficient)
    inverse = Product(weight, tuple((f"1/{name}", ()) for name, _ in part.factors), (), ())
    return multiplied(one, Grid((), (inverse,)))


def power(grid: Grid, exponent: Any) -> Grid:
    """Return a whole power of every element."""
    if not isinstance(exponent, int) or not 0 <= exponent <= 8:
        raise Unfit(f"the power {exponent} is not a product", "EL807")
    if not exponent:
        return broadcast(number(1), grid.shape)
    found = grid
    for _ in range(exponent - 1):
        found = multiplied(found, grid)
    return found
