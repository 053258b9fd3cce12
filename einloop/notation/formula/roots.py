"""Roots of numbers in a formula: `\\sqrt{d_k}`, `√d`, `np.sqrt(d)`, `d^{-1/2}`; those of elements are refused."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ...core.errors import NotationError
from ...core.source import Span
from .cursor import Cursor, Half, WrittenAccess, around
from .lengths import LENGTH
from .tokens import Token, TokenKind, quoted
from .words import NO_FUNCTIONS

ROOT = "sqrt"
LIBRARIES = frozenset({"np", "numpy", "math", "torch", "jnp"})
ELEMENTS_HINT = "compute it before, and give the result a name"
SUM_HINT = "give the sum a name, s = ..., and take the root of s in the next statement"
POWER_HINT = "a power from 2 to 9 is that many equal factors"
NUMBER_HINT = "where {name} is one number, give it a name without an index, like \\sqrt{{d}}"
HALF = re.compile(r"(-?)(0?\.5|½|1)")


def root_width(cursor: Cursor) -> int:
    """Return how many tokens name a square root at the cursor, 0 where none begins there."""
    first = cursor.peek()
    if cursor.alone or first.kind not in (TokenKind.COMMAND, TokenKind.WORD):
        return 0
    texts = [first.text, *(token.text for token in cursor.rest()[:3])]
    if first.kind is TokenKind.COMMAND or texts[:2] == [ROOT, "("]:
        return int(texts[0] == ROOT)
    return 3 if texts[0] in LIBRARIES and texts[1:4] == [".", ROOT, "("] else 0


def number_in(access: WrittenAccess) -> WrittenAccess:
    """Return an operand in a root as the number that it is: `d_k` and `d_{model}` are names."""
    below = "".join(label.text for label in access.labels)
    name = "_".join(filter(None, (access.name, access.wrapper, below)))
    name += "_" * keyword.iskeyword(name)
    return replace(access, name=name, wrapper=LENGTH, labels=(), power=1, half=None, marked=bool(below))


def of_elements(cursor: Cursor, span: Span, hint: str = ELEMENTS_HINT) -> NotationError:
    """Return the refusal of a root of elements."""
    return cursor.refusal("EL148", span, NO_FUNCTIONS.format(quoted(cursor.source.at(span))), hint)


def check_number(
    cursor: Cursor, access: WrittenAccess, span: Span, kept: Collection[str], summed: Collection[str]
) -> None:
    """Refuse an operand in a root, at `span`, that has brackets, or an index of the result or of a sum around it."""
    texts, written = {label.text for label in access.labels}, cursor.source.at(access.span)
    element = not texts.isdisjoint(kept) or (texts and "[" in written)
    if (element or not texts.isdisjoint(summed)) and access.half:
        power = cursor.source.at(access.half.span)
        raise cursor.refusal("EL147", access.half.span, f"the power {power} is not a product", POWER_HINT)
    if element:
        raise of_elements(cursor, span)
    if not texts.isdisjoint(summed):
        raise of_elements(cursor, span, NUMBER_HINT.format(name=written))


def check_repeated(cursor: Cursor, roots: Sequence[tuple[WrittenAccess, Span]]) -> None:
    """Refuse an index that stands twice in a root, which then reads as a sum over it."""
    letters = [(x.text, access, span) for access, span in roots for x in access.labels * access.power if not x.word]
    texts = [text for text, _, _ in letters]
    for text, access, span in letters:
        if texts.count(text) > 1:
            raise of_elements(cursor, span, NUMBER_HINT.format(name=cursor.source.at(access.span)))


def check_names(cursor: Cursor, roots: Sequence[tuple[WrittenAccess, Span]], others: Sequence[WrittenAccess]) -> None:
    """Refuse a root of what has indices elsewhere in the formula."""
    arrays = {access.name for access in others if access.labels}
    for access, span in roots:
        if access.name in arrays:
            raise of_elements(cursor, span)


def half_of(tokens: Sequence[Token]) -> Half | None:
    """Return the power that tokens are where it is a root or an inverse, None for any other."""
    found = HALF.fullmatch("".join(token.text for token in tokens).replace("1/2", ".5"))
    if found is None or found[0] == "1":
        return None
    return Half(power=(-1 if found[1] else 1) * (1.0 if found[2] == "1" else 0.5), span=around(tokens))
