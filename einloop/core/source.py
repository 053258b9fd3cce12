"""Where text came from: the string a person gave and spans into it. Parses nothing."""

from __future__ import annotations

from enum import Enum, Flag, auto

from .frozen import dataclass

MAX_TEXT = 50_000
"""Characters of a text that is read: 63 operands of 64 axes take 4,200, and calls stand in longer texts."""
MAX_FORMULA = 20_000
"""Characters of a formula that is read: each takes up to 20 microseconds."""
MAX_SOURCE = 1 << 18
"""Characters of loops that a person wrote: to find out which names are what in so many takes about a second."""


class Trait(Flag):
    """What other rooms ask of a notation."""

    TEXT = auto()
    """It is written as text: everything but lists given in Python."""
    TERMS = auto()
    """Its terms stand in the text with commas between them."""
    ALONE = auto()
    """The text is the terms and nothing else."""
    LETTERS = auto()
    """Every label is one letter, and blanks between labels mean nothing."""
    WORDS = auto()
    """Labels are words, with blanks between them."""
    STRING = auto()
    """The terms are a string inside a call."""
    ELEMENTS = auto()
    """Operands stand as elements, `A[i, j]`."""


class Notation(Enum):
    """The ways an einsum can be written down: the name of each, and its traits."""

    SUBSCRIPTS = ("subscripts", Trait.TEXT | Trait.TERMS | Trait.ALONE | Trait.LETTERS)
    SUBLISTS = ("sublists", Trait(0))
    CALL = ("call", Trait.TEXT | Trait.TERMS | Trait.LETTERS | Trait.STRING)
    FORMULA = ("formula", Trait.TEXT | Trait.ELEMENTS)
    NAMED = ("named", Trait.TEXT | Trait.TERMS | Trait.ALONE | Trait.WORDS)

    _value_: str
    traits: Trait

    def __new__(cls, name: str, traits: Trait) -> Notation:
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
