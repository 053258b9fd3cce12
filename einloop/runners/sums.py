"""Operands and results of a compiled sum of einsums: what a kernel takes, and where it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.bind import show_shape
from ..core.dtypes import dtype_name
from ..core.errors import OptionError, ShapeError
from .arrays import as_operand
from .operands import ready

KINDS = {int: "int", float: "float", complex: "complex"}
"""Python's numbers, which take the dtype of the arrays beside them."""


@dataclass(frozen=True, slots=True)
class KnownSum:
    """What computes operands of known shapes, dtypes and layouts, which it takes as they are.

    `places`: the operands that the kernel takes, by number. `start`: the operand that it adds to, None where its result
    need not be there before.
    """

    kernel: Callable[..., Any]
    shape: tuple[int, ...]
    dtype: Any
    places: tuple[int, ...]
    start: int | None

    def computed(self, arrays: Sequence[Any], out: Any) -> Any:
        """Return the result, in `out` where that is given. Raises EinloopError."""
        passed = [arrays[place] for place in self.places]
        if out is None:
            return self._new(passed, arrays)[()]
        self._check_out(out)
        beside = [array for array in passed if np.may_share_memory(out, array)]
        if out.dtype == self.dtype and out.flags.carray and not beside:
            if self.start is not None and out is not arrays[self.start]:
                np.copyto(out, arrays[self.start])
            self.kernel(*passed, out)
            return out
        np.copyto(out, self._new(passed, arrays), casting="same_kind")
        return out

    def _new(self, passed: Sequence[Any], arrays: Sequence[Any]) -> Any:
        """Return the result in an array of its own."""
        if self.start is None:
            result = np.empty(self.shape, self.dtype)
        else:
            result = np.array(arrays[self.start], self.dtype, order="C")
        self.kernel(*passed, result)
        return result

    def _check_out(self, out: Any) -> None:
        """Raise EinloopError unless `out` is an array that may be written and has the result's shape."""
        if not isinstance(out, np.ndarray) or not out.flags.writeable:
            raise OptionError("EL477", "out is not an array that may be written")
        if out.shape != self.shape:
            raise ShapeError("EL207", f"out has shape {show_shape(out.shape)}, the result {show_shape(self.shape)}")
        if not np.can_cast(self.dtype, out.dtype, "same_kind"):
            raise OptionError("EL477", f"out has dtype {out.dtype}, and the sum {self.dtype}")


def as_given(value: Any, name: str) -> Any:
    """Return an operand as an array; a Python number in numpy's own dtype."""
    return np.asarray(value) if type(value) in KINDS else ready(as_operand(value, name))


def kind_of(value: Any, array: Any) -> str:
    """Return the dtype of an operand by name, of a Python number its kind."""
    return KINDS[type(value)] if type(value) in KINDS else dtype_name(array.dtype.str)


def described(value: Any) -> object:
    """Return what a specialisation depends on."""
    if type(value) is np.ndarray:
        return value.shape, value.dtype, value.strides, value.flags.aligned
    return type(value) if type(value) in KINDS else object()


def fitting(value: Any, dtype: Any, name: str) -> Any:
    """Return a Python number in the dtype of the sum, and what is none as it is.

    Raises OptionError where it does not fit, as in numpy.
    """
    if type(value) not in KINDS:
        return value
    try:
        return np.asarray(value, dtype)
    except OverflowError:
        raise OptionError("EL410", f"{name} is {value}, which does not fit {dtype}") from None


def dtype_of(name: str) -> Any:
    """Return numpy's dtype of a name."""
    return np.dtype(name)
