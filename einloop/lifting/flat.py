"""An array read and written as one axis: `c.reshape(-1)`, whose elements are the array's own."""

from __future__ import annotations

from ..core.polynomial import Polynomial
from .extents import Merged
from .grids import Grid
from .shapes import reshaped
from .values import At, Part, Store, grid_of


class Flat(Store):
    """The elements of an array of known shape, the last axis fastest."""

    def __init__(self, base: Store) -> None:
        assert base.shape is not None
        super().__init__(base.name, given=False, shape=(Merged.of(base.shape),))
        self.base = base

    def place(self, at: At) -> At:
        """Return where an element stands in the array.

        >>> Flat(Store("A", given=True, shape=(2, 3))).place((4,))
        (1, 1)
        """
        (offset,), found = at, []
        for length in reversed(self.base.shape or ()):
            offset, place = divmod(offset, length)
            found.append(place)
        return tuple(reversed(found))

    def array(self, site: str = "") -> Grid | None:
        """Return the array as one axis."""
        return reshaped(grid_of(Part(self.base), site), [-1])

    def get(self, at: At, site: str = "") -> Polynomial:
        """Return an element."""
        return self.base.get(self.place(at), site)


def write(store: Store, at: At, cell: Polynomial) -> None:
    """Write an element of an array, or of the array that it is a view of."""
    if isinstance(store, Flat):
        write(store.base, store.place(at), cell)
    else:
        for factors, weight in cell.terms().items() if store.kind is not None else ():
            store.hold(weight, factors)
        store.spread()
        store.cells[at] = cell
        if store.log is not None:
            store.log.append(at)
