"""Carets under the places of a text that a message speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from .source import Span

BLANK = " "


def marked_lines(text: str, spans: Iterable[Span]) -> list[str]:
    """Return every line of `text` that a span begins in, each followed by a line of carets under its spans.

    A span that goes on on the next line is marked to the end of its line.

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
        lines.append(_printable(text[first : _end(text, first)]))
        lines.append("".join("^" if column in columns else BLANK for column in range(max(columns) + 1)))
    return lines


def _end(text: str, first: int) -> int:
    """Return where the line that begins at `first` ends."""
    stop = text.find("\n", first)
    return len(text) if stop < 0 else stop


def _printable(line: str) -> str:
    """Return the line with every control character as one blank, so that carets stay in place."""
    return "".join(c if c.isprintable() else BLANK for c in line)
