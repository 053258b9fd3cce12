"""A formula's tokens in, its left side, sign and right side out. Decides nothing about meaning.

formula = access sign expression
access  = name brackets* | name scripts
"""

from __future__ import annotations

from ...core.errors import NotationError
from ...core.source import Source, Span
from .access import access
from .cursor import Cursor, WrittenAccess, around
from .lengths import without_axis
from .refusals import unexpected
from .right import SIGNS, Right
from .roots import check_names, number_in
from .tokens import Token, TokenKind, has_brackets, quoted, tokenize
from .tree import FRACTIONS, ParsedFormula, Sign

STOPS = (".", ",", ";")
LEFT_HINT = "write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]"


def parse_formula(source: Source, *, alone: bool = True, code: bool = False) -> ParsedFormula:
    """Return the parts of a formula as they are written; raise NotationError where it is none.

    `alone`: only one product is read, and set as a result or added to one. `code`: it is in code form, whatever it has.
    """
    code = code or has_brackets(source.text)
    cursor = Cursor(source, tokenize(source, code=code), alone=alone, code=code)
    assigns = [x for x in _outside_brackets(cursor.tokens) if x.kind is TokenKind.ASSIGN]
    if not assigns and _balanced(cursor.tokens):
        message = "the formula has no '=': nothing says what the result is"
        raise NotationError("EL141", message, text=source.text, hint=LEFT_HINT)
    if cursor.peek().kind is TokenKind.ASSIGN:
        raise cursor.refusal("EL141", assigns[0].span, "nothing stands before the '='", LEFT_HINT)
    if len(assigns) > 1:
        raise unexpected(cursor, assigns[1])
    first = cursor.peek()
    if first.kind is TokenKind.COMMAND and first.text in FRACTIONS:
        span = Span(start=first.span.start, stop=around(cursor.tokens[: cursor.tokens.index(assigns[0])]).stop)
        shown = quoted(source.at(span).strip())
        message = f"the left side is one array, and {shown} is a fraction" if assigns else "a fraction alone"
        raise cursor.refusal("EL140", first.span, message, "give it a name: v_i = ...")
    left = access(cursor, left=True)
    sign, span = _assign(cursor)
    right = Right(cursor, {label.text for label in left.labels})
    tree = right.expression(0)
    _check_end(cursor, left)
    check_names(cursor, right.roots, [left, *right.factors])
    wrong = without_axis(right.lengths, [left, *right.factors])
    if wrong is not None:
        message = f"{quoted(source.at(wrong.span))} is the length of no axis of this formula"
        raise cursor.refusal("EL140", wrong.span, message, "give the length a name")
    return ParsedFormula(
        left=left,
        sign=sign,
        sign_span=span,
        right=tree,
        factors=tuple(right.factors),
        sums=tuple(right.sums),
        groups=tuple(right.groups),
        roots=tuple(number_in(access) for access, _ in right.roots),
    )


def _assign(cursor: Cursor) -> tuple[Sign, Span]:
    """Return the sign after the left side and go past it; refuse anything else there."""
    token = cursor.peek()
    if token.kind is TokenKind.ASSIGN:
        cursor.take()
        return Sign.PLUS if "+" in token.text else Sign.SET, token.span
    changes = {f"{sign.value[0]}": sign for sign in (Sign.MINUS, Sign.TIMES, Sign.OVER)}
    after = cursor.after()
    if not cursor.alone and token.text in changes and after.kind is TokenKind.ASSIGN and after.text == "=":
        cursor.take()
        return changes[token.text], Span(start=token.span.start, stop=cursor.take().span.stop)
    hint = None
    if token.is_mark(","):
        hint = "subscripts are written with '->', like ij,jk->ik"
    elif token.kind in (TokenKind.TIMES, TokenKind.POWER) or token.is_mark("-", "/"):
        hint = "the left side is the result alone, and the sign is '=', ':=' or '+='"
    message = f"{quoted(cursor.source.at(token.span))} stands where '=' should, after the result"
    raise cursor.refusal("EL140", token.span, message, hint)


def _check_end(cursor: Cursor, left: WrittenAccess) -> None:
    """Refuse anything after the right side but one full stop, comma or semicolon."""
    if cursor.at(*STOPS):
        stop, token = cursor.take(), cursor.peek()
        if token.kind is not TokenKind.END:
            hint = "parts of an object are not read: give it a name" if stop.text == "." else None
            hint = "give the formula alone" if token.kind in (TokenKind.COMMAND, TokenKind.NUMBER) else hint
            raise cursor.refusal("EL140", stop.span, f"{stop.text!r} ends the formula, and more follows", hint)
    if cursor.at(*SIGNS):
        tokens = _outside_brackets(cursor.tokens, "[", "]")
        old = [token for token in tokens if token.text == left.name and token.span.start >= left.span.stop]
        if old:
            message = f"{left.name!r} stands on both sides: the formula adds to what it holds"
            raise cursor.refusal("EL165", old[0].span, message, "write the product alone; the loops start from zeros")
    if cursor.peek().kind is not TokenKind.END:
        raise unexpected(cursor, cursor.peek())


def _balanced(tokens: list[Token]) -> bool:
    return all(sum(x.is_mark(pair[0]) - x.is_mark(pair[1]) for x in tokens) == 0 for pair in ("{}", "[]"))


def _outside_brackets(tokens: list[Token], opening: str = "{[", closing: str = "}]") -> list[Token]:
    """Return the tokens in neither braces nor brackets."""
    depth, outside = 0, []
    for token in tokens:
        depth += token.is_mark(*opening) - token.is_mark(*closing)
        if depth <= 0:
            outside.append(token)
    return outside
