"""Products of floats in twice the precision, and their sum without rounding, over whole arrays.

A float is kept as mantissa and power of two, so nothing overflows or vanishes on the way; the mantissa is a pair whose
sum it is. The product of two floats of 64 bits or fewer is such a pair exactly (T. J. Dekker, A floating-point
technique for extending the available precision, 1971); each further factor is rounded to about 104 bits. A sum is one
large integer into which each mantissa is added at its place (U. Kulisch's long accumulator): order and size do not
matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from .blocks import Piece, shape_of
from .factors import Factors, piece_of
from .kinds import ElementKind

SPLITTER = 2.0**27 + 1
LIMB = 32
"""Bits that are added up at a time: a block's worth of them fits a float64."""

LOWEST_POWER = 40_000
"""The accumulator's last bit counts 2 to the minus 40,000: less than any product of a few floats."""

BITS = 104
"""How precise a product of three or more factors is, at least."""


@dataclass(slots=True)
class Pair:
    """Mantissas `high + low`."""

    high: Any
    low: Any

    def __neg__(self) -> Pair:
        return Pair(-self.high, -self.low)


@dataclass(slots=True)
class ExactSum:
    """The sum of floats, exactly."""

    bits: int = 0

    def add(self, mantissas: Any, exponents: Any) -> None:
        """Add mantissas (at most 1 in size) times two to their exponents, arrays of one axis."""
        if not mantissas.size:
            return
        least = int(exponents.min())
        bins, rest, shift = exponents - least, mantissas, least + LOWEST_POWER
        while rest.any():
            rest = rest * 2.0**LIMB
            whole = np.trunc(rest)
            rest = rest - whole
            shift -= LIMB
            sums = np.bincount(bins, weights=whole)
            for place in np.flatnonzero(sums).tolist():
                bits = int(sums[place])
                power = shift + place
                assert power >= 0
                self.bits += bits << power

    @property
    def value(self) -> Fraction:
        """The sum so far."""
        return Fraction(self.bits, 1 << LOWEST_POWER)


@dataclass(slots=True)
class ProductSum:
    """The exact sum of products of real or complex factors, block by block; `parts` are its real and imaginary part."""

    parts: tuple[ExactSum, ExactSum] = field(default_factory=lambda: (ExactSum(), ExactSum()))

    def add(self, factors: Factors, piece: Piece, good: Any) -> None:
        """Add the products of a piece of the terms, but for those that are not `good` (None: all are)."""
        parts, exponents = _product([_operand(factors, view, piece) for view in factors.views])
        shape = shape_of(piece)
        powers = np.broadcast_to(exponents, shape).reshape(-1)
        for target, pair in zip(self.parts, parts, strict=False):
            for mantissas in (pair.high, pair.low):
                flat = np.broadcast_to(mantissas, shape).reshape(-1)
                target.add(flat if good is None else flat[good], powers if good is None else powers[good])

    @property
    def value(self) -> tuple[Fraction, Fraction]:
        """The real and the imaginary part of the sum."""
        return self.parts[0].value, self.parts[1].value


def _operand(factors: Factors, view: Any, piece: Piece) -> tuple[list[Pair], Any]:
    """Return a factor's mantissas, one pair or two (real, imaginary), and their common exponent."""
    values = np.asarray(piece_of(view, piece)).astype(factors.common)
    if factors.kind is not ElementKind.COMPLEX:
        high, exponent = np.frexp(values)
        return [_paired(high)], exponent
    exponents = [np.frexp(part)[1] for part in (values.real, values.imag)]
    exponent = np.maximum(*exponents)
    exponent = np.where(values.real == 0, exponents[1], np.where(values.imag == 0, exponents[0], exponent))
    half = exponent // 2  # in two steps: one power of two may be beyond what the dtype holds
    return [_paired(np.ldexp(np.ldexp(part, -half), half - exponent)) for part in (values.real, values.imag)], exponent


def _paired(mantissas: Any) -> Pair:
    """Return mantissas of any float as pairs of float64."""
    high = mantissas.astype(np.float64)
    if mantissas.dtype.itemsize <= high.dtype.itemsize:
        return Pair(high, np.zeros_like(high))
    return Pair(high, (mantissas - high).astype(np.float64))


def _product(operands: Sequence[tuple[list[Pair], Any]]) -> tuple[list[Pair], Any]:
    parts, exponent = operands[0]
    for others, more in operands[1:]:
        exponent = exponent + more
        if len(parts) == 1:
            parts = [_times(parts[0], others[0])]
        else:
            (a, b), (c, d) = parts, others
            parts = [_plus(_times(a, c), -_times(b, d)), _plus(_times(a, d), _times(b, c))]
            parts = [Pair(part.high / 2, part.low / 2) for part in parts]  # a sum of two may exceed 1
            exponent = exponent + 1
    return parts, exponent


def _times(one: Pair, two: Pair) -> Pair:
    product = one.high * two.high
    (a, b), (c, d) = _split(one.high), _split(two.high)
    error = ((a * c - product) + a * d + b * c) + b * d
    if two.low.any():
        error = error + one.high * two.low
    if one.low.any():
        error = error + one.low * two.high
    return _renewed(product, error)


def _split(values: Any) -> Iterator[Any]:
    """Yield two halves of 26 bits whose sum is the value."""
    scaled = values * SPLITTER
    upper = scaled - (scaled - values)
    yield upper
    yield values - upper


def _renewed(high: Any, low: Any) -> Pair:
    total = high + low
    return Pair(total, low - (total - high))


def _plus(one: Pair, two: Pair) -> Pair:
    total = one.high + two.high
    part = total - one.high
    error = (one.high - (total - part)) + (two.high - part)
    return _renewed(total, error + one.low + two.low)
