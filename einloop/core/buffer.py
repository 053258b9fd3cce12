"""Arrays, and elements of them, as the statements of a nest name them. Immutable; holds no text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """An array or scalar the loops read or write.

    `rank` is the number of named axes (an ellipsis of unknown rank not counted); `dtype` the declared one or None.
    `extents` are those of the axes, as text; `strides` how many elements one step along each axis moves on, None where
    the array is contiguous with the last axis fastest. `length`: it is no array but a whole number.
    """

    name: str
    rank: int
    dots: int | None = None
    dtype: str | None = None
    extents: tuple[str, ...] = ()
    strides: tuple[int, ...] | None = None
    length: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One element of a buffer: names of indices, or '0' on a stretched axis.

    `dots` is the position of the index that stands for all axes of an ellipsis; `boxed` marks a scalar that
    is read out of a 0-d array. `extents` are those of the buffer's axes, `dtype` its declared dtype or None.
    With `strides` the element lies `start` elements, and for each subscript its stride times the index, after the
    buffer's element 0,0,...; a subscript may then stand for several axes at once. What has strides, none of them
    perhaps, is an array; what has neither strides nor subscripts is a scalar. `local`: of a running total, or
    of a block of them.
    """

    buffer: str
    subscripts: tuple[str, ...] = ()
    dots: int | None = None
    boxed: bool = False
    extents: tuple[str, ...] = ()
    dtype: str | None = None
    strides: tuple[int, ...] | None = None
    start: int = 0
    local: bool = False

    @property
    def is_scalar(self) -> bool:
        """It is not an element of an array."""
        return self.strides is None and not self.subscripts and not self.boxed

    @property
    def moves(self) -> tuple[tuple[str, int], ...]:
        """The subscripts, each with its stride. Needs `strides`."""
        return tuple(zip(self.subscripts, self.strides or (), strict=True))

    def moving(self, moves: Iterable[tuple[str, int]]) -> Access:
        """Return the element with these subscripts and strides."""
        moves = tuple(moves)
        return replace(self, subscripts=tuple(name for name, _ in moves), strides=tuple(n for _, n in moves))

    def stride(self, index: str) -> int:
        """Return how many elements one iteration of an index moves on; 0 where it stays. Needs `strides`."""
        return sum(stride for name, stride in self.moves if name == index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What stands beside the factors of one product: a number that multiplies it, and what divides it.

    The `multiplier` is positive where it is real; `negative`: the product is subtracted.
    """

    multiplier: int | float | complex = 1
    negative: bool = False
    divisors: tuple[Access, ...] = ()
    denominator: int = 1

    @property
    def positive(self) -> Scale:
        """The same without the sign."""
        return replace(self, negative=False)


BARE = Scale()
"""Nothing stands beside the factors."""


def scaled(
    products: tuple[tuple[Access, ...], ...], scales: tuple[Scale, ...]
) -> tuple[tuple[tuple[Access, ...], Scale], ...]:
    """Return products each with its scale; `scales` may be none at all."""
    return tuple(zip(products, scales or (BARE,) * len(products), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Zero:
    """The dtype of the zeros that sums start from: declared, read at run time from a variable or like an operand, or
    (None of them) floats."""

    dtype: str | None = None
    variable: str | None = None
    like: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtypes:
    """How the zeros of the result are typed, and those of sums, which may be wider."""

    result: Zero
    sums: Zero

    @property
    def wide(self) -> str | None:
        """The declared dtype of the sums, None where the result has it too, and where none is declared."""
        return self.sums.dtype if self.sums != self.result else None
