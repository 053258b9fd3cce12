"""What products and sums are for a dtype, and terms in a row. Reads no arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

MAX_FACTORS_SHOWN = 8
"""A product of more factors is shown in part."""
MAX_LINE = 84
"""Characters of a row of terms."""


class ElementKind(Enum):
    """What products and sums are for a dtype."""

    LOGIC = "logic"
    INTEGER = "integer"
    REAL = "real"
    COMPLEX = "complex"
    OBJECT = "object"
    OTHER = "other"
    """No arithmetic: elements are moved, never multiplied."""

    @property
    def rounds(self) -> bool:
        """Elements are floats or complex numbers."""
        return self in (ElementKind.REAL, ElementKind.COMPLEX)

    @property
    def plus(self) -> str:
        """What stands between terms."""
        return " ∨ " if self is ElementKind.LOGIC else " + "


KINDS: Mapping[str, ElementKind] = {
    "b": ElementKind.LOGIC,
    "i": ElementKind.INTEGER,
    "u": ElementKind.INTEGER,
    "f": ElementKind.REAL,
    "c": ElementKind.COMPLEX,
    "O": ElementKind.OBJECT,
}


def multiplied(texts: Sequence[str], kind: ElementKind) -> str:
    """Return factors in a row; of many, those at both ends.

    >>> multiplied(["a[0]", "b[0]"], ElementKind.REAL)
    'a[0]·b[0]'
    """
    if len(texts) > MAX_FACTORS_SHOWN:
        texts = [*texts[: MAX_FACTORS_SHOWN // 2], "…", texts[-1]]
    return ("∧" if kind is ElementKind.LOGIC else "·").join(texts)


def added(start: str, terms: Sequence[str], kind: ElementKind) -> str:
    """Return terms in a row, or below each other where they are long."""
    plus = kind.plus
    row = start + plus.join(terms)
    if len(row) <= MAX_LINE:
        return row
    return start + ("\n" + " " * (len(start) - len(plus.strip()) - 1) + plus.lstrip()).join(terms)
