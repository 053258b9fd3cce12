"""Whole arrays of polynomials, and what numpy and torch do with them, from one rule: a contraction by labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from ..core.polynomial import Polynomial
from .sizes import Extent, Unequal


class Unfit(Exception):
    """Why an operation on whole arrays is refused."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An array: its lengths, those that belong to something as `Extent`, and its elements in C order."""

    shape: tuple[int, ...]
    cells: tuple[Polynomial, ...]

    @property
    def rank(self) -> int:
        return len(self.shape)

    def at(self, place: Sequence[int]) -> Polynomial:
        offset = 0
        for i, length in zip(place, self.shape, strict=True):
            offset = offset * length + i
        return self.cells[offset]


def made(lengths: Sequence[int], cell: Callable[[tuple[int, ...]], Polynomial]) -> Grid:
    """Return the grid of these lengths with what `cell` gives for every position."""
    return Grid(tuple(lengths), tuple(cell(at) for at in product(*(range(length) for length in lengths))))


def joined(one: int, other: int) -> int:
    """Return the length of two axes that run together. Raises Unequal where the text may still mean one."""
    if one != other:
        keys = getattr(one, "key", None), getattr(other, "key", None)
        if None in keys:
            raise Unfit(f"lengths {one} and {other} do not fit")
        raise Unequal(*keys)
    return one if isinstance(one, Extent) else other


def contract(operands: Sequence[Grid], terms: Sequence[Sequence[object]], output: Sequence[object]) -> Grid:
    """Return the sum of products that labels say: one label an axis of each operand, and of the result."""
    lengths: dict[object, int] = {}
    for grid, term in zip(operands, terms, strict=True):
        if grid.rank != len(term):
            raise Unfit(f"{len(term)} axes are named of an array that has {grid.rank}")
        for label, length in zip(term, grid.shape, strict=True):
            lengths[label] = joined(lengths[label], length) if label in lengths else length
    summed = [label for label in lengths if label not in output]

    def cell(at: tuple[int, ...]) -> Polynomial:
        where = dict(zip(output, at, strict=True))
        total = Polynomial.number(0)
        for others in product(*(range(lengths[label]) for label in summed)):
            where.update(zip(summed, others, strict=True))
            term = Polynomial.number(1)
            for grid, labels in zip(operands, terms, strict=True):
                term = term * grid.at([where[label] for label in labels])
            total = total + term
        return total

    return made([lengths[label] for label in output], cell)


def elementwise(operation: Callable[[Polynomial, Polynomial], Polynomial], one: Grid, other: Grid) -> Grid:
    """Return one element of each with its partner, by numpy's rules of broadcasting."""
    rank = max(one.rank, other.rank)
    grids = [expanded(grid, rank) for grid in (one, other)]
    lengths = [
        b if a == 1 else a if b == 1 else joined(a, b) for a, b in zip(grids[0].shape, grids[1].shape, strict=True)
    ]

    def value(grid: Grid, at: tuple[int, ...]) -> Polynomial:
        return grid.at([0 if length == 1 else i for i, length in zip(at, grid.shape, strict=True)])

    return made(lengths, lambda at: operation(value(grids[0], at), value(grids[1], at)))


def expanded(grid: Grid, rank: int) -> Grid:
    """Return the grid with axes of size 1 in front, up to this rank."""
    return Grid((1,) * (rank - grid.rank) + grid.shape, grid.cells)


def transposed(grid: Grid, order: Sequence[int] | None = None) -> Grid:
    """Return the grid with its axes in another order, reversed where none is given."""
    order = tuple(reversed(range(grid.rank))) if order is None else tuple(axis % grid.rank for axis in order)
    if sorted(order) != list(range(grid.rank)):
        raise Unfit("this is no order of its axes")
    return contract([grid], [range(grid.rank)], order)


def total(grid: Grid, axes: Sequence[int] | None = None, keep: bool = False) -> Grid:
    """Return the grid summed over these axes, over all where none is given."""
    over = set(range(grid.rank)) if axes is None else {axis % grid.rank for axis in axes}
    summed = contract([grid], [range(grid.rank)], [axis for axis in range(grid.rank) if axis not in over])
    if not keep:
        return summed
    return Grid(tuple(1 if axis in over else length for axis, length in enumerate(grid.shape)), summed.cells)


