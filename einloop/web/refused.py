"""A refusal in, what the page shows of it out: message and hint in the page's language, places, fixes."""

from __future__ import annotations

from typing import Any

from ..core.errors import EinloopError
from ..core.picture import caret_lines
from ..core.source import Span
from ..core.visible import visible
from ..views.catalogue import FALLBACK, languages
from ..views.refusal import refusal_words

MAX_PICTURE_TEXT = 20_000
"""Characters of a text that is shown again with carets."""


def refusal_data(error: EinloopError, lang: object) -> dict[str, Any]:
    """Return an error as JSON, in English where there is no such language.

    `picture` has the lines at fault with carets below. `span` and `also` count characters of `text`.

    >>> from einloop.core.errors import NotationError
    >>> error = NotationError("EL106", "output index 'z' is in no operand", text="ij->z", span=Span(start=4, stop=5))
    >>> refusal_data(error, "en")["picture"]
    ['ij->z', '    ^']
    """
    language = lang if isinstance(lang, str) and lang in languages() else FALLBACK
    message, hint = refusal_words(error, language)
    spans = [] if error.span is None else [Span(start=start, stop=stop) for start, stop in (error.span, *error.also)]
    return {
        "id": error.id,
        "message": visible(message),
        "text": error.text,
        "span": None if error.span is None else list(error.span),
        "line": error.line,
        "hint": visible(hint),
        "also": [list(place) for place in error.also],
        "fixes": [{"expression": fix.expression, "shape": fix.shape} for fix in error.fixes],
        "picture": list(caret_lines(error.text, spans)) if spans else [],
    }
