"""The terms of one element: the largest of them, their exact sum, and what np.einsum makes of them.

A sum of millions of terms is read in blocks: only the largest terms and running totals are kept.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import prod
from operator import mul
from typing import Any

import numpy as np

from ...core.dtypes import summing_dtype
from ...core.errors import DtypeError, OptionError
from ...core.slices import unharmed
from .blocks import Piece, blocks, place_of, points_of, shape_of
from .exact import ProductSum
from .factors import Factors, multiply
from .kinds import ElementKind
from .traced import MAX_TERMS, USUAL, Limits, TermValue, Traced, rest_of
from .values import exact, is_finite, times

SAFE_POWER, SPARE_POWER = 500, 24
"""Products up to this power of two stay far from the ends of float64, even as sums; how far a factor stays away."""

RANK_OF_NAN = float("inf")
INT64_END = 2**63


def trace(factors: Factors, top: int, limits: Limits = USUAL) -> Traced:
    """Return one element of the result with its `top` largest terms.

    Raises OptionError for a sum of too many terms, DtypeError where objects have no product or sum.

    >>> import numpy as np
    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.analysis.why.factors import factors_of
    >>> spec = bind_sizes(read_subscripts("i,i->"), [(3,), (3,)])
    >>> made = factors_of(spec, choose_names(spec), [np.array([1, 2, 3]), np.array([4, 5, 6])], ())
    >>> found = trace(made, 2)
    >>> [(term.place, term.product) for term in found.terms], found.total, found.rest
    ([((2,), 18), ((1,), 10)], 32, 4)
    """
    if factors.count > MAX_TERMS:
        raise OptionError(
            "EL423",
            f"one element is a sum of {factors.count:,} terms; at most {MAX_TERMS:,} are added up here",
            hint="cut the operands along a summed index",
        )
    try:
        with np.errstate(all="ignore"):
            value, whole = einsum_element(factors, limits)
            sums = _Sums(factors, top)
            for piece in blocks(factors.shape, limits.block_points):
                sums.add(piece)
            return sums.result(value, whole=whole)
    except (TypeError, ArithmeticError, AttributeError) as error:
        raise DtypeError("EL304", f"these objects cannot be multiplied and added up: {error}") from None


def einsum_element(factors: Factors, limits: Limits = USUAL) -> tuple[Any, bool]:
    """Return np.einsum's element, and whether it is from the whole result or from the slices that make it.

    Floats may be added in another order for a slice than for the whole, so the whole is computed where it costs little.
    """
    spec, arrays = factors.spec, factors.arrays
    sizes = [index.extent for index in spec.indices if isinstance(index.extent, int)]
    place = tuple(factors.at[label] for label in spec.output)
    if spec.is_view or 0 < prod(sizes) <= limits.whole_points:
        return _element(np.einsum(spec.subscripts, *arrays), place), True
    return sliced_element(factors), False


def sliced_element(factors: Factors, dtype: Any = None) -> Any:
    """Return np.einsum's element from the slices that make it, computed in a dtype, or in that of the arrays."""
    spec = factors.spec
    at = factors.at
    slices = []
    for op, array in zip(spec.operands, factors.arrays, strict=True):
        fixed = (x in at and axis not in op.stretched for axis, x in enumerate(op.labels))
        places = (slice(at[x], at[x] + 1) if one else slice(None) for x, one in zip(op.labels, fixed, strict=True))
        slices.append(array[(*places, ...)])
    result = np.einsum(spec.subscripts, *unharmed(slices), **({} if dtype is None else {"dtype": dtype}))
    return _element(result, (0,) * len(spec.output))


def _element(result: Any, place: tuple[int, ...]) -> Any:
    """Return one element of what np.einsum returned: an array, a scalar, or a plain object."""
    element: Any = np.asarray(result)[place] if isinstance(result, np.ndarray | np.generic) else result
    return element


def term_at(factors: Factors, place: tuple[int, ...]) -> TermValue:
    """Return one term, its product exact where its factors are finite numbers."""
    values = factors.values(place)
    return TermValue(place=place, factors=values, product=product_of(factors.kind, values))


def product_of(kind: ElementKind, values: tuple[Any, ...]) -> Any:
    """Return the product of one term's factors, exact where they are finite numbers."""
    if kind is ElementKind.OTHER:
        return values[0]
    if kind is ElementKind.LOGIC:
        return all(bool(value) for value in values)
    if kind is ElementKind.OBJECT or not all(is_finite(value) for value in values):
        with np.errstate(all="ignore"):
            return reduce(mul, values)
    return reduce(times, (exact(value) for value in values))


