"""A picture of an expression as SVG for a page that has the styles of drawings."""

from __future__ import annotations

from typing import Any

from ..core.drawing import Theme
from ..notation.shapes import read_place
from ..pipeline.draw import KINDS, Kind, draw
from ..views.svg import write_drawing
from .arrays import HeldArrays
from .asked import options_of, text_of
from .reading import words_for
from .remembered import reading
from .state import PageState

WITH_PLACE = (Kind.CELLS.value, Kind.STAGES.value)
"""Kinds that show one element."""


def picture(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the picture, and which kinds there are; a path is heeded where it is shown, an element too."""
    options = options_of(state, held, path=(state.path or None) if state.kind == Kind.PATH.value else None)
    at = read_place(state.at) if state.at.strip() and state.kind in WITH_PLACE else None
    found = draw(reading(text_of(state), options, whole=True), options, kind=state.kind, at=at)
    svg = write_drawing(found, words_for(state), Theme.AUTO, inside=True, styled=False)
    return {"svg": svg, "kinds": list(KINDS)}
