"""What the names of a text stand for while it runs on polynomials: arrays, and parts of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from typing import Any

from ..core.effort import spend
from ..core.polynomial import Number, Polynomial
from .extents import joined
from .grids import Grid, broadcast, element, elements, number, of_cells, scalar
from .kinds import CUTS, FLOATS, WRAPS, unsigned
from .lists import length
from .places import Position
from .products import MAX_ELEMENTS, Product, merged
from .shapes import sliced
from .sizes import Refusal
from .terms import SITE
from .versions import VERSION

At = tuple[int, ...]


def site_of(node: object) -> str:
    """Return what marks the elements that a node of a syntax tree reads."""
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", 0)
    if line is None:
        coord = getattr(node, "coord", None)
        return "" if coord is None else f"{SITE}{coord.line}:{coord.column}"
    return f"{SITE}{line}:{column}:{getattr(node, 'end_lineno', 0)}:{getattr(node, 'end_col_offset', 0)}"


def place_of(site: str) -> object:
    """Return a place in the text for what marks it, as `site_of` does."""
    numbers = [int(n) for n in site.lstrip(SITE).split(":") if n.isdecimal()]
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return SimpleNamespace(**dict(zip(names, numbers, strict=True))) if len(numbers) == len(names) else None


def is_whole(weight: Number) -> bool:
    """Return whether a number has nothing after the point."""
    return not isinstance(weight, complex) and weight == int(weight)


@dataclass(slots=True, eq=False)
class Store:
    """An array: its elements by position; one that is given holds its own elements until it is written.

    `shape`: None while the number of axes is unknown. `read`: positions whose first elements were read. `whole`: what
    was written over all of it at once. `listed`: it is a list of Python, which + joins and * repeats. `unset`: what was
    not written is anything, and `fill` stands for it. `kind`: the type that the text says for its elements where that
    holds whole numbers only; `filled`: elements of what the text is given were written to it.
    """

    name: str
    given: bool
    shape: tuple[int, ...] | None = None
    fill: Polynomial | None = None
    cells: dict[At, Polynomial] = field(default_factory=dict)
    read: dict[At, None] = field(default_factory=dict)
    whole: Grid | None = None
    listed: bool = False
    unset: bool = False
    kind: ast.expr | None = None
    filled: bool = False
    log: list[At] | None = None
    """Where it was written, in order, where somebody wants to know."""

    def hold(self, weight: Number, factors: Sequence[tuple[str, object]]) -> None:
        """Refuse what an array of whole numbers would cut off; take note of elements that have to be whole."""
        if self.kind is None:
            return
        if not is_whole(weight) or any(name.startswith("1/") or VERSION in name for name, _ in factors):
            said = CUTS.format(name=self.name or "this array", kind=ast.unparse(self.kind))
            raise Refusal("EL807", said, self.kind, hint=FLOATS)
        if factors and unsigned(self.kind):
            said = WRAPS.format(name=self.name or "this array", kind=ast.unparse(self.kind))
            raise Refusal("EL807", said, self.kind, hint=FLOATS)
        self.filled = self.filled or bool(factors)

    def get(self, at: At, site: str = "") -> Polynomial:
        """Return an element. `site` says where the text reads it: what is read in two places is kept apart."""
        self.spread()
        if at in self.cells:
            return self.cells[at]
        if self.fill is not None:
            self.readable(site)
            return self.fill
        self.read[at] = None
        return Polynomial.element(self.name + site if at else self.name, at)

    def readable(self, site: str = "") -> None:
        """Refuse to read what was not written."""
        if self.unset:
            reason = f"an element of {self.name or 'this array'} is read before it is written"
            raise Refusal("EL802", reason, place_of(site), hint="np.zeros makes an array of zeros")

    def array(self, site: str = "") -> Grid | None:
        """Return all of it where that is known at once, None where it is known element by element."""
        return self.whole

    def write(self, grid: Grid) -> None:
        """Give all elements new values."""
        for part in grid.parts if self.kind is not None else ():
            self.hold(part.coefficient, part.factors)
        self.whole = grid
        self.cells.clear()

    def spread(self) -> None:
        """Hold what was written over all of the array element by element."""
        if self.whole is not None:
            zero = Polynomial.number(0)
            found, shape = elements(self.whole), self.whole.shape
            self.whole = None
            self.cells.update({at: found.get(at, zero) for at in product(*(range(n) for n in shape))})


@dataclass(frozen=True, slots=True)
class Part:
    """What is left of an array where some of its axes are fixed: `A[i]`, `A[:, j]`. None: an axis that is left."""

    store: Store
    at: tuple[int | None, ...] = ()

    @property
    def rank(self) -> int | None:
        """How many axes are left, None where that is unknown."""
        shape = self.store.shape
        return None if shape is None else len(shape) - sum(i is not None for i in self.at)

    def axis(self, number: int) -> int:
        """Return the axis of the whole array that is the part's axis `number`."""
        free = [axis for axis, i in enumerate(self.at) if i is None]
        return free[number] if number < len(free) else number - len(free) + len(self.at)

    def fixed(self, index: tuple[int | None, ...]) -> Part:
        """Return the part with further axes fixed."""
        if None not in self.at and None not in index:
            return Part(self.store, (*self.at, *index))
        at: list[int | None] = list(self.at)
        for axis, i in sorted(((self.axis(n), i) for n, i in enumerate(index)), key=lambda pair: pair[0]):
            at += [None] * (axis + 1 - len(at))
            at[axis] = i
        while at and at[-1] is None:
            at.pop()
        return Part(self.store, tuple(at))


