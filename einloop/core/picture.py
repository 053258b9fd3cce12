"""Carets under the places of a text that a message speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from .source import Span

BLANK = " "
WIDEST = 200
"""Characters of a line that are shown; of a longer one those around its first mark."""
BEFORE = 60
"""How many of them stand before that mark."""
GAP = "..."


def marked_lines(text: str, spans: Iterable[Span]) -> list[str]:
    """Return every line of `text` that a span begins in, each followed by a line of carets under its spans.

    A span that goes on on the next line is marked to the end of its line. Of a long line a part is shown.

    >>> print("\\n".join(marked_lines("bix,iox->box", [Span(start=1, stop=2), Span(start=4, stop=5)])))
    bix,iox->box
     ^  ^
    """
    marks: dict[int, set[int]] = {}
    for span in spans:
        first = text.rfind("\n", 0, span.start) + 1
        stop = min(max(span.stop, span.start + 1), max(_end(text, first), span.start + 1))
        marks.setdefault(first, set()).update(range(span.start - first, stop - first))
    lines = []
    for first, columns in sorted(marks.items()):
        lines += _pictured(_printable(text[first : _end(text, first)]), columns)
    return lines


def shortened(text: str, limit: int) -> str:
    """Return a text with its middle left out where it is longer than `limit`.

    >>> shortened("abcdefghij", 9), shortened("abcdefghij", 10)
    ('abc...hij', 'abcdefghij')
    """
    kept = (limit - len(GAP)) // 2
    return text if len(text) <= limit else text[:kept] + GAP + text[len(text) - kept :]


def _pictured(line: str, columns: set[int]) -> list[str]:
    """Return a line and its carets; of a long line, the part around the first of them."""
    width = max(columns) + 1
    if len(line) <= WIDEST:
        return [line, _carets(columns, 0, width)]
    start = max(min(columns) - BEFORE, 0)
    stop = start + WIDEST
    before, after = GAP if start else "", GAP if stop < len(line) else ""
    return [before + line[start:stop] + after, BLANK * len(before) + _carets(columns, start, min(stop, width))]


def _carets(columns: set[int], start: int, stop: int) -> str:
    return "".join("^" if column in columns else BLANK for column in range(start, stop))


def _end(text: str, first: int) -> int:
    """Return where the line that begins at `first` ends."""
    stop = text.find("\n", first)
    return len(text) if stop < 0 else stop


def _printable(line: str) -> str:
    """Return the line with every control character as one blank, so that carets stay in place."""
    return "".join(c if c.isprintable() else BLANK for c in line)
