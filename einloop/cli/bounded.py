"""The beginning of a file's text, also of a device that never ends or a pipe without a writer."""

from __future__ import annotations

import errno
import os
import stat

MAX_SILENT_SECONDS = 10.0
"""How long a pipe may say nothing."""


def read_text(path: str, most: int, *, seconds: float = MAX_SILENT_SECONDS) -> str:
    """Return the text in a file of any kind, cut somewhat above `most` characters; a pipe may be silent for `seconds`.

    Raises OSError, and UnicodeDecodeError where it is not UTF-8.
    """
    size = 4 * most + 4  # a character takes up to four bytes; a mark at the beginning takes three
    content = _read(path, size, seconds)
    return content.decode("utf-8", "strict" if len(content) < size else "ignore")


def _read(path: str, size: int, seconds: float) -> bytes:
    # a named pipe would wait here for its writer
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = bytearray()
        while len(found) < size:
            try:
                part = os.read(handle, min(size - len(found), 1 << 16))
            except BlockingIOError:
                _wait(handle, seconds)
                continue
            if not part:
                break
            found += part
        if not found and stat.S_ISFIFO(os.fstat(handle).st_mode):
            raise OSError(errno.EPIPE, "it is a pipe that nobody writes to")
        return bytes(found)
    finally:
        os.close(handle)


def _wait(handle: int, seconds: float) -> None:
    """Wait until there is something to read. Raises OSError where nothing comes."""
    import select

    if not select.select([handle], [], [], seconds)[0]:
        raise OSError(errno.ETIMEDOUT, f"nothing came from it for {seconds:g} s")
