"""Loops on arrays, run where numpy is not installed: on plain arrays that know elements, lengths and zeros, no more.

What else a text asks of them is refused: then nothing is said of the text. Numbers are Python's own, so only inputs on
which they come to what numpy's do may be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import index
from typing import Any

from ..core.generated import Generated
from ..core.plain_array import PlainArray, nested, strides_of
from .namespace import MODULE, code_of


class BeyondError(Exception):
    """The text asks for something that numpy's arrays have and these have not."""


class StandInArray:
    """Elements in a shape, read and written one at a time.

    >>> made = StandInArray((2, 2), [1, 2, 3, 4])
    >>> made[1, 0] += 10
    >>> made.shape, len(made), made.tolist()
    ((2, 2), 2, [[1, 2], [13, 4]])
    """

    def __init__(self, shape: Sequence[int], values: list[Any]) -> None:
        self.shape = tuple(shape)
        self._values = values
        self._strides = strides_of(self.shape)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __getitem__(self, place: Any) -> Any:
        return self._values[self._flat(place)]

    def __setitem__(self, place: Any, value: Any) -> None:
        if isinstance(value, StandInArray):
            raise BeyondError("an array in place of an element")
        self._values[self._flat(place)] = value

    def __getattr__(self, name: str) -> Any:
        raise BeyondError(name)

    def tolist(self) -> Any:
        """Return the elements as lists in lists."""
        return nested(self._values, self.shape)

    def _flat(self, place: Any) -> int:
        """Return where an element stands. Raises IndexError as numpy does."""
        places = place if isinstance(place, tuple) else (place,)
        if len(places) != len(self.shape) or not all(isinstance(one, int) for one in places):
            raise BeyondError("a part of an array")
        flat = 0
        for axis, (one, size, stride) in enumerate(zip(places, self.shape, self._strides, strict=True)):
            if not -size <= one < size:
                raise IndexError(f"index {one} is out of bounds for axis {axis} with size {size}")
            flat += (one % size) * stride
        return flat


class StandInNumpy:
    """What stands for the module: arrays of zeros in float64."""

    def zeros(self, shape: Any) -> StandInArray:
        """Return an array of zeros."""
        lengths = tuple(map(index, shape)) if isinstance(shape, tuple) else (index(shape),)
        return StandInArray(lengths, [0.0] * prod(lengths))

    def __getattr__(self, name: str) -> Any:
        raise BeyondError(f"np.{name}")


def run_on_stand_ins(generated: Generated, arrays: Sequence[PlainArray]) -> Any:
    """Return the result of a snippet as lists in lists or a number. Raises BeyondError, and what the text raises.

    >>> from einloop import generate
    >>> run_on_stand_ins(generate("ij->i"), [PlainArray((2, 2), "int64", (1, 2, 3, 4))])
    [3.0, 7.0]
    """
    program = generated.program
    if program is None or program.entry is not None:
        raise BeyondError("a function")
    given = [StandInArray(one.shape, list(one.values)) if one.shape else one.values[0] for one in arrays]
    namespace = {"__name__": MODULE, "np": StandInNumpy(), **dict(zip(program.inputs, given, strict=True))}
    try:
        exec(code_of(program.text, (program.before, program.after)), namespace)
    except (TypeError, AttributeError) as error:
        raise BeyondError(str(error)) from None
    found = namespace[program.result]
    return found.tolist() if isinstance(found, StandInArray) else found
