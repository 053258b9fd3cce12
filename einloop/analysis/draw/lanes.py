"""Rows of panels that lead into one: operands one below the other, each step to the right, then what they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import TypeAlias

from ...core.drawing import Ink, Look, Stroke, moved
from ...core.slide import ROW_GAP, Panel, sign_panel

Lane: TypeAlias = "tuple[Panel, ...]"
ARROW, BRACE = 24, 20
"""Size of an arrow's font, and how wide a brace is."""
BETWEEN = 16
LANES_GAP = 44
"""Between two operands that stand side by side."""


def laid_out(lanes: Sequence[Lane], rest: Lane, left: float, top: float, room: tuple[float, float]) -> list[Ink] | None:
    """Return the panels in the middle of a field, None where they have no room there.

    Operands stand at the left and what is made of them at the right; or else above it.
    """
    aligned, loose = [chained(lane) for lane in _columns(lanes)], [chained(lane) for lane in lanes]
    for whole in chain(_ways(aligned, rest), _ways(loose, rest)):
        if whole.width <= room[0] and whole.height <= room[1]:
            x, y = left + (room[0] - whole.width) / 2, top + (room[1] - whole.height) / 2
            return [moved(shape, x, y) for shape in whole.shapes]
    return None


def _columns(lanes: Sequence[Lane]) -> Iterator[Lane]:
    """Yield lanes whose panels are as wide as the widest of their column: these stand one below the other."""
    wide = [max(panel.width for panel in column if panel) for column in zip_longest(*lanes)]
    for lane in lanes:
        yield tuple(_padded(panel, width) for panel, width in zip(lane, wide, strict=False))


def _padded(panel: Panel, width: float) -> Panel:
    """Return a panel in the middle of a width."""
    shapes = tuple(moved(shape, (width - panel.width) / 2, 0) for shape in panel.shapes)
    return Panel(width=width, height=panel.height, shapes=shapes)


def _ways(rows: Sequence[Panel], rest: Lane) -> Iterator[Panel]:
    """Yield whole pictures, best first."""
    if not rest:
        yield stacked(rows)
        return
    column = stacked(rows)
    brace = _brace(column.height) if len(rows) > 1 else None
    sides = [column, *([brace] if brace else []), chained(rest)]
    yield beside(sides)
    yield beside([*sides[:-1], stacked([rest[0], *([chained(rest[1:], first=True)] if rest[1:] else [])], middle=True)])
    yield stacked([beside(rows, gap=LANES_GAP), chained(rest, first=True)], middle=True)
    yield stacked([*rows, chained(rest, first=True)])


def chained(panels: Sequence[Panel], *, first: bool = False) -> Panel:
    """Return panels in a row with arrows between them; `first`: and one before them."""
    parts = []
    for number, panel in enumerate(panels):
        parts += [sign_panel("→", ARROW)] if number or first else []
        parts.append(panel)
    return beside(parts)


def beside(panels: Sequence[Panel], gap: float = BETWEEN) -> Panel:
    """Return panels side by side as one, each in the middle of its height."""
    high = max(panel.height for panel in panels)
    shapes: list[Ink] = []
    x = 0.0
    for panel in panels:
        shapes += [moved(shape, x, (high - panel.height) / 2) for shape in panel.shapes]
        x += panel.width + gap
    return Panel(width=x - gap, height=high, shapes=tuple(shapes))


def stacked(panels: Sequence[Panel], *, middle: bool = False) -> Panel:
    """Return panels one below the other as one, at the left or in the middle."""
    wide = max(panel.width for panel in panels)
    shapes: list[Ink] = []
    y = 0.0
    for panel in panels:
        x = (wide - panel.width) / 2 if middle else 0.0
        shapes += [moved(shape, x, y) for shape in panel.shapes]
        y += panel.height + ROW_GAP
    return Panel(width=wide, height=y - ROW_GAP, shapes=tuple(shapes))


def _brace(height: float) -> Panel:
    """Return a brace of a height, whose point is at the right."""
    middle, half = height / 2, BRACE / 2
    upper = ((0.0, 0.0), (half, 0.0), (half, middle / 2), (half, middle - half))
    lower = ((0.0, height), (half, height), (half, middle + middle / 2), (half, middle + half))
    point = ((half, middle - half), (half, middle), (float(BRACE), middle))
    other = ((half, middle + half), (half, middle), (float(BRACE), middle))
    strokes = tuple(Stroke(points=points, look=Look.LINE) for points in (upper, lower, point, other))
    return Panel(width=BRACE, height=height, shapes=strokes)
