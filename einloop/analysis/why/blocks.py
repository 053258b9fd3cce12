"""A grid of points in pieces that fit the cache, in C order. Computes nothing on arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

BLOCK = 1 << 16
"""Points of one piece: half a megabyte of float64, which stays in a processor's cache."""


def blocks(shape: tuple[int, ...], most: int = BLOCK) -> Iterator[tuple[slice, ...]]:
    """Yield slices that cut a grid into pieces of at most `most` points, which follow one another in C order.

    Every piece holds a contiguous run of the grid's points, so the number of its first one is the sum of those before.

    >>> [tuple((s.start, s.stop) for s in piece) for piece in blocks((2, 3), 2)]
    [((0, 1), (0, 2)), ((0, 1), (2, 3)), ((1, 2), (0, 2)), ((1, 2), (2, 3))]
    """
    if 0 in shape:
        return
    axis, inner = len(shape), 1
    while axis and inner * shape[axis - 1] <= most:
        axis -= 1
        inner *= shape[axis]
    whole = tuple(slice(0, size) for size in shape[axis:])
    if not axis:
        yield whole
        return
    step = max(most // inner, 1)
    for before in product(*(range(size) for size in shape[: axis - 1])):
        outer = tuple(slice(place, place + 1) for place in before)
        for start in range(0, shape[axis - 1], step):
            yield (*outer, slice(start, min(start + step, shape[axis - 1])), *whole)


def points_of(piece: tuple[slice, ...]) -> int:
    """Return how many points a piece has."""
    return prod(part.stop - part.start for part in piece)


def place_of(point: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the coordinates of the point that has this number in C order.

    >>> place_of(5, (2, 3))
    (1, 2)
    """
    places = []
    for size in reversed(shape):
        point, place = divmod(point, size)
        places.append(place)
    return tuple(reversed(places))
