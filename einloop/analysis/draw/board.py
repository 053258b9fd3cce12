"""What a diagram consists of so far, and how much something new would be in its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ...core.drawing import Ink, Inscription, Look, Pieces, Rectangle, Stroke
from ...core.text_width import code_width
from .curves import Anchor, Edges, Spot, crosses, overlap, sampled

DOT = 7
"""Radius of a dot."""
LABEL_SIZE, LABEL_PAD = 17, 5
LINE_CLEAR = 1
"""How far a label stays away from lines."""
BUCKET = 80
"""Points of lines are kept by squares of this size."""


@dataclass(slots=True, kw_only=True)
class Board:
    """What has been put on a picture so far, and how much something new would be in its way."""

    room: Edges
    scale: float = 1.0
    reach: float = 1.0
    taken: list[Edges] = field(default_factory=list)
    lines: dict[tuple[int, int], list[Spot]] = field(default_factory=dict)
    ways: list[tuple[tuple[Spot, ...], Edges, list[Spot]]] = field(default_factory=list)
    named: list[tuple[Edges, Sequence[Spot]]] = field(default_factory=list)
    shapes: list[Ink] = field(default_factory=list)
    tops: list[Ink] = field(default_factory=list)

    def cost_of_box(self, box: Edges) -> float:
        """Return how much a box overlaps with others and with lines, and how far it is outside."""
        cost = sum(40.0 for other in self.taken if overlap(box, other, 3))
        cost += 2.0 * len(self.points_in((box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)))
        left, top, right, bottom = self.room
        outside = max(left - box[0], 0) + max(top - box[1], 0) + max(box[2] - right, 0) + max(box[3] - bottom, 0)
        return cost + (100 + outside if outside else 0)

    def cost_of_line(self, points: Sequence[Spot], ends: Iterable[Edges]) -> float:
        """Return how often a line passes over boxes other than those it ends at."""
        own = set(ends)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        whole = min(xs), min(ys), max(xs), max(ys)
        return sum(
            6.0
            for box in self.taken
            if overlap(box, whole, 4) and box not in own
            for x, y in points
            if box[0] - 4 < x < box[2] + 4 and box[1] - 4 < y < box[3] + 4
        )

    def clear(self) -> bool:
        """Return whether nothing overlaps, and nothing is outside."""
        left, top, right, bottom = self.room
        inside = all(box[0] >= left and box[1] >= top and box[2] <= right and box[3] <= bottom for box in self.taken)
        pairs = ((one, other) for number, one in enumerate(self.taken) for other in self.taken[:number])
        return inside and not any(overlap(one, other, 0) for one, other in pairs)

    def crossed(self, one: Spot, other: Spot, ends: Iterable[Edges]) -> int:
        """Return how many boxes a straight line passes over, other than those it ends at."""
        own = set(ends)
        return sum(crosses(one, other, box, 4) for box in self.taken if box not in own)

    @property
    def covered(self) -> int:
        """How many lines pass below names other than their own."""
        return sum(self.lines_over(box, own) for box, own in self.named)

    def lines_over(self, box: Edges, own: Sequence[Spot] = ()) -> int:
        """Return how many lines pass over a box, or nearly; not a line of the points `own`."""
        found = 0
        for points, whole, line in self.ways:
            if overlap(whole, box, LINE_CLEAR) and points != tuple(own):
                pairs = pairwise(line)
                found += any(crosses(one, other, box, LINE_CLEAR) for one, other in pairs)
        return found

    def put_line(self, stroke: Stroke) -> None:
        """Draw a line."""
        self.shapes.append(stroke)
        line = sampled(stroke.points)
        xs, ys = [x for x, _ in line], [y for _, y in line]
        self.ways.append((tuple(stroke.points), (min(xs), min(ys), max(xs), max(ys)), line))
        for x, y in sampled(stroke.points):
            self.lines.setdefault((int(x // BUCKET), int(y // BUCKET)), []).append((x, y))

    def points_in(self, box: Edges) -> list[Spot]:
        """Return the points of lines inside a box."""
        left, top, right, bottom = box
        return [
            (x, y)
            for column in range(int(left // BUCKET), int(right // BUCKET) + 1)
            for row in range(int(top // BUCKET), int(bottom // BUCKET) + 1)
            for x, y in self.lines.get((column, row), ())
            if left < x < right and top < y < bottom
        ]

    def put_label(self, middle: Spot, pieces: Pieces, title: str | None, own: Sequence[Spot] = ()) -> None:
        """Write a label on a ground that hides lines, such as its `own`."""
        box, size = self.label_box(middle, pieces), LABEL_SIZE * self.scale
        self.taken.append(box)
        self.named.append((box, own))
        self.tops += [
            Rectangle(x=box[0], y=box[1], width=box[2] - box[0], height=box[3] - box[1], radius=4, look=Look.BACK),
            Inscription(x=middle[0], y=middle[1] + 0.35 * size, pieces=pieces, size=size, title=title),
        ]

    def label_box(self, middle: Spot, pieces: Pieces) -> Edges:
        """Return the edges of a label with its ground."""
        size = LABEL_SIZE * self.scale
        across, down = code_width("".join(text for text, _ in pieces), size) / 2 + LABEL_PAD, 0.7 * size
        return middle[0] - across, middle[1] - down, middle[0] + across, middle[1] + down

    def put_dot(self, middle: Spot, colour: int | None) -> Anchor:
        """Draw a dot."""
        radius = DOT * self.scale
        dot = Anchor(*middle, radius, radius)
        self.taken.append(dot.edges)
        left, top, _, _ = dot.edges
        look = Look.DOT
        self.tops.append(
            Rectangle(x=left, y=top, width=2 * radius, height=2 * radius, radius=radius, look=look, colour=colour)
        )
        return dot
