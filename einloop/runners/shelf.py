"""A folder of artefacts: one file each, found by a hash of what it was made from, at most so many bytes in all.

A file is a shared object, or bytes of another kind, and after its end, where a loader does not look, its trailer: a
mark, the key, and the hash of all before. That shows what is cut short, altered, or another's. The hash is no secret:
it tells damage, not a forger. Who wrote a file is told by its owner and mode alone.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from ..core.lock import ForkLock
from .place import left_behind, prefix
from .trust import distrusted, open_checked

MARK = b"einloop artefact"
DIGEST_BYTES = 32
TRAILER_BYTES = len(MARK) + 2 * DIGEST_BYTES
MAX_ARTEFACT_BYTES = 64 << 20
"""Bytes of an artefact: what has more is none of ours."""
SHARED, NUMBA = "so", "numba"
"""How the names of files end: shared objects, and what Numba compiled."""
ARTEFACT = re.compile(rf"[0-9a-f]{{64}}\.({SHARED}|{NUMBA})")
UNFINISHED = ".tmp"
LOOKS = 32
"""How often a process looks at a folder while it writes as many bytes as the limit."""
OURS = re.compile(rf"{ARTEFACT.pattern}|einloop-[^/]*\{UNFINISHED}")
"""Names of the files in the folder that are made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in the folder: where it is, and what is known of it. Its time of change is when it was used last."""

    path: str
    known: os.stat_result

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.known.st_size

    @property
    def unfinished(self) -> bool:
        """Whether it still has no name."""
        return self.path.endswith(UNFINISHED)

    @property
    def trouble(self) -> str | None:
        """Why it is not used, None where it may be."""
        return distrusted(self.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """An artefact that was found: a descriptor of its file, to be closed, and what it holds."""

    file: int
    content: bytes


def find(folder: str, key: str, suffix: str) -> Shelved | None:
    """Return the artefact of a key, None where there is none that is whole and that nobody else could have written."""
    try:
        file = open_checked(os.path.join(folder, f"{key}.{suffix}"))
    except OSError:
        return None
    try:
        content = _content(file, key)
        if content is not None:
            with suppress(OSError):
                os.utime(file)  # those that were not used for longest go first
            return Shelved(file=file, content=content)
    except OSError:
        pass
    os.close(file)
    return None


class Shelf:
    """A folder to put artefacts into, and what is known of it without looking."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._taken = 0
        """Bytes in the folder, as far as this process knows."""
        self._since: int | None = None
        """How many of them came since the folder was looked at; None where it must be looked at."""
        self._lock = ForkLock()

    def put(self, key: str, suffix: str, content: bytes, limit: int) -> None:
        """Put an artefact into the folder. Others have to go where there would be more than `limit` bytes.

        It is written under another name, then renamed, so that it is never there in part. Raises OSError.
        """
        self._make_room(len(content) + TRAILER_BYTES, limit)
        file, temporary = tempfile.mkstemp(prefix=prefix(), suffix=UNFINISHED, dir=self.folder)
        try:
            with os.fdopen(file, "wb") as stream:
                stream.write(content)
                stream.write(trailer(content, key))
            os.replace(temporary, os.path.join(self.folder, f"{key}.{suffix}"))
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _make_room(self, size: int, limit: int) -> None:
        """Remove the artefacts that were not used for longest, until there is room for `size` bytes more.

        The folder is looked at where it seems to be full, at first, and when this process has written a part of
        `limit`: others write too. Raises OSError where there is no room to be made.
        """
        if size > limit:
            raise OSError(errno.EFBIG, f"it may hold {limit:,} bytes, and this takes {size:,}")
        with self._lock:
            if self._since is None or self._taken + size > limit or self._since + size > limit // LOOKS:
                self._taken, self._since = _emptied(self.folder, limit - size), 0
            self._taken += size
            self._since += size
            if self._taken > limit:
                self._since = None
                raise OSError(errno.ENOSPC, f"it holds its {limit:,} bytes, and nothing can be removed")


def listed(folder: str) -> list[File]:
    """Return the artefacts in a folder, and what was never finished, those first that were not used for longest.

    Nothing where there is no folder.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):  # another process has just renamed or removed it
                        found.append(File(path=entry.path, known=entry.stat(follow_symlinks=False)))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found, key=lambda file: (file.known.st_mtime_ns, file.path))


def remove(file: File) -> bool:
    """Remove a file; return whether it was there: another process may be quicker. Raises OSError."""
    try:
        os.unlink(file.path)
    except FileNotFoundError:
        return False
    return True


def trailer(content: bytes | memoryview, key: str) -> bytes:
    """Return what stands after an artefact."""
    hashed = sha256(content)
    hashed.update(key.encode())
    return MARK + bytes.fromhex(key) + hashed.digest()


def _content(file: int, key: str) -> bytes | None:
    """Return what a file holds before its trailer, None where it is not the artefact of a key, unaltered."""
    if os.fstat(file).st_size > MAX_ARTEFACT_BYTES:
        return None
    with os.fdopen(file, "rb", closefd=False) as stream:
        whole = stream.read()
    content = memoryview(whole)[:-TRAILER_BYTES]
    return bytes(content) if len(content) and whole[-TRAILER_BYTES:] == trailer(content, key) else None


def _emptied(folder: str, limit: int) -> int:
    """Remove what dead processes left, and artefacts where there are more than `limit` bytes; return how many stay."""
    there = listed(folder)
    taken = sum(file.size for file in there)
    spare = limit - limit // LOOKS if taken > limit else limit  # some more, so that it is not full again at once
    for file in there:
        if left_behind(os.path.basename(file.path), file.known) if file.unfinished else taken > spare:
            with suppress(OSError):
                remove(file)
                taken -= file.size
    return taken
