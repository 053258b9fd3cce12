"""The operands as one element of the result sees them: views with free indices fixed and diagonals as one axis.

Views only: nothing of an operand is copied, and off-diagonal elements are never read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import prod
from typing import Any

from ...core.bind import operand_title
from ...core.dtypes import array_dtype, dtype_text
from ...core.names import Names
from ...core.spec import Spec
from ..elements import element


class ElementKind(Enum):
    """What products and sums are for a dtype."""

    LOGIC = "logic"
    INTEGER = "integer"
    REAL = "real"
    COMPLEX = "complex"
    OBJECT = "object"
    OTHER = "other"
    """No arithmetic: elements are moved, never multiplied."""


KINDS: Mapping[str, ElementKind] = {
    "b": ElementKind.LOGIC,
    "i": ElementKind.INTEGER,
    "u": ElementKind.INTEGER,
    "f": ElementKind.REAL,
    "c": ElementKind.COMPLEX,
    "O": ElementKind.OBJECT,
}


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

    def places(self, term: tuple[int, ...]) -> dict[str, int]:
        """Return the place along every index at one term."""
        return {
            **dict.fromkeys((index.label for index in self.spec.summed), 0),
            **self.at,
            **dict(zip(self.summed, term, strict=True)),
        }

    def coordinates(self, number: int, term: tuple[int, ...]) -> tuple[int, ...]:
        """Return where an operand is read for one term."""
        return coordinates(self.spec, number, self.places(term))

    def element(self, number: int, term: tuple[int, ...]) -> str:
        """Return the element of an operand that is read for one term, as text."""
        texts = {label: str(place) for label, place in self.places(term).items()}
        return element(self.spec, self.names, number, texts)

    def values(self, term: tuple[int, ...]) -> tuple[Any, ...]:
        """Return the factors of one term as np.einsum multiplies them: in the common dtype."""
        read = [array[self.coordinates(number, term)] for number, array in enumerate(self.arrays)]
        if self.kind is ElementKind.OTHER:
            return tuple(read)
        if self.kind is ElementKind.OBJECT:
            kinds = (array.dtype for array in self.arrays)
            return tuple(x if kind.kind == "O" else x.item() for x, kind in zip(read, kinds, strict=True))
        return tuple(value.astype(self.common)[()] for value in read)


def coordinates(spec: Spec, number: int, places: Mapping[str, int]) -> tuple[int, ...]:
    """Return where an operand is read for a place along every index; a stretched axis is read at 0."""
    operand = spec.operands[number]
    return tuple(0 if axis in operand.stretched else places[label] for axis, label in enumerate(operand.labels))


def common_of(spec: Spec, arrays: Sequence[Any]) -> tuple[Any, ElementKind]:
    """Return the dtype of products and sums, and its kind. Raises DtypeError where there are none.

    np.einsum only moves the elements of one operand of which nothing is summed: then every dtype will do.
    """
    import numpy as np

    if spec.is_view:
        kind = KINDS.get(arrays[0].dtype.kind, ElementKind.OTHER)
        return arrays[0].dtype, ElementKind.OTHER if kind is ElementKind.OBJECT else kind
    for number, array in enumerate(arrays):
        array_dtype(dtype_text(array.dtype), operand_title(spec, number), number)
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
    summed = tuple(index.label for index in spec.summed if index.extent != 1)
    fixed = dict(zip(spec.output, at, strict=True))
    sizes = spec.by_label
    shape = tuple(int(size) for size in (sizes[label].extent for label in summed) if isinstance(size, int))
    places = {**fixed, **{index.label: 0 for index in spec.summed if index.extent == 1}}
    views = tuple(_view(spec, number, array, places, summed) for number, array in enumerate(arrays))
    return Factors(
        spec=spec,
        names=names,
        arrays=tuple(arrays),
        common=common,
        kind=kind,
        at=fixed,
        summed=summed,
        shape=shape,
        views=views,
    )


def _view(spec: Spec, number: int, array: Any, places: Mapping[str, int], summed: tuple[str, ...]) -> Any:
    operand = spec.operands[number]
    fixed = [
        0 if axis in operand.stretched else places.get(label, slice(None)) for axis, label in enumerate(operand.labels)
    ]
    left = [label for label, place in zip(operand.labels, fixed, strict=True) if isinstance(place, slice)]
    return aligned(diagonal(array[(*fixed, ...)], left), list(dict.fromkeys(left)), summed)


def diagonal(array: Any, labels: Sequence[str]) -> Any:
    """Return the view of an array in which axes of one label are one axis, in order of first appearance."""
    import numpy as np

    wanted, left = list(dict.fromkeys(labels)), list(labels)
    for label in wanted:
        while left.count(label) > 1:
            one = left.index(label)
            two = left.index(label, one + 1)
            array = np.diagonal(array, axis1=one, axis2=two)  # becomes the last axis
            left = [*left[:one], *left[one + 1 : two], *left[two + 1 :], label]
    return array.transpose([left.index(label) for label in wanted])


def aligned(array: Any, labels: Sequence[str], wanted: Sequence[str]) -> Any:
    """Return the view of an array with an axis for each label wanted, of size 1 where the array has none."""
    order = [labels.index(label) for label in wanted if label in labels]
    view = array.transpose(order)
    return view[(*(slice(None) if label in labels else None for label in wanted), ...)]


def piece_of(view: Any, piece: tuple[slice, ...]) -> Any:
    """Return the part of an aligned view that belongs to a piece of the grid."""
    return view[(*(slice(None) if size == 1 else part for size, part in zip(view.shape, piece, strict=True)), ...)]
