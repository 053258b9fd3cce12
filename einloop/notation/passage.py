"""A piece of text to be read, and where it stands in what the person gave. Parses nothing."""

from __future__ import annotations

from ..core.build import Term
from ..core.errors import NotationError
from ..core.frozen import dataclass
from ..core.source import Source, Span
from ..core.spec import DOTS


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

    def term(self, pieces: list[tuple[str, int]], span: Span | None) -> Term:
        """Return the term of some labels, each with its place in the passage."""
        spans = tuple(self.span(place, place + len(label)) for label, place in pieces)
        return Term(labels=tuple(label for label, _ in pieces), spans=spans, span=span)

    def refusal(self, id: str, start: int, stop: int, message: str, hint: str | None = None) -> NotationError:
        """Return a refusal of the characters `start` to `stop` of the passage."""
        where = f"{start} of the string" if self.whole is not None else self._at(start)
        message = f"{message} (character {where})"
        return NotationError(id, message, text=self.source.text, span=self.span(start, stop), hint=hint)

    def _at(self, place: int) -> int:
        return self.start + place - (self.arrow is not None and place > self.arrow)


SECOND_DOTS = f"a second {DOTS!r}; a term may have one"
SECOND_OUTPUT = "',' in the output; an einsum has one output"
NO_BLANK_INSIDE = "write '->', with no blank inside"
COMMA_BETWEEN = "write ',' between operands"
LOOKALIKES = {
    **dict.fromkeys("→⟶⇒−–—＞－", "write '->'"),
    **dict.fromkeys("…．", "write three full stops, '...'"),
    **dict.fromkeys("，、；：", "write ','"),
    **dict.fromkeys("“”‘’„«»", "leave out the quotes around the expression"),
}
"""What to write in place of a character that looks like one of the grammar."""