class _Sums:
    """Running totals over the terms of one element, and the largest of them."""

    def __init__(self, factors: Factors, top: int) -> None:
        self.factors, self.top = factors, top
        self.all = factors.count <= top
        self.work = _work_dtype(factors)
        self.real = self.work.type(0).real.dtype if factors.kind.rounds else self.work
        self.powers = _powers(factors, self.real)
        self.exact = ProductSum()
        self.total: Any = 0
        self.magnitude = Fraction(0)
        self.finite = True
        self.running = np.zeros(1, summing_dtype(factors.common.name) if factors.kind.rounds else factors.common)
        self.done = 0
        self.ranks, self.points = np.empty(0), np.empty(0, np.int64)

    def add(self, piece: Piece) -> None:
        """Add the terms of a piece, which follow on those before."""
        factors = self.factors
        parts = factors.parts(piece)
        if factors.kind.rounds:  # terms one after the other, as loops add them
            dtype = self.running.dtype
            flat = multiply([part.astype(dtype) for part in parts], piece)
            self.running = np.add.accumulate(np.concatenate([self.running, flat]))[-1:]
        if factors.kind is not ElementKind.OTHER:
            parts = [part.astype(factors.common, copy=False).astype(self.work, copy=False) for part in parts]
        if any(self.powers):
            parts = [part * np.ldexp(self.real.type(1), -power) for part, power in zip(parts, self.powers, strict=True)]
        flat = multiply(parts, piece, self.work)
        self._total(piece, parts, flat)
        if not self.all:
            self._rank(flat)
        self.done += points_of(piece)

    def _total(self, piece: Piece, parts: list[Any], flat: Any) -> None:
        kind = self.factors.kind
        if kind is ElementKind.LOGIC:
            self.total += int(np.count_nonzero(flat))
        elif kind is ElementKind.INTEGER:
            self.total += int(flat.sum())
        elif kind is ElementKind.OBJECT:
            for value in flat.tolist():
                self.total = self.total + value
        elif kind.rounds:
            good = None
            if not all(np.isfinite(part).all() for part in parts):
                fine = reduce(lambda one, two: one & two, map(np.isfinite, parts))
                good = np.broadcast_to(fine, shape_of(piece)).reshape(-1)
                self.finite = False
            sizes = Fraction(float(np.abs(flat if good is None else flat[good]).sum()))
            self.magnitude += sizes * Fraction(2) ** sum(self.powers)
            self.exact.add(self.factors, piece, good)

    def _rank(self, flat: Any) -> None:
        """Keep the largest terms so far; of equals those that come first."""
        ranks = _ranks(self.factors.kind, flat)
        points = np.arange(self.done, self.done + len(flat))
        if len(self.ranks) == self.top:
            beyond = ranks > self.ranks[-1]
            ranks, points = ranks[beyond], points[beyond]
        if len(ranks) > self.top:
            least = np.partition(ranks, len(ranks) - self.top)[len(ranks) - self.top]
            above, equal = np.flatnonzero(ranks > least), np.flatnonzero(ranks == least)
            kept = np.sort(np.concatenate([above, equal[: self.top - len(above)]]))
            ranks, points = ranks[kept], points[kept]
        ranks, points = np.concatenate([self.ranks, ranks]), np.concatenate([self.points, points])
        order = np.argsort(-ranks, kind="stable")[: self.top]
        self.ranks, self.points = ranks[order], points[order]

    def result(self, value: Any, *, whole: bool) -> Traced:
        """Return what was found, once every piece is in."""
        factors = self.factors
        chosen = range(factors.count) if self.all else self.points.tolist()
        terms = tuple(term_at(factors, place_of(point, factors.shape)) for point in chosen)
        total: Any = self.total
        if factors.kind.rounds:
            parts = self.exact.value
            total = (parts if factors.kind is ElementKind.COMPLEX else parts[0]) if self.finite else None
        if factors.kind is ElementKind.OTHER:
            total = terms[0].product
        return Traced(
            factors=factors,
            terms=terms,
            total=total,
            rest=rest_of(factors.kind, total, terms),
            magnitude=self.magnitude,
            value=value,
            whole=whole,
            precise=not factors.kind.rounds or len(factors.views) <= 2 - _wide(factors),
            loops=self.running.astype(factors.common)[0] if factors.kind.rounds else None,
        )


def _powers(factors: Factors, work: Any) -> tuple[int, ...]:
    """Return a power of two for each operand; divided by it no product overflows. All 0 where none does anyway."""
    if not factors.kind.rounds or not factors.count:
        return ()
    powers = [_power(view, work) for view in factors.views]
    return tuple(powers) if sum(map(abs, powers)) > SAFE_POWER else ()


def _power(view: Any, work: Any) -> int:
    """Return the power of two just above the largest finite element, or the least whose inverse the dtype has."""
    found = []
    for part in (view.real, view.imag) if view.dtype.kind == "c" else (view,):
        for piece in blocks(part.shape):
            values = np.asarray(part[(*piece, ...)]).astype(work, copy=False)
            values = values[np.isfinite(values) & (values != 0)]
            if values.size:
                found.append(int(np.frexp(values)[1].max()))
    return max([*found, SPARE_POWER - int(np.finfo(work).maxexp)]) if found else 0


def _wide(factors: Factors) -> int:
    """Return 1 where products of two are not exact: complex ones, and those of floats beyond 64 bits."""
    return int(factors.kind is ElementKind.COMPLEX or factors.common.itemsize > 8)


def _ranks(kind: ElementKind, flat: Any) -> Any:
    """Return how large each term is, what is not a number being the largest; objects without a size are all equal."""
    if kind is ElementKind.LOGIC:
        return flat.astype(np.int8)
    try:
        sizes = np.abs(flat)
        if sizes.dtype == object:
            sizes + 0 > 0  # noqa: B015
            ranks = np.empty(len(sizes), object)  # a nan is the largest, as no order has a place for it
            ranks[:] = sizes
            ranks[sizes != sizes] = RANK_OF_NAN  # noqa: PLR0124
            return ranks
    except TypeError:
        return np.zeros(len(flat))
    return np.where(np.isnan(sizes), RANK_OF_NAN, sizes) if sizes.dtype.kind == "f" else sizes


def _work_dtype(factors: Factors) -> Any:
    """Return the dtype in which terms are compared: exact for integers, wide enough for floats."""
    if factors.kind is ElementKind.REAL:
        return np.result_type(factors.common, np.float64)
    if factors.kind is ElementKind.COMPLEX:
        return np.result_type(factors.common, np.complex128)
    if factors.kind is not ElementKind.INTEGER:
        return factors.common
    if not factors.count:
        return np.dtype(np.int64)
    largest = [max(abs(int(view.max())), abs(int(view.min()))) for view in factors.views]
    bound = prod(max(value, 1) for value in largest) * factors.count
    return np.dtype(np.int64 if max(bound, *largest) < INT64_END else object)
