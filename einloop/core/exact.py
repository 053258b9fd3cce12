"""How large integers may be so that sums of products stay exact in a dtype. Pure arithmetic."""

from __future__ import annotations

MANTISSA = {"float16": 11, "float32": 24, "float64": 53, "longdouble": 53,
            "complex64": 24, "complex128": 53, "clongdouble": 53}  # fmt: skip
"""Bits of the significand; the extended types are counted as their double on every platform."""

WIDEST = 9


def exact_bound(dtype: str, factors: int, terms: int) -> int:
    """Return the largest b <= 9 so that `terms` products of `factors` integers in -b..b are exact in `dtype`.

    0 where not even -1, 0, 1 are: then only a tolerance can compare. Complex products add twice per factor.

    >>> exact_bound("float64", 2, 10), exact_bound("float16", 3, 10), exact_bound("float16", 2, 5000)
    (9, 5, 0)
    """
    bits = MANTISSA.get(dtype)
    if bits is None:
        return WIDEST
    per_factor = 2 if dtype.startswith("c") else 1
    for bound in range(WIDEST, 0, -1):
        if (bound * per_factor) ** factors * max(terms, 1) <= 2**bits:
            return bound
    return 0