def grid_of(part: Part, site: str = "") -> Grid:
    """Return an array whose shape is known as a grid."""
    store, shape = part.store, part.store.shape
    assert shape is not None
    whole = store.array(site)
    if whole is not None:
        return whole if not part.at else sliced(whole, part.at)
    store.spread()
    if not store.cells and store.fill is None:
        return element(store.name + site if shape else store.name, shape, part.at)
    at = (*part.at, *(None,) * (len(shape) - len(part.at)))
    lengths = [n for n, i in zip(shape, at, strict=True) if i is None]
    if not store.cells and store.fill is not None:
        if all(shape):
            store.readable(site)
        return broadcast(scalar(store.fill), lengths)
    ranges = [range(n) if i is None else (i,) for n, i in zip(shape, at, strict=True)]
    free = [axis for axis, i in enumerate(at) if i is None]
    return of_cells(lengths, {tuple(p[a] for a in free): store.get(p, site) for p in product(*ranges)})


def as_grid(value: Any, site: str = "") -> Grid | None:
    """Return a value as a whole array, None where it is none or its shape is unknown."""
    if isinstance(value, Grid):
        return value
    if isinstance(value, Store):
        value = Part(value)
    if isinstance(value, Part):
        return grid_of(value, site) if value.rank is not None else None
    if isinstance(value, (list, tuple)):
        spend(4 + 4 * len(value))
        return stacked([as_grid(row, site) for row in value], length(value))
    return scalar(value) if isinstance(value, Polynomial) else number(value)


def stacked(rows: list[Grid | None], size: int) -> Grid | None:
    """Return rows of one shape as an array with one more axis; None where they have several."""
    if not rows:
        return Grid((size,), ())
    first = rows[0]
    if first is None or any(row is None or row.rank != first.rank for row in rows):
        return None
    for row in rows[1:]:
        for one, other in zip(first.shape, row.shape if row is not None else (), strict=True):
            joined(one, other)
    if not first.rank:
        return of_cells((size,), {(n,): row.cells[0] for n, row in enumerate(rows) if row is not None})
    parts = (
        Product(p.coefficient, p.factors, (Position(n), *p.result), p.lengths)
        for n, row in enumerate(rows)
        if row is not None
        for p in row.parts
    )
    return _compressed(Grid((size, *first.shape), merged(parts, MAX_ELEMENTS)))


def _compressed(grid: Grid) -> Grid:
    """Return an array of rows as the few products that they are, where that can be seen from its elements."""
    return of_cells(grid.shape, elements(grid))


def is_list(value: Any) -> bool:
    """Return whether a value is a list of example data, or a part of one that is a list."""
    store = value.store if isinstance(value, Part) else value
    return isinstance(store, Store) and store.listed and not (isinstance(value, Part) and value.rank == 0)
