"""What was compiled, on disk: one file for each artefact, found by a hash of what it was made from, and checked.

A file is a shared object, or bytes of another kind, and behind its end, where a loader does not look, its trailer: a
mark, the key, and the hash of all before. What is cut short, altered, or somebody else's is found out and made again.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from ..core.errors import RunError

VARIABLE = "EINLOOP_CACHE_DIR"
MARK = b"einloop artefact"
DIGEST = 32
TRAILER = len(MARK) + 2 * DIGEST
SHARED, NUMBA = "so", "numba"
"""How the names of files end: shared objects, and what Numba compiled."""
OURS = re.compile(rf"[0-9a-f]{{64}}\.({SHARED}|{NUMBA})|einloop-[^/]*\.tmp")
"""Names of the files in the folder that are made here."""
WRITTEN_BY_OTHERS = 0o022

Build = Callable[[], bytes]
"""What makes the bytes of a shared object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A shared object that may be loaded: where it is, whether it was there already, and what went wrong, or None."""

    path: str
    reused: bool
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the folder of artefacts holds: how many files of how many bytes."""

    folder: str
    files: int
    size: int


def cache_folder() -> str:
    """Return the folder for artefacts: $EINLOOP_CACHE_DIR, else `einloop` in the user's folder for caches."""
    given = os.environ.get(VARIABLE)
    if given:
        return os.path.abspath(given)
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/einloop")
    shared = os.environ.get("XDG_CACHE_HOME", "")
    # the specification of that variable: a path that is not absolute is to be ignored
    return os.path.join(shared if os.path.isabs(shared) else os.path.expanduser("~/.cache"), "einloop")


def key_of(parts: Iterable[str]) -> str:
    """Return the hash of everything that an artefact depends on.

    >>> key_of(["a", "bc"]) == key_of(["ab", "c"]), len(key_of([]))
    (False, 64)
    """
    hashed = sha256()
    for part in parts:
        coded = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(coded))
        hashed.update(coded)
    return hashed.hexdigest()


def artefact(key: str, build: Build) -> Artefact:
    """Return the shared object of a key, from the folder, or built and put there.

    Where the folder cannot be used, a temporary one of this process is, and `trouble` says why. One thread at a time
    builds for one key; processes may build the same at once, and the last one's file stays. Raises RunError where there
    is no room in the temporary folder either.
    """
    with _lock(key):
        folder = cache_folder()
        trouble = _unusable(folder)
        if trouble is None:
            path = os.path.join(folder, f"{key}.{SHARED}")
            if _sound(path, key):
                return Artefact(path=path, reused=True)
        if key in _apart and _sound(_apart[key], key):
            return Artefact(path=_apart[key], reused=True, trouble=trouble)
        content = build()
        if trouble is None:
            try:
                _write(folder, path, key, content)
                return Artefact(path=path, reused=False)
            except OSError as error:
                trouble = _unwritable(folder, error)
        return _kept(key, content, trouble)


def apart(key: str, build: Build, trouble: str) -> Artefact:
    """Return the shared object of a key in the temporary folder, for one that cannot be loaded from the user's."""
    with _lock(key):
        return _kept(key, build(), trouble)


def recall(key: str, suffix: str) -> bytes | None:
    """Return the bytes that were kept for a key, None where there are none, or the folder must not be used."""
    folder = cache_folder()
    return None if _unusable(folder) is not None else _content(os.path.join(folder, f"{key}.{suffix}"), key)


def keep(key: str, suffix: str, content: bytes) -> str | None:
    """Put bytes into the folder for `recall`; return why they cannot be kept there, None where they are."""
    folder = cache_folder()
    trouble = _unusable(folder)
    if trouble is None:
        try:
            _write(folder, os.path.join(folder, f"{key}.{suffix}"), key, content)
        except OSError as error:
            trouble = _unwritable(folder, error)
    return trouble


def stored() -> Stored:
    """Return what the user's folder holds; no files where there is no folder."""
    folder = cache_folder()
    sizes = []
    for path in _files(folder):
        with suppress(FileNotFoundError):  # another process has just given it its name, or clears
            sizes.append(os.stat(path).st_size)
    return Stored(folder=folder, files=len(sizes), size=sum(sizes))