def matmul(one: Grid, other: Grid) -> Grid:
    """Return `one @ other`: batch axes broadcast, vectors as numpy reads them."""
    if not one.rank or not other.rank:
        raise Unfit("@ takes arrays with axes")
    rows, columns = one.rank > 1, other.rank > 1
    left = one if rows else Grid((1, *one.shape), one.cells)
    right = other if columns else Grid((*other.shape, 1), other.cells)
    rank = max(left.rank, right.rank)
    left, right = expanded(left, rank), expanded(right, rank)
    batch = []
    terms: tuple[list[object], list[object]] = ([], [])
    for axis, (a, b) in enumerate(zip(left.shape[:-2], right.shape[:-2], strict=True)):
        batch.append(axis if a != 1 or b == 1 else ("right", axis))
        terms[0].append(axis if a != 1 or b == 1 else ("one", axis))
        terms[1].append(axis if (b != 1 and a != 1) or (a == 1 and b == 1) else ("right", axis))
    found = contract(
        [left, right], [[*terms[0], "row", "sum"], [*terms[1], "sum", "column"]], [*batch, "row", "column"]
    )
    lengths = [*found.shape[:-2], *(found.shape[-2:-1] if rows else ()), *(found.shape[-1:] if columns else ())]
    return Grid(tuple(lengths), found.cells)


def tensordot(one: Grid, other: Grid, axes: int | tuple[Sequence[int], Sequence[int]]) -> Grid:
    """Return the product of two arrays summed over pairs of axes, as numpy.tensordot does."""
    if isinstance(axes, int):
        left, right = list(range(one.rank - axes, one.rank)), list(range(axes))
    else:
        left, right = ([a % g.rank for a in part] for g, part in zip((one, other), axes, strict=True))
    if len(left) != len(right):
        raise Unfit("as many axes of the one as of the other")
    first: list[object] = [("left", axis) for axis in range(one.rank)]
    second: list[object] = [
        first[left[right.index(axis)]] if axis in right else ("right", axis) for axis in range(other.rank)
    ]
    kept = [label for axis, label in enumerate(first) if axis not in left]
    return contract(
        [one, other], [first, second], [*kept, *(label for axis, label in enumerate(second) if axis not in right)]
    )


def reshaped(grid: Grid, shape: Sequence[int]) -> Grid:
    """Return the elements in C order under another shape; one length may be -1."""
    known = prod(n for n in shape if n != -1)
    sizes = [len(grid.cells) // max(known, 1) if n == -1 else n for n in shape]
    if prod(sizes) != len(grid.cells):
        if len(sizes) == grid.rank and all(isinstance(n, Extent) for n in (*sizes, *grid.shape)):
            for one, other in zip(grid.shape, sizes, strict=True):
                joined(one, other)
        raise Unfit(f"{len(grid.cells)} elements do not fit this shape")
    return Grid(tuple(sizes), grid.cells)


def sliced(grid: Grid, index: Sequence[Any]) -> Grid:
    """Return the part of a grid that a subscript names: whole numbers, slices, None for an axis, "new", "..."."""
    named = sum(i not in ("new", "...") if isinstance(i, str) else True for i in index)
    if named > grid.rank:
        raise Unfit(f"{named} indices for {grid.rank} axes")
    spread: list[Any] = []
    for i in [*index, *(() if "..." in index else ("...",))]:
        spread += [None] * (grid.rank - named) if isinstance(i, str) and i == "..." else [i]
    shape: list[int] = []
    places: list[Callable[[tuple[int, ...]], int]] = []
    axis = 0
    for i in spread:
        if isinstance(i, str):
            shape.append(1)
            continue
        length = grid.shape[axis]
        axis += 1
        if isinstance(i, int):
            if not -length <= i < length:
                raise Unfit(f"{i} is outside of an axis of {length}")
            places.append(lambda at, i=i % length: i)
        else:
            over = range(length) if i is None else range(*i.indices(length))
            places.append(lambda at, over=over, n=len(shape): over[at[n]])
            shape.append(length if i is None else len(over))
    return made(shape, lambda at: grid.at([place(at) for place in places]))
