"""Frames on the pipes between a process and its child: a length, a header of plain values, bytes.

What the parent reads may come from code that means harm: it is bounded before it is read, and nothing is unpickled.
The child, a process of our own, unpickles its calls, whose arrays arrive with the strides that they had.
"""

from __future__ import annotations

import ctypes
import io
import json
import pickle
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LENGTH = 8
"""Bytes that say how long a frame is, and how long the header in it."""


class BrokenFrameError(ValueError):
    """A frame that nobody who keeps the rules would send."""


def send(stream: IO[bytes], *parts: ReadableBuffer) -> None:
    """Write one frame of several parts. Raises OSError where nobody reads."""
    views = [memoryview(part).cast("B") for part in parts]
    for view in (memoryview(sum(map(len, views)).to_bytes(LENGTH, "big")), *views):
        rest = view
        while rest:
            rest = rest[stream.write(rest) :]


def receive(stream: IO[bytes], largest: int | None = None) -> bytes | None:
    """Return the content of the next frame, None where the stream ends.

    Raises BrokenFrameError where the frame says that it is above `largest` bytes: nothing of it is read.
    """
    head = _exactly(stream, LENGTH)
    if head is None:
        return None
    size = int.from_bytes(head, "big")
    if largest is not None and size > largest:
        raise BrokenFrameError
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = stream.read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def answer(words: Sequence[Any], body: ReadableBuffer = b"") -> tuple[bytes, bytes, ReadableBuffer]:
    """Return the parts of a frame whose header is `words`.

    >>> split(b"".join(answer(["ready"], b"xyz")))
    (['ready'], b'xyz')
    """
    header = json.dumps(list(words)).encode()
    return len(header).to_bytes(LENGTH, "big"), header, body


def split(frame: bytes, largest: int | None = None) -> tuple[list[Any], bytes]:
    """Return the header and the bytes behind it. Raises BrokenFrameError, also for a header above `largest` bytes."""
    size = int.from_bytes(frame[:LENGTH], "big")
    stop = LENGTH + size
    if len(frame) < stop or (largest is not None and size > largest):
        raise BrokenFrameError
    try:
        words = json.loads(frame[LENGTH:stop])
    except (ValueError, RecursionError):
        raise BrokenFrameError from None
    if not isinstance(words, list):
        raise BrokenFrameError
    return words, frame[stop:]


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
    """Pickles arrays with gaps, or in another direction, as the memory they lie in: pickle makes them contiguous."""

    def reducer_override(self, value: Any, /) -> Any:
        numpy = sys.modules.get("numpy")
        if numpy is None or type(value) is not numpy.ndarray or value.dtype.hasobject or not value.size:
            return NotImplemented
        if value.flags.c_contiguous or value.flags.f_contiguous:
            return NotImplemented
        reach = [stride * (size - 1) for stride, size in zip(value.strides, value.shape, strict=True)]
        before = -sum(step for step in reach if step < 0)
        after = sum(step for step in reach if step > 0) + value.itemsize
        memory = ctypes.string_at(value.__array_interface__["data"][0] - before, before + after)
        return _laid, (memory, before, (value.shape, value.strides), value.dtype, bool(value.flags.writeable))


def _laid(memory: bytes, offset: int, layout: tuple[Any, Any], dtype: Any, writeable: bool) -> Any:
    """Return the array that lies in a copy of `memory`; `layout` is its shape and strides."""
    import numpy as np

    home = np.frombuffer(memory, np.uint8).copy()
    array = np.ndarray(layout[0], dtype, home.data, offset, layout[1])
    array.flags.writeable = writeable
    return array
