"""The length of an axis in a formula in code form: `len(x)`, `A.shape[1]`."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.build import MAX_AXES
from ...core.source import Span
from .cursor import Cursor, WrittenAccess
from .tokens import TokenKind

LENGTH = "length"
"""What is around the name of a length, which is its text in Python: no array has it."""


def length_of(cursor: Cursor) -> WrittenAccess | None:
    """Return the length at the cursor, which goes past it; None where something else stands there."""
    token = cursor.peek()
    if not cursor.code or token.kind is not TokenKind.WORD:
        return None
    ahead = cursor.tokens[cursor.place : cursor.place + 6]
    texts, words = [one.text for one in ahead], [one.kind is TokenKind.WORD for one in ahead]
    if texts[:2] == ["len", "("] and texts[3:4] == [")"] and words[2]:
        count, name, axis = 4, texts[2], "0"
    elif texts[1:4] == [".", "shape", "["] and texts[5:6] == ["]"] and texts[4].isdecimal():
        count, name, axis = 6, texts[0], texts[4]
    else:
        return None
    cursor.place += count
    span = Span(start=token.span.start, stop=ahead[count - 1].span.stop)
    return WrittenAccess(name=f"{name}.shape[{int(axis)}]", wrapper=LENGTH, labels=(), span=span)


def without_axis(lengths: Iterable[WrittenAccess], accesses: Iterable[WrittenAccess]) -> WrittenAccess | None:
    """Return a length of an axis that its array has not, as it stands elsewhere."""
    ranks = {access.name: len(access.labels) for access in accesses}
    for length in lengths:
        name, _, axis = length.name.partition(".shape[")
        if int(axis[:-1]) >= ranks.get(name, MAX_AXES):
            return length
    return None
