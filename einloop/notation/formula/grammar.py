"""A formula's tokens in, its left side, factors and sum signs out. Decides nothing about meaning.

formula = access assign product
product = factor (times? factor)*
factor  = sum scripts | access | "(" product ")"
access  = name brackets* | name scripts
"""

from __future__ import annotations

import keyword
from dataclasses import replace

from ...core.build import MAX_LABELS, MAX_OPERANDS, too_many_operands
from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.source import Source, Span
from .commands import DECORATED, PRIMES, WORDED
from .cursor import Cursor, Label, ParsedFormula, SumSign, WrittenAccess, around
from .labels import bracket_labels, power_of, scripts, worded
from .refusals import check_sign, missing, unexpected
from .sums import sum_sign
from .tokens import Token, TokenKind, quoted, tokenize
from .words import (
    call_hint,
    check_unlisted,
    names_function,
    names_operator,
    read_word,
    refuse_function,
    starts_operand,
)

MAX_DEPTH = 20
STOPS = (".", ",", ";")
NAMED_HINT = "put a name of several letters in \\text{...}, and blanks between operands"
LEFT_HINT = "write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]"


def parse_formula(source: Source) -> ParsedFormula:
    """Return the parts of a formula as they are written; raise NotationError where it is none."""
    cursor = Cursor(source, tokenize(source))
    assigns = [x for x in _outside_brackets(cursor.tokens) if x.kind is TokenKind.ASSIGN]
    if not assigns and _balanced(cursor.tokens):
        message = "the formula has no '=': nothing says what the result is"
        raise NotationError("EL141", message, text=source.text, hint=LEFT_HINT)
    if cursor.peek().kind is TokenKind.ASSIGN:
        raise cursor.refusal("EL141", assigns[0].span, "nothing stands before the '='", LEFT_HINT)
    if len(assigns) > 1:
        raise unexpected(cursor, assigns[1])
    left = _access(cursor, left=True)
    sign = _assign(cursor)
    right = _Right(cursor)
    right.product(0)
    _check_end(cursor, left)
    return ParsedFormula(
        left=left,
        adds=sign.span if "+" in sign.text else None,
        factors=tuple(right.factors),
        sums=tuple(right.sums),
        groups=tuple(right.groups),
    )


class _Right:
    """The right side while it is read."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.factors: list[WrittenAccess] = []
        self.sums: list[SumSign] = []
        self.groups: list[tuple[int, int]] = []

    def product(self, depth: int) -> None:
        """Read factors until something else comes; the sum signs among them reach to the end."""
        cursor, first = self.cursor, len(self.factors)
        own: list[int] = []
        times: Token | None = None
        before: WrittenAccess | None = None
        while _starts_factor(cursor):
            read_word(cursor)
            after: WrittenAccess | None = None
            if cursor.peek().kind is TokenKind.SUM:
                own.append(len(self.sums))
                self.sums.append(sum_sign(cursor, len(self.factors)))
                check_unlisted(cursor, self.sums[-1])
            elif cursor.at("(") or (cursor.at("{") and _encloses_product(cursor)):
                self._parentheses(depth)
            else:
                after = _access(cursor)
                self.factors += [after] * after.power
            self._check_size()
            if times is None:
                _check_neighbours(cursor, before, after)
            else:
                check_sign(cursor, times, before, after)
            before, times = after, None
            if cursor.peek().kind is TokenKind.TIMES:
                times = cursor.take()
        if times is not None or len(self.factors) == first:
            raise missing(cursor, times)
        for number in own:
            self.sums[number] = replace(self.sums[number], stop=len(self.factors))
        if own and self.sums[own[-1]].start == len(self.factors):
            raise cursor.refusal("EL140", self.sums[own[-1]].span, "nothing after the sum sign")

    def _check_size(self) -> None:
        """Refuse more factors or sum signs than an einsum has: checks take time with the square of their number."""
        source = self.cursor.source
        if len(self.factors) > MAX_OPERANDS:
            raise too_many_operands(source, self.factors[MAX_OPERANDS].span, f"more than {MAX_OPERANDS}")
        if len(self.sums) > MAX_LABELS:
            message = f"more than {MAX_LABELS} sum signs; np.einsum has {MAX_LABELS} indices"
            raise NotationError("EL111", message, text=source.text, span=self.sums[MAX_LABELS].span)

    def _parentheses(self, depth: int) -> None:
        """Read a product in parentheses; they change nothing but the reach of sum signs."""
        cursor = self.cursor
        opening, start = cursor.take(), len(self.factors)
        if depth >= MAX_DEPTH:
            raise cursor.refusal("EL149", opening.span, "parentheses are nested too deeply")
        self.product(depth + 1)
        if not cursor.at(")" if opening.text == "(" else "}"):
            if cursor.peek().kind is TokenKind.END:
                raise cursor.refusal("EL140", opening.span, f"{opening.text!r} is never closed")
            raise unexpected(cursor, cursor.peek())
        closing = cursor.take()
        self.groups.append((start, len(self.factors)))
        after = cursor.peek()
        if after.is_script or after.is_mark(*PRIMES) or after.kind is TokenKind.POWER:
            message = "a product in parentheses has neither power nor index"
            raise cursor.refusal("EL147", around([opening, closing]), message, "give every operand its own")


def _encloses_product(cursor: Cursor) -> bool:
    """Tell whether more than a name stands in the braces at the cursor: a sum sign or something with scripts."""
    depth = 0
    for token in cursor.tokens[cursor.place :]:
        depth += token.is_mark("{") - token.is_mark("}")
        if depth == 0:
            break
        if token.kind is TokenKind.SUM or token.is_script:
            return True
    return False


def _check_neighbours(cursor: Cursor, before: WrittenAccess | None, after: WrittenAccess | None) -> None:
    """Refuse, in code, a bare word beside another operand: the text may be more than a formula."""
    if before is not None and after is not None and cursor.code and (before.bare or after.bare):
        message = f"{after.name!r} stands after {before.name!r} without '*'"
        raise cursor.refusal("EL145", after.span, message, "write '*' for a product")


def _starts_factor(cursor: Cursor) -> bool:
    """Tell whether a factor is next; empty braces, LaTeX's spacing, are gone over."""
    while cursor.at("{") and cursor.after().is_mark("}"):
        cursor.group("}")
    return starts_operand(cursor.peek())


