"""An array of plain Python values, for where numpy is not: its shape, the name of its dtype, its elements in C order.

Every element is what `.tolist()` of numpy gives: `int`, `bool`, `float`, `complex`, or any object for dtype object. It
computes nothing; parts of it are made as numpy's basic indexing makes them, but as copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

from .frozen import dataclass


@dataclass(frozen=True, slots=True)
class PlainArray:
    """An array. `dtype` is a name of `core/dtypes.py`, `values` has one entry for each element.

    >>> array = PlainArray((2, 3), "int8", (1, 2, 3, 4, 5, 6))
    >>> array.at((1, 0)), array[:, 1].tolist(), array[1, -1], array.reshape(3, -1).tolist()
    (4, [2, 5], 6, [[1, 2], [3, 4], [5, 6]])
    """

    shape: tuple[int, ...]
    dtype: str
    values: Sequence[Any]

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def strides(self) -> tuple[int, ...]:
        """How many elements one step along each axis moves on."""
        return strides_of(self.shape)

    def at(self, position: Sequence[int]) -> Any:
        """Return the element at a position of whole numbers from 0."""
        return self.values[sum(place * stride for place, stride in zip(position, self.strides, strict=True))]

    def tolist(self) -> Any:
        """Return the elements as lists in lists; of an array without axes, its element."""
        return nested(self.values, self.shape)

    def __getitem__(self, index: Any) -> Any:
        """Return a part of it: an array for slices, an element where every axis has a number. Raises IndexError."""
        parts = list(index) if isinstance(index, tuple) else [index]
        named = sum(part is not None and part is not Ellipsis for part in parts)
        if named > self.ndim or sum(part is Ellipsis for part in parts) > 1:
            raise IndexError(f"{named} places for an array of {self.ndim} axes")
        if Ellipsis not in parts:
            parts.append(Ellipsis)
        dots = parts.index(Ellipsis)
        parts[dots : dots + 1] = [slice(None)] * (self.ndim - named)
        axes = iter(zip(self.shape, self.strides, strict=True))
        shape: list[int] = []
        moves: list[Sequence[int]] = []
        for part in parts:
            if part is None:
                shape.append(1)
                continue
            size, stride = next(axes)
            chosen = range(size)[part]
            moves.append([place * stride for place in ([chosen] if isinstance(chosen, int) else chosen)])
            shape += [] if isinstance(chosen, int) else [len(chosen)]
        values = tuple(self.values[sum(steps)] for steps in product(*moves))
        numbers = not any(isinstance(part, slice) or part is None for part in parts)
        return values[0] if numbers and parts else PlainArray(tuple(shape), self.dtype, values)

    def reshape(self, *shape: int) -> PlainArray:
        """Return the same elements in another shape; -1 stands for what is left. Raises ValueError."""
        rest = prod(size for size in shape if size != -1)
        left = len(self.values) // rest if rest else 0
        found = tuple(left if size == -1 else size for size in shape)
        if shape.count(-1) > 1 or min(found, default=0) < 0 or prod(found) != len(self.values):
            raise ValueError(f"an array of {len(self.values)} elements has no shape {shape}")
        return PlainArray(found, self.dtype, self.values)


def strides_of(shape: Sequence[int]) -> tuple[int, ...]:
    """Return how many elements one step along each axis moves on in an array in C order.

    >>> strides_of((2, 3, 4)), strides_of(())
    ((12, 4, 1), ())
    """
    return tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))


def nested(values: Sequence[Any], shape: Sequence[int]) -> Any:
    """Return values in C order as lists in lists; without axes the one value.

    >>> nested([1, 2, 3, 4], (2, 2)), nested([5], ())
    ([[1, 2], [3, 4]], 5)
    """
    if not shape:
        return values[0]
    if len(shape) == 1:
        return list(values)
    step = prod(shape[1:])
    return [nested(values[n * step : (n + 1) * step], shape[1:]) for n in range(shape[0])]


def positions(shape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the position of every element in C order.

    >>> list(positions((2, 1)))
    [(0, 0), (1, 0)]
    """
    return product(*map(range, shape))
