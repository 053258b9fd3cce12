"""The numbers of a formula, exact: whole ones, decimals as they are written, fractions of one character."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from ...core.polynomial import Number
from ...core.source import Span
from .cursor import Cursor
from .tokens import Token, TokenKind
from .tree import Constant

MAX_BITS = 1000
"""Of a whole number, or of the parts of a fraction: more than any float holds."""
MAX_DIGITS = 300
MAX_EXPONENT = 99


def number_of(cursor: Cursor, token: Token) -> Constant:
    """Return the number that a token is."""
    if len(token.text) > MAX_DIGITS:
        raise cursor.refusal("EL173", token.span, f"a number of {len(token.text)} characters", "give it a name")
    text = token.text.lower()
    if "⁄" in text:
        value: Number = Fraction(*map(int, text.split("⁄")))
    elif text.endswith("j"):
        value = complex(text)
    else:
        text = text.removesuffix("f")
        value = int(text) if text.isdecimal() else float(text)
    if not isinstance(value, Fraction) and not isfinite(abs(value)):
        raise cursor.refusal("EL173", token.span, f"{token.text} is beyond the largest float", "give it a name")
    return Constant(value=value, span=token.span)


def number_power(cursor: Cursor, base: Constant) -> Constant:
    """Return a number to the power at the cursor, `10^{-3}`, or as it is where none is there."""
    token, start = cursor.peek(), cursor.place
    negative = False
    if token.kind is TokenKind.SCRIPT and token.raised:
        texts = []
        while cursor.next().kind is TokenKind.SCRIPT and cursor.next().raised:
            texts.append(cursor.take().text)
        solid = "".join(texts).replace("−", "-")
    elif token.kind is TokenKind.POWER or token.is_mark("^"):
        cursor.take()
        if cursor.at("{"):
            solid = "".join(x.text for x in cursor.group("}")).strip()
        else:
            negative = cursor.at("-") and cursor.take().text == "-"
            solid = ("-" if negative else "") + cursor.peek().text
            cursor.take()
    else:
        return base
    span = Span(start=base.span.start, stop=cursor.end())
    digits = solid.removeprefix("-")
    if not digits.isdecimal() or int(digits[:4]) > MAX_EXPONENT or (base.value == 0 and solid[0] == "-"):
        power = cursor.tokens[start].span
        message = "the power of a number must be a whole number"
        raise cursor.refusal("EL147", power, message, f"from -{MAX_EXPONENT} to {MAX_EXPONENT}; else give it a name")
    value = base.value if isinstance(base.value, float | complex) else Fraction(base.value)
    try:
        value = simple(value ** int(solid))
    except OverflowError:
        value = float("inf")
    if too_long(value):
        raise cursor.refusal("EL173", span, "the number is beyond the largest float", "give it a name")
    return Constant(value=value, span=span)


def simple(value: Number) -> Number:
    """Return a number without a denominator of one."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def too_long(value: Number) -> bool:
    """Tell whether a number is no float, or has too many digits to be one."""
    if isinstance(value, int | Fraction):
        value = Fraction(value)
        return max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS
    return not isfinite(abs(value))
