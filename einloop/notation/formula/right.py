"""The right side of a formula: tokens in, a tree out, with the operands and sum signs in order of writing.

expression = sign? product (sign product)*
product    = factor ((times | "/")? factor)*
factor     = number power? | sum scripts | fraction | root | access | "(" expression ")" power?

Where one product is read alone, an expression is one product, and a factor neither a number nor a fraction.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from ...core.build import MAX_LABELS, MAX_OPERANDS, too_many_operands
from ...core.errors import NotationError
from ...core.source import Span
from .access import MAX_DEPTH, access, name_of
from .commands import PRIMES
from .cursor import Cursor, SumSign, WrittenAccess, around
from .labels import power_of
from .lengths import length_of
from .refusals import check_sign, missing, unexpected
from .roots import SUM_HINT, check_number, check_repeated, number_in, of_elements, root_width
from .sums import sum_sign
from .tokens import Token, TokenKind, quoted
from .tree import FRACTIONS, Added, Branch, Constant, Divided, Multiplied, Raised, Root, Summed
from .words import check_unlisted, read_word, starts_operand

SIGNS = ("+", "-")
MAX_FACTORS = 1000
"""Operands of one formula, where terms are added: checks take time with the square of their number."""
MAX_SIGNS = 200
_SUFFIX = re.compile(r"x[0-9a-fA-F]+|b[01]+|o[0-7]+|[uUlL]{1,3}|[dD]\d+")
"""What stands after a digit in numbers of programs that are not read."""
DIFFERENCES = frozenset({"d", "delta", "Delta", "Δ", "δ"})
"""What stands above and below in a derivative."""
POWER = "a power must be one number, 2 to 9"
OVER_HINT = "write parentheses around what divides, or '*' after it"


class Right:
    """The right side while it is read; `kept` are the indices of the result."""

    def __init__(self, cursor: Cursor, kept: Collection[str]) -> None:
        self.cursor, self.kept = cursor, kept
        self.factors: list[WrittenAccess] = []
        self.sums: list[SumSign] = []
        self.groups: list[tuple[int, int]] = []
        self.lengths: list[WrittenAccess] = []
        self.roots: list[tuple[WrittenAccess, Span]] = []
        self.root: Span | None = None
        self.open: list[int] = []

    def expression(self, depth: int) -> Branch:
        """Read products, with signs between them, until something else comes."""
        cursor = self.cursor
        if cursor.alone:
            return self._product(depth)
        parts: list[tuple[bool, Branch]] = []
        start = cursor.peek().span.start
        while not parts or cursor.at(*SIGNS):
            negative = False
            while cursor.at(*SIGNS):
                negative ^= cursor.take().text == "-"
            parts.append((negative, self._product(depth)))
        if parts == [(False, parts[0][1])]:
            return parts[0][1]
        return Added(parts=tuple(parts), span=Span(start=start, stop=cursor.end()))

    def _product(self, depth: int) -> Branch:
        """Read factors until something else comes; the sum signs among them reach to the end."""
        cursor = self.cursor
        own: list[int] = []
        items: list[_Item] = []
        sign: Token | None = None
        before: WrittenAccess | None = None
        while self._starts_factor():
            if not root_width(cursor):
                read_word(cursor)
            after: WrittenAccess | None = None
            if cursor.peek().kind is TokenKind.SUM:
                self._check_signs(len(own))
                own.append(len(self.sums))
                self.open.append(len(self.sums))
                self.sums.append(sum_sign(cursor, len(self.factors)))
                check_unlisted(cursor, self.sums[-1])
                found: Branch | int = own[-1]
            else:
                found, after = self._factor(depth)
            self._check_size()
            self._check_beside(items, sign, before, after, found)
            items.append((sign is not None and sign.text == "/", found))
            before, sign = after, None
            if cursor.peek().kind is TokenKind.TIMES or (cursor.at("/") and not cursor.alone):
                sign = cursor.take()
            if sign is not None and not cursor.alone and cursor.at("-"):
                items.append((False, Constant(value=-1, span=cursor.take().span)))
        if sign is not None or all(isinstance(item, int) for _, item in items):
            raise missing(cursor, sign)
        for number in own:
            self.sums[number] = replace(self.sums[number], stop=len(self.factors))
            self.open.remove(number)
        if isinstance(items[-1][1], int):
            raise cursor.refusal("EL140", self.sums[own[-1]].span, "nothing after the sum sign")
        return self._folded(items)

    def _folded(self, items: list[_Item]) -> Branch:
        """Return a product as a tree: a sum sign takes all that follows it."""
        end = self.cursor.end()
        after: list[tuple[bool, Branch]] = []
        for divides, item in reversed(items):
            if not isinstance(item, int):
                after.insert(0, (divides, item))
                continue
            span = Span(start=self.sums[item].span.start, stop=end)
            after = [(divides, Summed(body=_quotient(after), span=span, sign=item))]
        return _quotient(after)

    def _factor(self, depth: int) -> tuple[Branch, WrittenAccess | None]:
        """Read one factor; return it, and the operand that it is, if it is one."""
        cursor = self.cursor
        token = cursor.peek()
        if token.kind is TokenKind.NUMBER:
            return _number(cursor, powers=True), None
        if token.kind is TokenKind.COMMAND and token.text in FRACTIONS and not cursor.alone:
            return self._fraction(depth), None
        if root_width(cursor):
            return self._root(root_width(cursor), depth), None
        length = None if cursor.alone else length_of(cursor)
        if length is not None:
            self.lengths.append(length)
            power = _power(cursor)
            span = Span(start=length.span.start, stop=cursor.end())
            return (length if power is None else Raised(base=length, power=power, span=span)), None
        if cursor.at("(") or (cursor.at("{") and _encloses_product(cursor)):
            return self._parentheses(depth), None
        operand = access(cursor)
        return self._operand(operand), operand

    def _operand(self, operand: WrittenAccess) -> Branch:
        if operand.half is not None:
            return self._to_half(operand, operand.half.power)
        one = replace(operand, power=1)
        found: Branch = one if self.root is None else self._number(operand, self.root)
        self.factors += [one] * operand.power if self.root is None else []
        return found if operand.power == 1 else Raised(base=found, power=operand.power, span=operand.span)

    def _to_half(self, base: WrittenAccess, power: float) -> Branch:
        """Return a number to a power that is a root or an inverse."""
        span = base.span
        plain = power == -1
        found = self._operand(replace(base, half=None)) if plain else Root(inside=self._number(base, span), span=span)
        return found if power > 0 else Divided(top=Constant(value=1, span=span), bottoms=(found,), span=span)

    def _root(self, width: int, depth: int) -> Branch:
        """Read `\\sqrt{d}`, `√d`, `sqrt(d)`, `np.sqrt(d)`: the name has `width` tokens."""
        cursor, before, sums = self.cursor, self.root, len(self.sums)
        start = cursor.peek().span.start
        for _ in range(width):
            cursor.peek()
            command = cursor.take()
        self.root = Span(start=start, stop=command.span.stop)
        if depth >= MAX_DEPTH:
            raise cursor.refusal("EL149", self.root, "roots are nested too deeply")
        if cursor.at("["):
            raise of_elements(cursor, self.root)
        first = len(self.roots)
        inside = self._closed(cursor.take(), depth + 1) if cursor.at("(") else self._argument(command, depth + 1)
        if len(self.sums) > sums:
            raise of_elements(cursor, self.root, SUM_HINT)
        check_repeated(cursor, self.roots[first:])
        self.root = before
        return Root(inside=inside, span=Span(start=start, stop=cursor.end()))

    def _number(self, access: WrittenAccess, root: Span) -> WrittenAccess:
        """Return an operand in the root at a span as a number."""
        around = [self.sums[number] for number in self.open if self.sums[number].span.start < root.start]
        summed = {label.text for sign in around for label in sign.labels}
        check_number(self.cursor, access, root, self.kept, summed)
        self.roots.append((access, root))
        return number_in(access)

    def _fraction(self, depth: int) -> Branch:
        """Read `\\frac{a}{b}`, also `\\frac12`."""
        cursor = self.cursor
        command = cursor.take()
        if depth >= MAX_DEPTH:
            raise cursor.refusal("EL149", command.span, "fractions are nested too deeply")
        top, bottom = self._argument(command, depth), self._argument(command, depth)
        span = Span(start=command.span.start, stop=cursor.end())
        first = _first(top)
        if first in DIFFERENCES and first == _first(bottom):
            message = f"{quoted(cursor.source.at(span))} reads as a derivative, and an einsum has none"
            raise cursor.refusal("EL148", span, message, "compute it before, and give the result a name")
        return Divided(top=top, bottoms=(bottom,), span=span)

    def _argument(self, command: Token, depth: int) -> Branch:
        """Read what a fraction takes: braces, or one sign without."""
        cursor = self.cursor
        token = cursor.peek()
        if token.is_mark("{"):
            return self._closed(cursor.take(), depth)
        if len(token.text) > 1 and (token.kind is TokenKind.WORD or token.text.isdecimal()):
            cursor.split()
            token = cursor.peek()
        if token.kind is TokenKind.NUMBER:
            return _number(cursor, powers=False)
        if token.kind not in (TokenKind.WORD, TokenKind.COMMAND):
            message = f"{quoted(cursor.source.at(command.span))} takes two things in braces"
            raise cursor.refusal("EL140", command.span, message, "write \\frac{a}{b}")
        wrapper, name = name_of(cursor, several=False, depth=0)
        span = Span(start=token.span.start, stop=cursor.end())
        return self._operand(WrittenAccess(name=name, wrapper=wrapper, labels=(), span=span, bare=True))

    def _closed(self, opening: Token, depth: int) -> Branch:
        """Read an expression up to what closes it."""
        cursor = self.cursor
        found = self.expression(depth + 1)
        if not cursor.at(")" if opening.text == "(" else "}"):
            if cursor.peek().kind is TokenKind.END:
                raise cursor.refusal("EL140", opening.span, f"{opening.text!r} is never closed")
            raise unexpected(cursor, cursor.peek())
        cursor.take()
        return found

    def _parentheses(self, depth: int) -> Branch:
        """Read what stands in parentheses, with its power."""
        cursor = self.cursor
        opening, start = cursor.take(), len(self.factors)
        if depth >= MAX_DEPTH:
            raise cursor.refusal("EL149", opening.span, "parentheses are nested too deeply")
        found = self._closed(opening, depth)
        closing = cursor.tokens[cursor.place - 1]
        self.groups.append((start, len(self.factors)))
        after = cursor.peek()
        power = None if cursor.alone else _power(cursor)
        if power is not None:
            return Raised(base=found, power=power, span=Span(start=opening.span.start, stop=cursor.end()))
        if after.is_mark("^") and not cursor.alone:
            raise cursor.refusal("EL147", after.span, POWER)
        if after.is_script or after.is_mark(*PRIMES) or after.kind is TokenKind.POWER:
            message = "a product in parentheses has neither power nor index"
            raise cursor.refusal("EL147", around([opening, closing]), message, "give every operand its own")
        return Multiplied(parts=(found,), span=around([opening, closing]))

    def _starts_factor(self) -> bool:
        """Tell whether a factor is next; empty braces, LaTeX's spacing, are gone over."""
        cursor = self.cursor
        while cursor.at("{") and cursor.after().is_mark("}"):
            cursor.group("}")
        token = cursor.peek()
        return starts_operand(token) or (token.kind is TokenKind.NUMBER and not cursor.alone)

    def _check_size(self) -> None:
        """Refuse more factors than are looked at; in one product, than an einsum has."""
        cursor, most = self.cursor, MAX_OPERANDS if self.cursor.alone else MAX_FACTORS
        if len(self.factors) <= most:
            return
        if cursor.alone:
            raise too_many_operands(cursor.source, self.factors[most].span, f"more than {most}")
        message = f"more than {most:,} operands in one formula"
        raise cursor.refusal("EL173", self.factors[most].span, message, "write several statements")

    def _check_signs(self, before: int) -> None:
        """Refuse the sum sign at the cursor where too many stand before it, in its product or in all."""
        source, span = self.cursor.source, self.cursor.peek().span
        if before >= MAX_LABELS:
            message = f"more than {MAX_LABELS} sum signs; np.einsum has {MAX_LABELS} indices"
            raise NotationError("EL111", message, text=source.text, span=span)
        if len(self.sums) >= MAX_SIGNS:
            message = f"more than {MAX_SIGNS} sum signs in one formula"
            raise self.cursor.refusal("EL173", span, message, "write several statements")

    def _check_beside(
        self,
        items: list[_Item],
        sign: Token | None,
        before: WrittenAccess | None,
        after: WrittenAccess | None,
        found: Branch | int,
    ) -> None:
        """Refuse two factors that may be meant otherwise than as a product, for what is between them or is not."""
        cursor = self.cursor
        if sign is not None:
            check_sign(cursor, sign, before, after)
            return
        _check_neighbours(cursor, before, after)
        if not items:
            return
        if isinstance(found, Constant):
            text = quoted(cursor.source.at(found.span))
            message = f"{text} stands after a factor without '*'"
            raise cursor.refusal("EL145", found.span, message, "write '*' between them")
        span = found.span if not isinstance(found, int) else self.sums[found].span
        divides, last = items[-1]
        if isinstance(last, int):
            return
        text, glued = quoted(cursor.source.at(span)), last.span.stop == span.start
        if divides and (glued or not all(isinstance(item, Constant) for _, item in items)):
            message = f"{text} stands after a '/' and what it divides by: is it divided by too?"
            raise cursor.refusal("EL145", span, message, OVER_HINT)
        if cursor.code and glued and isinstance(last, Constant) and after and _SUFFIX.fullmatch(after.name):
            both = quoted(cursor.source.at(Span(start=last.span.start, stop=span.stop)))
            message = f"is {both} one number, or a product?"
            raise cursor.refusal("EL145", span, message, "write a decimal number, or '*' for a product")


