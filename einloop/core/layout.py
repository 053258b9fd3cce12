"""How an array lies in memory, as data. Knows no arrays."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Shape and dtype of an array, and how many elements one step along each axis moves on.

    `strides` is None where the last axis runs fastest, without gaps. An axis of length 1 has none that matters: 0.
    """

    shape: tuple[int, ...]
    dtype: str
    strides: tuple[int, ...] | None = None

    @property
    def below(self) -> int:
        """How many elements before element 0,0,... belong to the array: where strides are negative.

        >>> Layout(shape=(2, 3), dtype="float64", strides=(-3, 1)).below
        3
        """
        return -sum(min(step * (n - 1), 0) for n, step in self._steps)

    @property
    def above(self) -> int:
        """How many elements from element 0,0,... on to the end of the array.

        >>> Layout(shape=(2, 3), dtype="float64").above, Layout(shape=(2, 0), dtype="int8").above
        (6, 0)
        """
        if 0 in self.shape:
            return 0
        if self.strides is None:
            return prod(self.shape)
        return 1 + sum(max(step * (n - 1), 0) for n, step in self._steps)

    @property
    def _steps(self) -> tuple[tuple[int, int], ...]:
        if self.strides is None or 0 in self.shape:
            return ()
        return tuple(zip(self.shape, self.strides, strict=True))
