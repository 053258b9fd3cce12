"""Points, boxes and curves of a diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, sin

SAMPLES = 24
"""Points of a line at which it is asked what is near."""

Spot = tuple[float, float]
Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a leg begins at: a node or a dot, with its middle and half of its width and height."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def spot(self) -> Spot:
        """Its middle."""
        return self.x, self.y

    @property
    def edges(self) -> Edges:
        """Left, upper, right and lower edge."""
        return self.x - self.half_width, self.y - self.half_height, self.x + self.half_width, self.y + self.half_height

    def border(self, angle: float) -> Spot:
        """Return where a line in a direction leaves it."""
        dx, dy = cos(angle), sin(angle)
        far = min(
            self.half_width / abs(dx) if abs(dx) > 1e-9 else 1e9, self.half_height / abs(dy) if abs(dy) > 1e-9 else 1e9
        )
        return self.x + far * dx, self.y + far * dy


def bow(one: Spot, other: Spot, far: float) -> tuple[Spot, ...]:
    """Return a line between two spots that is bent to one side: a curve whose middle point is so far off.

    >>> bow((0, 0), (10, 0), 0), bow((0, 0), (10, 0), 4)
    (((0, 0), (10, 0)), ((0, 0), (5.0, -4.0), (10, 0)))
    """
    if not far:
        return one, other
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = hypot(dx, dy) or 1.0
    return one, ((one[0] + other[0]) / 2 + dy / length * far, (one[1] + other[1]) / 2 - dx / length * far), other


def sampled(points: Sequence[Spot]) -> list[Spot]:
    """Return some points of a line or a curve."""
    return [along(points, part / SAMPLES) for part in range(SAMPLES + 1)]


def along(points: Sequence[Spot], part: float) -> Spot:
    """Return the point of a Bézier curve at a part of its way.

    >>> along(((0, 0), (10, 0)), 0.5), along(((0, 0), (10, 10), (20, 0)), 0.5)
    ((5.0, 0.0), (10.0, 5.0))
    """
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in pairwise(points)]
    return points[0]


def crosses(one: Spot, other: Spot, box: Edges, room: float) -> bool:
    """Return whether a straight line comes nearer to a box than `room`.

    >>> crosses((0, 0), (10, 10), (4, 4, 6, 6), 0), crosses((0, 0), (10, 10), (6, 0, 9, 3), 1)
    (True, False)
    """
    first, last = 0.0, 1.0
    for start, end, low, high in ((one[0], other[0], box[0], box[2]), (one[1], other[1], box[1], box[3])):
        step = end - start
        if not step:
            if not low - room < start < high + room:
                return False
            continue
        near, far = sorted(((low - room - start) / step, (high + room - start) / step))
        first, last = max(first, near), min(last, far)
    return first < last


def overlap(one: Edges, other: Edges, room: float) -> bool:
    """Return whether two boxes are nearer to each other than `room`."""
    return (
        one[0] < other[2] + room and other[0] < one[2] + room and one[1] < other[3] + room and other[1] < one[3] + room
    )
