"""The steps of the loops as data for the page's player, with the words that it needs."""

from __future__ import annotations

import json
from typing import Any

from ..pipeline.trace import trace as trace_of
from ..views.trace.page import page_words, used_words
from .arrays import HeldArrays
from .asked import options_of, text_of
from .loops import ARTICLE
from .reading import words_for
from .remembered import reading
from .state import PageState

MAX_STEPS = 1000
"""Steps that one answer has; the trace on a page of its own has more."""
PYTHON = "python"


def trace(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the trace of Python's loops as JSON has it, and the words, both as `mountTrace` takes them."""
    options = options_of(
        state,
        held,
        style=state.style or ARTICLE if state.target == PYTHON else ARTICLE,
        schedule=(state.schedule,) if state.schedule.strip() and state.target == PYTHON else (),
        order=(state.order or None) if state.target == PYTHON else None,
        path=state.path or None,
    )
    words = words_for(state)
    found = trace_of(reading(text_of(state), options, whole=True), options, symbolic=state.symbolic)
    data = json.loads(found.show("json", "en", steps=(1, min(found.count, MAX_STEPS)) if found.count else None))
    return {"data": data, "words": used_words(page_words(), data)[words.language]}
