"""Which axis of which array goes where: its axes at the left, at the right those of the result and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.drawing import TEXT_SIZE, Drawing, Ink, Inscription, Look, Pieces, Rectangle, Stroke
from ...core.slide import (
    HEAD_HEIGHT,
    MARGIN,
    MAX_LARGER,
    Heading,
    Slide,
    Word,
    clipped,
    code_lines,
    cut_lines,
    height_of_line,
)
from ...core.slide import written as code_written
from ...core.text_width import code_width
from .equation import DrawnArray, Equation

ROWS = (38, 32, 28, 25, 22, 20, 19, 18)
"""Heights of a row that are tried, best first."""
HELD = 1.3
"""How high an axis is that holds its letter and the line below it, in heights of its text."""
BETWEEN = 0.35
"""Between two arrays, in rows."""
NAME_ROOM = 190
"""How wide the names of arrays are at the most."""
CHIP_WIDTH = 170
NUMBER_ROOM = 84
LENGTH_ROOM = 96
LINES_WIDTH = 330
"""Of the lines between the columns."""
BEND = 0.5
"""How soon a line bends, as a part of its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRow:
    """One axis: its number, its label, its length, and the middle of its row."""

    number: int | None
    label: str
    length: str
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisGroup:
    """The axes of one array, or the indices that one product sums over."""

    name: Pieces
    title: str | None
    rows: tuple[AxisRow, ...]
    top: float
    bottom: float


def draw_axes(equation: Equation, heading: Heading) -> Drawing:
    """Return where the axes of all arrays go."""
    slide = Slide()
    words = [Word(pieces=pieces) for pieces in equation.formula()]
    for _ in range(MAX_LARGER):
        lines = cut_lines(code_lines(words, slide.room), 2)
        foot = sum(map(height_of_line, lines)) + 26
        rows = max(map(_rows_of, _sides(equation)))
        height = slide.height - HEAD_HEIGHT - foot - 10
        row = next((row for row in ROWS if row * rows <= height), None)
        if row is None:  # the formula gives way
            lines, foot, height = [], 0.0, slide.height - HEAD_HEIGHT - 12
            row = next((row for row in ROWS if row * rows <= height), None)
        if row is not None:
            break
        slide = slide.larger()
    else:
        row = ROWS[-1]
    return slide.drawing(
        "axes",
        heading,
        equation.sentences,
        (
            *_columns(equation, slide, row, height),
            *code_written(lines, MARGIN, slide.height - foot),
        ),
    )


