"""Points with whole coordinates in, the boxes that they fill out: an origin, a step and a length for each direction.

The elements that a text multiplies, written as points (position in the result, then the position of every factor), fill
a box exactly if the text computes an einsum: each direction of the box is one index. Nothing is guessed: boxes are
returned only where together they hold the very points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import add, sub

from ..core.effort import spend

Point = tuple[int, ...]
MAX_BOXES = 12
"""Boxes that one product of arrays is taken apart into."""
MAX_POINTS = 150
"""Points that are taken apart where they are no box: the time is their square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One index: how far a step along it moves in every coordinate, and how many points lie along it."""

    step: Point
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """All points `origin + sum of n_d * step_d` with n_d below the length of direction d."""

    origin: Point
    directions: tuple[Direction, ...]


def box_of(points: Collection[Point]) -> Box | None:
    """Return the box that these points fill, each once; None where they fill none.

    >>> box_of([(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)])
    Box(origin=(0, 0), directions=(Direction(step=(0, 1), length=2), Direction(step=(1, 0), length=3)))
    >>> box_of([(0, 0), (1, 0), (1, 1)]) is None
    True
    """
    left = set(points)
    origin = min(left)
    directions = []
    while len(left) > 1:
        spend(2 * len(left))
        step = tuple(b - a for a, b in zip(origin, min(left - {origin}), strict=True))
        length = _along(left, origin, step, len(left))
        base = {point for point in left if tuple(map(sub, point, step)) not in left}
        last = tuple([(length - 1) * n for n in step])
        if len(base) * length != len(left) or any(tuple(map(add, point, last)) not in left for point in base):
            return None
        directions.append(Direction(step=step, length=length))
        left = base
    return Box(origin=origin, directions=tuple(directions))


def boxes_of(points: Collection[Point]) -> tuple[Box, ...] | None:
    """Return boxes that fill these points without overlapping, None where that takes too many.

    >>> [box.origin for box in boxes_of([(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)])]
    [(0, 0), (2, 2)]
    """
    found: list[Box] = []
    left = set(points)
    while left:
        box = box_of(left)
        if box is None and len(left) <= MAX_POINTS:
            box = _largest(left)
        if box is None or len(found) == MAX_BOXES:
            return None
        found.append(box)
        left -= set(points_of(box))
    return tuple(found)


def _largest(points: set[Point]) -> Box:
    """Return the largest box that begins at the first point: grown in every direction that keeps it inside."""
    origin = min(points)
    best = 1, Box(origin=origin, directions=())
    steps = sorted(
        {tuple(b - a for a, b in zip(origin, point, strict=True)) for point in points} - {(0,) * len(origin)}
    )
    for first in steps[:MAX_BOXES]:
        filled, directions = {origin}, []
        for step in (first, *steps):
            length = 1 if moved(origin, step, 1) in filled else _shortest(points, filled, step)
            spend(2 + len(filled))
            if length > 1:
                filled = {moved(point, step, n) for point in filled for n in range(length)}
                directions.append(Direction(step=step, length=length))
        if len(filled) > best[0]:
            best = len(filled), Box(origin=origin, directions=tuple(directions))
    return best[1]


def _shortest(points: Collection[Point], starts: Collection[Point], step: Point) -> int:
    """Return how many steps stay inside from every one of these starts."""
    shortest = len(points)
    for start in starts:
        shortest = _along(points, start, step, shortest)
        if shortest == 1:
            break
    return shortest


def points_of(box: Box) -> list[Point]:
    """Return the points of a box."""
    return spanned(box.origin, [(direction.step, direction.length) for direction in box.directions])


def spanned(origin: Point, directions: Iterable[tuple[Point, int]]) -> list[Point]:
    """Return the points that lie in steps and so many of them along each direction, the last direction fastest."""
    found = [origin]
    for step, length in directions:
        moves = [tuple(n * one for one in step) for n in range(length)]
        found = [tuple(map(add, point, move)) for point in found for move in moves]
    return found


def moved(point: Point, step: Point, times: int) -> Point:
    """Return a point so many steps further."""
    return tuple([a + times * b for a, b in zip(point, step, strict=True)])


def _along(points: Collection[Point], origin: Point, step: Point, most: int) -> int:
    """Return how many points, at most so many, lie along a direction."""
    length, point = 1, tuple(map(add, origin, step))
    while length < most and point in points:
        length, point = length + 1, tuple(map(add, point, step))
    return length
