"""Sums and products of single numbers in numpy's dtypes, on Python's own numbers. Holds no arrays.

Every function rounds, or wraps around, once: after the operation, to the nearest number of the dtype, ties to even.
That is what one operation on numpy's scalars gives on x86-64; numbers of complex dtypes are multiplied by the plain
formula. A text that adds float16 in float64 does so with the functions of float64 and `cast` at the end.

>>> total = multiply("int8", 100, 2)
>>> total, add("int8", 127, 1), multiply("bool", True, False), add("float32", 16777216.0, 1.0)
(-56, -128, False, 16777216.0)
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from math import copysign, inf, isfinite, nan
from struct import Struct
from typing import Any

from .dtypes import DTYPES, DtypeKind
from .errors import DtypeError
from .frozen import dataclass

Unary = Callable[[Any], Any]
Binary = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DtypeArithmetic:
    """The operations of one dtype: what a sum starts from, and functions of its numbers.

    `cast` makes a number of the dtype of one of another: floats lose their fraction as integers, integers wrap around.
    `divide` is `/` for what is no integer (numpy divides integers in float64).
    """

    zero: Any
    cast: Unary
    multiply: Binary
    add: Binary
    subtract: Binary
    divide: Binary


def multiply(dtype: str, one: Any, other: Any) -> Any:
    """Return the product of two numbers of a dtype."""
    return arithmetic(dtype).multiply(one, other)


def add(dtype: str, one: Any, other: Any) -> Any:
    """Return the sum of two numbers of a dtype."""
    return arithmetic(dtype).add(one, other)


def cast(dtype: str, value: Any) -> Any:
    """Return a number of any dtype as one of `dtype`.

    >>> cast("uint8", -1), cast("float16", 0.1), cast("float32", 1e39), cast("int8", 2.9), cast("complex64", 1)
    (255, 0.0999755859375, inf, 2, (1+0j))
    """
    return arithmetic(dtype).cast(value)


@lru_cache(maxsize=32)
def arithmetic(dtype: str) -> DtypeArithmetic:
    """Return the operations of a dtype.

    Raises DtypeError for extended floats, which Python has not, and for what numpy has not.
    """
    row = DTYPES.get(dtype)
    if row is None or not row.numpy or (row.part or dtype) == "longdouble":
        hint = "float64, or complex128" if row is not None and row.numpy else None
        raise DtypeError("EL312", f"plain Python has no numbers of dtype {dtype}", hint=hint)
    match row.kind:
        case DtypeKind.LOGIC:
            return DtypeArithmetic(
                zero=False, cast=bool, multiply=_both, add=_either, subtract=operator.xor, divide=operator.truediv
            )
        case DtypeKind.SIGNED | DtypeKind.UNSIGNED:
            return _rounding(_wrapping(8 * row.bytes, signed=row.kind is DtypeKind.SIGNED), 0, operator.truediv)
        case DtypeKind.FLOAT:
            return _rounding(_FLOATS[dtype], 0.0, divided)
        case DtypeKind.COMPLEX:
            return _complex(row.part or "")
        case DtypeKind.OBJECT:
            return DtypeArithmetic(
                zero=0, cast=_same, multiply=operator.mul, add=operator.add, subtract=operator.sub,
                divide=operator.truediv,
            )  # fmt: skip


def _both(one: bool, other: bool) -> bool:
    return one and other


def _either(one: bool, other: bool) -> bool:
    return one or other


def _same(value: Any) -> Any:
    return value


def _wrapping(bits: int, *, signed: bool) -> Unary:
    """Return what makes an integer of so many bits of a number."""
    mask, half = (1 << bits) - 1, 1 << bits - 1
    if signed:
        return lambda value: ((int(value) + half) & mask) - half
    return lambda value: int(value) & mask


def _packing(code: str) -> Unary:
    """Return what rounds a number to a float of struct's: to the nearest, ties to even, beyond the largest to inf."""
    both = Struct(code)
    pack, unpack = both.pack, both.unpack

    def rounded(value: Any) -> float:
        try:
            return unpack(pack(value))[0]  # type: ignore[no-any-return]
        except OverflowError:
            return copysign(inf, value)

    return rounded


def _double(value: Any) -> float:
    """Return a number as a double."""
    try:
        return float(value)
    except OverflowError:  # an integer, or a fraction, beyond every double
        return inf if value > 0 else -inf


_FLOATS = {"float64": _double, "float32": _packing("f"), "float16": _packing("e")}


