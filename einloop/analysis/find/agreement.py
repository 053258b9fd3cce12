"""When a value is a candidate's: exactly for integers, within what rounding does for floats, up to one factor."""

from __future__ import annotations

import cmath
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, prod, sqrt
from typing import Any, TypeAlias

import numpy as np

from ...core.dtypes import COMPLEXES, DTYPES, FLOATS
from .evaluate import Array, Evaluator
from .search import Candidate

LIKELY_ROOTS = 8.0
"""Rounding errors of both signs add up to less than this times the square root of their number (Higham and Mary, A new
approach to probabilistic rounding error analysis, 2019)."""
MAX_EXACT = 2**63
"""What sums of products of integers must stay below to be exact in 64 bits."""

Scalar: TypeAlias = Fraction | float | complex
"""A factor; exact between integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How values are compared.

    `own`: the dtype of np.einsum's result for the operands as they are; `work`: that of the arrays that candidates are
    computed with; `wrap`: the integer dtype, or bool, in which values are equal, None where floats are compared.
    `unit`: the rounding unit of these. `sizes`: what no element of each operand exceeds, whole numbers for integers.
    """

    own: Any
    work: Any
    wrap: Any
    unit: float
    sizes: tuple[float, ...]

    @property
    def exact(self) -> bool:
        """Values are integers or bools."""
        return self.wrap is not None

    def factors(self, terms: int) -> bool:
        """Return whether a factor can be told: sums of so many products did not wrap in 64 bits."""
        return not self.exact or (self.wrap.kind != "b" and self.bound(terms) < MAX_EXACT)

    def cast(self, terms: int, *, scaled: bool = False) -> str | None:
        """Return the dtype that a call has to state to give the same values, None where it need not. `scaled`: they
        are multiplied after, and must not wrap before.
        """
        if self.exact and scaled and self.bound(terms) > np.iinfo(self.wrap).max:
            return str(self.work)
        if self.exact:
            return None if self.wrap == self.own else str(self.wrap)
        if self.own.kind not in "biu":
            return None
        fits = self.own.kind != "b" and self.bound(terms) <= np.iinfo(self.own).max
        return None if fits else str(self.work)

    def tolerance(self, terms: int) -> float:
        """Return how far rounding may take a sum, relative to the sum of its products' magnitudes."""
        count = len(self.sizes) + terms + 1
        return self.unit * min(LIKELY_ROOTS * sqrt(count), 2.0 * count)

    def bound(self, terms: int) -> float:
        """Return what no sum of so many products exceeds."""
        found = max(terms, 1) * prod(self.sizes)
        return found if isinstance(found, int) or isfinite(found) else float("inf")


def agreement(arrays: Sequence[Array], result: Array) -> Agreement:
    """Return how results of these operands are compared with a given one.

    >>> bytes = np.ones(2, "int8")
    >>> agreement([bytes], np.ones(2, "int64")).cast(2), agreement([bytes], np.ones(2)).cast(2)
    ('int64', None)
    >>> agreement([np.ones(2, "f4")], np.ones(2)).unit
    1.1920928955078125e-07
    """
    own = np.result_type(*arrays)
    whole = own.kind in "biu"
    sizes = tuple(_largest_whole(array) if whole else _largest(array) for array in arrays)
    if whole and result.dtype.kind in "biu":
        common = np.result_type(own, result.dtype)
        wrap = common if common.kind in "biu" else own
        wide = np.uint64 if wrap == np.uint64 else np.int64
        return Agreement(own=own, work=np.dtype(bool if wrap.kind == "b" else wide), wrap=wrap, unit=0.0, sizes=sizes)
    units = [_unit(dtype) for dtype in (own, result.dtype) if dtype.kind in "fc"]
    work = np.result_type(own, np.complex128 if own.kind == "c" else np.float64)
    return Agreement(own=own, work=work, wrap=None, unit=max(units), sizes=sizes)


def _unit(dtype: Any) -> float:
    name = next((name for name in (*FLOATS, *COMPLEXES) if np.dtype(name) == dtype), "float64")
    return DTYPES[name].epsilon * (4 if dtype.kind == "c" else 1)


