"""What the names of a text stand for while it runs on polynomials: arrays, and parts of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

from ..core.polynomial import Polynomial
from .grids import Grid
from .lists import length

At = tuple[int, ...]
SITE = "@"
"""What stands between the name of an array and the place in the text where it is read."""


def site_of(node: object) -> str:
    """Return what marks the elements that a node of a syntax tree reads."""
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", 0)
    if line is None:
        coord = getattr(node, "coord", None)
        return "" if coord is None else f"{SITE}{coord.line}:{coord.column}"
    return f"{SITE}{line}:{column}:{getattr(node, 'end_lineno', 0)}:{getattr(node, 'end_col_offset', 0)}"


@dataclass(slots=True, eq=False)
class Store:
    """An array: its elements by position; one that is given holds its own elements until it is written.

    `shape`: None while the number of axes is unknown. `read`: positions whose first elements were read.
    """

    name: str
    given: bool
    shape: tuple[int, ...] | None = None
    fill: Polynomial | None = None
    cells: dict[At, Polynomial] = field(default_factory=dict)
    read: dict[At, None] = field(default_factory=dict)

    def get(self, at: At, site: str = "") -> Polynomial:
        """Return an element. `site` says where the text reads it: what is read in two places is kept apart."""
        if at in self.cells:
            return self.cells[at]
        if self.fill is not None:
            return self.fill
        self.read[at] = None
        return Polynomial.element(self.name + site if at else self.name, at)


@dataclass(frozen=True, slots=True)
class Part:
    """What is left of an array where some of its axes are fixed: `A[i]`, `A[:, j]`. None stands for an axis that is left."""

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
        at: list[int | None] = list(self.at)
        for number, i in sorted(((self.axis(n), i) for n, i in enumerate(index)), key=lambda pair: pair[0]):
            at += [None] * (number + 1 - len(at))
            at[number] = i
        while at and at[-1] is None:
            at.pop()
        return Part(self.store, tuple(at))


def grid_of(part: Part, site: str = "") -> Grid:
    """Return an array whose shape is known as a grid."""
    shape = part.store.shape
    assert shape is not None
    at = (*part.at, *(None,) * (len(shape) - len(part.at)))
    lengths = [n for n, i in zip(shape, at, strict=True) if i is None]
    ranges = [range(n) if i is None else (i,) for n, i in zip(shape, at, strict=True)]
    return Grid(tuple(lengths), tuple(part.store.get(place, site) for place in product(*ranges)))


def as_grid(value: Any, site: str = "") -> Grid | None:
    """Return a value as a whole array, None where it is none or its shape is unknown."""
    if isinstance(value, Grid):
        return value
    if isinstance(value, Store):
        value = Part(value)
    if isinstance(value, Part):
        return grid_of(value, site) if value.rank is not None else None
    if isinstance(value, (list, tuple)):
        rows = [as_grid(row, site) for row in value]
        if not rows:
            return Grid((length(value),), ())
        if any(row is None or row.shape != rows[0].shape for row in rows if rows[0] is not None):
            return None
        found = [row for row in rows if row is not None]
        return Grid((length(value), *found[0].shape), tuple(cell for row in found for cell in row.cells))
    if isinstance(value, Polynomial):
        return Grid((), (value,))
    return Grid((), (Polynomial.number(value),))
