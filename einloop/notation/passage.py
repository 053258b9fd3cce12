"""A piece of text to be read, and where it stands in what the person gave. Parses nothing."""

from __future__ import annotations

from ..core.frozen import dataclass
from ..core.source import Source, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The `text` that a reader reads, and its place in `source`.

    It begins at the character `start` of the source. Where it does not stand there character by
    character (a string literal with escapes), `whole` is the span that stands for every part of it.
    `arrow` is the place of a `->` for which the source has one character.

    >>> from einloop.core.source import Notation
    >>> source = Source(text="f('ij', a)", notation=Notation.CALL)
    >>> Passage(source=source, text="ij", start=3).span(1, 2)
    Span(start=4, stop=5)
    """

    source: Source
    text: str
    start: int = 0
    whole: Span | None = None
    arrow: int | None = None

    def span(self, start: int, stop: int) -> Span:
        """Return the span in the source of the characters `start` to `stop` of the passage."""
        return self.whole or Span(start=self._at(start), stop=self._at(stop))

    def where(self, place: int) -> str:
        """Return words for the character at `place` of the passage."""
        if self.whole is not None:
            return f"character {place} of the string"
        return f"character {self._at(place)}"

    def _at(self, place: int) -> int:
        return self.start + place - (self.arrow is not None and place > self.arrow)