def _rounding(round: Unary, zero: Any, divide: Binary) -> DtypeArithmetic:
    """Return the operations that are those of Python, rounded or wrapped once.

    A product, sum or quotient of two floats of 24 bits or fewer that is rounded to a double's 53 and then to theirs is
    the one that is rounded once: 53 is at least 2 * 24 + 2.
    """
    if round is _double:
        return DtypeArithmetic(
            zero=zero, cast=round, multiply=operator.mul, add=operator.add, subtract=operator.sub, divide=divide
        )
    return DtypeArithmetic(
        zero=zero,
        cast=round,
        multiply=lambda one, other: round(one * other),
        add=lambda one, other: round(one + other),
        subtract=lambda one, other: round(one - other),
        divide=lambda one, other: round(divide(one, other)),
    )


def divided(one: float, other: float) -> float:
    """Return a quotient as IEEE 754 has it: nothing is raised.

    >>> divided(1.0, 0.0), divided(-1.0, 0.0), divided(0.0, 0.0), divided(1.0, 4.0)
    (inf, -inf, nan, 0.25)
    """
    if other:
        return one / other
    return nan if not one or one != one else copysign(inf, one) * copysign(1.0, other)  # noqa: PLR0124


def _complex(part: str) -> DtypeArithmetic:
    """Return the operations on complex numbers whose parts are floats of a dtype."""
    round = _FLOATS[part]

    def cast_parts(value: Any) -> complex:
        value = value if isinstance(value, complex) else complex(_double(value))
        return complex(round(value.real), round(value.imag))

    def times(one: complex, other: complex) -> complex:
        a, b, c, d = one.real, one.imag, other.real, other.imag
        return complex(round(round(a * c) - round(b * d)), round(round(a * d) + round(b * c)))

    def plus(one: complex, other: complex) -> complex:
        return complex(round(one.real + other.real), round(one.imag + other.imag))

    def minus(one: complex, other: complex) -> complex:
        return complex(round(one.real - other.real), round(one.imag - other.imag))

    narrow = DtypeArithmetic(
        zero=0j, cast=cast_parts, multiply=times, add=plus, subtract=minus, divide=partial(_quotient, round)
    )
    if round is not _double:
        return narrow
    return replace(narrow, multiply=_product, add=operator.add, subtract=operator.sub)


def _product(one: complex, other: complex) -> complex:
    """Return a product by the plain formula, which later versions of Python mend where it gives nan."""
    a, b, c, d = one.real, one.imag, other.real, other.imag
    return complex(a * c - b * d, a * d + b * c)


def _quotient(round: Unary, one: complex, other: complex) -> complex:
    """Return a quotient of complex numbers by Smith's formula, as numpy has it, each step rounded."""
    a, b, c, d = one.real, one.imag, other.real, other.imag
    if not (c or d):
        return complex(round(divided(a, abs(c))), round(divided(b, abs(c))))
    if abs(c) >= abs(d):
        ratio = round(d / c)
        scale = round(1.0 / round(c + round(d * ratio)))
        pair = round(a + round(b * ratio)), round(b - round(a * ratio))
    else:
        ratio = round(c / d)
        scale = round(divided(1.0, round(d + round(c * ratio))))
        pair = round(round(a * ratio) + b), round(round(b * ratio) - a)
    return complex(round(pair[0] * scale), round(pair[1] * scale))


def shortest(dtype: str, value: Any) -> str:
    """Return a number with the fewest digits that give it back in its dtype, in the form of Python's floats.

    >>> shortest("float32", cast("float32", 0.1)), shortest("float64", 0.1), shortest("int8", -3)
    ('0.1', '0.1', '-3')
    >>> shortest("complex64", cast("complex64", 0.1 - 2j)), shortest("float16", cast("float16", 1 / 3))
    ('(0.1-2j)', '0.3333')
    >>> shortest("complex64", cast("float32", 0.1))
    '0.1'
    """
    row = DTYPES[dtype]
    if isinstance(value, complex):
        parts = [shortest(row.part or "float64", part).removesuffix(".0") for part in (value.real, value.imag)]
        sign = "" if parts[1].startswith("-") else "+"
        return f"({parts[0]}{sign}{parts[1]}j)"
    if not isinstance(value, float) or not isfinite(value) or not row.short:
        return str(value)
    rounded = _FLOATS[row.part or dtype]
    digits = next((n for n in range(9) if rounded(float(f"{value:.{n}e}")) == value), 9)
    return repr(float(f"{value:.{digits}e}"))


def largest(dtype: str) -> float:
    """Return the largest finite number of a float dtype, or of the parts of a complex one; not of extended ones.

    >>> largest("float16"), largest("float64")
    (65504.0, 1.7976931348623157e+308)
    """
    bits = DTYPES[dtype].bits or 0
    return (2.0 - 2.0 ** (1 - bits)) * 2.0 ** {11: 15, 24: 127, 53: 1023}[bits]
