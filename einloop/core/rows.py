"""Statements of loops that walk over nested lists in place of indexing arrays."""

from __future__ import annotations

from typing import ClassVar

from .buffer import Access, Scale, scaled
from .frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Make `target`, an operand's values as nested lists whose levels follow the loops.

    `at` is `0` for a stretched axis and `:` for others; `diagonals` are pairs of axes to take the diagonal of, one
    after the other (each goes to the end); `axes` is the order of the axes that are left then, None where they stand in
    it.
    """

    block: ClassVar[str] = "rows"
    target: str
    buffer: str
    at: tuple[str, ...] = ()
    diagonals: tuple[tuple[int, int], ...] = ()
    axes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """Begin an empty list."""

    block: ClassVar[str] = "new_list"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Append to a list: another list, a total, or the product of factors, computed in `wide`, where that is given.

    `more` are products that are added to it, and `scales` what stands beside the factors of each, as in `Assign`.
    """

    block: ClassVar[str] = "append"
    target: str
    factors: tuple[Access, ...]
    wide: str | None = None
    more: tuple[tuple[Access, ...], ...] = ()
    scales: tuple[Scale, ...] = ()

    @property
    def terms(self) -> tuple[tuple[tuple[Access, ...], Scale], ...]:
        """All products, each with its scale."""
        return scaled((self.factors, *self.more), self.scales)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRows:
    """Make the array `buffer` of these extents from nested lists, or add it to what is there, or write it over that."""

    block: ClassVar[str] = "from_rows"
    buffer: str
    rows: str
    extents: tuple[str, ...]
    dtype: str | None = None
    adds: bool = False
    over: bool = False