def _sides(equation: Equation) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Return the labels of each array, and those of the result and of each sum."""
    sums = [one.over for one in equation.products if one.over]
    return [factor.labels for factor in equation.factors], [equation.output, *sums]


def _rows_of(groups: Sequence[Sequence[str]]) -> float:
    """Return how many rows groups take: an array without axes takes one too."""
    return sum(max(len(group), 1) for group in groups) + BETWEEN * (len(groups) - 1)


def _columns(equation: Equation, slide: Slide, row: float, height: float) -> Iterator[Ink]:
    """Yield both columns, and the lines between them."""
    arrays, targets = _sides(equation)
    left = list(
        _groups(
            equation, arrays, [_name(equation, one) for one in equation.factors], row, height, axes=equation.factors
        )
    )
    names = [_name(equation, equation.result), *([((("Σ", None),), None)] * (len(targets) - 1))]
    right = list(_groups(equation, targets, names, row, height, axes=(equation.result,)))
    size = min(20.0, max(row * 0.62, TEXT_SIZE))
    x1, x2 = (slide.width - LINES_WIDTH) / 2, (slide.width + LINES_WIDTH) / 2
    yield from _lines(equation, left, right, x1, x2)
    for group in left:
        yield from _group(equation, group, x1, row, size, leftwards=True)
    for group in right:
        yield from _group(equation, group, x2, row, size, leftwards=False)


def _name(equation: Equation, factor: DrawnArray) -> tuple[Pieces, str | None]:
    shown = equation.array[factor.name]
    return ((shown, None),), None if shown == factor.name else factor.name


def _groups(
    equation: Equation,
    groups: Sequence[Sequence[str]],
    names: Sequence[tuple[Pieces, str | None]],
    row: float,
    height: float,
    *,
    axes: Sequence[DrawnArray],
) -> Iterator[AxisGroup]:
    """Yield groups from the top of a column that is as high as its rows. `axes`: the first groups are these arrays."""
    y = HEAD_HEIGHT + (height - row * _rows_of(groups)) / 2
    for number, (labels, (name, title)) in enumerate(zip(groups, names, strict=True)):
        rows = []
        for axis, label in enumerate(labels):
            factor = axes[number] if number < len(axes) else None
            length = "" if equation.extent[label] is None else equation.length(label)
            if factor is not None and factor.one(axis):
                length = f"1→{length}"
            rows.append(
                AxisRow(number=None if factor is None else axis, label=label, length=length, y=y + row * (axis + 0.5))
            )
        bottom = y + row * max(len(labels), 1)
        yield AxisGroup(name=name, title=title, rows=tuple(rows), top=y, bottom=bottom)
        y = bottom + row * BETWEEN


def _lines(
    equation: Equation, left: Sequence[AxisGroup], right: Sequence[AxisGroup], x1: float, x2: float
) -> Iterator[Stroke]:
    """Yield a line from every axis to where its index is in the result, or to the sum over it."""
    owners = [number for number, one in enumerate(equation.products) for _ in one.factors]
    sums = [number for number, one in enumerate(equation.products) if one.over]
    for group, owner in zip(left, owners, strict=True):
        for row in group.rows:
            goal = next((one for one in right[0].rows if one.label == row.label), None)
            if goal is None and owner in sums:
                ends = right[1 + sums.index(owner)].rows
                goal = next((one for one in ends if one.label == row.label), None)
            if goal is None:
                continue
            bend = (x2 - x1) * BEND
            points = ((x1, row.y), (x1 + bend, row.y), (x2 - bend, goal.y), (x2, goal.y))
            yield Stroke(points=points, colour=equation.colour[row.label])


def _group(
    equation: Equation, group: AxisGroup, x: float, row: float, size: float, *, leftwards: bool
) -> Iterator[Ink]:
    """Yield the name of a group and its axes. `leftwards`: they stand to the left of `x`, where lines begin."""
    side = -1 if leftwards else 1
    outer = x + side * (CHIP_WIDTH + NUMBER_ROOM + 14)
    anchor = "end" if leftwards else "start"
    middle = (group.top + group.bottom) / 2
    pieces = clipped(group.name, NAME_ROOM, size + 2)
    title = group.title if pieces == group.name else "".join(text for text, _ in group.name)
    yield Inscription(
        x=outer + side * 12,
        y=middle + size * 0.36,
        pieces=pieces,
        size=size + 2,
        anchor=anchor,
        look=Look.NAME,
        title=title,
    )
    if group.rows:
        yield Stroke(points=((outer, group.top + 3), (outer, group.bottom - 3)), look=Look.GUIDE)
    for one in group.rows:
        label, number = equation.colour[one.label], one.number
        chip = x - CHIP_WIDTH if leftwards else x
        high = max(row - 4, min(row - 1.5, HELD * size))
        yield Rectangle(
            x=chip, y=one.y - high / 2, width=CHIP_WIDTH, height=high, radius=4, look=Look.CHIP, colour=label
        )
        base = one.y + size * 0.36
        length = clipped(((one.length, None),), LENGTH_ROOM, size)
        name = clipped(
            (equation.piece(one.label),),
            CHIP_WIDTH - 24 - code_width(length[0][0], size) - (size if len(length) > 1 else 0),
            size,
        )
        full = equation.full(one.label)
        short = full != "".join(text for text, _ in name)
        yield Inscription(x=chip + 8, y=base, pieces=name, size=size, anchor="start", title=full if short else None)
        if one.length:
            whole = None if length == ((one.length, None),) else one.length
            end = chip + CHIP_WIDTH - 8
            yield Inscription(x=end, y=base, pieces=length, size=size, anchor="end", title=whole)
        if number is not None:
            yield Inscription(
                x=x + side * (CHIP_WIDTH + 14),
                y=base,
                pieces=((f"axis={number}", None),),
                size=max(size - 3, TEXT_SIZE),
                anchor=anchor,
                look=Look.FAINT,
            )
