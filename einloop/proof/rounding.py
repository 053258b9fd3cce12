"""Sums of arrays that a person gave, which may cancel or be long: the exact sums, and what rounding alone explains.

Takes no tolerance relative to a result, which may be 0 where its terms are not: errors are weighed against the sum of
the terms' absolute values. Says of each element of a result whether it is right, wrong, or neither can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import mul

import numpy as np

from ..core.dtypes import COMPLEXES, DTYPES, FLOATS, summing_dtype
from ..core.slices import aligned, at_place, diagonal
from ..core.spec import Spec
from .einsum import Array, einsum
from .tolerance import TOO_LOOSE, likely_error, relative_tolerance, terms_tell, worst_error

MAX_LOST_SHARE = 0.1
"""The share of elements that may be lost in rounding where all others are right."""
MAX_STEPWISE_TERMS = 5_000_000
"""Terms of a sum that is added up again to see how it went wrong."""
RIGHT_DRIFTS, WRONG_DRIFTS = 1.5, 3.0
"""How many times the drift of a sum that is played again right loops stay within, and beyond how many they are wrong;
of twelve orders of adding nineteen kinds of terms none went beyond once."""
MAX_REPLAYED_TERMS = 10_000_000
"""Terms that are added up again to see how far they drift, an element taken as at least a thousand."""
REPLAYED = "float32"
"""The dtype whose bound is loose where its sums still tell, and whose exact sums float64 holds."""
DRIFT_BLOCKS = 64
"""Blocks of a sum, after each of which it is looked at: errors that go up and then down do not hide each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Where a result is wrong, and where rounding alone may be what takes it from the exact sum (`lost`).

    `share` is how far it is off, relative to the exact sums.
    """

    wrong: Array
    lost: Array
    share: Array

    @property
    def told(self) -> bool:
        """So few elements are lost in rounding that the others speak for all."""
        return int(self.lost.sum()) <= MAX_LOST_SHARE * self.lost.size


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The sums of a bound `spec` over given arrays: one array per operand, `dtype` that of the result.

    `quick`: take the exact sums in float64 by BLAS, where a wider dtype would take too long.
    """

    spec: Spec
    arrays: tuple[Array, ...]
    dtype: str
    terms: int
    quick: bool = False

    @property
    def factors(self) -> int:
        """How many numbers are multiplied."""
        return len(self.arrays)

    @property
    def once(self) -> bool:
        """Sums are not to be rounded at every step, but taken in a wider dtype and rounded once."""
        return summing_dtype(self.dtype) != self.dtype

    @property
    def tells_terms(self) -> bool:
        """A single missing term would show."""
        return terms_tell(self.dtype, self.factors, self.terms)

    @cached_property
    def exact(self) -> Array:
        """The sums, in a dtype wide enough to call them exact where there is one."""
        return self._total([array.astype(self._wide) for array in self.arrays])

    @cached_property
    def size(self) -> Array:
        """The sums of the terms' absolute values, numbers that are not finite left out."""
        return self._total([self._sizes(array) for array in self.arrays])

    @cached_property
    def reach(self) -> Array:
        """Bounds of all products that may come about on the way to a sum."""
        return self._total([np.maximum(self._sizes(array), 1) for array in self.arrays])

    def stepwise(self, element: tuple[int, ...]) -> Array | None:
        """Return one element where its terms are added one by one and every sum is rounded; None of too many terms."""
        if self.terms > MAX_STEPWISE_TERMS:
            return None
        with np.errstate(all="ignore"):
            terms = self._terms(element).reshape(-1)
            return np.asarray(np.add.accumulate(terms, dtype=self.dtype)[-1:].sum())

    def weigh(self, found: Array, *, by_steps: bool = False) -> Weighed:
        """Return where `found`, of the result's shape, is right.

        `by_steps`: it is a sum of sums, where infinities go another way.
        """
        with np.errstate(all="ignore"):
            return self._weigh(np.asarray(found).astype(self._wide), by_steps=by_steps)

    def _weigh(self, found: Array, *, by_steps: bool) -> Weighed:
        exact, size = np.asarray(self.exact), np.asarray(self.size)
        rounded = exact.astype(self.dtype).astype(self._wide)
        apart, value = np.abs(found - exact), np.abs(exact)
        tiny = float(np.finfo(self.dtype).smallest_subnormal)
        slack = tiny * (self.factors + 1) * np.asarray(self.reach) + self._own_error * size
        worst = worst_error(self.dtype, self.factors, self.terms) * size + slack
        likely = likely_error(self.dtype, self.factors, self.terms) * size + slack
        strict = (likely * max(self.terms, 1) < TOO_LOOSE * size) & (apart <= likely)
        right = np.asarray((apart <= worst) & ((apart <= TOO_LOOSE * value + tiny) | strict))
        lost = np.asarray((apart <= worst) & ~right)
        if self.once:
            lost &= apart <= TOO_LOOSE * size + tiny
        self._tighten(apart, np.asarray(likely), (apart > likely) & (apart <= worst), right, lost)
        right |= (found == rounded) | (np.isnan(found) & np.isnan(rounded))
        odd = ~(np.isfinite(found) & np.isfinite(rounded))
        if odd.any():
            overflows = np.asarray(self.reach) > float(np.finfo(self.dtype).max) / 2
            both = ~np.isfinite(found) & ~np.isfinite(exact)
            right |= both if by_steps or self.dtype in COMPLEXES else False
            lost |= odd & overflows & ~right & (not self.once)
        lost &= ~right
        share = np.where(value > 0, apart / np.where(value > 0, value, 1), np.inf)
        return Weighed(wrong=~right & ~lost, lost=lost, share=share)

    def _tighten(self, apart: Array, likely: Array, open_: Array, right: Array, lost: Array) -> None:
        """Decide the elements that are `open_`, more off than is likely, by how far their sums do drift."""
        if self.dtype != REPLAYED or not self._added_flat:
            return
        for place in np.argwhere(open_)[: MAX_REPLAYED_TERMS // max(self.terms, 1000)]:
            element = tuple(int(n) for n in place)
            drifts = max(drift(self._terms(element)), float(likely[element]))
            if np.isfinite(drifts):
                right[element] &= apart[element] <= RIGHT_DRIFTS * drifts
                lost[element] = not right[element] and apart[element] <= WRONG_DRIFTS * drifts

    @property
    def _added_flat(self) -> bool:
        """Nothing but whole terms can be added: every operand varies along every summed index."""
        pairs = zip(self.spec.operands, self.arrays, strict=True)
        shapes = [dict(zip(op.labels, array.shape, strict=True)) for op, array in pairs]
        return all(shape.get(index.label) == index.extent for shape in shapes for index in self.spec.summed)

    def _terms(self, element: tuple[int, ...]) -> Array:
        """Return the products that one element adds, rounded to its dtype, along every summed index."""
        place = dict(zip(self.spec.output, element, strict=True))
        summed = [index.label for index in self.spec.summed]
        views = (
            aligned(*diagonal(*at_place(array, op.labels, place)), summed)
            for op, array in zip(self.spec.operands, self.arrays, strict=True)
        )
        return np.asarray(reduce(mul, (factor.astype(self.dtype) for factor in np.broadcast_arrays(*views))))

    @property
    def _wide(self) -> str:
        wide = "float64" if self.quick or DTYPES[self.dtype].short else "longdouble"
        return COMPLEXES[FLOATS.index(wide) - 1] if self.dtype in COMPLEXES else wide

    @property
    def _real(self) -> str:
        return FLOATS[COMPLEXES.index(self._wide) + 1] if self._wide in COMPLEXES else self._wide

    @property
    def _own_error(self) -> float:
        """The error of the exact sums themselves, relative to `size`."""
        narrower = relative_tolerance("float64", self.factors, self.terms) / 2.0**-52
        return narrower * float(np.finfo(self._wide).eps) * (4 if self._wide in COMPLEXES else 1)

    def _total(self, arrays: Sequence[Array]) -> Array:
        return np.asarray(einsum(self.spec.subscripts, arrays, quick=self.quick))

    def _sizes(self, array: Array) -> Array:
        wide = np.abs(array.astype(self._wide if array.dtype.kind == "c" else self._real))
        return np.where(np.isfinite(wide), wide, 0)


def drift(terms: Array) -> float:
    """Return how far adding `terms` one by one goes astray, summed over blocks without regard to sign.

    Rounding errors of terms that differ have no common sign and add up to about the square root of their number. Those
    of terms that are alike go one way, until the sum doubles: then to add a tenth may be a little too little every
    time. All are taken as positive, as an order of adding may bring those of one sign first; and once more with the
    largest first and like ones together.

    >>> tenths = np.full(100_000, 0.1, "f4")
    >>> 10 < drift(tenths) < 20, drift(np.full(100_000, 0.5, "f4"))
    (True, 0.0)
    """
    sizes = np.abs(terms.reshape(-1))
    return max(_astray(sizes), _astray(np.sort(sizes)[::-1]))


def _astray(sizes: Array) -> float:
    ends = np.unique(np.linspace(0, sizes.size, DRIFT_BLOCKS + 1).astype(int))[1:] - 1
    if not ends.size:
        return 0.0
    off = np.add.accumulate(sizes)[ends] - np.add.accumulate(sizes, dtype="float64")[ends]
    return float(np.abs(np.diff(off, prepend=0.0)).sum())
