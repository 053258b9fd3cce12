"""The tensor diagram: a node for each array, a leg for each axis; legs of one index meet.

An index that is summed over two axes is a line between them, one of the result that one axis has is a leg that ends.
Any other has a dot in which as many legs meet as it has axes, and one more that ends where the result has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, hypot, pi, sin

from ...core.drawing import Drawing, Inscription, Look, Pieces, Prose, Rectangle, Stroke
from ...core.message import Code, Join, Message, Value
from ...core.slide import (
    HEAD_HEIGHT,
    MARGIN,
    SENTENCE_PITCH,
    SENTENCE_SIZE,
    Heading,
    Slide,
    Word,
    code_lines,
    cut_lines,
    height_of_line,
    written,
)
from ...core.spec import DOTS
from ...core.text_width import code_width
from .board import DOT, Board
from .curves import Anchor, Spot, along, bow, overlap, sampled
from .equation import Equation
from .written_out import Lines

NODE_HEIGHT, NODE_SIZE, NODE_PAD = 46, 20, 26
LEG, LOOP = 78, 62
"""How long a leg is that ends, and how far a loop reaches."""
MAX_CLEAR = 4
"""How many diagrams without overlaps are drawn before the one is taken in which the fewest names cover lines."""
MAX_TRIES = 14
"""How often a diagram is drawn, larger each time, before one in which texts are near each other is taken."""
FEW_NODES, MANY_NODES = 8, 24
"""Up to how many arrays all is tried large first, and from how many on the slide is larger from the start."""
SCALES = (1.5, 1.25, 1.0, 0.85)
"""How large all that is drawn, largest first."""
DIRECTIONS = 32
"""Directions that are tried for a leg."""
BOW = 64
"""How far lines between the same two nodes are apart in their middle."""
HUB_BOW = 50
BOWS = (0, 1, -1, 2, -2, 3, -3)
"""How far the leg of a dot is bent where it would pass over something, in HUB_BOW; the first that does not is taken."""
CLEAR = 16
"""How far lines stay away from the texts and dots of others."""
LABEL_ROOM = 18
"""What the name of an index needs beside its dot."""
RINGS = ((0, 1), (40, 8), (80, 12), (130, 16), (190, 20))
"""Distances from the middle of its nodes at which a place for a dot is looked for, and how many places on each."""


def draw_network(equation: Equation, heading: Heading) -> Drawing:
    """Return the tensor diagram of one einsum."""
    arrays, formula = len(equation.factors), equation.formula()
    slide = Slide(factor=arrays / MANY_NODES) if arrays > MANY_NODES else Slide.first(formula, few=arrays <= 2)
    words = [Word(pieces=pieces) for pieces in formula]
    few, ordered = arrays <= FEW_NODES, _order(equation)
    found: list[tuple[int, int, Board, Slide]] = []
    for attempt in range(MAX_TRIES):
        _, foot = _formula(words, slide, ordered)
        scale = SCALES[min(attempt, len(SCALES) - 1)] if few else SCALES[-1]
        board = Board(
            room=(MARGIN, HEAD_HEIGHT, slide.width - MARGIN, slide.height - foot - 8), scale=scale, reach=slide.factor
        )
        Diagram(equation, board).draw()
        if board.clear():
            found.append((board.covered, len(found), board, slide))
            if not few or not board.covered or len(found) == MAX_CLEAR:
                break
        slide = slide if few and attempt < len(SCALES) - 1 else slide.larger()
    if found:
        _, _, board, slide = min(found, key=lambda one: one[:2])
    lines, foot = _formula(words, slide, ordered)
    high = sum(map(height_of_line, lines))
    return slide.drawing(
        "network",
        heading,
        equation.sentences,
        (
            *board.shapes,
            *board.tops,
            *written(lines, MARGIN, slide.height - foot),
            *_said(ordered, slide, slide.height - foot + high + SENTENCE_PITCH),
        ),
        more=ordered,
    )


def _formula(words: list[Word], slide: Slide, said: tuple[Message, ...]) -> tuple[Lines, float]:
    """Return the formula in lines, and how high the foot of a slide is with it and what is said below it."""
    lines = cut_lines(code_lines(words, slide.room), 2)
    return lines, sum(map(height_of_line, lines)) + 26 + (SENTENCE_PITCH if said else 0)


def _order(equation: Equation) -> tuple[Message, ...]:
    """Return in which order the result has its axes, which legs do not show; nothing where there are not several."""
    axes = tuple(Code(equation.index[label]) for label in equation.output)
    values: dict[str, Value] = {"result": Code(equation.array[equation.result.name]), "axes": Join(axes)}
    return (Message("draw.order", values),) if len(axes) > 1 else ()


def _said(messages: tuple[Message, ...], slide: Slide, y: float) -> list[Prose]:
    """Return sentences on a line."""
    if not messages:
        return []
    return [Prose(x=MARGIN, y=y, width=slide.room, lines=1, messages=messages, size=SENTENCE_SIZE)]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Puts an expression on a board: nodes, lines between two, dots with theirs, then legs and loops."""

    equation: Equation
    board: Board

    def draw(self) -> None:
        """Draw everything."""
        equation, board, scale = self.equation, self.board, self.board.scale
        factors = equation.products[0].factors
        ends = {index.label: self.ends(index.label) for index in equation.spec.indices}
        kept = set(equation.output)
        bonds = [x for x, nodes in ends.items() if x not in kept and len(nodes) == 2 and nodes[0] != nodes[1]]
        loops = [x for x, nodes in ends.items() if x not in kept and len(nodes) == 2 and nodes[0] == nodes[1]]
        legs = [label for label, nodes in ends.items() if label in kept and len(nodes) == 1]
        dots = [label for label in ends if label not in (*bonds, *loops, *legs)]
        pairs = [(ends[label][0], ends[label][1]) for label in bonds]
        wide = [scale * max(code_width(equation.array[one.name], NODE_SIZE) + NODE_PAD, NODE_HEIGHT) for one in factors]
        hubs = [tuple(dict.fromkeys(ends[label])) for label in dots]
        nodes = placed_nodes(wide, NODE_HEIGHT * scale, board, row=in_row(pairs, hubs))
        for node, factor in zip(nodes, factors, strict=True):
            self.node(node, factor.name)
        labels: list[Callable[[], None]] = []  # written when all lines are known
        for label, pair in zip(bonds, pairs, strict=True):
            alike = [other for other, others in zip(bonds, pairs, strict=True) if set(others) == set(pair)]
            level = len({node.y for node in nodes}) == 1
            points = self.bond(label, nodes, pair, alike.index(label), len(alike), row=level)
            labels.append(partial(self.label_on, label, points))
        for label in dots:
            dot = self.hub(label, [nodes[number] for number in ends[label]], leg=label in kept, nodes=nodes)
            if dot is not None and label not in kept:
                labels.append(partial(self.beside, label, dot))
        for label in loops:
            self.loop(label, nodes[ends[label][0]], nodes)
        for label in legs:
            self.leg(label, nodes[ends[label][0]], nodes)
        for write in labels:
            write()

    def ends(self, label: str) -> list[int]:
        """Return the nodes that an index has axes in, one as often as it has."""
        factors = self.equation.products[0].factors
        return [number for number, factor in enumerate(factors) for one in factor.labels if one == label]

    def label(self, label: str) -> Pieces:
        """Return the name of an index with its length, where that is known."""
        equation = self.equation
        extent = equation.extent[label]
        name = equation.piece(label)
        if label == DOTS or extent is None:
            return (name,)
        return (name, (f" {equation.length(label)}", None))

    def title(self, label: str) -> str | None:
        """Return the whole name of an index, where it is shortened."""
        full = self.equation.full(label)
        return None if full == self.equation.index[label] else full

    def node(self, node: Anchor, name: str) -> None:
        """Draw a node."""
        left, top, right, bottom = node.edges
        self.board.taken.append(node.edges)
        shown = self.equation.array[name]
        radius, size = node.half_height, NODE_SIZE * self.board.scale
        box = Rectangle(x=left, y=top, width=right - left, height=bottom - top, radius=radius, look=Look.NODE)
        title = None if shown == name else name
        base = node.y + 0.35 * size
        text = Inscription(x=node.x, y=base, pieces=((shown, None),), size=size, look=Look.NAME, title=title)
        self.board.tops += [box, text]

    def bond(
        self, label: str, nodes: Sequence[Anchor], pair: tuple[int, int], number: int, count: int, *, row: bool
    ) -> Sequence[Spot]:
        """Draw a line between two nodes, and return it: several of one pair are bows, and one over other nodes is."""
        one, other = (nodes[end] for end in sorted(pair))
        side = number - (count - 1) / 2
        if row and abs(pair[0] - pair[1]) > 1:
            side += 2.4 + 0.6 * abs(pair[0] - pair[1])
        points = bow(one.spot, other.spot, side * BOW * self.board.scale)
        self.board.put_line(Stroke(points=points, colour=self.equation.colour[label]))
        return points

    def label_on(self, label: str, points: Sequence[Spot]) -> None:
        """Write the name of an index on its line, where it is least in the way."""
        pieces = self.label(label)
        spots = [along(points, part / 20) for part in (10, 9, 11, 8, 12, 7, 13, 6, 14, 5, 15)]
        own = set(sampled(points))

        def cost(spot: Spot) -> float:
            box = self.board.label_box(spot, pieces)
            crossed = sum(1.0 for other in self.board.points_in(box) if other not in own)
            crossed += 8.0 * self.board.lines_over(box, points)
            return sum(40.0 for other in self.board.taken if overlap(box, other, 3)) + crossed

        best = min(spots, key=lambda spot: cost(spot) + 0.01 * spots.index(spot))
        self.board.put_label(best, pieces, self.title(label), points)

    def hub(self, label: str, ends: Sequence[Anchor], *, leg: bool, nodes: Sequence[Anchor]) -> Anchor | None:
        """Draw a dot in which all legs of an index meet, and return it. `leg`: with one that ends, for the result."""
        board, colour = self.board, self.equation.colour[label]
        if not ends:  # no array has it: a dot alone
            return None
        alone = len(ends) == 1 and not leg
        spot = (
            self.leg_end(ends[0], nodes, LEG * board.scale * board.reach, self.label(label))[0]
            if alone
            else self.hub_place(ends)
        )
        dot = board.put_dot(spot, colour)
        for number, end in enumerate(ends):
            twins = [place for place, other in enumerate(ends) if other == end]
            side = twins.index(number) - (len(twins) - 1) / 2
            bows = (side,) if side else BOWS
            ways = [bow(end.spot, dot.spot, one * HUB_BOW * board.scale) for one in bows]
            own = [end.edges, dot.edges]
            points = min(ways, key=lambda way: board.cost_of_line(sampled(way), own) + 0.1 * ways.index(way))
            board.put_line(Stroke(points=points, colour=colour))
        if leg:
            self.leg(label, dot, nodes)
        return dot

    def hub_place(self, ends: Sequence[Anchor]) -> Spot:
        """Return where a dot is least in the way: near the middle of its nodes, not on lines, and with free lines."""
        unique = list(dict.fromkeys(ends))
        middle = sum(end.x for end in unique) / len(unique), sum(end.y for end in unique) / len(unique)
        spots = [
            (middle[0] + far * cos(2 * pi * turn / count), middle[1] + far * sin(2 * pi * turn / count))
            for ring, count in (RINGS if len(unique) <= FEW_NODES else RINGS[:2])
            for far in (ring * self.board.scale,)
            for turn in range(count)
        ]

        def cost(spot: Spot) -> float:
            x, y = spot
            side = DOT + CLEAR + LABEL_ROOM * self.board.scale
            box = x - side, y - side, x + side, y + side
            own = [end.edges for end in ends]
            lines = sum(40.0 * self.board.crossed(end.spot, spot, own) for end in unique)
            return self.board.cost_of_box(box) + lines + 0.03 * hypot(x - middle[0], y - middle[1])

        return min(spots, key=cost)

    def beside(self, label: str, dot: Anchor) -> None:
        """Write the name of an index next to its dot."""
        pieces = self.label(label)
        wide = self.board.label_box((0, 0), pieces)[2]
        spots = [
            (
                dot.x + (wide + dot.half_width + far) * cos(turn * pi / 12),
                dot.y + (14 * self.board.scale + dot.half_height + far) * sin(turn * pi / 12),
            )
            for far in (1, 8, 18, 30)
            for turn in range(24)
        ]

        def cost(spot: Spot) -> float:
            box = self.board.label_box(spot, pieces)
            return self.board.cost_of_box(box) + 8.0 * self.board.lines_over(box)

        best = min(spots, key=cost)
        self.board.put_label(best, pieces, self.title(label))

    def leg_end(self, start: Anchor, nodes: Sequence[Anchor], length: float, pieces: Pieces) -> tuple[Spot, float]:
        """Return where a leg ends that is least in the way, and its direction: away from the middle, else downwards."""
        middle = sum(node.x for node in nodes) / len(nodes), sum(node.y for node in nodes) / len(nodes)
        away = start.x - middle[0], start.y - middle[1]
        flat = len({node.y for node in nodes}) == 1 or hypot(*away) < 1
        aim = (
            (0.0, -1.0 if start.y < nodes[0].y - 1 else 1.0)
            if flat
            else (away[0] / hypot(*away), away[1] / hypot(*away))
        )
        tries = []
        for turn in range(DIRECTIONS):
            angle = 2 * pi * turn / DIRECTIONS
            border = start.border(angle)
            end = border[0] + length * cos(angle), border[1] + length * sin(angle)
            line = sampled((border, end))
            wide = self.board.label_box((0, 0), pieces)[2]
            beyond = end[0] + (wide + 2) * cos(angle), end[1] + 14 * self.board.scale * sin(angle)
            off = 3.0 * (1 - (cos(angle) * aim[0] + sin(angle) * aim[1]))
            near = sum(
                3.0 * len(self.board.points_in((x - CLEAR, y - CLEAR, x + CLEAR, y + CLEAR)))
                for x, y in (line[len(line) // 2], line[-1])
            )
            cost = self.board.cost_of_box(self.board.label_box(beyond, pieces)) + self.board.cost_of_line(
                line, [start.edges]
            )
            tries.append((round(cost + near + off, 6), turn, end, angle))
        _, _, end, angle = min(tries)
        return end, angle

    def leg(self, label: str, start: Anchor, nodes: Sequence[Anchor]) -> None:
        """Draw a leg that ends, with the name of its index beyond its end."""
        pieces = self.label(label)
        end, angle = self.leg_end(
            start, nodes, LEG * self.board.scale * self.board.reach * (1.0 if start in nodes else 0.7), pieces
        )
        points = (start.spot, end)
        self.board.put_line(Stroke(points=points, colour=self.equation.colour[label]))
        wide = self.board.label_box((0, 0), pieces)[2]
        beyond = end[0] + (wide + 2) * cos(angle), end[1] + 14 * self.board.scale * sin(angle)
        self.board.put_label(beyond, pieces, self.title(label), points)

    def loop(self, label: str, node: Anchor, nodes: Sequence[Anchor]) -> None:
        """Draw a line from a node back to it, with the name of its index at the far end."""
        pieces = self.label(label)
        _, angle = self.leg_end(node, nodes, LOOP * self.board.scale, pieces)
        (x, y), far = node.border(angle), 2 * LOOP * self.board.scale
        first, last = ((x + far * cos(angle + turn), y + far * sin(angle + turn)) for turn in (-0.5, 0.5))
        points = ((x, y), first, last, (x, y))
        self.board.put_line(Stroke(points=points, colour=self.equation.colour[label]))
        self.board.put_label(along(points, 0.5), pieces, self.title(label), points)


def in_row(pairs: Iterable[tuple[int, int]], hubs: Iterable[Sequence[int]]) -> bool:
    """Return whether nodes may stand in a row: lines join neighbours, and at most one dot joins more than these."""
    wide = [hub for hub in hubs if max(hub, default=0) - min(hub, default=0) > 1]
    return all(abs(one - other) == 1 for one, other in pairs) and len(wide) <= 1


def placed_nodes(wide: Sequence[float], high: float, board: Board, *, row: bool) -> list[Anchor]:
    """Return the nodes, so wide each: in a `row` where that has room, else in an ellipse."""
    left, top, right, bottom = board.room
    x, y = (left + right) / 2, (top + bottom) / 2
    count = len(wide)
    if count <= 2 or (row and sum(wide) + 2.4 * high * (count - 1) <= right - left - 120):
        gap = min(6 * high, (right - left - 120 - sum(wide)) / max(count - 1, 1))
        at = x - (sum(wide) + gap * (count - 1)) / 2
        nodes = []
        for one in wide:
            nodes.append(Anchor(at + one / 2, y, one / 2, high / 2))
            at += one + gap
        return nodes
    across, down = (
        (right - left) / 2 - 3.4 * high * board.reach - max(wide) / 2 + high / 2,
        (bottom - top) / 2 - 1.9 * high * board.reach,
    )
    turns = [-pi / 2 - pi / count + 2 * pi * number / count for number in range(count)]
    return [
        Anchor(x + across * cos(turn), y + down * sin(turn), one / 2, high / 2)
        for one, turn in zip(wide, turns, strict=True)
    ]
