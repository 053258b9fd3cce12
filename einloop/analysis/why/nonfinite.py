"""The first nan or inf of a result, found from the operands where they tell, and why it is there.

What np.einsum reads and is not finite makes every element it goes into not finite: a product with nan or inf is nan or
inf, whatever the other factor and the order, and so is a sum with it. So the first element that such an input reaches
is known from its coordinates. Elements before it, and all where the inputs are finite, can only overflow; a bound on
the operands excludes that nearly always, and where it does not, the elements that come near the limit are computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import prod
from typing import Any

import numpy as np

from ...core.errors import OptionError
from ...core.names import Names
from ...core.slices import aligned, diagonal
from ...core.spec import Spec
from ..path import contraction_path
from .blocks import blocks, first_where, is_odd, place_of, points_of
from .element import sliced_element
from .factors import common_of, factors_of
from .kinds import ElementKind
from .traced import MAX_CHECKED, MAX_TERMS, USUAL, Limits

SLACK = 4
"""Rounding makes a sum of n equal terms at most twice n terms (then they vanish), products less than that."""

MAX_WORK = 10**12
"""Multiplications that may be spent on elements near the limit: half a minute or so."""

MAX_SLOW_WORK = 10**10
"""The same for long doubles, which no BLAS multiplies."""

MAX_ELEMENTS = 10**8


class Finite(Enum):
    """Why a result is finite throughout."""

    INTEGERS = "integers"
    NO_ELEMENTS = "no_elements"
    EMPTY_SUMS = "empty_sums"
    MOVED = "moved"
    BOUND = "bound"
    COMPUTED = "computed"
    EACH = "each"
    """A bound for each element excludes overflow."""
    NEAR = "near"
    """The elements that a bound leaves in doubt were computed, all others are excluded by it."""
    UNSURE = "unsure"
    """Too many are in doubt: none was found with optimize=True, which adds in another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonFinite:
    """Where the first element that is not finite stands, or why there is none.

    `bound`: what no product and no sum can exceed, `limit` what the dtype holds. `checked`: how many elements (before
    the one found) a bound did not exclude; from the slices that make them they are finite. `sliced`: the one found was
    computed so too, and no input tells. `unsure`: too many were in doubt to compute each.
    """

    place: tuple[int, ...] | None = None
    finite: Finite | None = None
    bound: float = 0.0
    limit: float = 0.0
    checked: int = 0
    sliced: bool = False
    unsure: bool = False


