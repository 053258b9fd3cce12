"""Sums of arrays that a person gave, which may cancel or be long: the exact sums, and what rounding alone explains.

Takes no tolerance relative to a result, which may be 0 where its terms are not: errors are weighed against the sum of
the terms' absolute values. Says of each element of a result whether it is right, wrong, or neither can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.dtypes import COMPLEXES, DTYPES, FLOATS, summing_dtype
from ..core.spec import Spec
from .data import Array
from .replay import REPLAYED, added_flat, drift
from .tolerance import TOO_LOOSE, likely_error, relative_tolerance, terms_tell, worst_error

FEW = 0.1
"""The share of elements that may be lost in rounding where all others are right."""
LONGEST_SUM = 5_000_000
"""Terms of a sum that is added up again to see how it went wrong."""
DRIFTS, ASTRAY = 1.5, 3.0
"""How many times the drift of a sum that is played again right loops stay within, and beyond how many they are wrong;
of twelve orders of adding nineteen kinds of terms none went beyond once."""
REPLAYS = 10_000_000
"""Terms that are added up again to see how far they drift, an element taken as at least a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Where a result is wrong, and where rounding alone may be what takes it from the exact sum. `share` is how far it
    is off there, relative to the exact sums."""

    wrong: Array
    lost: Array
    share: Array

    @property
    def told(self) -> bool:
        """So few elements are lost in rounding that the others speak for all."""
        return int(self.lost.sum()) <= FEW * self.lost.size


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
        """Return what one element becomes where its terms are added one after the other and every sum is rounded.

        None where it has too many.
        """
        if self.terms > LONGEST_SUM:
            return None
        with np.errstate(all="ignore"):
            terms = self._terms(element).reshape(-1)
            return np.asarray(np.add.accumulate(terms, dtype=self.dtype)[-1:].sum())

    def weigh(self, found: Array, *, by_steps: bool = False) -> Weighed:
        """Return where `found`, of the result's shape, is right. `by_steps`: sums of sums, where infinities go another
        way."""
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
        right |= _same(found, rounded)
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
        count = REPLAYS // max(self.terms, 1000)
        if self.dtype != REPLAYED or not added_flat(self.spec, self.arrays):
            return
        for place in np.argwhere(open_)[:count]:
            element = tuple(int(n) for n in place)
            drifts = max(drift(self._terms(element)), float(likely[element]))
            if np.isfinite(drifts):
                right[element] &= apart[element] <= DRIFTS * drifts
                lost[element] = not right[element] and apart[element] <= ASTRAY * drifts

    def _terms(self, element: tuple[int, ...]) -> Array:
        """Return the products that one element adds, rounded to its dtype, along every summed index."""
        first, *others = (factor.astype(self.dtype) for factor in _factors(self.spec, self.arrays, element))
        for factor in others:
            first = first * factor
        return first

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
        if not all(array.size for array in arrays):  # numpy 2.4 writes beside the result of an empty product
            shape = [self.spec.by_label[label].extent for label in self.spec.output]
            return np.zeros([extent for extent in shape if isinstance(extent, int)], arrays[0].dtype)
        with np.errstate(all="ignore"):
            return np.asarray(np.einsum(self.spec.subscripts, *arrays, optimize=self.quick))

    def _sizes(self, array: Array) -> Array:
        wide = np.abs(array.astype(self._wide if array.dtype.kind == "c" else self._real))
        return np.where(np.isfinite(wide), wide, 0)


def _same(found: Array, wanted: Array) -> Array:
    return np.asarray((found == wanted) | (np.isnan(found) & np.isnan(wanted)))


def _factors(spec: Spec, arrays: Sequence[Array], element: tuple[int, ...]) -> list[Array]:
    """Return the factors of all terms of one element of the result, one array over the summed indices per operand."""
    place = dict(zip(spec.output, element, strict=True))
    summed = [index.label for index in spec.summed]
    views = []
    for op, array in zip(spec.operands, arrays, strict=True):
        at = [min(place[x], n - 1) if x in place else slice(None) for x, n in zip(op.labels, array.shape, strict=True)]
        left = [summed.index(label) for label in op.labels if label not in place]
        own = sorted(set(left))
        view = np.einsum(array[tuple(at)], left, own)
        views.append(np.expand_dims(view, [axis for axis in range(len(summed)) if axis not in own]))
    return [np.asarray(view) for view in np.broadcast_arrays(*views)]
