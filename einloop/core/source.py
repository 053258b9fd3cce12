"""Where text came from: the string a person gave and spans into it. Parses nothing."""

from __future__ import annotations

from enum import Enum

from .frozen import dataclass

MAX_TEXT = 50_000
"""Characters of a text that is read: 63 operands of 64 axes take 4,200, and calls stand in longer texts."""
MAX_FORMULA = 20_000
"""Characters of a formula that is read: each takes up to 20 microseconds."""
MAX_SOURCE = 1 << 18
"""Characters of loops that a person wrote: to find out which names are what in so many takes about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What other rooms ask of a notation.

    `text`: it is written as text, not as lists in Python. `terms`: its terms stand in the text with commas between
    them; `alone`: and nothing else does. `letters`: every label is one letter, and blanks between labels mean nothing;
    `words`: labels are words with blanks between them. `string`: the terms are a string inside a call. `elements`:
    operands stand as elements, `A[i, j]`. `code`: it is a program, which is lifted.
    """

    text: bool = True
    terms: bool = False
    alone: bool = False
    letters: bool = False
    words: bool = False
    string: bool = False
    elements: bool = False
    code: bool = False


class Notation(Enum):
    """The ways an einsum can be written down: the name of each, and its traits."""

    SUBSCRIPTS = ("subscripts", Traits(terms=True, alone=True, letters=True))
    SUBLISTS = ("sublists", Traits(text=False))
    CALL = ("call", Traits(terms=True, letters=True, string=True))
    FORMULA = ("formula", Traits(elements=True))
    NAMED = ("named", Traits(terms=True, alone=True, words=True))
    LOOPS = ("loops", Traits(code=True))
    NUMPY = ("numpy", Traits(code=True))
    C = ("c", Traits(code=True))

    _value_: str
    traits: Traits

    def __new__(cls, name: str, traits: Traits) -> Notation:
        """Return a member whose value is its name."""
        notation = object.__new__(cls)
        notation._value_ = name
        notation.traits = traits
        return notation


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

    def at(self, span: Span) -> str:
        """Return what is written at a span."""
        return self.text[span.start : span.stop]
