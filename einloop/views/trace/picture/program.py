"""The code of a trace as a panel: the line that runs has a sign and a ground, the loops around it stay."""

from __future__ import annotations

from collections.abc import Sequence

from ....core.drawing import TEXT_SIZE, Ink, Inscription, Look, Pieces, Prose, Rectangle
from ....core.message import Message
from ....core.slide import Panel
from ....core.text_width import code_width
from ...page import Piece, clean, coloured_places, cut
from ..code import narrowed, shown_lines, statement_lines
from ..lines import folded, line_width
from ..places import PlaceGap, with_gaps
from .moment import PictureSize, TracedMoment, pieces_of

SIGN = "▶"
SIGN_WIDTH = 24
"""What stands before every line: the sign, or as much room."""
PITCH = 1.45
"""From one line to the next, in the size of the font."""
GAP_WIDTH = 260
"""Room for the count of lines that are left out."""
MAX_COLUMNS = 84
"""Of a line; a longer one goes on below."""


def code_panel(moment: TracedMoment, size: PictureSize) -> Panel:
    """Return the code, of a long one about `size.lines` lines; the statement that runs is always whole."""
    source = [text for one in moment.trace.source for text in clean(one)]
    line = None if moment.step is None else moment.step.line
    current = None if line is None or not 1 <= line <= len(source) else line - 1
    now = range(0) if current is None else statement_lines(source, current)
    if current is not None and len(now) > max(size.lines - 2, 1):
        source[current : now.stop] = [_on_one_line(source[current : now.stop])]
        now = range(current, current + 1)
    pitch, widest, y = PITCH * size.code_font, 0.0, 0.0
    shapes: list[Ink] = []
    for place in with_gaps(shown_lines(source, current, size.lines), len(source)):
        if isinstance(place, PlaceGap):
            shapes += _gap(place.count, y, size)
            widest = max(widest, GAP_WIDTH)
            y += pitch
            continue
        for number, pieces in enumerate(_folded(source[place], moment)):
            wide = code_width("".join(text for text, _ in pieces), size.code_font)
            shapes += _line(pieces, y, size, (wide, place in now, place == current and not number))
            widest = max(widest, wide)
            y += pitch
    return Panel(width=SIGN_WIDTH + widest + 6, height=y, shapes=tuple(shapes))


def _on_one_line(lines: Sequence[str]) -> str:
    """Return a statement of several lines on one.

    >>> _on_one_line(["  C[i] += (", "      A[i]", "      * B[i]", "  )"])
    '  C[i] += (A[i] * B[i])'
    """
    first, *others = lines
    return " ".join([first, *(line.strip() for line in others)]).replace("( ", "(").replace(" )", ")")


def _folded(text: str, moment: TracedMoment) -> list[Pieces]:
    """Return a line in its colours; one that is too long in parts, with half of its indent."""
    line = tuple(cut(text, coloured_places(text, moment.colours)))
    if line_width(line) <= MAX_COLUMNS:
        return [pieces_of(line)]
    parts = folded(narrowed(line), MAX_COLUMNS - 4)
    return [pieces_of(part if not number else (Piece("    "), *part)) for number, part in enumerate(parts)]


def _line(pieces: Pieces, y: float, size: PictureSize, form: tuple[float, bool, bool]) -> list[Ink]:
    """Return a line of code. `form`: how wide it is, whether it runs, and whether it begins what runs."""
    wide, current, first = form
    base = y + 1.05 * size.code_font
    written = Inscription(x=SIGN_WIDTH, y=base, pieces=pieces, size=size.code_font, anchor="start")
    if not current:
        return [written]
    high = PITCH * size.code_font
    ground = Rectangle(x=0, y=y, width=SIGN_WIDTH + wide + 6, height=high, radius=4, look=Look.CHIP)
    sign = Inscription(x=4, y=base, pieces=((SIGN, None),), size=max(size.code_font - 2, TEXT_SIZE), anchor="start")
    return [ground, *([sign] if first else []), written]


def _gap(count: int, y: float, size: PictureSize) -> list[Ink]:
    """Return dots, and how many lines they stand for."""
    base = y + 1.05 * size.code_font
    dots = Inscription(
        x=SIGN_WIDTH, y=base, pieces=(("…", None),), size=size.code_font, anchor="start", look=Look.FAINT
    )
    said = Prose(
        x=SIGN_WIDTH + 1.5 * size.code_font,
        y=base,
        width=GAP_WIDTH - 40,
        lines=1,
        messages=(Message("trace.text.lines", {"count": count}),),
        size=size.code_font,
        look=Look.FAINT,
    )
    return [dots, said]
