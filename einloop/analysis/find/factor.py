"""How a factor that was measured is written: as a small fraction where it is one, else with the digits that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isclose, prod

MAX_SMALL = 16
"""The denominator of a fraction that everybody writes as one."""
MAX_DENOMINATOR = 10_000
"""Of a fraction that a measured factor is taken for, as 1/512, where its decimals are more than `SHORT` characters."""
SHORT = 8
MAX_DIGITS = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A factor as text: `before` multiplies, `under` divides, either may be empty. `value` is what was measured."""

    value: Fraction | float | complex
    before: str = ""
    under: str = ""


def written(value: Fraction | float | complex, precision: float, lengths: tuple[int, ...] = ()) -> Factor:
    """Return a factor as it is written. `precision` is how far it may be off, relative to itself; a product of
    `lengths` is a likely denominator, however large.

    >>> written(0.3333333333333333, 1e-12), written(Fraction(3, 2), 0).before
    (Factor(value=0.3333333333333333, before='', under='3'), '3')
    >>> written(0.123456789012, 1e-9).before, written(1 / 900, 1e-12, (30, 30)).under, written(-2j, 1e-12).before
    ('0.123456789', '900', '-2j')
    """
    if isinstance(value, Fraction):
        return _fraction(value, value)
    if isinstance(value, complex):
        if abs(value.imag) > precision * abs(value):
            real = "" if abs(value.real) <= precision * abs(value) else _digits(value.real, precision)
            imaginary = _digits(value.imag, precision)
            sign = "+" if real and not imaginary.startswith("-") else ""
            text = f"{real}{sign}{imaginary}j"
            return Factor(value=value, before=f"({text})" if real else text)
        value = value.real
    allowed = max(precision, 4e-16)
    products = {prod(some) for count in range(1, len(lengths) + 1) for some in combinations(lengths, count)}
    small = (Fraction(value).limit_denominator(MAX_SMALL), *(Fraction(round(value * n), n) for n in products if n > 0))
    for one in sorted(small, key=lambda one: one.denominator):
        if one and isclose(one, value, rel_tol=allowed):
            return _fraction(one, value)
    digits = _digits(value, precision)
    near = Fraction(value).limit_denominator(MAX_DENOMINATOR)
    if len(digits) > SHORT and near and isclose(near, value, rel_tol=allowed):
        return _fraction(near, value)
    return Factor(value=value, before=digits)


def means(factor: Factor, lengths: Mapping[str, int]) -> tuple[str, ...]:
    """Return the indices over whose product of lengths a factor divides: the sum over them is a mean. Empty for none.

    >>> means(written(1 / 6, 1e-12), {"i": 2, "j": 3, "k": 4}), means(written(0.5, 1e-12), {"j": 3})
    (('i', 'j'), ())
    """
    if factor.before or not factor.under:
        return ()
    for count in range(1, len(lengths) + 1):
        for some in combinations(lengths, count):
            if str(prod(lengths[x] for x in some)) == factor.under:
                return some
    return ()


def _fraction(found: Fraction, value: Fraction | float) -> Factor:
    before = "" if found.numerator == 1 else str(found.numerator)
    return Factor(value=value, before=before, under="" if found.denominator == 1 else str(found.denominator))


def _digits(value: float, precision: float) -> str:
    """Return the shortest decimals that are as near to a number as it is known."""
    texts = (f"{value:.{digits}g}" for digits in range(1, MAX_DIGITS))
    return next((text for text in texts if isclose(float(text), value, rel_tol=precision)), repr(value))
