"""What pictures share: the slide with its heading and sentence, lines of code that flow, and panels in rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .drawing import HEIGHT, TEXT_SIZE, WIDTH, Drawing, Ink, Inscription, Look, Pieces, Prose, Rectangle, moved
from .message import Message
from .text_width import code_width

MARGIN = 40
HEADING_SIZE, SENTENCE_SIZE, NOTE_SIZE, CODE_SIZE = 26, 18, 15, 18
HEADING_LINE, SENTENCE_LINE, SENTENCE_PITCH, SENTENCE_LINES = 48, 80, 24, 2
HEAD_HEIGHT = 122
"""From the upper edge to where a picture begins."""
LINE_PITCH = 26
BADGE_HEIGHT = 18
NOTES_HEIGHT = 42
"""Kept free below everything for notes."""
GAP, ROW_GAP = 16, 24
GROUND = 4
"""How far the ground of a marked word reaches to its left and right."""
LARGER = 1.15
"""How much larger a slide gets where a picture has no room."""
MAX_LARGER = 30
"""How often it may."""
SMALLER, SHORT = 0.75, 48
"""How large a slide is for a picture of few things, and up to how many characters its formula may have there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The expression as it was given, on one line, and its indices in their colours."""

    text: str
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A slide so many times as large as the usual one, in which fonts keep their size."""

    factor: float = 1.0

    @property
    def width(self) -> float:
        """How wide it is."""
        return round(WIDTH * self.factor)

    @property
    def height(self) -> float:
        """How high it is."""
        return round(HEIGHT * self.factor)

    @property
    def room(self) -> float:
        """How wide what stands on it may be."""
        return self.width - 2 * MARGIN

    @classmethod
    def first(cls, formula: Iterable[Pieces], *, few: bool) -> Slide:
        """Return the slide to begin with: for few things with a short formula a small one, on which they are large."""
        characters = sum(len(text) for pieces in formula for text, _ in pieces)
        return cls(factor=SMALLER if few and characters <= SHORT else 1.0)

    def larger(self) -> Slide:
        """Return the next larger slide."""
        return Slide(factor=self.factor * LARGER)

    def head(self, heading: Heading, sentences: tuple[Message, ...]) -> list[Ink]:
        """Return the heading, and what is computed in a sentence."""
        size = HEADING_SIZE
        while size > CODE_SIZE and code_width(heading.text, size) > self.room:
            size -= 1
        pieces = clipped(heading.pieces, self.room, size)
        title = None if pieces == heading.pieces else heading.text
        named = Inscription(
            x=MARGIN, y=HEADING_LINE, pieces=pieces, size=size, anchor="start", look=Look.NAME, title=title
        )
        said = Prose(
            x=MARGIN, y=SENTENCE_LINE, width=self.room, lines=SENTENCE_LINES, messages=sentences, size=SENTENCE_SIZE
        )
        return [named, said]

    def drawing(
        self,
        kind: str,
        heading: Heading,
        sentences: tuple[Message, ...],
        shapes: Iterable[Ink],
        more: Iterable[Message] = (),
    ) -> Drawing:
        """Return the picture that is this slide with shapes on it; `more` describes it beyond its sentences."""
        return Drawing(
            kind=kind,
            subject=heading.text,
            head=tuple(self.head(heading, sentences)),
            top=HEAD_HEIGHT,
            width=self.width,
            height=self.height,
            shapes=tuple(shapes),
            description=(*sentences, *more),
        )

    def notes(self, messages: Sequence[Message]) -> list[Ink]:
        """Return notes on the last line."""
        if not messages:
            return []
        note = Prose(
            x=MARGIN,
            y=self.height - 16,
            width=self.room,
            lines=1,
            messages=tuple(messages),
            size=NOTE_SIZE,
            look=Look.FAINT,
        )
        return [note]