_Item = tuple[bool, Branch | int]
"""A factor, or the number of a sum sign, and whether it divides."""


def _number(cursor: Cursor, *, powers: bool) -> Constant:
    """Return the number at the cursor, with the power after it or without."""
    from .numbers import number_of, number_power  # one product without numbers is spared the module of fractions

    number = number_of(cursor, cursor.take())
    return number_power(cursor, number) if powers else number


def _quotient(items: list[tuple[bool, Branch]]) -> Branch:
    """Return factors, some of which divide, as a product or a quotient."""
    tops = tuple(item for divides, item in items if not divides)
    bottoms = tuple(item for divides, item in items if divides)
    span = Span(start=items[0][1].span.start, stop=items[-1][1].span.stop)
    top = tops[0] if len(tops) == 1 else Multiplied(parts=tops, span=span)
    return Divided(top=top, bottoms=bottoms, span=span) if bottoms else top


def _first(node: Branch) -> str | None:
    """Return the name of the first factor, where it has no indices."""
    first = node.parts[0] if isinstance(node, Multiplied) else node
    first = first.base if isinstance(first, Raised) else first
    return first.name if isinstance(first, WrittenAccess) and not first.labels else None


def _power(cursor: Cursor) -> int | None:
    """Return the power at the cursor, after parentheses, None where there is none."""
    token, after = cursor.peek(), cursor.after()
    if token.kind is TokenKind.SCRIPT and token.raised and token.text.isdecimal():
        return power_of(cursor, cursor.take())
    if token.kind is TokenKind.POWER or (token.is_mark("^") and after.kind is TokenKind.NUMBER):
        cursor.take()
        if cursor.peek().kind is not TokenKind.NUMBER:
            raise cursor.refusal("EL147", token.span, POWER)
        return power_of(cursor, cursor.take())
    if token.is_mark("^") and after.is_mark("{"):
        cursor.take()
        inside = [x for x in cursor.group("}") if x.kind is not TokenKind.BLANK]
        if len(inside) == 1:
            return power_of(cursor, inside[0])
        raise cursor.refusal("EL147", token.span, POWER)
    return None


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
