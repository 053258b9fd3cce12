"""What a person gives as an array, opened, read and compared: with numpy, or as plain arrays where it is missing."""

from __future__ import annotations

from typing import Any

from ..core.options import LoadedArray
from ..runners.presence import has_numpy


def open_array(value: Any, what: str) -> LoadedArray:
    """Return a file's array, or a value as an array. Raises EinloopError, calling it `what`."""
    if not has_numpy():
        from ..evaluate.given import opened

        return opened(value, what)
    from ..runners.arrays import open_array as open_with_numpy

    return open_with_numpy(value, what)


def as_array(value: Any, what: str) -> Any:
    """Return a value as an array. Raises EinloopError, calling it `what`."""
    if not has_numpy():
        from ..evaluate.given import given

        return given(value, what)
    from ..runners.arrays import as_array as as_numpys

    return as_numpys(value, what)


def same_array(one: Any, other: Any) -> bool:
    """Return whether two arrays have one dtype, shape and values."""
    if not has_numpy():
        from ..evaluate.given import same_values

        return same_values(one, other)
    from ..runners.arrays import same_array as same_in_numpy

    return same_in_numpy(one, other)


def array_in(data: bytes, what: str) -> LoadedArray:
    """Return the array in the bytes of a `.npy` file, never unpickled. Raises EinloopError, calling it `what`."""
    from ..evaluate import read_npy

    array = read_npy(data, what)
    value: Any = array
    if has_numpy():
        from ..runners.arrays import of_values

        value = of_values(array.values, array.shape, array.dtype)
    return LoadedArray(shape=array.shape, dtype=array.dtype, array=value)
