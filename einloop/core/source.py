"""Where text came from: the string a person gave and spans into it. Parses nothing."""

from __future__ import annotations

from enum import Enum

from .frozen import dataclass

MAX_TEXT = 50_000
"""Characters of a text that is read: 63 operands of 64 axes take 4,200, and calls stand in longer texts."""
MAX_FORMULA = 20_000
"""Characters of a formula that is read: each takes up to 20 microseconds."""
LONGEST_SOURCE = 1 << 18
"""Characters of loops that a person wrote: to find out which names are what in so many takes about a second."""


class Notation(Enum):
    """The ways an einsum can be written down."""

    SUBSCRIPTS = "subscripts"
    SUBLISTS = "sublists"
    CALL = "call"
    FORMULA = "formula"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open range of characters, 0-based, in the text of a `Source`.

    >>> Span(start=3, stop=4).shifted(2)
    Span(start=5, stop=6)
    """

    start: int
    stop: int

    def shifted(self, offset: int) -> Span:
        """Return the same span, `offset` characters further on."""
        return Span(start=self.start + offset, stop=self.stop + offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text as the person gave it; empty where there was none (sublists given in Python)."""

    text: str
    notation: Notation
