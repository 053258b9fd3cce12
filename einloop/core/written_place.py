"""Where a name stands in the text that was read. Code says it of no operand: its text is looked through."""

from __future__ import annotations

import re

from .source import Source, Span


def written_place(source: Source, name: str) -> Span | None:
    """Return where a name stands last, as a word of its own, None where it does not.

    Where it is used comes after where it is a parameter, or gets its value.

    >>> from .source import Notation
    >>> written_place(Source(text="def f(A): return a.A @ A", notation=Notation.NUMPY), "A")
    Span(start=23, stop=24)
    """
    places = list(re.finditer(rf"(?<![\w.\\]){re.escape(name)}(?!\w)", source.text)) if name else []
    return Span(start=places[-1].start(), stop=places[-1].end()) if places else None
