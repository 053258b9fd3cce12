"""What is said of a token that stands where a factor of a formula should."""

from __future__ import annotations

from ...core.errors import NotationError
from ...core.source import Span
from .cursor import Cursor, WrittenAccess
from .tokens import Token, TokenKind, quoted
from .words import NO_FUNCTIONS

_SIGNS = {"⊙": "elementwise", "∘": "elementwise", "\\odot": "elementwise", "\\circ": "elementwise"}
_SIGNS |= {"⊗": "outer", "\\otimes": "outer"}
_NO_FUNCTIONS = NO_FUNCTIONS.format("{token}")
UNEXPECTED: tuple[tuple[str, str, str, str | None], ...] = (
    ("<NUMBER>", "EL143", "the number {text} in a product",
     "make it an operand without indices, with a name: alpha * A[i, j]"),
    ("+ -", "EL142", "{token}: a sum or difference of terms is not one einsum",
     "write one formula for each term and combine the results"),
    ("/ \\frac \\tfrac \\dfrac", "EL142", "{token}: an einsum has no division",
     "multiply by an operand that holds the inverse"),
    ("<ASSIGN>", "EL141", "a second {token}; a formula has one left side", None),
    ("\\forall \\in", "EL140", "{token} cannot stand here",
     "give the formula alone, without what is said of its indices"),
    ("\\lVert \\rVert \\Vert \\norm", "EL148", _NO_FUNCTIONS,
     "for the square of a norm write the sum of squares: s = x_i^2"),
    ("<COMMAND>", "EL148", _NO_FUNCTIONS, "compute it before, and give the result a name"),
    ("<SUM>", "EL140", "{token} is the sum sign, it cannot be a name", "write \\Sigma for a matrix of that name"),
    ("' ’ ′", "EL147", "{token} marks another array", "give it another name"),
    ("<END>", "EL140", "a name is missing", None),
    ("[ _ ^ <SCRIPT>", "EL140", "{token} has no operand before it", None),
    (".", "EL140", "{token} cannot stand here", "a dot product has the index that is summed: x_{ki} x_{ki}"),
    (") ] }", "EL140", "{token} closes nothing", None),
)  # fmt: skip
"""Texts and kinds of tokens, the first row that has one counts: id, message, hint."""


def missing(cursor: Cursor, times: Token | None) -> NotationError:
    """Return the refusal of what stands where a factor should."""
    token = cursor.peek()
    if times is not None and token.kind is TokenKind.END:
        what = "'/'" if times.text == "/" else "product sign"
        return cursor.refusal("EL140", times.span, f"nothing after the {what}")
    if token.kind is TokenKind.END:
        return cursor.refusal("EL140", token.span, "an operand is missing at the end")
    if times is not None and times.text == "/" and token.is_mark("/"):
        span = Span(start=times.span.start, stop=token.span.stop)
        return cursor.refusal("EL142", span, "'//' rounds the quotient down, and no sum of products does that")
    sign = token.is_mark("+", "-", "/") and not cursor.alone
    if sign or token.is_mark(")") or token.kind in (TokenKind.TIMES, TokenKind.POWER):
        message = f"an operand is missing before {quoted(cursor.source.at(token.span))}"
        return cursor.refusal("EL140", token.span, message)
    return unexpected(cursor, token)


def check_sign(cursor: Cursor, times: Token, before: WrittenAccess | None, after: WrittenAccess | None) -> None:
    """Refuse the sign of an elementwise or outer product where the indices do not say the same as the sign."""
    kind = _SIGNS.get(times.text)
    if kind is None:
        return
    text = quoted(cursor.source.at(times.span))
    one, other = ({x.text for x in access.labels} if access else set() for access in (before, after))
    if not one or not other:
        message = f"{text} needs an operand with indices on both sides"
        raise cursor.refusal("EL145", times.span, message, "write the indices of both, like A_{ij} * B_{ij}")
    if kind == "outer" and one & other:
        message = f"{text} is a sign of outer products, and both operands have index {min(one & other)!r}"
        hint = "write * for a product of elements; else name the indices differently"
        raise cursor.refusal("EL145", times.span, message, hint)


def unexpected(cursor: Cursor, token: Token) -> NotationError:
    """Return the refusal of a token that no factor begins with."""
    text = cursor.source.at(token.span)
    found = {text, f"<{token.kind.name}>"}
    rows = (row[1:] for row in UNEXPECTED if not found.isdisjoint(row[0].split()))
    id, message, hint = next(rows, ("EL140", "{token} cannot stand here", None))
    return cursor.refusal(id, token.span, message.format(token=quoted(text), text=text), hint)
