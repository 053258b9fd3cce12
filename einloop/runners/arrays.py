"""Reads the arrays a person names: `.npy` files, never unpickled. Says what an object is that is not an array."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Sequence
from inspect import isroutine
from pathlib import Path
from typing import Any

import numpy as np

from ..core.dtypes import dtype_text
from ..core.errors import EinloopError, OptionError, ShapeError, with_article
from ..core.libraries import has
from ..core.options import LoadedArray
from .foreign import check_plain, refused, said


def load_array(path: str | Path) -> Any:
    """Return the array in a `.npy` file, mapped into memory where it can be.

    Raises OptionError where the file is missing, is no `.npy` file, is cut short, or holds Python objects. Pipes and
    devices are not opened: opening one may wait forever.
    """
    shown = str(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode) and not os.path.isdir(path):
            raise OptionError(
                "EL411", f"{shown!r} is not a file but a pipe or a device", hint="save one array with np.save"
            )
        with Path(path).open("rb") as file:
            magic = file.read(6)
        if magic.startswith(b"PK"):
            raise OptionError("EL411", f"{shown!r} is an archive of arrays (.npz)", hint="save one array with np.save")
        if magic != b"\x93NUMPY":
            raise OptionError("EL411", f"{shown!r} is not a .npy file", hint="write it with np.save")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.load(path, allow_pickle=False, mmap_mode="r")
    except OSError as error:
        raise OptionError("EL411", f"{shown!r} cannot be read: {error.strerror or error}") from None
    except OptionError:
        raise
    except ValueError as error:
        if "object array" in str(error).lower() or "python objects" in str(error).lower():
            raise OptionError("EL411", f"{shown!r} holds Python objects, which are never unpickled") from None
        raise OptionError("EL411", f"{shown!r} is damaged: {_damage(error)}") from None
    except Exception as error:
        raise OptionError("EL411", f"{shown!r} is damaged: {said(error)}") from None


def _damage(error: ValueError) -> str:
    """Return what is wrong with a file that cannot be mapped: nothing of the size that its header claims is made."""
    if "mmap length" in str(error):
        return "it is shorter than its header says"
    return "its header makes no sense" if "object at 0x" in str(error) else said(error)


def of_values(values: Sequence[Any], shape: Sequence[int], dtype: str) -> Any:
    """Return the array of elements in C order.

    >>> of_values((1, 2, 3, 4), (2, 2), "int8").tolist()
    [[1, 2], [3, 4]]
    """
    return np.array(values, dtype=dtype).reshape(tuple(shape))


def as_array(value: Any, what: str) -> Any:
    """Return `value` as an array of numpy, without a copy where it can be.

    Whatever goes wrong is told in an EinloopError, which calls the value `what` and is of the class that was raised
    too: ShapeError where it is not an array, DtypeError for a tensor that numpy does not read as it is.

    >>> as_array([1, 2], "operand 0").shape
    (2,)
    """
    try:
        if issubclass(type(value), str | bytes | bytearray) and not isinstance(value, np.generic):
            raise _no_array(value, what)
        array = np.asarray(value)
        if array.dtype.kind == "O" and not issubclass(type(value), np.ndarray | np.generic):
            _check_holds_numbers(value, array, what)
    except EinloopError:
        raise
    except Exception as error:
        raise refused(value, error, what) from None
    return array


def open_array(value: Any, what: str) -> LoadedArray:
    """Return a file's array, or the value as an array, which keeps its mask. Raises EinloopError, calling it `what`."""
    if issubclass(type(value), LoadedArray):
        opened: LoadedArray = value
        return opened
    path = str(value) if issubclass(type(value), str | Path) else None
    array = load_array(value) if path is not None else as_array(value, what)
    shape, dtype = tuple(array.shape), dtype_text(array.dtype)
    return LoadedArray(
        shape=shape, dtype=dtype, path=path, array=value if issubclass(type(value), np.ma.MaskedArray) else array
    )


def same_array(one: Any, other: Any) -> bool:
    """Return whether two arrays have one dtype, shape and values.

    >>> import numpy as np
    >>> same_array(np.array([1, np.nan]), np.array([1, np.nan])), same_array(np.ones(2), np.ones(2, "f4"))
    (True, False)
    """
    same = one is other or (one.dtype == other.dtype and one.shape == other.shape)
    return same and (one is other or bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")))


def as_operand(value: Any, what: str) -> Any:
    """Return `value` as an array whose numbers are all that it is: what is computed with them alone is right.

    Raises EinloopError as `as_array` does, and for masked elements and arrays that only their own library understands.
    """
    check_plain(value, what)
    return as_array(value, what)


def as_admitted(name: str, value: Any, dtype: str) -> Any:
    """Return a value as an array; other values stay the Python objects that they are where loops are for these."""
    if dtype != "object" or isinstance(value, np.ndarray | np.generic):
        array = as_operand(value, name)
        if array.dtype == object and not array.ndim and not isinstance(value, np.ndarray):
            raise ShapeError("EL209", f"{name} is not an array: it is of type {type(value).__name__}")
        return array
    if isinstance(value, list | tuple):
        return np.asarray(value, dtype=object)
    box = np.empty((), object)
    box[()] = value
    return box


def _check_holds_numbers(value: Any, array: Any, what: str) -> None:
    """Raise ShapeError where numpy wrapped something that is not a number: a set is an array of one object to it."""
    if not array.shape:
        if not _like_a_number(value):
            raise _no_array(value, what)
        return
    stranger = next((one for one in array.flat if not _like_a_number(one)), value)
    if stranger is not value:
        raise ShapeError("EL209", f"{what} holds {_called(stranger)}, which is not a number")


def _like_a_number(value: Any) -> bool:
    """Return whether a value can be multiplied and added, and is not a collection of values.

    >>> from fractions import Fraction
    >>> [_like_a_number(value) for value in (Fraction(1, 2), 2**100, {1}, "ab", None)]
    [True, True, False, False, False]
    """
    collects = any(has(value, name) for name in ("shape", "__len__", "__iter__", "__next__"))
    kind = type(value)
    return not issubclass(kind, type) and hasattr(kind, "__mul__") and hasattr(kind, "__add__") and not collects


def _no_array(value: Any, what: str) -> ShapeError:
    """Return the refusal of something that is not an array, with what to do."""
    hints = (
        ("toarray", "its .toarray() is one"),
        ("to_numpy", "its .to_numpy() is one"),
        ("__next__", "give np.array(list(...)) of it"),
    )
    hint = next((text for name, text in hints if has(value, name)), None)
    if hint is None:
        collects = issubclass(type(value), set | frozenset | dict)
        hint = "give a list, whose order is known" if collects else "give lists, numbers or arrays"
    return ShapeError("EL209", f"{what} is {_called(value)}, which is not an array", hint=hint)


def _called(value: Any) -> str:
    """Return what a person calls a value that is not a number.

    >>> [_called(value) for value in (None, {1}, len, int, "ab", range(3))]
    ['None', 'a set', 'a function', 'the class int', 'a string', 'a range']
    """
    if value is None or value is Ellipsis or value is NotImplemented:
        return str(value)
    kind = type(value)
    if issubclass(kind, type):
        return f"the class {value.__name__}"
    if kind.__module__ == "builtins" and isroutine(value):
        return "a function"
    if issubclass(kind, str | bytes):
        return "a string" if issubclass(kind, str) else "a bytes object"
    return with_article(kind.__name__)
