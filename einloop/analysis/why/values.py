"""Numbers of arrays as exact values, as text for people and as facts for programs."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import inf, isfinite
from numbers import Complex, Integral, Real
from typing import Any

from ...core.report import Fact

Exact = int | Fraction | tuple[Fraction, Fraction]
"""An exact number; a pair is a complex one."""

MAX_FLOAT_TEXT = 8
"""Characters up to which a float is written whole in a row with others."""

MAX_OBJECT_TEXT, MAX_BITS_SHOWN = 60, 128
"""Characters that an object shows of itself; integers of more bits are written in a few digits."""

MAX_JSON_BITS = 10_000
"""Integers beyond are texts: Python writes none of more than 4300 digits."""

MAX_WHOLE_NUMBER = 10**15
"""Floats below that are written without exponent where they are whole."""

DECIMALS = Context(prec=7, Emin=-999_999, Emax=999_999)


NUMPY_BOOLS = ("bool", "bool_")
"""What numpy 2 and numpy 1 call their class of bools: it is no number of Python's, as the others are."""


def is_finite(value: Any) -> bool:
    """Return whether a number is neither nan nor infinite; what is not a float is."""
    if _is_complex(value):
        return is_finite(value.real) and is_finite(value.imag)
    return not _is_float(value) or bool(value == value and value not in (inf, -inf))  # noqa: PLR0124


def exact(value: Any) -> Exact:
    """Return a finite number of numpy, or of Python, exactly.

    >>> import numpy as np
    >>> exact(np.float32(0.5)), exact(np.int8(-3)), exact(np.complex64(2j))
    (Fraction(1, 2), -3, (Fraction(0, 1), Fraction(2, 1)))
    """
    if _is_complex(value):
        return _ratio(value.real), _ratio(value.imag)
    return _ratio(value) if _is_float(value) else int(value)


def is_nan(value: Any) -> bool:
    """Return whether a number is nan, or has a part that is."""
    return bool(value != value)  # noqa: PLR0124


def _is_complex(value: Any) -> bool:
    return isinstance(value, complex) or (_is_numpys(value, Complex) and not isinstance(value, Real))


def _is_float(value: Any) -> bool:
    return isinstance(value, float) or (_is_numpys(value, Real) and not isinstance(value, Integral))


def _is_numpys(value: Any, kind: type) -> bool:
    """Return whether a value is a number of numpy, which need not be loaded, and of a kind."""
    return type(value).__module__ == "numpy" and isinstance(value, kind)


def _ratio(value: Any) -> Fraction:
    numerator, denominator = value.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def times(one: Exact, two: Exact) -> Exact:
    """Return the exact product of two exact numbers.

    >>> times((Fraction(0), Fraction(1)), (Fraction(0), Fraction(1))), times(2, (Fraction(0), Fraction(1)))
    ((Fraction(-1, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(2, 1)))
    """
    if not isinstance(one, tuple) and not isinstance(two, tuple):
        return one * two
    (a, b), (c, d) = _complex(one), _complex(two)
    return a * c - b * d, a * d + b * c


def minus(one: Exact, two: Exact) -> Exact:
    """Return the exact difference of two exact numbers."""
    if not isinstance(one, tuple) and not isinstance(two, tuple):
        return one - two
    (a, b), (c, d) = _complex(one), _complex(two)
    return a - c, b - d


def _complex(number: Exact) -> tuple[Fraction, Fraction]:
    return number if isinstance(number, tuple) else (Fraction(number), Fraction(0))


def size(value: Exact) -> Fraction:
    """Return how large an exact number is; of a complex one the larger part, within a factor of 1.5 of its size."""
    if isinstance(value, tuple):
        return max(abs(value[0]), abs(value[1]))
    return abs(Fraction(value))


def text(value: Any, *, full: bool = False, digits: int = 6) -> str:
    """Return a number as text: in its shortest form that says all, or (unless `full`) in a few digits.

    >>> import numpy as np
    >>> text(np.float32(0.1)), text(2 / 3), text(2 / 3, full=True), text(Fraction(1, 3)), text(np.int8(5))
    ('0.1', '0.666667', '0.6666666666666666', '0.333333', '5')
    """
    if isinstance(value, tuple):
        return _complex_text(value[0], value[1], full=full)
    if _is_complex(value):
        return _complex_text(value.real, value.imag, full=full)
    if isinstance(value, Fraction):
        return _fraction_text(value, full=full)
    if _is_float(value):
        return _float_text(value, full=full, digits=digits)
    if isinstance(value, int) and value.bit_length() > MAX_BITS_SHOWN:
        return _rough(Fraction(value))
    shown = str(value)
    return shown if len(shown) <= MAX_OBJECT_TEXT else f"{shown[: MAX_OBJECT_TEXT - 1]}…"


def _float_text(value: Any, *, full: bool, digits: int) -> str:
    if 0 < abs(float(value)) < MAX_WHOLE_NUMBER and value == int(value):
        return str(int(value))
    shown = "0" if str(value) == "0.0" else str(value)
    return shown if full or len(shown) <= MAX_FLOAT_TEXT else f"{value:.{digits}g}"


def _complex_text(real: Any, imaginary: Any, *, full: bool) -> str:
    parts = [text(part, full=full) for part in (real, imaginary)]
    sign = "" if parts[1].startswith("-") else "+"
    return f"({parts[0]}{sign}{parts[1]}j)"


def _fraction_text(value: Fraction, *, full: bool) -> str:
    if value.denominator == 1 and abs(value) < MAX_WHOLE_NUMBER:
        return str(value.numerator)
    number = _nearest(value)
    return _rough(value) if number is None else text(number, full=full)


def _rough(value: Fraction) -> str:
    """Return a number beyond every float64 in a few digits."""
    decimal = DECIMALS.divide(Decimal(value.numerator), Decimal(value.denominator))
    mantissa, _, power = f"{decimal:.5e}".partition("e")
    return f"{mantissa.rstrip('0').removesuffix('.')}e{power}"


def fact(value: Any) -> Fact:
    """Return a number as JSON has it: a number where it is finite and fits, else a text.

    >>> import numpy as np
    >>> fact(np.float32(0.5)), fact(np.inf), fact(1 + 2j), fact(True), fact(Fraction(1, 3))
    (0.5, 'inf', {'real': 1.0, 'imag': 2.0}, True, 0.3333333333333333)
    """
    if isinstance(value, tuple):
        return {"real": fact(value[0]), "imag": fact(value[1])}
    if _is_complex(value):
        return {"real": fact(value.real), "imag": fact(value.imag)}
    if isinstance(value, bool) or type(value).__name__ in NUMPY_BOOLS:
        return bool(value)
    if isinstance(value, int) or _is_numpys(value, Integral):
        return int(value) if int(value).bit_length() <= MAX_JSON_BITS else text(value)
    if isinstance(value, Fraction) and value.denominator == 1 and value.numerator.bit_length() <= MAX_BITS_SHOWN:
        return value.numerator
    number = _nearest(value) if isinstance(value, Fraction) or _is_float(value) else None
    return text(value, full=True) if number is None else number


def _nearest(value: Any) -> float | None:
    """Return the float64 nearest to a number, or None where it is beyond all, or beyond what a long double says."""
    try:
        number = float(value)
    except OverflowError:
        return None
    near = isfinite(number) and (bool(number) or not value)
    return number if near and (isinstance(value, Fraction) or number == value) else None
