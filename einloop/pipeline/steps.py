"""Steps of traced loops in every format, and on the screen of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from ..core.errors import OptionError
from ..core.message import Code, Message
from ..core.near import meant
from ..core.trace import TracedCell, TracedLoops
from ..views.catalogue import load_catalogue
from .draw import FORMATS as FORMATS_OF_DRAWINGS
from .draw import SVG
from .draw import written as drawn
from .page import language_of

if TYPE_CHECKING:
    from ..core.drawing import Drawing

TEXT, JSON, FRAGMENT = "text", "json", "fragment"
FORMATS = (TEXT, "html", SVG, JSON)
PAGES = ("html", FRAGMENT)
IMAGES = FORMATS_OF_DRAWINGS[1:]
"""Formats of a picture that have a file's content and no text."""
TUI = "tui"
MAX_STEPS = 5000
"""Steps of a page, unless others are asked for."""
MAX_SLIDES = 12
"""Steps of a picture."""


def written(
    found: TracedLoops,
    format: str,
    lang: str,
    *,
    steps: tuple[int, int] | int | None = None,
    at: Sequence[int] | int | None = None,
    around: int | None = None,
    width: int = 80,
    theme: str = "auto",
    story: Callable[[], Mapping[str, Any] | None],
) -> str:
    """Return steps of a trace in a format; `story` gives the data of its second story. Raises OptionError."""
    if format not in (*FORMATS, FRAGMENT):
        raise OptionError("EL469", f"there is no format {format!r}", hint=meant(format, FORMATS))
    if around is not None:
        if steps is not None or at is not None:
            what = "steps" if steps is not None else "an element"
            raise OptionError("EL473", f"around and {what} both say which steps", hint="leave one out")
        steps = _window(found, around) if format in PAGES else around
    if format == SVG:
        return picture(found, lang, steps=steps, at=at).show(lang, theme)
    if theme != "auto":
        raise OptionError("EL471", f"a theme is of a picture, and this is {format}", hint="leave it out")
    if steps is not None and at is not None:
        why = f"steps and an element both say which steps, and {format} shows one of them"
        raise OptionError("EL473", why, hint="leave one out; a picture takes both")
    catalogue = load_catalogue(language_of(lang))
    first, last = _span(found, steps)
    place = None if at is None else place_in(found, at)
    if format == TEXT:
        from ..views.trace.text import write_trace_text

        return write_trace_text(found, catalogue, first, last, at=place, width=width)
    from ..views.trace.data import trace_data

    if place is not None and first is None:
        first = found.first_step(place)
    first = first or 1
    last = min(found.count, first + MAX_STEPS - 1) if last is None else last
    data = trace_data(found, first, last)
    if around is not None and format in PAGES:
        data["open"] = around
    told = story()
    if told is not None:
        data["story"] = told
    if format == JSON:
        from ..views.report_json import json_line

        return json_line(data)
    from ..views.trace.page import page_words, write_trace_page

    return write_trace_page(data, page_words(), language_of(lang), fragment=format == FRAGMENT)


def _window(found: TracedLoops, number: int) -> tuple[int, int]:
    """Return as many steps around one as a page has, from the beginning of its sum on where that is near enough."""
    first = max(number - MAX_STEPS // 2, 1)
    step = found.step(number)
    begun = next(found.machine.writing(step.target, after=step.begun), number)
    if begun < first and number - begun < MAX_STEPS:
        first = begun
    last = min(first + MAX_STEPS - 1, found.count)
    return max(min(first, last - MAX_STEPS + 1), 1), last


def picture(
    found: TracedLoops, lang: str, *, steps: tuple[int, int] | int | None = None, at: Sequence[int] | int | None = None
) -> Drawing:
    """Return steps of a trace as slides, one under another, in a language. Raises OptionError."""
    from ..views.trace.picture import draw_steps

    first, last = _span(found, steps)
    if at is None:
        first = first or min(found.count, 1)
        numbers: Sequence[int] = range(first, (first if last is None else last) + 1) if first else range(0)
        note = None
    else:
        cell = TracedCell(found.result.name, place_in(found, at))
        end = found.count if last is None else last
        writing = takewhile(lambda number: number <= end, found.machine.writing(cell, after=(first or 1) - 1))
        numbers = list(islice(writing, MAX_SLIDES + 1))
        note = Message("trace.text.unwritten" if steps is None else "draw.trace.unwritten", {"cell": Code(str(cell))})
    if len(numbers) > MAX_SLIDES:
        what = f"{len(numbers):,} steps" if at is None else f"more than {MAX_SLIDES} steps"
        hint = f"the first of them: --steps {numbers[0]}-{numbers[MAX_SLIDES - 1]}"
        raise OptionError("EL439", f"a picture has room for {MAX_SLIDES} steps, and these are {what}", hint=hint)
    made = draw_steps(found, [found.step(number) for number in numbers], note)
    return replace(made, write=drawn, lang=lang)


def painted(found: TracedLoops, lang: str, **asked: Any) -> str:
    """Return steps as text for a terminal that shows colours; `asked` as in `written`. Raises OptionError."""
    from ..views.terminal import paint_lines
    from ..views.trace.text import trace_lines

    catalogue = load_catalogue(language_of(lang))
    first, last = _span(found, asked["steps"])
    place = None if asked["at"] is None else place_in(found, asked["at"])
    return paint_lines(trace_lines(found, catalogue, first, last, at=place, width=asked["width"]))


def on_screen(found: TracedLoops, lang: str, number: int = 1, *, colours: bool) -> None:
    """Let a person step through a trace on the whole terminal, from a step on. Raises OptionError."""
    from ..views.trace.terminal import show_trace

    if found.count:
        found.step(number)
    show_trace(found, load_catalogue(language_of(lang)), number, colours=colours)


def _span(found: TracedLoops, steps: tuple[int, int] | int | None) -> tuple[int | None, int | None]:
    """Return the first and the last step that are asked for. Raises OptionError for steps that there are not."""
    if steps is None:
        return None, None
    first, last = (steps, steps) if isinstance(steps, int) else steps
    for number in (first, last):
        if not 1 <= number <= found.count:
            found.step(number)  # raises
    if first > last:
        raise OptionError("EL439", f"{first}-{last} are no steps: the first is after the last", hint=f"{last}-{first}")
    return first, last


def place_in(found: TracedLoops, at: Sequence[int] | int) -> tuple[int, ...]:
    """Return the coordinates of an element of the result; negative ones count from the end. Raises OptionError."""
    given = (at,) if isinstance(at, int) else tuple(at)
    shape = found.result.shape
    if len(given) != len(shape):
        axes = f"{len(shape)} ax{'i' if len(shape) == 1 else 'e'}s"
        raise OptionError("EL421", f"{len(given)} coordinates given, but the result has {axes}")
    for axis, (place, size) in enumerate(zip(given, shape, strict=True)):
        if not -size <= place < size:
            raise OptionError("EL422", f"{place} is out of range for axis {axis} of the result, which has size {size}")
    return tuple(place % size for place, size in zip(given, shape, strict=True))
