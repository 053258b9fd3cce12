"""The bytes of `.npy` files in, arrays that are held for later questions out: each has a key made of its bytes."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from threading import Lock
from typing import Any

from ..core.dtypes import array_dtype
from ..core.errors import OptionError, with_article
from ..core.options import LoadedArray, Per
from ..pipeline.given import array_in

MAX_BYTES = 64 << 20
"""Of one file."""
MAX_HELD = 256 << 20
"""Of all files that are held; the oldest goes first."""
KEY_CHARACTERS = 16


class HeldArrays:
    """Arrays by key, up to `MAX_HELD` bytes. Those that were there when it was made stay."""

    def __init__(self, kept: Mapping[str, LoadedArray] | None = None) -> None:
        self._kept = dict(kept or {})
        self._files: OrderedDict[str, tuple[int, LoadedArray]] = OrderedDict()
        self._lock = Lock()

    def add(self, name: str, data: bytes) -> tuple[str, LoadedArray]:
        """Return the key and the array of a file, which is held from now on. Raises EinloopError."""
        if len(data) > MAX_BYTES:
            raise OptionError("EL411", f"{name!r} has {len(data):,} bytes", hint=f"at most {MAX_BYTES:,} are read")
        key = sha256(data).hexdigest()[:KEY_CHARACTERS]
        array = array_in(data, repr(name))
        with self._lock:
            self._files[key] = len(data), array
            self._files.move_to_end(key)
            while sum(size for size, _ in self._files.values()) > MAX_HELD:
                self._files.popitem(last=False)
        return key, array

    def in_use(self, wanted: Sequence[str]) -> Per[LoadedArray]:
        """Return the arrays of `NAME=KEY` or `KEY`, for operands. Raises OptionError where one is not held."""
        return tuple(self._one(text) for text in wanted)

    def _one(self, text: str) -> tuple[str | None, LoadedArray]:
        name, equals, key = text.rpartition("=")
        with self._lock:
            held = self._kept.get(key) or self._files.get(key, (0, None))[1]
        if held is None:
            said = f"the array {name!r} is not here" if name else "an array is not here"
            raise OptionError("EL487", said, hint="drop its file on the page again")
        return (name if equals and name else None), held


def read_file(request: Mapping[str, Any], held: HeldArrays) -> dict[str, Any]:
    """Return what was read of a dropped file: its name, its key, shape and dtype. Raises EinloopError."""
    name, text = request.get("name"), request.get("bytes")
    for what, value in (("the name", name), ("the bytes", text)):
        if not isinstance(value, str):
            kind = with_article(type(value).__name__) if value is not None else "missing"
            raise OptionError("EL470", f"{what} of a file is {kind}", hint="a text; bytes in base64")
    assert isinstance(name, str)
    assert isinstance(text, str)
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        raise OptionError("EL411", f"the bytes of {name!r} are not in base64") from None
    key, array = held.add(name, data)
    return {
        "name": operand_name(name),
        "key": key,
        "shape": list(array.shape),
        "dtype": array_dtype(array.dtype, repr(name)),
    }


def operand_name(file: str) -> str:
    """Return the name of an operand that the name of a file gives; nothing where it gives none.

    >>> operand_name("A.npy"), operand_name("folder/my weights.npy"), operand_name("2.npy")
    ('A', '', '')
    """
    word = file.replace("\\", "/").rpartition("/")[2].removesuffix(".npy")
    return word if word.isidentifier() else ""