def locate(spec: Spec, names: Names, arrays: Sequence[Any], limits: Limits = USUAL) -> NonFinite:
    """Return the first element of the result, in C order, that is nan or inf.

    Raises OptionError for dtypes whose elements are not numbers, and where too much would have to be computed.

    >>> import numpy as np
    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = bind_sizes(read_subscripts("ij,jk->ik"), [(2, 3), (3, 4)])
    >>> a = np.array([[1, 2, 3], [4, np.inf, 6]])
    >>> locate(spec, choose_names(spec), [a, np.ones((3, 4))]).place
    (1, 0)
    """
    common, kind = common_of(spec, arrays)
    if kind in (ElementKind.OBJECT, ElementKind.OTHER):
        raise OptionError(
            "EL424",
            f"the elements are of dtype {common}: numpy does not say which of them are finite",
            hint="convert the operands to floats, with A.astype(float)" if common.kind == "O" else None,
        )
    if kind in (ElementKind.INTEGER, ElementKind.LOGIC):
        return NonFinite(finite=Finite.INTEGERS)
    if any(index.extent == 0 for index in spec.free):
        return NonFinite(finite=Finite.NO_ELEMENTS)
    if any(index.extent == 0 for index in spec.summed):
        return NonFinite(finite=Finite.EMPTY_SUMS)
    reads = [_read(spec, number, array) for number, array in enumerate(arrays)]
    search = _Search(spec=spec, names=names, arrays=tuple(arrays), reads=reads, common=common, kind=kind, limits=limits)
    with np.errstate(all="ignore"):
        return search.found()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is read of an operand: the view without off-diagonal elements and without stretched axes, and its labels."""

    view: Any
    labels: list[str]

    @property
    def parts(self) -> tuple[Any, ...]:
        """The view, or its real and its imaginary part."""
        return (self.view.real, self.view.imag) if self.view.dtype.kind == "c" else (self.view,)

    @property
    def finite(self) -> bool:
        """No element is nan or inf: the extremes tell, without an array of answers."""
        return not self.view.size or all(np.isfinite(p.min()) and np.isfinite(p.max()) for p in self.parts)

    @property
    def largest(self) -> Any:
        """The size of the largest finite element; of complex ones, of the largest part."""
        most = np.longdouble(0)
        for part in self.parts:
            if part.dtype.kind == "b":
                return np.longdouble(1)
            least, largest = part.min(), part.max()
            if part.dtype.kind == "f" and not (np.isfinite(least) and np.isfinite(largest)):
                for piece in blocks(part.shape, 1 << 20):
                    values = np.abs(part[piece][np.isfinite(part[piece])])
                    most = max(most, np.longdouble(values.max(initial=0)))
            else:
                most = max(most, abs(np.longdouble(least)), abs(np.longdouble(largest)))
        return most


def _read(spec: Spec, number: int, array: Any) -> _Read:
    op = spec.operands[number]
    places = tuple(0 if axis in op.stretched else slice(None) for axis in range(len(op.labels)))
    labels = [label for axis, label in enumerate(op.labels) if axis not in op.stretched]
    view, labels = diagonal(array[(*places, ...)], labels)
    return _Read(view=view, labels=labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The operands of floats or complex numbers in which the first nan or inf is looked for."""

    spec: Spec
    names: Names
    arrays: tuple[Any, ...]
    reads: Sequence[_Read]
    common: Any
    kind: ElementKind
    limits: Limits

    @property
    def sizes(self) -> Mapping[str, int]:
        """The extent of every index."""
        return {index.label: index.extent for index in self.spec.indices if isinstance(index.extent, int)}

    @property
    def result(self) -> tuple[int, ...]:
        """The shape of the result."""
        return tuple(self.sizes[label] for label in self.spec.output)

    @property
    def terms(self) -> int:
        """How many terms an element has."""
        return prod(index.extent for index in self.spec.summed if isinstance(index.extent, int))

    @property
    def limit(self) -> Any:
        """What the dtype holds."""
        return np.longdouble(np.finfo(self.common).max)

    @property
    def slack(self) -> Any:
        """How much rounding adds to a bound, and complex products: each part of one is a sum of two products."""
        complex_parts = len(self.arrays) - 1 if self.kind is ElementKind.COMPLEX else 0
        return np.longdouble(SLACK) * np.longdouble(2) ** complex_parts

    @property
    def bound(self) -> Any:
        """What no product of some factors and no sum of such products exceeds, in np.einsum's arithmetic.

        Factors below 1 count as 1: np.einsum may apply them last.
        """
        bound = np.longdouble(self.terms) * self.slack
        for read in self.reads:
            bound *= max(np.longdouble(1), read.largest)
        return bound

    def found(self) -> NonFinite:
        """Return the first element that is nan or inf, or why there is none."""
        reached = min((place for read in self.reads if (place := self._first_of(read)) is not None), default=None)
        if len(self.arrays) == 1 and all(index.extent == 1 for index in self.spec.summed):
            return NonFinite(place=reached, finite=Finite.MOVED if reached is None else None)
        bound, limit = self.bound, self.limit
        if bound < limit:
            return NonFinite(place=reached, finite=Finite.BOUND if reached is None else None, bound=bound, limit=limit)
        if prod(self.sizes.values()) <= self.limits.whole_points:
            place = first_where(is_odd, np.asarray(np.einsum(self.spec.subscripts, *self.arrays)))
            return NonFinite(place=place, finite=Finite.COMPUTED if place is None else None)
        return self._near(reached)

    def _first_of(self, read: _Read) -> tuple[int, ...] | None:
        """Return the first element of the result into which an input of an operand goes that is not finite."""
        if read.view.dtype.kind not in "fc" or read.finite:
            return None
        free = [label for label in self.spec.output if label in read.labels]
        axes = [*free, *(label for label in read.labels if label not in free)]
        place = first_where(is_odd, aligned(read.view, read.labels, axes))
        assert place is not None
        places = dict(zip(axes, place, strict=True))
        return tuple(places.get(label, 0) for label in self.spec.output)

    def _near(self, reached: tuple[int, ...] | None) -> NonFinite:
        """Return what the elements show that may overflow, those before the first one that an input reaches."""
        self._check_work()
        limits = self._bounds_of_all()
        last = limits.size if reached is None else int(np.ravel_multi_index(reached, self.result)) if reached else 0
        most, checked = min(self.limits.checked, MAX_TERMS // self.terms), 0
        for point in self._doubtful(limits.reshape(-1)[:last]):
            if checked == most:
                return self._by_computing(last, reached)
            place = place_of(point, self.result)
            if not self._is_finite(place):
                return NonFinite(place=place, checked=checked, sliced=True)
            checked += 1
        if reached is not None:
            return NonFinite(place=reached, checked=checked)
        return NonFinite(finite=Finite.NEAR if checked else Finite.EACH, checked=checked)

    def _is_finite(self, place: tuple[int, ...]) -> bool:
        """Return whether an element is finite when it is computed from the slices that make it."""
        return bool(np.isfinite(sliced_element(factors_of(self.spec, self.names, self.arrays, place))))

    def _bounds_of_all(self) -> Any:
        """Return, for every element of the result, a bound on all its products and sums, as `bound` is one for all."""
        wide = np.result_type(np.float64, *(read.parts[0].dtype for read in self.reads))
        long = [label for label, size in self.sizes.items() if size > 1]  # np.einsum has labels for 52
        terms: list[Any] = []
        for read in self.reads:
            bounds = np.ones(read.view.shape, wide)
            for part in read.parts:
                np.maximum(bounds, np.abs(part.astype(wide)), out=bounds)
            bounds[~np.isfinite(bounds)] = 1
            labels = [label for label in read.labels if label in long]
            terms += [bounds.reshape([self.sizes[label] for label in labels]), [long.index(label) for label in labels]]
        output = [long.index(label) for label in self.spec.output if label in long]
        return np.asarray(np.einsum(*terms, output, optimize=True)).reshape(self.result)

    def _doubtful(self, limits: Any) -> Iterator[int]:
        """Yield the numbers of the elements that a bound does not exclude."""
        done = 0
        for piece in blocks(limits.shape):
            near = ~(limits[piece].astype(np.longdouble) * self.slack < self.limit)
            yield from (done + int(point) for point in np.flatnonzero(near))
            done += points_of(piece)

    def _check_work(self) -> None:
        """Raise OptionError where computing the elements near the limit would take too long or too much memory."""
        steps = contraction_path(self.spec) if len(self.arrays) > 2 else None
        work = max((step.points(self.sizes) for step in steps or ()), default=prod(self.sizes.values()))
        elements = max((step.elements(self.sizes) for step in steps or ()), default=prod(self.result))
        size = 16 if self.kind is ElementKind.COMPLEX else 8
        most = MAX_WORK if self.common.itemsize <= size else MAX_SLOW_WORK
        if work > most or elements > MAX_ELEMENTS or self.terms > MAX_TERMS:
            raise OptionError(
                "EL425",
                f"the values are so large that {self.common} may overflow, and seeing where takes too long: "
                f"multiplications {work:,} (at most {most:,}), elements {elements:,} (at most {MAX_ELEMENTS:,}), "
                f"terms of each {self.terms:,} (at most {MAX_TERMS:,})",
                hint="take a slice of the operands, or scale them down",
            )

    def _by_computing(self, last: int, reached: tuple[int, ...] | None) -> NonFinite:
        """Return what optimize=True shows, its first element confirmed by np.einsum's own arithmetic.

        Too many elements come near the limit to be computed one by one, so an earlier one may overflow in np.einsum's
        own order of operations: what is found is marked as unsure.
        """
        half = self.common == np.float16  # numpy multiplies these without BLAS, a hundred times slower
        operands = [array.astype(np.float32) if half else array for array in self.arrays]
        result = np.asarray(np.einsum(self.spec.subscripts, *operands, optimize=True)).reshape(-1)[:last]
        good = np.isfinite(result) & (np.abs(result) <= np.finfo(self.common).max) if half else np.isfinite(result)
        for point in np.flatnonzero(~good)[: min(MAX_CHECKED, MAX_TERMS // self.terms)].tolist():
            place = place_of(point, self.result)
            if not self._is_finite(place):
                return NonFinite(place=place, unsure=True)
        return NonFinite(place=reached, finite=None if reached is not None else Finite.UNSURE, unsure=True)
