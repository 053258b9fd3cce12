"""Values in, bytes out, so that arrays arrive with the strides that they had. Bytes go to a process of our own only.

Pickle keeps the order of rows or columns and whether an array may be written to, and makes every other array
contiguous. Here an array that is neither brings the memory it lies in.
"""

from __future__ import annotations

import io
import pickle
import sys
from typing import TYPE_CHECKING, Any

Extents = tuple[int, ...]

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


def packed(values: object) -> bytes:
    """Return `values` as bytes that `pickle.loads` reads.

    >>> import numpy as np
    >>> pickle.loads(packed(np.arange(10)[::-3])).strides
    (-24,)
    """
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(values)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    """Pickles arrays with gaps, or in another direction, as what lies in memory."""

    def reducer_override(self, value: Any, /) -> Any:
        numpy = sys.modules.get("numpy")
        if numpy is None or type(value) is not numpy.ndarray or value.dtype.hasobject or not value.size:
            return NotImplemented
        if value.flags.c_contiguous or value.flags.f_contiguous:
            return NotImplemented
        reach = [stride * (size - 1) for stride, size in zip(value.strides, value.shape, strict=True)]
        before = -sum(step for step in reach if step < 0)
        after = sum(step for step in reach if step > 0) + value.itemsize
        memory = _bytes_at(value.__array_interface__["data"][0] - before, before + after)
        return _laid, (memory, before, (value.shape, value.strides), value.dtype, bool(value.flags.writeable))


def _bytes_at(address: int, count: int) -> bytes:
    import ctypes

    return ctypes.string_at(address, count)


def _laid(memory: bytes, offset: int, layout: tuple[Extents, Extents], dtype: Any, writeable: bool) -> Array:
    """Return the array that lies in a copy of `memory`; `layout` is its shape and strides."""
    import numpy as np

    home = np.frombuffer(memory, np.uint8).copy()
    array: Array = np.ndarray(layout[0], dtype, home.data, offset, layout[1])
    array.flags.writeable = writeable
    return array
