"""Steps of a trace as slides: everything has room on each, and several stand one under another in one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ....core.drawing import Drawing, Ink, Inscription, Look, Prose, Rectangle, Stroke, moved
from ....core.message import Code, Join, Message
from ....core.slide import (
    HEAD_HEIGHT,
    MARGIN,
    MAX_LARGER,
    NOTE_SIZE,
    NOTES_HEIGHT,
    SENTENCE_PITCH,
    SENTENCE_SIZE,
    Heading,
    Panel,
    Slide,
    height_of_line,
    placed,
    rows_of_panels,
    size_of_rows,
    written,
)
from ....core.text_width import code_width
from ....core.trace import TracedCell, TracedLoops, TraceStep
from ...page import flat
from ..code import statement_lines
from ..grid import shown_arrays
from ..values import dtypes_of, equation, short_text
from .grids import traced_panel
from .moment import PictureSize, TracedMoment, bounded
from .program import code_panel
from .written_sum import SIZE, Lines, WrittenSum, written_sum

SIZES = tuple(
    PictureSize(places=places, slices=slices, characters=most, font=font, high=high, lines=lines, code_font=code_font)
    for places, slices, most, font, high, lines, code_font in (
        (8, 4, 14, 26, 72, 16, 22),
        (8, 4, 14, 24, 64, 16, 20),
        (8, 4, 14, 20, 52, 16, 20),
        (8, 4, 14, 20, 46, 16, 18),
        (8, 4, 12, 18, 36, 16, 18),
        (8, 4, 10, 17, 30, 14, 17),
        (7, 3, 10, 16, 26, 14, 16),
        (6, 3, 9, 15, 24, 12, 16),
        (5, 2, 8, 15, 24, 12, 15),
        (4, 2, 8, 14, 22, 10, 15),
        (3, 2, 7, 14, 22, 8, 14),
        (3, 1, 6, 14, 20, 7, 14),
        (2, 1, 6, 14, 20, 7, 14),
        (2, 1, 6, 14, 20, 5, 14),
        (1, 1, 6, 14, 20, 4, 14),
    )
)
"""What is tried, best first."""
MAX_ARRAYS = 6
"""Arrays that are shown though the step does not touch them."""
PLACES_LINE = 110
"""Where the places of the loops stand."""
SIDE_GAP, ROOM = 36, 14
"""Between the code and the arrays, and between these and the sum."""
MAX_REASONS = 3
"""Lines."""
MAX_CELLS = 8
"""Cells that a description lists."""
LEGEND_WIDTH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLayout:
    """Everything of a step with its place on a slide."""

    slide: Slide
    shapes: tuple[Ink, ...]


def draw_steps(trace: TracedLoops, steps: Sequence[TraceStep], note: Message | None = None) -> Drawing:
    """Return steps as slides, one under another; without any what there is before the first one, with a note."""
    moments = [TracedMoment(trace=trace, step=step) for step in steps] or [TracedMoment(trace=trace, step=None)]
    layouts: list[StepLayout] = []
    slide = Slide()
    for moment in moments:
        layouts.append(_layout(moment, slide))
        slide = layouts[-1].slide
    drawings = [
        _drawing(moment, layout if layout.slide == slide else _layout(moment, slide), note)
        for moment, layout in zip(moments, layouts, strict=True)
    ]
    return _under_one_another(drawings)


def _drawing(moment: TracedMoment, layout: StepLayout, note: Message | None) -> Drawing:
    """Return a slide with everything on it."""
    trace, step = moment.trace, moment.step
    heading = Heading(text=flat(trace.expression), pieces=moment.code(trace.expression))
    shapes = (*_places(moment, layout.slide), *layout.shapes)
    if step is None:
        said = note or Message("trace.text.none")
        return layout.slide.drawing("steps", heading, (said,), shapes=shapes, more=trace.notes)
    place = Message("draw.trace.place", {"number": step.number, "count": trace.count})
    return layout.slide.drawing("steps", heading, (place,), shapes=shapes, more=(*_told(moment, step), *trace.notes))


def _under_one_another(drawings: Sequence[Drawing]) -> Drawing:
    """Return pictures of one size as one."""
    first, *others = drawings
    shapes, description, y = list(first.shapes), list(first.description), first.height
    for other in others:
        line = Stroke(points=((MARGIN, y), (other.width - MARGIN, y)), look=Look.LEADER)
        shapes += [line, *(moved(shape, 0, y) for shape in (*other.head, *other.shapes))]
        description += [one for one in other.description if one not in description]
        y += other.height
    return replace(first, shapes=tuple(shapes), description=tuple(description), height=y, slides=len(drawings))


def _layout(moment: TracedMoment, slide: Slide) -> StepLayout:
    """Return the first slide from one on, on which everything has room."""
    for _ in range(MAX_LARGER):
        summed = written_sum(moment, slide.room)
        lines = sum(_line_heights(summed.lines))
        foot = lines + sum(_prose_lines(moment, slide, summed)) * SENTENCE_PITCH + 8 + NOTES_HEIGHT
        top, height = HEAD_HEIGHT, slide.height - HEAD_HEIGHT - foot - ROOM
        for size in SIZES:
            scene = _scene(moment, size, (slide.room, height), top)
            if scene is not None:
                y = slide.height - foot
                below = [*_sum(summed.lines, y), *_prose(moment, slide, summed, y + lines)]
                return StepLayout(slide=slide, shapes=(*scene, *below, *_legend(moment, slide, scene, summed.left)))
        slide = slide.larger()
    return StepLayout(slide=slide, shapes=())


def _scene(moment: TracedMoment, size: PictureSize, room: tuple[float, float], top: float) -> list[Ink] | None:
    """Return code and arrays side by side, or one below the other, None where neither has room."""
    wide, high = room
    arrays: list[Panel] = []
    for array in shown_arrays(moment.trace, moment.step, MAX_ARRAYS):
        panel = traced_panel(moment, array, size)
        if panel is None or panel.width > wide or panel.height > high:
            return None
        arrays.append(panel)
    code = code_panel(moment, size)
    beside = wide - code.width - SIDE_GAP
    rows = rows_of_panels(arrays, beside)
    across, down = size_of_rows(rows)
    if across <= beside and max(down, code.height) <= high:
        left = placed([[code]], MARGIN, top, code.width, high)
        return left + placed(rows, MARGIN + code.width + SIDE_GAP, top, beside, high)
    rows = rows_of_panels(arrays, wide)
    across, down = size_of_rows(rows)
    if max(across, code.width) <= wide and code.height + ROOM + down <= high:
        below = code.height + ROOM
        return placed([[code]], MARGIN, top, code.width, code.height) + placed(
            rows, MARGIN, top + below, wide, high - below
        )
    return None


def _places(moment: TracedMoment, slide: Slide) -> Iterator[Ink]:
    """Yield where every loop stands, in a line."""
    x = float(MARGIN)
    for name, place in () if moment.step is None else moment.step.indices:
        pieces = ((name, moment.colours.get(name)), (f" = {place}", None))
        wide = code_width(f"{name} = {place}", SENTENCE_SIZE)
        if x + wide > slide.width - MARGIN:
            yield Inscription(x=x, y=PLACES_LINE, pieces=(("…", None),), size=SENTENCE_SIZE, anchor="start")
            return
        yield Inscription(x=x, y=PLACES_LINE, pieces=pieces, size=SENTENCE_SIZE, anchor="start")
        x += wide + 28


def _line_heights(lines: Lines) -> list[float]:
    return [height_of_line(line) + 2 for line in lines]


def _sum(lines: Lines, y: float) -> list[Ink]:
    shapes: list[Ink] = []
    for line, high in zip(lines, _line_heights(lines), strict=True):
        shapes += written([line], MARGIN, y, SIZE)
        y += high
    return shapes


def _prose_lines(moment: TracedMoment, slide: Slide, summed: WrittenSum) -> tuple[int, int]:
    """Return how many lines there are for how far the sum is, and for the reasons."""
    if moment.step is None:
        return 0, 0
    short = code_width(moment.so_far, SENTENCE_SIZE) < 0.8 * slide.room
    return 0 if summed.alone else 1 if short else 2, min(len(moment.step.reasons), MAX_REASONS)


def _prose(moment: TracedMoment, slide: Slide, summed: WrittenSum, y: float) -> Iterator[Ink]:
    """Yield how far the sum is, and the reasons, `y` being the upper edge."""
    step = moment.step
    if step is None:
        return
    lines_of_sum, lines_of_reasons = _prose_lines(moment, slide, summed)
    base = y + SENTENCE_PITCH
    for lines, messages in ((lines_of_sum, (_so_far(moment),)), (lines_of_reasons, step.reasons)):
        if lines:
            yield Prose(x=MARGIN, y=base, width=slide.room, lines=lines, messages=tuple(messages), size=SENTENCE_SIZE)
        base += lines * SENTENCE_PITCH


def _so_far(moment: TracedMoment) -> Message:
    return Message("draw.trace.so_far", {"sum": Code(moment.so_far)})


def _legend(moment: TracedMoment, slide: Slide, scene: Sequence[Ink], left: int) -> Iterator[Ink]:
    """Yield what the marks mean, and what is to be known, on the last line."""
    base, x = slide.height - 16, float(MARGIN)
    kinds = [(Look.READ, "draw.trace.read")] if moment.read else []
    kinds += [(Look.WRITTEN, "draw.trace.written")] if moment.step is not None else []
    empty = any(isinstance(one, Rectangle) and one.look is Look.UNREAD for one in scene)
    kinds += [(Look.UNREAD, "draw.trace.nothing")] if empty else []
    for look, id in kinds:
        yield Rectangle(x=x, y=base - 14, width=22, height=18, look=look)
        if look is Look.WRITTEN:
            yield Rectangle(x=x + 4, y=base - 10, width=14, height=10, look=Look.RING)
        elif look is Look.READ:
            yield Rectangle(x=x + 4, y=base - 10, width=7, height=7, radius=3.5, look=Look.DOT)
        yield Prose(
            x=x + 30, y=base, width=LEGEND_WIDTH - 40, lines=1, messages=(Message(id),), size=NOTE_SIZE, look=Look.FAINT
        )
        x += LEGEND_WIDTH
    notes = (*([Message("draw.trace.left", {"count": left})] if left else []), *moment.trace.notes)
    if notes:
        room = slide.width - MARGIN - x
        yield Prose(x=x, y=base, width=room, lines=1, messages=notes, size=NOTE_SIZE, look=Look.FAINT)


def _told(moment: TracedMoment, step: TraceStep) -> Iterator[Message]:
    """Yield a step in sentences, for those who do not see it."""
    trace, dtypes = moment.trace, dtypes_of(moment.trace)

    def holds(cell: TracedCell, value: object) -> Code:
        return Code(equation(str(cell), bounded(short_text(value, dtypes.get(cell.array)))))

    if step.indices:
        places = tuple(Code(f"{name} = {place}") for name, place in step.indices)
        yield Message("draw.trace.at", {"places": Join(places)})
    if 1 <= step.line <= len(trace.source):
        lines = statement_lines(trace.source, step.line - 1)
        code = " ".join(trace.source[line].strip() for line in lines)
        yield Message("draw.trace.line", {"line": step.line, "code": Code(code)})
    read = dict.fromkeys(holds(cell, value) for term in step.terms for cell, value in term.factors)
    divided = dict.fromkeys(holds(*one) for term in step.terms for one in term.over if not isinstance(one, int))
    if read or divided:
        cells = (*read, *divided)
        more = (Code("…"),) if len(cells) > MAX_CELLS else ()
        yield Message("draw.trace.reads", {"cells": Join((*cells[:MAX_CELLS], *more))})
    after = Code(bounded(short_text(step.after, step.dtype)))
    if step.before is None:
        yield Message("draw.trace.becomes", {"cell": Code(str(step.target)), "after": after})
    else:
        values = {"cell": Code(str(step.target)), "before": Code(moment.before), "after": after}
        yield Message("draw.trace.adds", values)
        yield _so_far(moment)
    yield from step.reasons
