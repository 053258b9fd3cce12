"""Emitted text with what a runner has to know to run it. Immutable."""

from __future__ import annotations

from .frozen import dataclass
from .nest import Nest


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A text and its interface: distinct inputs in order, the result's name, the function's name or None.

    `extents` are the extents that are parameters of the text, each with the input and the axis that have it;
    `nest` is what the text was rendered from, `runner` the name of what runs it. `before` and `after` are how many
    statements stand around the loops of a snippet, where they take a pasted call's arguments and put its value in
    place.
    """

    text: str
    inputs: tuple[str, ...]
    result: str
    entry: str | None
    extents: tuple[tuple[str, int, int], ...]
    nest: Nest
    runner: str | None = None
    before: int = 0
    after: int = 0
