"""Text made safe for LaTeX: prose, code and formulas, whatever characters stand in them."""

from __future__ import annotations

import re

from ..core.greek import LETTERS
from .page import UNKNOWN, flat

ESCAPES = {
    **{mark: f"\\{mark}" for mark in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    UNKNOWN: r"\fbox{\tiny ?}",
    "·": r"\ensuremath{\cdot}",
    "…": r"\ldots{}",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "→": r"\ensuremath{\to}",
    "∞": r"\ensuremath{\infty}",
    "≠": r"\ensuremath{\neq}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "≈": r"\ensuremath{\approx}",
    **{sign: f"\\ensuremath{{\\{name}}}" for name, sign in reversed(LETTERS.items()) if name != "omicron"},
}
TABLE = {ord(mark): text for mark, text in ESCAPES.items()}
LIGATURE = re.compile(r"([,-])(?=\1)")
"""Two characters of which fonts make one."""
BLANK = "\\ "
AFTER = re.compile(r"(?<=·)")
"""Where code may break although there is no blank: between factors."""
BREAK = r"\allowbreak{}"
MAX_LINE_CHARACTERS = 80
"""How many characters of a formula in LaTeX surely fit into a line."""


def tex_prose(text: str) -> str:
    r"""Return words for LaTeX.

    >>> print(tex_prose("50% of A_1"))
    50\% of A\_1
    """
    return text.translate(TABLE)


def tex_code(text: str) -> str:
    r"""Return code for LaTeX: every blank counts, and two characters never become one.

    >>> print(tex_code("A[i,  j]"))
    A[i,\ \ j]
    """
    parts = [part.translate(TABLE) for part in AFTER.split(text)]
    return LIGATURE.sub(r"\1{}", BREAK.join(parts)).replace(" ", BLANK)


def tex_formula(latex: str) -> str:
    r"""Return a formula for LaTeX on one line; a long one may break between its factors.

    >>> print(tex_formula("c = A_{ij}  é"))
    c = A_{ij}  \text{é}
    """
    text, depth, out = flat(latex), 0, []
    blank = f"{BREAK} " if is_long(text) else " "
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not character.isascii():
            out.append(f"\\text{{{tex_prose(character)}}}")
        else:
            out.append(blank if character == " " and depth == 0 else character)
    return "".join(out)


def is_long(latex: str) -> bool:
    """Return whether a formula may be too long for a line."""
    return len(latex) > MAX_LINE_CHARACTERS


def unknown_characters(text: str) -> list[str]:
    """Return the characters that a LaTeX of eight bits may have no glyph for, each once, in order."""
    return sorted({character for character in text if not character.isascii()})
