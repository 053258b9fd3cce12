"""An array read and written as one axis: `c.reshape(-1)`, whose elements are the array's own."""

from __future__ import annotations

from math import prod

from ..core.polynomial import Polynomial
from .values import At, Store


class Flat(Store):
    """The elements of an array of known shape, the last axis fastest."""

    def __init__(self, base: Store) -> None:
        assert base.shape is not None
        super().__init__(base.name, given=False, shape=(prod(base.shape),))
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

    def get(self, at: At, site: str = "") -> Polynomial:
        """Return an element."""
        return self.base.get(self.place(at), site)


def write(store: Store, at: At, cell: Polynomial) -> None:
    """Write an element of an array, or of the array that it is a view of."""
    if isinstance(store, Flat):
        write(store.base, store.place(at), cell)
    else:
        store.cells[at] = cell
