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

from ...core.errors import OptionError
from ...core.names import Names
from ...core.spec import Spec
from ..path import contraction_path
from .blocks import blocks, place_of, points_of
from .element import MOST_TERMS, WHOLE, sliced_element
from .factors import ElementKind, Factors, aligned, common_of, diagonal, factors_of

SLACK = 4
"""Rounding makes a sum of n equal terms at most twice n terms (then they vanish), products less than that."""

MOST_WORK = 10**12
"""Multiplications that may be spent on elements near the limit: half a minute or so."""

SLOW_WORK = 10**10
"""The same for long doubles, which no BLAS multiplies."""

MOST_ELEMENTS = 10**8
MOST_CHECKED = MOST_CONFIRMED = 2_000
"""So many elements near the limit are computed one by one, as np.einsum does."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What is read of an operand: the view without off-diagonal elements and without stretched axes, and its labels."""

    view: Any
    labels: tuple[str, ...]


def locate(spec: Spec, names: Names, arrays: Sequence[Any]) -> NonFinite:
    """Return the first element of the result, in C order, that is nan or inf.

    Raises OptionError for dtypes whose elements are no numbers, and where too much would have to be computed.

    >>> import numpy as np
    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = bind_sizes(read_subscripts("ij,jk->ik"), [(2, 3), (3, 4)])
    >>> a = np.array([[1, 2, 3], [4, np.inf, 6]])
    >>> locate(spec, choose_names(spec), [a, np.ones((3, 4))]).place
    (1, 0)
    """
    import numpy as np

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
    with np.errstate(all="ignore"):
        return _locate(_Search(spec=spec, names=names, arrays=tuple(arrays), reads=reads, common=common, kind=kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    spec: Spec
    names: Names
    arrays: tuple[Any, ...]
    reads: Sequence[_Read]
    common: Any
    kind: ElementKind

    @property
    def sizes(self) -> Mapping[str, int]:
        """The extent of every index."""
        return {index.label: index.extent for index in self.spec.indices if isinstance(index.extent, int)}

    @property
    def result(self) -> tuple[int, ...]:
        """The shape of the result."""
        return tuple(self.sizes[label] for label in self.spec.output)

    @property
    def moved(self) -> bool:
        """Elements are copied, neither multiplied nor added."""
        return len(self.arrays) == 1 and all(index.extent == 1 for index in self.spec.summed)

    def factors(self, place: tuple[int, ...]) -> Factors:
        """Return the factors of one element."""
        return factors_of(self.spec, self.names, self.arrays, place)


def _locate(search: _Search) -> NonFinite:
    reached = _first_reached(search)
    if search.moved:
        return NonFinite(place=reached) if reached is not None else NonFinite(finite=Finite.MOVED)
    bound, limit = _bound(search), _limit(search.common)
    if bound < limit:
        if reached is not None:
            return NonFinite(place=reached, bound=bound, limit=limit)
        return NonFinite(finite=Finite.BOUND, bound=bound, limit=limit)
    if prod(search.sizes.values()) <= WHOLE:
        return _scanned(search)
    return _near(search, reached)


def _read(spec: Spec, number: int, array: Any) -> _Read:
    op = spec.operands[number]
    places = tuple(0 if axis in op.stretched else slice(None) for axis in range(len(op.labels)))
    labels = [label for axis, label in enumerate(op.labels) if axis not in op.stretched]
    return _Read(view=diagonal(array[(*places, ...)], labels), labels=tuple(dict.fromkeys(labels)))


def _first_reached(search: _Search) -> tuple[int, ...] | None:
    """Return the first element of the result into which an input goes that is not finite."""
    found = [place for read in search.reads if (place := _first_of(search.spec, read)) is not None]
    return min(found, default=None)


def _first_of(spec: Spec, read: _Read) -> tuple[int, ...] | None:
    if read.view.dtype.kind not in "fc":
        return None
    free = [label for label in spec.output if label in read.labels]
    axes = [*free, *(label for label in read.labels if label not in free)]
    if not _has_nonfinite(read.view):
        return None
    place = first_nonfinite(aligned(read.view, read.labels, axes))
    assert place is not None
    places = dict(zip(axes, place, strict=True))
    return tuple(places.get(label, 0) if label in free else 0 for label in spec.output)


def _has_nonfinite(view: Any) -> bool:
    """Return whether an array has an element that is nan or inf: the extremes tell, without an array of answers."""
    import numpy as np

    if not view.size:
        return False
    return not all(np.isfinite(part.min()) and np.isfinite(part.max()) for part in _parts(view))


def _parts(view: Any) -> tuple[Any, ...]:
    return (view.real, view.imag) if view.dtype.kind == "c" else (view,)


def first_nonfinite(view: Any) -> tuple[int, ...] | None:
    """Return where the first element in C order is that is nan or inf.

    >>> import numpy as np
    >>> first_nonfinite(np.array([[1, 2], [np.nan, np.inf]]))
    (1, 0)
    """
    import numpy as np

    done = 0
    for piece in blocks(view.shape, 1 << 20):
        good = np.isfinite(view[piece])
        if not good.all():
            return place_of(done + int(np.argmin(good.reshape(-1))), view.shape)
        done += points_of(piece)
    return None


def _limit(common: Any) -> Any:
    import numpy as np

    return np.longdouble(np.finfo(common).max)


def _bound(search: _Search) -> Any:
    """Return what no product of some factors and no sum of such products exceeds, in np.einsum's arithmetic.

    Factors below 1 count as 1: np.einsum may apply them last.
    """
    import numpy as np

    bound = np.longdouble(_terms(search)) * SLACK
    for read in search.reads:
        bound *= max(np.longdouble(1), _largest(read.view))
    return bound * _doublings(search)


def _doublings(search: _Search) -> Any:
    """Return what complex products add: each part of a product is a sum of two products."""
    import numpy as np

    return np.longdouble(2) ** (len(search.arrays) - 1) if search.kind is ElementKind.COMPLEX else np.longdouble(1)


def _largest(view: Any) -> Any:
    """Return the size of the largest finite element; of complex ones, of the largest part."""
    import numpy as np

    most = np.longdouble(0)
    for part in _parts(view):
        if part.dtype.kind == "b":
            return np.longdouble(1)
        least, largest = part.min(), part.max()
        if part.dtype.kind == "f" and not (np.isfinite(least) and np.isfinite(largest)):
            for piece in blocks(part.shape, 1 << 20):
                values = part[piece]
                values = np.abs(values[np.isfinite(values)])
                most = max(most, np.longdouble(values.max(initial=0)))
        else:
            most = max(most, abs(np.longdouble(least)), abs(np.longdouble(largest)))
    return most


def _scanned(search: _Search) -> NonFinite:
    """Return what np.einsum's own result shows."""
    import numpy as np

    result = np.asarray(np.einsum(search.spec.subscripts, *search.arrays))
    place = first_nonfinite(result)
    return NonFinite(place=place, finite=Finite.COMPUTED if place is None else None)


def _near(search: _Search, reached: tuple[int, ...] | None) -> NonFinite:
    """Return what the elements show that may overflow, those before the first one that an input reaches."""
    import numpy as np

    _check_work(search)
    limits = _bounds_of_all(search)
    last = limits.size if reached is None else _number_of(reached, search.result)
    most, checked = min(MOST_CHECKED, MOST_TERMS // _terms(search)), 0
    for point in _doubtful(search, limits.reshape(-1)[:last]):
        if checked == most:
            return _by_computing(search, last, reached)
        place = place_of(point, search.result)
        if not np.isfinite(sliced_element(search.factors(place))):
            return NonFinite(place=place, checked=checked, sliced=True)
        checked += 1
    if reached is not None:
        return NonFinite(place=reached, checked=checked)
    return NonFinite(finite=Finite.NEAR if checked else Finite.EACH, checked=checked)


def _terms(search: _Search) -> int:
    """Return how many terms an element has."""
    return prod(index.extent for index in search.spec.summed if isinstance(index.extent, int))


def _number_of(place: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Return the number of a point in C order."""
    number = 0
    for at, size in zip(place, shape, strict=True):
        number = number * size + at
    return number


def _bounds_of_all(search: _Search) -> Any:
    """Return, for every element of the result, a bound on all its products and sums, as `_bound` is one for all."""
    import numpy as np

    wide = np.result_type(np.float64, *(part.dtype for read in search.reads for part in _parts(read.view)[:1]))
    long = [label for label, size in search.sizes.items() if size > 1]  # np.einsum has labels for 52
    terms: list[Any] = []
    for read in search.reads:
        bounds = np.ones(read.view.shape, wide)
        for part in _parts(read.view):
            np.maximum(bounds, np.abs(part.astype(wide)), out=bounds)
        bounds[~np.isfinite(bounds)] = 1
        labels = [label for label in read.labels if label in long]
        terms += [bounds.reshape([search.sizes[label] for label in labels]), [long.index(label) for label in labels]]
    output = [long.index(label) for label in search.spec.output if label in long]
    return np.asarray(np.einsum(*terms, output, optimize=True)).reshape(search.result)


def _doubtful(search: _Search, limits: Any) -> Iterator[int]:
    """Yield the numbers of the elements that a bound does not exclude."""
    import numpy as np

    factor = SLACK * _doublings(search)
    done = 0
    for piece in blocks(limits.shape):
        near = ~(limits[piece].astype(np.longdouble) * factor < _limit(search.common))
        yield from (done + int(point) for point in np.flatnonzero(near))
        done += points_of(piece)


def _check_work(search: _Search) -> None:
    """Raise OptionError where computing the elements near the limit would take too long or too much memory."""
    steps = contraction_path(search.spec) if len(search.arrays) > 2 else None
    sizes = search.sizes
    if steps:
        work = max(step.points(sizes) for step in steps)
        elements = max(step.elements(sizes) for step in steps)
    else:
        work, elements = prod(sizes.values()), prod(search.result)
    most = MOST_WORK if search.common.itemsize <= (16 if search.kind is ElementKind.COMPLEX else 8) else SLOW_WORK
    if work > most or elements > MOST_ELEMENTS or _terms(search) > MOST_TERMS:
        raise OptionError(
            "EL425",
            f"the values are so large that {search.common} may overflow, and seeing where takes too long: "
            f"multiplications {work:,} (at most {most:,}), elements {elements:,} (at most {MOST_ELEMENTS:,}), "
            f"terms of each {_terms(search):,} (at most {MOST_TERMS:,})",
            hint="take a slice of the operands, or scale them down",
        )


def _by_computing(search: _Search, last: int, reached: tuple[int, ...] | None) -> NonFinite:
    """Return what optimize=True shows, its first element confirmed by np.einsum's own arithmetic.

    Too many elements come near the limit to be computed one by one, so an earlier one may overflow in np.einsum's own
    order of operations: what is found is marked as unsure.
    """
    import numpy as np

    half = search.common == np.float16  # numpy multiplies these without BLAS, a hundred times slower
    operands = [array.astype(np.float32) if half else array for array in search.arrays]
    result = np.asarray(np.einsum(search.spec.subscripts, *operands, optimize=True)).reshape(-1)[:last]
    good = np.isfinite(result) & (np.abs(result) <= np.finfo(search.common).max) if half else np.isfinite(result)
    for point in np.flatnonzero(~good)[: min(MOST_CONFIRMED, MOST_TERMS // _terms(search))].tolist():
        place = place_of(point, search.result)
        if not np.isfinite(sliced_element(search.factors(place))):
            return NonFinite(place=place, unsure=True)
    return NonFinite(place=reached, finite=None if reached is not None else Finite.UNSURE, unsure=True)
