"""A text of several formulas in, each of them alone out: newlines, `;` and LaTeX's `\\\\` stand between statements.

Characters keep their places: what is not of a piece is blank in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.source import Source, Span

_CUT = re.compile(r"\n|(?<!\\);|\\\\(?:\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?")
_ASSIGN = re.compile(r"[-+*/:]?=(?![=>])|[≔≜≡←]|\\(?:coloneqq?|triangleq|equiv|leftarrow|gets)(?![A-Za-z])")
_RANGE = re.compile(r"\\[lc]?dots|\.\.\.|…")
_NOTHING = re.compile(r"[\s&$]*")
_OPENING, _CLOSING = "{[(", "}])"


def pieces(source: Source) -> tuple[Source, ...]:
    """Return the statements of a text. A line without a sign of assignment of its own goes on with the one before.

    >>> from einloop.core.source import Notation
    >>> found = pieces(Source(text="t = a_i b_i\\n + c; d = t t", notation=Notation.FORMULA))
    >>> [piece.text.strip() for piece in found]
    ['t = a_i b_i\\n + c', 'd = t t']
    """
    text = source.text
    joined: list[Span] = []
    for span in _cut(text):
        part = text[span.start : span.stop]
        if _NOTHING.fullmatch(part):
            continue
        if not joined or (_assigns(part) and not _goes_on(text[joined[-1].start : joined[-1].stop], part)):
            joined.append(span)
        else:
            joined[-1] = Span(start=joined[-1].start, stop=span.stop)
    joined = joined or [Span(start=0, stop=len(text))]
    return tuple(Source(text=_only(text, span), notation=source.notation) for span in joined)


def _cut(text: str) -> Iterator[Span]:
    """Yield the parts between the marks that are in no brackets, without the marks."""
    start, depth, last = 0, 0, 0
    for found in _CUT.finditer(text):
        depth += _deeper(text[last : found.start()])
        last = found.end()
        if depth <= 0:
            yield Span(start=start, stop=found.start())
            start = found.end()
    yield Span(start=start, stop=len(text))


def _assigns(text: str) -> bool:
    """Tell whether a part has a result of its own, then a sign of assignment in no brackets."""
    blank = _NOTHING.match(text)
    first, depth, last = blank.end() if blank else 0, 0, 0
    for found in _ASSIGN.finditer(text):
        depth += _deeper(text[last : found.start()])
        last = found.end()
        if depth == 0:
            return found.start() > first
    return False


def _deeper(text: str) -> int:
    """Return how many brackets more a text opens than it closes."""
    return sum(text.count(mark) for mark in _OPENING) - sum(text.count(mark) for mark in _CLOSING)


def _goes_on(text: str, part: str) -> bool:
    """Tell whether a text is not at its end before a part: a factor follows, or after a comma a range of an index."""
    text = text.rstrip(" \t&")
    return text.endswith(("*", "+", "-", "/", "=")) or (text.endswith(",") and _RANGE.search(part) is not None)


def _only(text: str, span: Span) -> str:
    """Return a text with all but a span blank."""
    return (
        re.sub(r"[^\n]", " ", text[: span.start])
        + text[span.start : span.stop]
        + re.sub(r"[^\n]", " ", text[span.stop :])
    )
