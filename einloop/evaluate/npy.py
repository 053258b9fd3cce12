"""The bytes of a `.npy` file in, a PlainArray out: formats 1.0 to 3.0, either byte order, C and Fortran order.

Nothing is unpickled. Source: NumPy manual, numpy.lib.format.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Sequence
from math import prod
from pathlib import Path
from struct import unpack, unpack_from
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.dtypes import array_dtype, item_bytes
from ..core.errors import EinloopError, OptionError
from ..core.plain_array import PlainArray, positions, strides_of

MAGIC = b"\x93NUMPY"
MAX_HEADER = 100_000
"""Bytes of a header that are read; numpy reads 10,000."""
CODES = {
    "bool": "?", "int8": "b", "int16": "h", "int32": "i", "int64": "q", "uint8": "B", "uint16": "H", "uint32": "I",
    "uint64": "Q", "float16": "e", "float32": "f", "float64": "d", "complex64": "ff", "complex128": "dd",
}  # fmt: skip
"""How `struct` reads one element of a dtype."""


def read_npy(data: bytes, what: str = "the file") -> PlainArray:
    """Return the array in the bytes of a `.npy` file.

    Raises OptionError where they are none, are cut short or hold Python objects, DtypeError for a dtype that has no
    sums and products, or that Python has no numbers for.
    """
    if not data.startswith(MAGIC):
        archive = data.startswith(b"PK")
        kind = "an archive of arrays (.npz)" if archive else "not a .npy file"
        raise OptionError("EL411", f"{what} is {kind}", hint="save one array with np.save")
    descr, fortran, shape, start = _header(data, what)
    if "O" in descr:
        raise OptionError("EL411", f"{what} holds Python objects, which are never unpickled")
    dtype = array_dtype(descr, what)
    arithmetic(dtype)
    count, size = prod(shape), item_bytes(dtype)
    if len(data) - start < count * size:
        raise OptionError("EL411", f"{what} is damaged: it is shorter than its header says")
    order = ">" if descr.startswith(">") else "<"
    numbers = unpack_from(f"{order}{count * len(CODES[dtype])}{CODES[dtype][0]}", data, start)
    values: Sequence[Any] = numbers
    if dtype.startswith("complex"):
        values = tuple(map(complex, numbers[::2], numbers[1::2]))
    if fortran and len(shape) > 1:
        steps = strides_of(shape[::-1])[::-1]
        values = tuple(values[sum(n * step for n, step in zip(at, steps, strict=True))] for at in positions(shape))
    return PlainArray(shape, dtype, values)


def load_npy(path: str | Path) -> PlainArray:
    """Return the array in a `.npy` file. Raises EinloopError as `read_npy` does, and where there is no such file."""
    shown = repr(str(path))
    try:
        if not Path(path).is_file() and Path(path).exists() and not Path(path).is_dir():
            what = f"{shown} is not a file but a pipe or a device"
            raise OptionError("EL411", what, hint="save one array with np.save")
        return read_npy(Path(path).read_bytes(), shown)
    except OSError as error:
        raise OptionError("EL411", f"{shown} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        if isinstance(error, EinloopError):
            raise
        raise OptionError("EL411", f"{shown} cannot be read: {error}") from None  # a NUL in its name


def _header(data: bytes, what: str) -> tuple[str, bool, tuple[int, ...], int]:
    """Return the dtype as written, whether the first axis is fastest, the shape, and where the elements begin."""
    try:
        version = data[6]
        length, start = (unpack("<H", data[8:10])[0], 10) if version == 1 else (unpack("<I", data[8:12])[0], 12)
        text = data[start : start + length]
        if version not in (1, 2, 3) or length > MAX_HEADER or len(text) < length:
            raise ValueError
        header = ast.literal_eval(text.decode("utf-8" if version == 3 else "latin-1").strip())
        descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
        plain = isinstance(descr, str) and isinstance(fortran, bool) and isinstance(shape, tuple) and len(header) == 3
        if not plain or any(isinstance(size, bool) or not isinstance(size, int) or size < 0 for size in shape):
            if isinstance(descr, list):
                raise OptionError("EL411", f"{what} holds records", hint="save one field: np.save(path, array['name'])")
            raise ValueError
    except OptionError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, SyntaxError, struct.error, RecursionError, MemoryError):
        raise OptionError("EL411", f"{what} is damaged: its header makes no sense") from None
    return descr, fortran, shape, start + length
