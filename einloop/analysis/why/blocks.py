"""A grid of points in pieces that fit the cache, in C order; the first element of a view that is nan or inf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any

from ...core.plain_array import strides_of

BLOCK_POINTS = 1 << 16
"""Points of one piece: half a megabyte of float64, which stays in a processor's cache."""

Piece = tuple[slice, ...]


def blocks(shape: tuple[int, ...], most: int = BLOCK_POINTS) -> Iterator[Piece]:
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


def shape_of(piece: Piece) -> tuple[int, ...]:
    """Return how many points a piece has along each axis."""
    return tuple(part.stop - part.start for part in piece)


def points_of(piece: Piece) -> int:
    """Return how many points a piece has."""
    return prod(shape_of(piece))


def place_of(point: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the coordinates of the point that has this number in C order.

    >>> place_of(5, (2, 3))
    (1, 2)
    """
    return tuple(point // step % size for step, size in zip(strides_of(shape), shape, strict=True))


def first_where(test: Callable[[Any], Any], view: Any) -> tuple[int, ...] | None:
    """Return where the first element in C order is that passes a test.

    >>> import numpy as np
    >>> first_where(np.isnan, np.array([[1, 2], [np.inf, np.nan]]))
    (1, 1)
    """
    done = 0
    for piece in blocks(view.shape, 1 << 20):
        found = test(view[piece])
        if found.any():
            return place_of(done + int(found.reshape(-1).argmax()), view.shape)
        done += points_of(piece)
    return None


def is_odd(values: Any) -> Any:
    """Return where values are nan or inf."""
    import numpy as np  # where there are arrays of it

    return ~np.isfinite(values)