def _access(cursor: Cursor, *, left: bool = False) -> WrittenAccess:
    """Return the name at the cursor with its indices."""
    start = cursor.peek()
    wrapper, name = _name(cursor, several=left or cursor.code, depth=0)
    labels: list[Label] = []
    brackets = cursor.at("[")
    while cursor.at("["):
        labels += bracket_labels(cursor)
    if cursor.at("(") and not labels and not brackets:
        message = f"{name!r} before '(' reads as a function"
        hint = f"write the result with its indices, {name}_{{i}}, or alone: {name} = ..." if left else None
        raise cursor.refusal("EL148", start.span, message, hint or call_hint(cursor, name))
    more, power, mark, some = scripts(cursor)
    if brackets and more:
        message = "an operand has its indices in brackets or in scripts, not in both"
        raise cursor.refusal("EL140", more[0].span, message)
    operator = names_function(name) or (starts_operand(cursor.peek()) and names_operator(name))
    if wrapper in WORDED and not (left or brackets) and operator:
        raise refuse_function(cursor, Span(start=start.span.start, stop=cursor.end()), name)
    if cursor.peek().kind is TokenKind.POWER:
        power = _starred_power(cursor, power)
    span = Span(start=start.span.start, stop=cursor.end())
    if left and power > 1:
        raise cursor.refusal("EL147", span, "the result has a power")
    return WrittenAccess(
        name=f"{name}_{mark}" if mark else name,
        wrapper="_".join(filter(None, (wrapper, "marked" * bool(mark)))),
        labels=(*labels, *more),
        span=span,
        power=power,
        bare=not brackets and not some,
        marked=bool(mark),
    )


def _name(cursor: Cursor, *, several: bool, depth: int) -> tuple[str, str]:
    """Return what is around the name at the cursor, and the name; `several` letters or one."""
    token = cursor.peek()
    if depth > MAX_DEPTH:
        raise cursor.refusal("EL149", token.span, "names are nested too deeply")
    if token.kind is TokenKind.COMMAND and token.text in GREEK:
        return "", cursor.take().text
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        return token.text, worded(cursor)[0]
    if token.is_mark("{"):
        return _braced_name(cursor, several=several, depth=depth)
    if token.kind is TokenKind.COMMAND and token.text in DECORATED:
        cursor.take()
        if cursor.at("{"):
            inner, name = _braced_name(cursor, several=False, depth=depth)
        else:
            inner, name = _name(cursor, several=False, depth=depth + 1)
        return "_".join(filter(None, (token.text, inner))), name
    if token.kind is not TokenKind.WORD:
        raise unexpected(cursor, token)
    if keyword.iskeyword(token.text):
        raise cursor.refusal("EL140", token.span, f"{token.text!r} is a word of Python, not an operand")
    if len(token.text) > 1 and not several:
        message = f"is {token.text!r} one operand or a product of {len(token.text)}?"
        raise cursor.refusal("EL145", token.span, message, NAMED_HINT)
    return "", cursor.take().text


def _braced_name(cursor: Cursor, *, several: bool, depth: int) -> tuple[str, str]:
    """Return what is around the name in the braces at the cursor, and the name."""
    inside = cursor.inside(cursor.group("}"))
    found = _name(inside, several=several, depth=depth + 1)
    after = inside.peek()
    if after.kind is not TokenKind.END:
        message = "only a name may stand in these braces"
        raise cursor.refusal("EL140", after.span, message, "indices come after it: \\hat{x}_{i}")
    return found


def _starred_power(cursor: Cursor, power: int) -> int:
    """Return the power after the `**` at the cursor."""
    stars = cursor.take()
    if cursor.peek().kind is not TokenKind.NUMBER or power > 1:
        raise cursor.refusal("EL147", stars.span, "a power must be one number, 2 to 9")
    return power_of(cursor, cursor.take())


def _assign(cursor: Cursor) -> Token:
    """Return the '=' and go past it; refuse anything else after the left side."""
    token = cursor.peek()
    if token.kind is TokenKind.ASSIGN:
        return cursor.take()
    hint = None
    if token.is_mark(","):
        hint = "subscripts are written with '->', like ij,jk->ik"
    elif token.kind in (TokenKind.TIMES, TokenKind.POWER) or token.is_mark("-", "/"):
        hint = "the left side is the result alone, and the sign is '=', ':=' or '+='"
    message = f"{quoted(cursor.source.at(token.span))} stands where '=' should, after the result"
    raise cursor.refusal("EL140", token.span, message, hint)


def _check_end(cursor: Cursor, left: WrittenAccess) -> None:
    """Refuse anything after the product but one full stop, comma or semicolon."""
    if cursor.at(*STOPS):
        stop, token = cursor.take(), cursor.peek()
        if token.kind is not TokenKind.END:
            hint = "parts of an object are not read: give it a name" if stop.text == "." else None
            hint = "give the formula alone" if token.kind in (TokenKind.COMMAND, TokenKind.NUMBER) else hint
            raise cursor.refusal("EL140", stop.span, f"{stop.text!r} ends the formula, and more follows", hint)
    if cursor.at("+", "-"):
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
