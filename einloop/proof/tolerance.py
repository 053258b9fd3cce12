"""How far rounding may take a sum of products from its exact value. Pure numbers, which bound relative errors."""

from __future__ import annotations

from math import expm1, sqrt

from ..core.dtypes import DTYPES

TOO_LOOSE = 0.01
"""A tolerance at or above this tells nothing: a wrong term may hide in it."""

LIKELY_ROOTS = 8.0
"""Rounding errors of both signs add up to less than this times the square root of their number."""


def relative_tolerance(dtype: str, factors: int, terms: int) -> float:
    """Return how far a sum of products may be off, relative to the sum of the products' absolute values.

    Every product and every addition rounds once: (factors + terms) units in the last place bound both sides
    (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), twice that for complex numbers.
    """
    return _unit(dtype) * (factors + terms + 1)


def worst_error(dtype: str, factors: int, terms: int) -> float:
    """Return what no order of adding exceeds, as above; it holds for sums of any length.

    >>> worst_error("float64", 1, 100) < 1e-13, worst_error("float16", 1, 3000) > 1
    (True, True)
    """
    return expm1(min(relative_tolerance(dtype, factors, terms), 700.0))


def likely_error(dtype: str, factors: int, terms: int) -> float:
    """Return what right loops hardly ever exceed where errors have no common sign (Higham and Mary, A new approach to
    probabilistic rounding error analysis, 2019)."""
    return min(LIKELY_ROOTS * sqrt(factors + terms + 1) * _unit(dtype), worst_error(dtype, factors, terms))


def reals_tell(dtype: str, factors: int, terms: int) -> bool:
    """Return whether the tolerance stays below one percent, so that a wrong term shows."""
    return relative_tolerance(dtype, factors, terms) < TOO_LOOSE


def terms_tell(dtype: str, factors: int, terms: int) -> bool:
    """Return whether a single term of such a sum stands out from rounding.

    >>> terms_tell("float64", 2, 100_000), terms_tell("float32", 2, 100_000)
    (True, False)
    """
    return likely_error(dtype, factors, terms) * max(terms, 1) < TOO_LOOSE


def _unit(dtype: str) -> float:
    return DTYPES[dtype].epsilon * (4 if DTYPES[dtype].part else 1)
