"""The sum signs of a formula: `\\sum_{j=1}^{n}`, `∑_j`, `∑ⱼ`, with the indices that they list."""

from __future__ import annotations

from dataclasses import replace

from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.source import Span
from .commands import MINUS, WORDED
from .cursor import Cursor, Label, SumSign
from .labels import script_labels, worded
from .refusals import unexpected
from .tokens import Token, TokenKind

RELATIONS = frozenset({"ne", "neq", "le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt"})
"""Commands that compare indices."""


def sum_sign(cursor: Cursor, start: int) -> SumSign:
    """Return the sum sign at the cursor with the indices that it lists."""
    sign = cursor.take()
    labels: list[Label] = []
    low, high = "", list[Token]()
    while cursor.peek().is_script:
        found, limit = list[Label](), ""
        if cursor.next().kind is TokenKind.SCRIPT:
            found, limit, above = _small_listed(cursor)
            high += above
        elif cursor.take().text == "_":
            found, limit = _listed(cursor)
        else:
            high += _upper_limit(cursor)
        labels, low = labels + found, limit or low
    span = Span(start=sign.span.start, stop=cursor.end())
    return SumSign(labels=tuple(labels), span=span, start=start, stop=start, low=low, high=tuple(high))


def _listed(cursor: Cursor) -> tuple[list[Label], str]:
    """Return the indices below a sum sign, and their lower limit."""
    token = cursor.peek()
    if token.is_mark("{"):
        return _split_limit(cursor, cursor.group("}"))
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        name, span = worded(cursor)
        return [Label(text=name, span=span)], ""
    several = token.kind is TokenKind.WORD and len(token.text) > 1
    if several and cursor.after().is_mark("_", "["):
        cursor.split()
    return script_labels(cursor, [cursor.take()], words=several and cursor.code), ""


def _small_listed(cursor: Cursor) -> tuple[list[Label], str, list[Token]]:
    """Return the indices in small letters below a sum sign, as in `∑ⱼ₌₁ⁿ`, and their limits."""
    run = []
    while cursor.next().kind is TokenKind.SCRIPT:
        token = cursor.take()
        run.append(replace(token, kind=_plain_kind(token.text)))
    labels, low = _split_limit(cursor, [token for token in run if not token.raised])
    return labels, low, [token for token in run if token.raised]


def _split_limit(cursor: Cursor, tokens: list[Token]) -> tuple[list[Label], str]:
    """Return the indices before the '=', and the limit after it, which must be 0 or 1."""
    assign = next((n for n, token in enumerate(tokens) if token.kind is TokenKind.ASSIGN), None)
    if assign is None:
        _check_condition(cursor, tokens)
        return script_labels(cursor, tokens, words=cursor.code), ""
    limit = [token for token in tokens[assign + 1 :] if token.kind is not TokenKind.BLANK]
    if len(limit) != 1 or limit[0].text not in ("0", "1"):
        named = any(token.kind is TokenKind.WORD for token in limit)
        raise _condition(cursor, (limit or tokens[assign:])[0].span, part=named)
    listed = tokens[:assign]
    while listed and listed[-1].kind is TokenKind.BLANK:
        listed.pop()
    return script_labels(cursor, listed, words=cursor.code), limit[0].text


def _check_condition(cursor: Cursor, tokens: list[Token]) -> None:
    """Refuse what is not a list of indices below a sum sign."""
    member = next((n for n, token in enumerate(tokens) if token.kind is TokenKind.WORD and token.text == "in"), None)
    if member is not None and len(tokens) > 1:
        below = "".join(token.text for token in tokens[:member]).strip()
        hint = f"write sum_{{{below or 'j'}}}, and take the elements of the set before"
        raise cursor.refusal("EL172", tokens[member].span, "sets of indices are not read", hint)
    odd = [token for token in tokens if token.is_mark("+", "-", ":", "/", "(", "[")]
    odd += [x for x in tokens if x.kind is TokenKind.COMMAND and x.text not in GREEK | WORDED]
    if odd:
        raise _condition(cursor, odd[0].span, part=odd[0].text in RELATIONS)


def _condition(cursor: Cursor, span: Span, *, part: bool) -> NotationError:
    """Return the refusal of what stands below a sum; `part`: the sum goes over some places that indices tell."""
    message = "a sum of an einsum runs over the whole axis, from its first element"
    hint = "list the indices only, \\sum_{i,j}; take a part of the axis before"
    if part:
        hint = "multiply by an operand that is 1 where the sum goes, and 0 elsewhere"
    return cursor.refusal("EL172", span, message, hint)


def _upper_limit(cursor: Cursor) -> list[Token]:
    """Return the upper limit of a sum and go past it."""
    token, place = cursor.peek(), cursor.place
    if token.is_mark("{"):
        return cursor.group("}")
    if token.kind is TokenKind.WORD and len(token.text) > 1:
        if not cursor.after().is_mark("_", "["):
            message = f"how much of {token.text!r} is the limit of the sum?"
            raise cursor.refusal("EL145", token.span, message, "put the limit in braces")
        cursor.split()
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        worded(cursor)
    elif token.kind in (TokenKind.WORD, TokenKind.NUMBER) or token.text in GREEK | {"infty"}:
        cursor.take()
    else:
        raise unexpected(cursor, token)
    return cursor.tokens[place : cursor.place]


def _plain_kind(text: str) -> TokenKind:
    """Return what a small letter would be at the usual size."""
    if text == "=":
        return TokenKind.ASSIGN
    if text in MINUS:
        return TokenKind.MARK
    return TokenKind.NUMBER if text.isdecimal() else TokenKind.WORD if text.isalpha() else TokenKind.SCRIPT