def clear() -> Stored:
    """Remove the artefacts from the user's folder, and nothing else there; return what was removed.

    Raises OSError where a file cannot be removed.
    """
    folder = cache_folder()
    count = size = 0
    for path in _files(folder):
        with suppress(FileNotFoundError):  # another process clears too
            found = os.stat(path).st_size
            os.unlink(path)
            size += found
            count += 1
    return Stored(folder=folder, files=count, size=size)


def _files(folder: str) -> list[str]:
    """Return the paths of the artefacts in a folder, and of those that were never finished."""
    try:
        with os.scandir(folder) as entries:
            return sorted(e.path for e in entries if OURS.fullmatch(e.name) and e.is_file(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _unusable(folder: str) -> str | None:
    """Return why a folder must not be used, None where it may; it is made where it is missing."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        known = os.stat(folder)
    except OSError as error:
        return f"{folder} cannot be made: {error.strerror or error}"
    if hasattr(os, "getuid") and known.st_uid != os.getuid():
        return f"{folder} belongs to somebody else"
    if os.name == "posix" and known.st_mode & WRITTEN_BY_OTHERS:
        return f"{folder} may be written by others"
    return None


def _unwritable(folder: str, error: OSError) -> str:
    return f"{folder} cannot be written: {error.strerror or error}"


def _sound(path: str, key: str) -> bool:
    """Return whether a file is the artefact of a key, unaltered."""
    return _content(path, key) is not None


def _content(path: str, key: str) -> bytes | None:
    """Return what a file holds before its trailer, None where it is not the artefact of a key, unaltered."""
    try:
        if not os.path.isfile(path):
            return None  # a pipe would be waited for
        with open(path, "rb") as file:
            whole = file.read()
    except OSError:
        return None
    content, trailer = memoryview(whole)[:-TRAILER], whole[-TRAILER:]
    return bytes(content) if len(content) and trailer == _trailer(content, key) else None


def _trailer(content: bytes | memoryview, key: str) -> bytes:
    hashed = sha256(content)
    hashed.update(key.encode())
    return MARK + bytes.fromhex(key) + hashed.digest()


def _write(folder: str, path: str, key: str, content: bytes) -> None:
    """Put an artefact in its place: written under another name, then renamed, so that it is never there in part."""
    handle, temporary = tempfile.mkstemp(prefix="einloop-", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.write(_trailer(content, key))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _kept(key: str, content: bytes, trouble: str) -> Artefact:
    """Put an artefact into the folder of this process. Raises RunError where there is no room either."""
    try:
        folder = _own_folder(os.getpid())
        path = os.path.join(folder, f"{key}.{SHARED}")
        _write(folder, path, key, content)
    except OSError as error:
        raise RunError(
            "EL636", f"there is no place for what was compiled: {trouble}; {error.strerror or error}",
            hint=f"set {VARIABLE} to a folder that can be written",
        ) from None  # fmt: skip
    _apart[key] = path
    return Artefact(path=path, reused=False, trouble=trouble)


@cache
def _own_folder(process: int) -> str:
    """Return a folder of this process alone, removed at its end; a fork has one of its own."""
    import atexit
    import shutil

    folder = tempfile.mkdtemp(prefix="einloop-")
    atexit.register(lambda: shutil.rmtree(folder, True) if os.getpid() == process else None)
    return folder


_apart: dict[str, str] = {}
"""Where the artefacts are that the user's folder could not take, by key."""

_locks: dict[str, threading.Lock] = {}
_locks_lock = threading.Lock()


def _lock(key: str) -> threading.Lock:
    """Return the lock of a key: two threads that want the same build it once."""
    with _locks_lock:
        return _locks.setdefault(key, threading.Lock())


def renew_locks() -> None:
    """Make the locks anew, in a forked child: who held them is not there."""
    global _locks_lock  # noqa: PLW0603
    _locks_lock = threading.Lock()
    _locks.clear()
