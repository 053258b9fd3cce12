"""What is said of a token that stands where a factor of a formula should."""

from __future__ import annotations

from ...core.errors import NotationError
from .cursor import Cursor, WrittenAccess, quoted
from .labels import PRIMES
from .tokens import Token, TokenKind

_SIGNS = {"elementwise": ("⊙", "∘", "\\odot", "\\circ"), "outer": ("⊗", "\\otimes")}


def missing(cursor: Cursor, times: Token | None) -> NotationError:
    """Return the refusal of what stands where a factor should."""
    token = cursor.peek()
    if times is not None and token.kind is TokenKind.END:
        return cursor.refusal("EL140", times.span, "nothing behind the product sign")
    if token.kind is TokenKind.END:
        return cursor.refusal("EL140", token.span, "an operand is missing at the end")
    if token.is_mark(")") or token.kind in (TokenKind.TIMES, TokenKind.POWER):
        text = cursor.source.text[token.span.start : token.span.stop]
        message = f"an operand is missing before {quoted(text)}"
        return cursor.refusal("EL140", token.span, message)
    return unexpected(cursor, token)


def check_sign(cursor: Cursor, times: Token, before: WrittenAccess | None, after: WrittenAccess | None) -> None:
    """Refuse the sign of an elementwise or outer product where the indices do not say the same as the sign."""
    kind = next((kind for kind, signs in _SIGNS.items() if times.text in signs), None)
    if kind is None:
        return
    text = quoted(cursor.source.text[times.span.start : times.span.stop])
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
    text = cursor.source.text[token.span.start : token.span.stop]
    orphan = token.is_mark("[", "_", "^") or token.kind is TokenKind.SCRIPT
    cases = (
        (
            token.kind is TokenKind.NUMBER,
            "EL143",
            f"the number {text} in a product",
            "make it an operand without indices, with a name: alpha * A[i, j]",
        ),
        (
            token.is_mark("+", "-"),
            "EL142",
            f"{quoted(text)}: a sum or difference of terms is not one einsum",
            "write one formula for each term and combine the results",
        ),
        (
            token.is_mark("/") or text in ("\\frac", "\\tfrac", "\\dfrac"),
            "EL142",
            f"{quoted(text)}: an einsum has no division",
            "multiply by an operand that holds the inverse",
        ),
        (
            token.kind is TokenKind.ASSIGN,
            "EL141",
            f"a second {quoted(text)}; a formula has one left side",
            None,
        ),
        (
            text in ("\\forall", "\\in"),
            "EL140",
            f"{quoted(text)} cannot stand here",
            "give the formula alone, without what is said of its indices",
        ),
        (
            text in ("\\lVert", "\\rVert", "\\Vert", "\\norm"),
            "EL148",
            f"{quoted(text)} is no operand, and an einsum has no functions",
            "for the square of a norm write the sum of squares: s = x_i^2",
        ),
        (
            token.kind is TokenKind.COMMAND,
            "EL148",
            f"{quoted(text)} is no operand, and an einsum has no functions",
            "compute it before, and give the result a name",
        ),
        (
            token.kind is TokenKind.SUM,
            "EL140",
            f"{quoted(text)} is the sum sign, it cannot be a name",
            "write \\Sigma for a matrix of that name",
        ),
        (token.is_mark(*PRIMES), "EL147", f"{quoted(text)} marks another array", "give it another name"),
        (token.kind is TokenKind.END, "EL140", "a name is missing", None),
        (orphan, "EL140", f"{quoted(text)} has no operand before it", None),
        (token.is_mark(")", "]", "}"), "EL140", f"{quoted(text)} closes nothing", None),
        (True, "EL140", f"{quoted(text)} cannot stand here", None),
    )
    id_, message, hint = next(case[1:] for case in cases if case[0])
    return cursor.refusal(id_, token.span, message, hint)
