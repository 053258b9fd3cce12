"""Carets under the places of a text that a message speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .source import Span
from .visible import escaped, shows, width

BLANK = " "
MAX_SHOWN = 200
"""Characters of a line that are shown; of a longer one those around its first mark."""
SHOWN_BEFORE = 60
"""How many of them stand before that mark."""
GAP = "..."


def marked_lines(text: str, spans: Iterable[Span]) -> list[str]:
    """Return every line of `text` that a span begins in, each followed by a line of carets under its spans.

    A span that goes on on the next line is marked to the end of its line. Of a long line a part is shown.

    >>> print("\\n".join(marked_lines("bix,iox->box", [Span(start=1, stop=2), Span(start=4, stop=5)])))
    bix,iox->box
     ^  ^
    """
    lines = []
    for line, marked in _marked(text, spans):
        lines.append(_printable(line))
        lines.append("".join("^" if column in marked else BLANK for column in range(max(marked) + 1)))
    return lines


def caret_lines(text: str, spans: Iterable[Span]) -> list[str]:
    """Return what `marked_lines` does, for a terminal: escapes where nothing is seen, carets as wide as what they mark.

    >>> print("\\n".join(caret_lines("i\\u200bj添->z", [Span(start=1, stop=2), Span(start=6, stop=7)])))
    i\\u200bj添->z
     ^^^^^^     ^
    """
    lines = []
    for line, marked in _marked(text, spans):
        if line.isascii() and line.isprintable():
            shown = list(line)
        else:
            shown = [_shown(one, marked=place in marked) for place, one in enumerate(line)]
        lines.append("".join(shown))
        shown += [BLANK] * (max(marked) + 1 - len(shown))
        carets = ("^" if place in marked else BLANK for place in range(len(shown)))
        lines.append("".join(one * sum(map(width, piece)) for one, piece in zip(carets, shown, strict=True)).rstrip())
    return lines


def _marked(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, set[int]]]:
    """Yield every line in which a span begins, with the places in it that are marked."""
    marks: dict[int, set[int]] = {}
    for span in spans:
        first = text.rfind("\n", 0, span.start) + 1
        stop = min(max(span.stop, span.start + 1), max(_end(text, first), span.start + 1))
        marks.setdefault(first, set()).update(range(span.start - first, stop - first))
    for first, marked in sorted(marks.items()):
        yield _window(text[first : _end(text, first)], marked)


def _shown(character: str, *, marked: bool) -> str:
    """Return a character as it is drawn: a tab as a blank; what could not be seen, or have a caret, as an escape."""
    if character == "\t":
        return BLANK
    return character if shows(character) and (width(character) or not marked) else escaped(character)


def shortened(text: str, limit: int) -> str:
    """Return a text with its middle left out where it is longer than `limit`.

    >>> shortened("abcdefghij", 9), shortened("abcdefghij", 10)
    ('abc...hij', 'abcdefghij')
    """
    kept = (limit - len(GAP)) // 2
    return text if len(text) <= limit else text[:kept] + GAP + text[len(text) - kept :]


def _window(line: str, marked: set[int]) -> tuple[str, set[int]]:
    """Return a line with what is marked in it; of a long line, the part around its first mark."""
    if len(line) <= MAX_SHOWN:
        return line, marked
    start = max(min(marked) - SHOWN_BEFORE, 0)
    stop = start + MAX_SHOWN
    before, after = GAP if start else "", GAP if stop < len(line) else ""
    return before + line[start:stop] + after, {place - start + len(before) for place in marked if place < stop}


def _end(text: str, first: int) -> int:
    """Return where the line that begins at `first` ends."""
    stop = text.find("\n", first)
    return len(text) if stop < 0 else stop


def _printable(line: str) -> str:
    """Return the line with every control character as one blank, so that carets stay in place."""
    return "".join(c if c.isprintable() else BLANK for c in line)
