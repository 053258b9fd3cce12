"""Views of operands: one place along some indices, diagonals as one axis, an axis for every label asked for.

Arrays are sliced by their own methods, so numpy is not imported. Copies nothing but what np.einsum must not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def at_place(array: Any, labels: Sequence[str], places: Mapping[str, int]) -> tuple[Any, list[str]]:
    """Return the view of an operand at a place along some labels, and the labels of its axes; one of size 1 is dropped.

    >>> import numpy as np
    >>> view, left = at_place(np.arange(6).reshape(2, 3), "ij", {"i": 1})
    >>> view, left
    (array([3, 4, 5]), ['j'])
    """
    sized = list(zip(labels, array.shape, strict=True))
    at = tuple(0 if size == 1 else places.get(label, slice(None)) for label, size in sized)
    return array[(*at, ...)], [label for label, place in zip(labels, at, strict=True) if isinstance(place, slice)]


def diagonal(array: Any, labels: Sequence[str]) -> tuple[Any, list[str]]:
    """Return the view in which axes of one label are one axis, and the labels in order of first appearance."""
    wanted, left = list(dict.fromkeys(labels)), list(labels)
    for label in wanted:
        while left.count(label) > 1:
            one = left.index(label)
            two = left.index(label, one + 1)
            array = array.diagonal(axis1=one, axis2=two)  # becomes the last axis
            left = [*left[:one], *left[one + 1 : two], *left[two + 1 :], label]
    return array.transpose([left.index(label) for label in wanted]), wanted


def aligned(array: Any, labels: Sequence[str], wanted: Sequence[str]) -> Any:
    """Return the view with an axis for each label wanted, of size 1 where the array has none."""
    view = array.transpose([labels.index(label) for label in wanted if label in labels])
    return view[(*(slice(None) if label in labels else None for label in wanted), ...)]


def unharmed(operands: Sequence[Any]) -> list[Any]:
    """Return the operands as np.einsum may have them: in the other byte order where a product of several is empty.

    There numpy 2.4 adds 0 to the memory behind its result: one inner loop of stride 0 ignores its count. Operands in
    the other byte order are buffered and do not reach that loop.
    """
    if len(operands) < 2 or all(array.size for array in operands):
        return list(operands)
    return [
        array.astype(array.dtype.newbyteorder()) if array.dtype.kind in "iufc" and array.dtype.isnative else array
        for array in operands
    ]
