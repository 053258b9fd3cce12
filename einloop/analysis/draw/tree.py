"""The contraction tree: arrays on top, a row for each step with what it computes and costs, the result below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from ...core.drawing import Drawing, Ink, Inscription, Look, Pieces, Prose, Rectangle, Stroke
from ...core.message import Code, Message, Value
from ...core.path import Step
from ...core.slide import HEAD_HEIGHT, MARGIN, MAX_LARGER, NOTES_HEIGHT, Heading, Slide, clipped
from ...core.text_width import code_width
from ..explain.counts import product_of
from ..explain.shapes import extent
from .equation import DrawnArray, Equation

TREE_WIDTH = 0.36
"""How much of the slide the tree takes; the steps are described at its right."""
LEAF_HEIGHT, LEAF_SIZE = 38, 18
LEAST_PITCH, MOST_PITCH = 58, 104
"""Between two steps."""
LEAST_LEAF = 40
"""Between the middles of two arrays."""
NODE = 17
"""Radius of a step's node."""
STEP_SIZE, COST_SIZE = 18, 16
BAR_HEIGHT = 7
SUMMARY = 26
"""Kept free below the last step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeStep:
    """A step as it is drawn: its result, what it combines, as numbers of arrays and then of steps, and its cost.

    `points`: how many iterations it takes where all its extents are known.
    """

    result: DrawnArray
    taken: tuple[int, ...]
    factors: tuple[DrawnArray, ...]
    over: tuple[str, ...]
    cost: Value
    points: int | None


def draw_path(equation: Equation, heading: Heading, path: Sequence[Step]) -> Drawing:
    """Return the tree of a contraction path."""
    steps = tree_steps(equation, path)
    arrays = len(equation.factors)
    slide = Slide.first(equation.formula(), few=len(steps) == 1)
    for _ in range(MAX_LARGER):
        pitch = min((slide.height - HEAD_HEIGHT - LEAF_HEIGHT - NOTES_HEIGHT - SUMMARY) / len(steps), MOST_PITCH)
        if pitch >= LEAST_PITCH and slide.width * TREE_WIDTH / arrays >= LEAST_LEAF:
            break
        slide = slide.larger()
    summary = _summary(equation, steps)
    return slide.drawing(
        "path",
        heading,
        equation.sentences,
        shapes=(*_tree(equation, steps, slide, pitch), *slide.notes(summary)),
        more=summary,
    )


def tree_steps(equation: Equation, path: Sequence[Step]) -> tuple[TreeStep, ...]:
    """Return the steps of a path with the names of what they make: T1, T2 and so on, the result last."""
    spec, names = equation.spec, equation.names
    left = list(enumerate(equation.factors))
    found: list[TreeStep] = []
    for number, step in enumerate(path, start=1):
        taken = [left[place] for place in step.taken]
        last = number == len(path)
        result = equation.result if last else DrawnArray(name=names.local(f"T{number}"), labels=step.output)
        left = [one for place, one in enumerate(left) if place not in step.taken]
        left.append((len(equation.factors) + number - 1, result))
        extents = [extent(spec, names, label) for label in step.labels]
        numbers = [one for one in extents if isinstance(one, int)]
        found.append(
            TreeStep(
                result=result,
                taken=tuple(place for place, _ in taken),
                factors=tuple(factor for _, factor in taken),
                over=step.summed,
                cost=product_of(extents),
                points=prod(numbers) if len(numbers) == len(extents) else None,
            )
        )
    return tuple(found)


def _summary(equation: Equation, steps: Sequence[TreeStep]) -> tuple[Message, ...]:
    """Return what the path saves where all extents are known."""
    known = [step.points for step in steps if step.points is not None]
    sizes = [index.extent for index in equation.spec.indices if isinstance(index.extent, int)]
    if len(known) < len(steps) or len(sizes) < len(equation.spec.indices) or len(steps) < 2:
        return ()
    naive, along = prod(sizes), sum(known)
    values: dict[str, Value] = {"naive": naive, "along": along}
    if along >= naive:
        return (Message("steps.no_gain", values),)
    return (Message("steps.gain", values | {"ratio": naive / along if along else 1}),)


def leaf_order(steps: Sequence[TreeStep], arrays: int) -> list[int]:
    """Return the arrays in an order in which no two lines of the tree cross."""

    def leaves(node: int) -> Iterator[int]:
        if node < arrays:
            yield node
        else:
            for child in steps[node - arrays].taken:
                yield from leaves(child)

    return list(leaves(arrays + len(steps) - 1))


def _tree(equation: Equation, steps: Sequence[TreeStep], slide: Slide, pitch: float) -> Iterator[Ink]:
    """Yield the tree and what stands beside its steps."""
    arrays = len(equation.factors)
    order = leaf_order(steps, arrays)
    wide = slide.width * TREE_WIDTH
    apart = min(wide / arrays, 150.0)
    left = MARGIN + (wide - apart * arrays) / 2
    high = LEAF_HEIGHT + pitch * len(steps)
    top = HEAD_HEIGHT + max((slide.height - HEAD_HEIGHT - NOTES_HEIGHT - SUMMARY - high) / 2, 0.0)
    x = {node: left + apart * (place + 0.5) for place, node in enumerate(order)}
    y = dict.fromkeys(order, top + LEAF_HEIGHT)
    nodes: list[Ink] = []
    side = MARGIN + wide + 44
    most = max((step.points or 0 for step in steps), default=0)
    for number, step in enumerate(steps):
        node, at = arrays + number, top + LEAF_HEIGHT + pitch * (number + 1) - pitch * 0.35
        xs = [x[child] for child in step.taken]
        for child in step.taken:
            yield Stroke(points=((x[child], y[child]), (x[child], at)))
        if len(xs) > 1:
            yield Stroke(points=((min(xs), at), (max(xs), at)))
        x[node], y[node] = (min(xs) + max(xs)) / 2, at
        last = number == len(steps) - 1
        nodes += _node(str(number + 1), x[node], at, last=last)
        nodes += _beside(equation, step, (side, at), slide.width - MARGIN - side, most)
        yield Stroke(points=((x[node], at), (side - 14, at)), look=Look.LEADER)
    for place in order:
        nodes += _leaf(equation, equation.factors[place], x[place], top, apart - 8)
    yield from nodes


def _node(text: str, x: float, y: float, *, last: bool) -> list[Ink]:
    look = Look.RESULT if last else Look.NODE
    circle = Rectangle(x=x - NODE, y=y - NODE, width=2 * NODE, height=2 * NODE, radius=NODE, look=look)
    number = Inscription(x=x, y=y + 6, pieces=((text, None),), size=17, look=Look.BADGE if last else Look.NAME)
    return [circle, number]


def _leaf(equation: Equation, factor: DrawnArray, x: float, top: float, room: float) -> list[Ink]:
    """Return an array on top of the tree."""
    shown: Pieces = ((equation.array[factor.name], None),)
    pieces = clipped(shown, room - 10, LEAF_SIZE)
    wide = min(max(code_width(pieces[0][0] + ("…" if pieces != shown else ""), LEAF_SIZE) + 20, LEAF_HEIGHT), room)
    title = equation.whole(factor)
    box = Rectangle(
        x=x - wide / 2, y=top, width=wide, height=LEAF_HEIGHT, radius=LEAF_HEIGHT / 2, look=Look.NODE, title=title
    )
    return [box, Inscription(x=x, y=top + 25, pieces=pieces, size=LEAF_SIZE, look=Look.NAME, title=title)]


def _beside(equation: Equation, step: TreeStep, corner: tuple[float, float], room: float, most: int) -> Iterator[Ink]:
    """Yield what a step computes, and what it costs."""
    x, y = corner
    pieces = computed(equation, step)
    shown = clipped(pieces, room, STEP_SIZE)
    whole = None if shown == pieces else "".join(text for text, _ in pieces)
    yield Inscription(x=x, y=y - 2, pieces=shown, size=STEP_SIZE, anchor="start", title=whole)
    shape = "".join(text for text, _ in equation.shape(step.result))
    values: dict[str, Value] = {
        "points": step.cost,
        "shape": Code(shape),
        "count": 2 if step.points is None else step.points,
    }
    said = (Message("draw.step.array" if shape else "draw.step.number", values),)
    yield Prose(x=x, y=y + 21, width=room, lines=1, messages=said, size=COST_SIZE, look=Look.FAINT)
    if most and step.points is not None:
        wide = max(room * step.points / most, 2.0)
        yield Rectangle(x=x, y=y + 28, width=wide, height=BAR_HEIGHT, look=Look.BADGE)


def computed(equation: Equation, step: TreeStep) -> Pieces:
    """Return what a step computes, as a formula."""
    pieces: list[tuple[str, int | None]] = [*equation.element(step.result), (" = ", None)]
    if step.over:
        pieces += [*equation.sum_sign(step.over), (" ", None)]
    for number, factor in enumerate(step.factors):
        pieces += [(" · ", None)] if number else []
        pieces += equation.element(factor)
    return tuple(pieces)
