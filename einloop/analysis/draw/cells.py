"""Arrays as grids of cells: one element of the result, the elements that it needs, and the sum written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

from ...core.drawing import TEXT_SIZE, Drawing, Ink, Inscription, Look
from ...core.grid import shown_places
from ...core.message import Message
from ...core.slide import (
    HEAD_HEIGHT,
    MARGIN,
    MAX_LARGER,
    NOTES_HEIGHT,
    Heading,
    Panel,
    Slide,
    height_of_line,
    placed,
    rows_of_panels,
    size_of_rows,
    written,
)
from ...core.text_width import code_width
from .element_case import ElementCase
from .equation import Equation
from .panels import CellStyle, equation_panels
from .written_out import Lines, sum_lines

Tries: TypeAlias = "tuple[tuple[int, int, tuple[int, ...]], ...]"
TRIES: Tries = (
    (12, 10, (72, 64, 56, 50, 44, 36, 30, 26, 22, 18)),
    (8, 6, (26, 22, 18, 16)),
    (6, 4, (22, 18, 16, 14)),
    (4, 3, (18, 16, 14, 12)),
    (3, 2, (16, 14, 12)),
    (2, 2, (14, 12, 10)),
    (2, 1, (14, 12, 10)),
)
"""Axes of up to how many places are shown whole, how many places of longer ones, and the sizes of cells that are tried
then; best first."""
USUAL = TRIES[:5]
"""What is tried before the sum is written in fewer lines."""
MAX_CELLS = 500
"""Cells of one array."""
FEW_CELLS = 4
"""Cells of each array on the smallest slide."""
MAX_LINES = 3
"""Of the sum written out."""
ROOM = 14
"""Between the arrays and the sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsLayout:
    """A slide on which everything has room: the arrays, the lines of the sum with their height, and how many of its
    products they leave out."""

    slide: Slide
    shapes: tuple[Ink, ...]
    lines: Lines
    foot: float
    left: int


def draw_cells(
    equation: Equation,
    heading: Heading,
    at: Mapping[str, int] | None,
    notes: tuple[Message, ...] = (),
    *,
    given: bool = False,
) -> Drawing:
    """Return the picture of the arrays of an expression whose extents are all known.

    `at`: the place of an element of the result, by label; None where the result has none. `given`: there are values,
    which the numbers of terms could be taken for.
    """
    size = {label: extent for label, extent in equation.extent.items() if isinstance(extent, int)}
    case = ElementCase(equation=equation, at=at, size=size)
    layout = _layout(case)
    slide = layout.slide
    numbered = given and any(isinstance(shape, Inscription) and shape.look is Look.BADGE for shape in layout.shapes)
    more = (
        *([Message("draw.numbers")] if numbered else []),
        *([Message("why.left.unknown", {"count": layout.left})] if layout.left else []),
    )
    return slide.drawing(
        "cells",
        heading,
        equation.sentences,
        shapes=(
            *layout.shapes,
            *written(layout.lines, MARGIN, slide.height - layout.foot),
            *slide.notes((*more, *notes)),
        ),
        more=(case.sentence(), *more, *notes),
    )


def _layout(case: ElementCase) -> CellsLayout:
    """Return the first slide on which everything has room: fewer lines are tried before a larger slide."""
    arrays = (case.equation.result, *case.equation.factors)
    extents = [[case.size[label] for label in factor.labels] for factor in arrays]
    slide = Slide.first(case.equation.formula(), few=max(map(prod, extents)) <= FEW_CELLS)
    for _ in range(MAX_LARGER):
        if _fitting(case, TRIES[-1:], (slide.room, slide.height - HEAD_HEIGHT), numbered=False) is None:
            slide = slide.larger()  # nothing that takes more room needs to be tried
            continue
        for most, numbered, tries in ((MAX_LINES, True, USUAL), (MAX_LINES, False, USUAL), (1, False, TRIES)):
            lines, left = sum_lines(case, slide.room, int(most * slide.factor), numbered=numbered)
            foot = sum(map(height_of_line, lines)) + NOTES_HEIGHT
            height = slide.height - HEAD_HEIGHT - foot - ROOM
            shapes = _fitting(case, tries, (slide.room, height), numbered=numbered)
            if shapes is not None:
                return CellsLayout(slide=slide, shapes=tuple(shapes), lines=lines, foot=foot, left=left)
        slide = slide.larger()
    return CellsLayout(slide=slide, shapes=(), lines=[], foot=0.0, left=0)


def _fitting(case: ElementCase, tries: Tries, room: tuple[float, float], *, numbered: bool) -> list[Ink] | None:
    """Return the arrays as large as they have room, None where they have none.

    Where terms are numbered, cells have to be large enough for the numbers.
    """
    numbered = numbered and case.countable
    least = max(code_width(str(case.most_terms), TEXT_SIZE), TEXT_SIZE + 1) + 2 if numbered else 0.0
    for whole, some, cells in tries:
        shown = {
            label: shown_places(extent, whole, some, {case.at[label]} if case.at and label in case.at else ())
            for label, extent in case.size.items()
        }
        arrays = (case.equation.result, *case.equation.factors)
        if any(prod(len(shown[label]) for label in factor.labels) > MAX_CELLS for factor in arrays):
            continue
        sizes = [cell for cell in cells if cell >= least]
        if sizes and _rows(case, shown, sizes[-1], room, numbered=numbered) is not None:
            found = (_rows(case, shown, cell, room, numbered=numbered) for cell in sizes)
            return placed(next(rows for rows in found if rows is not None), MARGIN, HEAD_HEIGHT, *room)
    return None


def _rows(
    case: ElementCase,
    shown: Mapping[str, tuple[int, ...]],
    cell: float,
    room: tuple[float, float],
    *,
    numbered: bool,
) -> list[list[Panel]] | None:
    """Return the arrays with cells of a size in rows, None where these have no room."""
    panels = list(equation_panels(case, CellStyle(shown=shown, cell=cell, numbered=numbered)))
    rows = rows_of_panels(panels, room[0])
    wide, high = size_of_rows(rows)
    return rows if wide <= room[0] and high <= room[1] else None