def clipped(pieces: Pieces, width: float, size: float) -> Pieces:
    """Return pieces of code that have room in a width, dots in place of what has none.

    >>> clipped((("abc", None), ("def", 1)), 30, 10), clipped((("abc", None), ("def", 1)), 40, 10)
    ((('abc', None), ('…', None)), (('abc', None), ('def', 1)))
    """
    if code_width("".join(text for text, _ in pieces), size) <= width:
        return pieces
    left, found = width - code_width("…", size), list[tuple[str, int | None]]()
    for text, colour in pieces:
        kept = text
        while kept and code_width(kept, size) > left:
            kept = kept[:-1]
        left -= code_width(kept, size)
        found += [(kept, colour)] if kept else []
        if kept != text:
            break
    return (*found, ("…", None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Code that no line ends inside; `badge` stands above its beginning. `marked`: on a ground of its own."""

    pieces: Pieces
    badge: str | None = None
    title: str | None = None
    marked: bool = False

    @property
    def text(self) -> str:
        """The word without its colours."""
        return "".join(text for text, _ in self.pieces)


def code_lines(words: Iterable[Word], width: float, size: float = CODE_SIZE) -> list[list[tuple[float, Word]]]:
    """Return words as lines, each word with where it begins; one that is too long is cut."""
    lines: list[list[tuple[float, Word]]] = [[]]
    at, blank, indent = 0.0, code_width(" ", size), code_width("   ", size)
    for whole in words:
        pieces = clipped(whole.pieces, width - indent, size)
        word = whole if pieces == whole.pieces else replace(whole, pieces=pieces, title=whole.text)
        need = code_width(word.text, size)
        if lines[-1] and at + need > width:
            lines.append([])
            at = indent
        lines[-1].append((at, word))
        at += need + blank
    return lines


def cut_lines(lines: list[list[tuple[float, Word]]], most: int) -> list[list[tuple[float, Word]]]:
    """Return at most so many lines, dots in place of the last word where there are more."""
    if len(lines) <= most:
        return lines
    *kept, (at, _) = lines[most - 1]
    return [*lines[: most - 1], [*kept, (at, Word(pieces=(("…", None),)))]]


def written(lines: Sequence[Sequence[tuple[float, Word]]], x: float, y: float, size: float = CODE_SIZE) -> list[Ink]:
    """Return lines of code with their badges; `y` is the upper edge."""
    shapes: list[Ink] = []
    for line in lines:
        badges = any(word.badge for _, word in line)
        base = y + (BADGE_HEIGHT if badges else 0) + size
        for at, word in line:
            if word.marked:
                wide = code_width(word.text, size) + 2 * GROUND
                shapes.append(
                    Rectangle(x=x + at - GROUND, y=base - size, width=wide, height=1.3 * size, radius=4, look=Look.READ)
                )
            shapes.append(
                Inscription(x=x + at, y=base, pieces=word.pieces, size=size, anchor="start", title=word.title)
            )
            if word.badge:
                wide = code_width(word.badge, TEXT_SIZE) + 8
                shapes.append(Rectangle(x=x + at, y=y, width=wide, height=BADGE_HEIGHT - 1, radius=4, look=Look.BADGE))
                shapes.append(
                    Inscription(x=x + at + wide / 2, y=y + 13.5, pieces=((word.badge, None),), look=Look.BADGE)
                )
        y += height_of_line(line)
    return shapes


def height_of_line(line: Sequence[tuple[float, Word]]) -> float:
    """Return how high a line of code is."""
    return LINE_PITCH + (BADGE_HEIGHT if any(word.badge for _, word in line) else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of a picture, from its own upper left corner. `glued`: it does not begin a row."""

    width: float
    height: float
    shapes: tuple[Ink, ...]
    glued: bool = False


def sign_panel(text: str, size: float = 30) -> Panel:
    """Return a sign that stands between two arrays."""
    wide = code_width(text, size)
    sign = Inscription(x=wide / 2, y=size * 0.85, pieces=((text, None),), size=size)
    return Panel(width=wide, height=size * 1.1, shapes=(sign,), glued=text in "·")


def rows_of_panels(panels: Sequence[Panel], width: float) -> list[list[Panel]]:
    """Return panels in rows that are not wider than `width`, where each alone is not; a sign may hang over the end."""
    rows: list[list[Panel]] = []
    at = 0.0
    for panel in panels:
        if rows and (panel.glued or at + GAP + panel.width <= width):
            rows[-1].append(panel)
            at += GAP + panel.width
        else:
            rows.append([panel])
            at = panel.width
    return rows


def size_of_rows(rows: Sequence[Sequence[Panel]]) -> tuple[float, float]:
    """Return how wide and how high rows of panels are; a sign that ends a row hangs over its end."""
    kept = [row[:-1] if row[-1].glued else row for row in rows]
    widths = [sum(panel.width for panel in row) + GAP * (len(row) - 1) for row in kept]
    heights = [max(panel.height for panel in row) for row in rows]
    return max(widths, default=0.0), sum(heights) + ROW_GAP * (len(rows) - 1)


def placed(rows: Sequence[Sequence[Panel]], left: float, top: float, width: float, height: float) -> list[Ink]:
    """Return rows of panels in the middle of a field."""
    shapes: list[Ink] = []
    y = top + (height - size_of_rows(rows)[1]) / 2
    for row in rows:
        high = max(panel.height for panel in row)
        x = left + (width - size_of_rows([row])[0]) / 2
        for panel in row:
            shapes += [moved(shape, x, y + (high - panel.height) / 2) for shape in panel.shapes]
            x += panel.width + GAP
        y += high + ROW_GAP
    return shapes
