"""The operands as one element of the result sees them: views with free indices fixed and diagonals as one axis.

Views only: nothing of an operand is copied, and off-diagonal elements are never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import mul
from typing import Any

from ...core.bind import operand_title
from ...core.dtypes import array_dtype, dtype_text
from ...core.names import Names
from ...core.slices import aligned, at_place, diagonal
from ...core.spec import Spec
from ..elements import element, result_element
from .blocks import Piece, shape_of
from .kinds import KINDS, ElementKind, multiplied


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What is multiplied and added up for one element.

    `at`: the place along every free index. `summed`: the summed indices of more or less than one element, in order of
    appearance; `shape` their extents. `views`: each operand with one axis for each of them, of size 1 where it does not
    have that index. `common`: the dtype of the products and sums, of numpy.
    """

    spec: Spec
    names: Names
    arrays: tuple[Any, ...]
    common: Any
    kind: ElementKind
    at: Mapping[str, int]
    summed: tuple[str, ...]
    shape: tuple[int, ...]
    views: tuple[Any, ...]

    @property
    def count(self) -> int:
        """How many terms are added up."""
        return prod(self.shape)

    @property
    def text(self) -> str:
        """The element of the result as text."""
        return result_element(self.spec, self.names, {label: str(place) for label, place in self.at.items()})

    def places(self, term: tuple[int, ...]) -> dict[str, int]:
        """Return the place along every index at one term."""
        single = dict.fromkeys((index.label for index in self.spec.summed), 0)
        return {**single, **self.at, **dict(zip(self.summed, term, strict=True))}

    def coordinates(self, number: int, term: tuple[int, ...]) -> tuple[int, ...]:
        """Return where an operand is read for one term."""
        return coordinates(self.spec, number, self.places(term))

    def element(self, number: int, term: tuple[int, ...]) -> str:
        """Return the element of an operand that is read for one term, as text."""
        texts = {label: str(place) for label, place in self.places(term).items()}
        return element(self.spec, self.names, number, texts)

    def product(self, term: tuple[int, ...]) -> str:
        """Return a term as the product of the elements that it reads."""
        return multiplied([self.element(number, term) for number in range(len(self.views))], self.kind)

    def values(self, term: tuple[int, ...]) -> tuple[Any, ...]:
        """Return the factors of one term as np.einsum multiplies them: in the common dtype."""
        read = [array[self.coordinates(number, term)] for number, array in enumerate(self.arrays)]
        if self.kind is ElementKind.OTHER:
            return tuple(read)
        if self.kind is ElementKind.OBJECT:
            pairs = zip(read, self.arrays, strict=True)
            return tuple(value if array.dtype.kind == "O" else value.item() for value, array in pairs)
        return tuple(value.astype(self.common)[()] for value in read)

    def parts(self, piece: Piece) -> list[Any]:
        """Return the parts of the views that belong to a piece of the grid of terms."""
        import numpy as np  # where there are arrays of it

        return [np.asarray(piece_of(view, piece)) for view in self.views]


def multiply(parts: Sequence[Any], piece: Piece, dtype: Any = None) -> Any:
    """Return the products of a piece of the terms, along one axis."""
    import numpy as np  # where there are arrays of it

    # np.asarray: a product of object arrays without axes is a plain object
    products = reduce(lambda one, two: np.asarray(mul(one, two), dtype=dtype), parts)
    return np.broadcast_to(products, shape_of(piece)).reshape(-1)


def coordinates(spec: Spec, number: int, places: Mapping[str, int]) -> tuple[int, ...]:
    """Return where an operand is read for a place along every index; a stretched axis is read at 0."""
    operand = spec.operands[number]
    return tuple(0 if axis in operand.stretched else places[label] for axis, label in enumerate(operand.labels))


def common_of(spec: Spec, arrays: Sequence[Any]) -> tuple[Any, ElementKind]:
    """Return the dtype of products and sums, and its kind. Raises DtypeError where there are none.

    np.einsum only moves the elements of one operand of which nothing is summed: then every dtype will do.
    """
    if spec.is_view:
        kind = KINDS.get(arrays[0].dtype.kind, ElementKind.OTHER)
        return arrays[0].dtype, ElementKind.OTHER if kind is ElementKind.OBJECT else kind
    for number, array in enumerate(arrays):
        array_dtype(dtype_text(array.dtype), operand_title(spec, number), number)
    import numpy as np  # where there are arrays of it

    common = np.result_type(*(array.dtype for array in arrays)).newbyteorder("=")
    return common, KINDS[common.kind]


def factors_of(spec: Spec, names: Names, arrays: Sequence[Any], at: tuple[int, ...]) -> Factors:
    """Return the factors of one element of the result, `at` being its coordinates.

    >>> import numpy as np
    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = bind_sizes(read_subscripts("ij,jk->ik"), [(2, 3), (3, 4)])
    >>> made = factors_of(spec, choose_names(spec), [np.ones((2, 3)), np.ones((3, 4))], (1, 2))
    >>> made.shape, made.element(0, (2,)), made.element(1, (2,))
    ((3,), 'A[1,2]', 'B[2,2]')
    """
    common, kind = common_of(spec, arrays)
    summed = {x.label: x.extent for x in spec.summed if x.extent != 1 and isinstance(x.extent, int)}
    fixed = dict(zip(spec.output, at, strict=True))
    pairs = zip(spec.operands, arrays, strict=True)
    views = [aligned(*diagonal(*at_place(array, op.labels, fixed)), tuple(summed)) for op, array in pairs]
    return Factors(
        spec=spec,
        names=names,
        arrays=tuple(arrays),
        common=common,
        kind=kind,
        at=fixed,
        summed=tuple(summed),
        shape=tuple(summed.values()),
        views=tuple(views),
    )


def piece_of(view: Any, piece: Piece) -> Any:
    """Return the part of an aligned view that belongs to a piece of the grid."""
    return view[(*(slice(None) if size == 1 else part for size, part in zip(view.shape, piece, strict=True)), ...)]
