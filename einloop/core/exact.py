"""How large integers may be so that sums of products stay exact in a dtype. Pure arithmetic."""

from __future__ import annotations

from .dtypes import DTYPES

MAX_BOUND = 9


def exact_bound(dtype: str, factors: int, terms: int) -> int:
    """Return the largest b <= 9 so that `terms` products of `factors` integers in -b..b are exact in `dtype`.

    0 where not even -1, 0, 1 are: then only a tolerance can compare. Complex products add twice per factor.

    >>> exact_bound("float64", 2, 10), exact_bound("float16", 3, 10), exact_bound("float16", 2, 5000)
    (9, 5, 0)
    """
    row = DTYPES.get(dtype)
    if row is None or row.bits is None:
        return MAX_BOUND
    per_factor, room = 2 if row.part else 1, 2**row.bits
    fit = (n for n in range(MAX_BOUND, 0, -1) if (n * per_factor) ** factors * max(terms, 1) <= room)
    return next(fit, 0)
