"""The steps of the loops as data for the page's player, with the words that it needs."""

from __future__ import annotations

import json
from math import isqrt
from typing import Any

from ..pipeline.trace import trace as trace_of
from ..pipeline.traced import Trace
from ..views.trace.page import page_words, used_words
from .arrays import HeldArrays
from .asked import options_of, text_of
from .loops import ARTICLE
from .reading import words_for
from .remembered import reading
from .state import PageState

MAX_STEPS = 1000
"""Steps that one answer has; the trace on a page of its own has more."""
MAX_READS = 8000
"""Elements that all of these steps read together."""
MAX_SYMBOLS = 400_000
"""Symbols in all sums of these steps, each of which has one product more than the step before."""
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
    last = _last(found, symbolic=state.symbolic)
    data = json.loads(found.show("json", "en", steps=(1, last) if last else None))
    return {"data": data, "words": used_words(page_words(), data)[words.language]}


def _last(found: Trace, *, symbolic: bool) -> int:
    """Return the last step that is given: fewer where each reads many elements, or writes many symbols."""
    if not found.count:
        return 0
    reads = max(sum(len(term.factors) for step in found.steps(1, 1) for term in step.terms), 1)
    most = min(MAX_STEPS, max(MAX_READS // reads, 1))
    return min(found.count, isqrt(2 * MAX_SYMBOLS // reads) if symbolic else most, most)
