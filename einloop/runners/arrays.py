"""Reads the arrays a person names: `.npy` files, never unpickled."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ..core.errors import OptionError, ShapeError


def load_array(path: str | Path) -> Any:
    """Return the array in a `.npy` file, mapped into memory where it can be.

    Raises OptionError where the file is missing, is no `.npy` file, is cut short, or holds Python objects.
    """
    import numpy as np

    shown = str(path)
    try:
        with Path(path).open("rb") as file:
            magic = file.read(6)
        if magic.startswith(b"PK"):
            raise OptionError("EL411", f"{shown!r} is an archive of arrays (.npz)", hint="save one array with np.save")
        if magic != b"\x93NUMPY":
            raise OptionError("EL411", f"{shown!r} is no .npy file", hint="write it with np.save")
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
        return _load_unmapped(path, shown)
    except Exception as error:
        raise OptionError("EL411", f"{shown!r} is damaged: {_first_line(error)}") from None


def _load_unmapped(path: str | Path, shown: str) -> Any:
    """Return an array that cannot be mapped (an empty one), read whole."""
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.load(path, allow_pickle=False)
    except Exception as error:
        raise OptionError("EL411", f"{shown!r} is damaged: {_first_line(error)}") from None


def as_array(value: Any, what: str) -> Any:
    """Return `value` as an array; raise ShapeError where it is none, calling it `what`.

    >>> as_array([1, 2], "operand 0").shape
    (2,)
    """
    import numpy as np

    try:
        return np.asarray(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ShapeError("EL209", f"{what} is no array: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
