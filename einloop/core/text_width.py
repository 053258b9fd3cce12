"""How wide a text is where it is drawn, as estimated from tables: code in a font of one width, prose in another.

The tables hold what the widest of the usual fonts take (DejaVu Sans and DejaVu Sans Mono), so that what is laid out by
them has room in any.
"""

from __future__ import annotations

from .visible import width

CODE_EM = 0.605
"""Width of a character of code, as a part of the font's size."""
WIDE_EM, SYMBOL_EM = 1.05, 1.01
"""Of a character that takes two columns on a terminal, and of a sign that fonts of code may lack."""
LATIN_END = "\u0590"
"""Characters below are letters of Latin, Greek and Cyrillic, which fonts of code have."""

PROSE_EM = {
    **dict.fromkeys("ijl'|.,:;!·", 0.33),
    **dict.fromkeys(" ()[]ftr/-", 0.42),
    **dict.fromkeys("mMwW@%—", 0.99),
}
USUAL_EM, CAPITAL_EM = 0.64, 0.77


def code_width(text: str, size: float) -> float:
    """Return the width of code in a font of one width, in the unit of `size`.

    >>> round(code_width("A[i,j]", 10), 2), round(code_width("添字", 10), 2)
    (36.3, 21.0)
    """
    return size * sum(map(_code_em, text))


def prose_width(text: str, size: float) -> float:
    """Return the width of prose, in the unit of `size`.

    >>> prose_width("ill", 10) < prose_width("axe", 10) < prose_width("WWW", 10)
    True
    """
    return size * sum(map(_prose_em, text))


def _code_em(character: str) -> float:
    if character < LATIN_END and not "\u0300" <= character < "\u0370":
        return CODE_EM
    return (0.0, SYMBOL_EM, WIDE_EM)[width(character)]


def _prose_em(character: str) -> float:
    if character in PROSE_EM:
        return PROSE_EM[character]
    if character >= LATIN_END:
        return (0.0, SYMBOL_EM, WIDE_EM)[width(character)]
    return CAPITAL_EM if character.isupper() else USUAL_EM
