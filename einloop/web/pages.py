"""Pages of other commands as panels: why an element is what it is, and what differs between two expressions."""

from __future__ import annotations

from typing import Any

from ..core.errors import OptionError
from ..notation.shapes import read_place
from ..pipeline.diff import diff as compared
from ..pipeline.why import why as reasons
from ..views.html import write_panel
from .arrays import HeldArrays
from .asked import options_of, plain_text, text_of
from .reading import words_for
from .remembered import reading
from .state import PageState

TOP = 10
"""Terms of an element that are shown."""


def why(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return what makes the element at `at`."""
    options = options_of(state, held)
    at = read_place(state.at) if state.at.strip() else None
    report = reasons(reading(text_of(state), options, whole=True), options, at=at, top=TOP)
    return {"html": write_panel(report, words_for(state))}


def diff(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the comparison of the expression with `other`, and whether they are the same."""
    if not state.other.strip():
        raise OptionError("EL472", "a comparison takes two expressions")
    options = options_of(state, held)
    report = compared(text_of(state), plain_text(state.other), options)
    facts: Any = report.facts.get("diff", {})
    return {"html": write_panel(report, words_for(state)), "same": bool(facts.get("same"))}
