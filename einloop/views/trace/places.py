"""Which places of an axis are shown where not all have room: those near the current ones, with gaps counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceGap:
    """So many places are left out."""

    count: int


def near_places(extent: int, most: int, needed: Collection[int]) -> tuple[int | PlaceGap, ...]:
    """Return the places of an axis that are shown, ascending, with gaps: all of up to `most`, else as many.

    The needed ones come first, then those of the page on which the first of them stands, then the ends of the axis. So
    what is shown stays while the needed place moves within its page.

    >>> near_places(3, 4, ()), near_places(1000, 5, {500})
    ((0, 1, 2), (0, PlaceGap(count=497), 498, 499, 500, PlaceGap(count=498), 999))
    >>> near_places(1000, 5, {501}), near_places(6, 5, {0}), near_places(9, 1, {4})
    ((0, PlaceGap(count=500), 501, 502, 503, PlaceGap(count=495), 999), (0, 1, 2, PlaceGap(count=2), 5), \
(PlaceGap(count=4), 4, PlaceGap(count=4)))
    """
    if extent <= most:
        return tuple(range(extent))
    size = max(most - 2, 1)
    wanted = sorted(place for place in needed if 0 <= place < extent)
    page = (wanted[0] if wanted else 0) // size * size
    ends = (extent - 1, 0) if most > 1 else ()
    order = dict.fromkeys((*wanted[: max(most, 1)], *_until(range(page, min(page + size, extent)), wanted), *ends))
    return with_gaps(sorted(list(order)[: max(most, 1)]), extent)


def _until(page: range, wanted: list[int]) -> list[int]:
    """Return the places of a page, those next to the first needed one first."""
    middle = wanted[0] if wanted else page.start
    return sorted(page, key=lambda place: abs(place - middle))


def with_gaps(shown: list[int], extent: int) -> tuple[int | PlaceGap, ...]:
    """Return places of an axis with a gap wherever some are left out; of one alone no gap is made.

    >>> with_gaps([0, 1, 4], 6), with_gaps([], 2)
    ((0, 1, PlaceGap(count=2), 4, 5), (PlaceGap(count=2),))
    """
    found: list[int | PlaceGap] = []
    before = -1
    for place in (*shown, extent):
        if place - before > 1:
            found.append(PlaceGap(place - before - 1) if place - before > 2 else place - 1)
        if place < extent:
            found.append(place)
        before = place
    return tuple(found)