def _largest(array: Array) -> float:
    with np.errstate(all="ignore"):
        sizes = np.abs(array)
    finite = sizes[np.isfinite(sizes)]
    return float(finite.max()) if finite.size else 0.0


def _largest_whole(array: Array) -> int:
    return max(abs(int(array.max())), abs(int(array.min()))) if array.size else 0


class ValueYardstick:
    """What candidates are computed with and compared to: arrays in one dtype, their magnitudes, and the result."""

    def __init__(self, arrays: Sequence[Array], result: Array) -> None:
        self.result = result
        self.rule = agreement(arrays, result)
        work = [array.astype(self.rule.work, copy=False) for array in arrays]
        self.values = Evaluator(work)
        self.sizes = self.values if self.rule.exact else Evaluator([np.abs(array) for array in work])

    def lengths(self, candidate: Candidate) -> dict[int, int]:
        """Return the length of every index."""
        pairs = zip(candidate.terms, self.values.arrays, strict=True)
        return {x: n for term, array in pairs for x, n in zip(term, array.shape, strict=True)}

    def terms(self, candidate: Candidate) -> int:
        """Return how many products one element is the sum of."""
        return prod(n for x, n in self.lengths(candidate).items() if x not in candidate.output)

    def same(self, value: Array) -> Array:
        """Return where integers or bools are those of the result."""
        return np.asarray(value.astype(self.rule.wrap) == self.result.astype(self.rule.wrap))

    def allowed(self, candidate: Candidate) -> Any:
        """Return how far each element of a result in floats may be off."""
        with np.errstate(all="ignore"):
            return self.rule.tolerance(self.terms(candidate)) * self.sizes.whole(candidate)


def close(value: Any, wanted: Any, allowed: Any) -> Any:
    """Return where values are those wanted, `allowed` apart where all is finite; nan is nan, inf is the same inf.

    >>> close(np.array([1.0, np.inf, np.nan]), np.array([1.1, 1.0, np.nan]), np.array([0.2, np.inf, 0.0])).tolist()
    [True, False, True]
    """
    with np.errstate(all="ignore"):
        near = (np.abs(value - wanted) <= allowed) & np.isfinite(wanted) & np.isfinite(allowed)
        return (value == wanted) | near | (np.isnan(value) & np.isnan(wanted))


def close_numbers(value: complex, wanted: complex, allowed: float) -> bool:
    """Return what `close` does for two numbers of Python.

    >>> close_numbers(1.0, 1.1, 0.2), close_numbers(float("inf"), 1.0, float("inf"))
    (True, False)
    """
    if value == wanted or (cmath.isnan(value) and cmath.isnan(wanted)):
        return True
    if not (cmath.isfinite(wanted) and cmath.isfinite(value) and isfinite(allowed)):
        return False
    try:
        return abs(value - wanted) <= allowed
    except OverflowError:
        return False


def ratio(wanted: Any, value: Any, *, exact: bool) -> Scalar | None:
    """Return what a value is to be multiplied with, None where nothing finite does.

    >>> ratio(np.int64(3), np.int64(6), exact=True), ratio(np.float64(3), np.float64(0), exact=False)
    (Fraction(1, 2), None)
    """
    if not value or not np.isfinite(value):
        return None
    if exact:
        return Fraction(int(wanted), int(value))
    with np.errstate(all="ignore"):
        found = wanted / value
    return found.item() if found and np.isfinite(found) else None


def times(factor: Scalar, value: Array, wanted: Array) -> Array:
    """Return where integers, multiplied by a factor, are those wanted. Nothing wraps."""
    assert isinstance(factor, Fraction)
    large = max(_largest_whole(value), _largest_whole(wanted), 1) * max(abs(factor.numerator), factor.denominator)
    kind: Any = np.int64 if large < MAX_EXACT else object
    found = value.astype(kind) * factor.numerator == wanted.astype(kind) * factor.denominator
    return np.asarray(found, bool)
