"""What was compiled, kept for later: in the user's folder, or, where that may not be used, in one of this process.

Every file is opened once, checked by its descriptor (whose it is, who may write it, whether it is whole), and loaded
through that descriptor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import count
from typing import TypeVar
from weakref import WeakValueDictionary

from ..core.errors import EinloopError, RunError
from ..core.lock import ForkLock
from .place import (
    DEFAULT_LIMIT_BYTES,
    VARIABLE,
    cache_folder,
    cache_limit,
    made_folder,
    make_folder,
    own_folder,
    temporary_folder,
)
from .shelf import NUMBA, SHARED, Shelf, Shelved, find, listed, remove
from .trust import distrusted_folder

__all__ = ["NUMBA", "SHARED", "Artefact", "Stored", "artefact", "clear", "keep", "key_of", "recall", "stored"]

DESCRIPTORS = "/proc/self/fd"

T = TypeVar("T")
Build = Callable[[], bytes]
"""What makes the bytes of a shared object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """Where a shared object came from: whether it was there already, and what went wrong, or None."""

    reused: bool
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the folder of artefacts holds: how many files of how many bytes, and how many it may hold.

    `troubles` say, a sentence each, what of it is not used, and why.
    """

    folder: str
    files: int
    size: int
    limit: int
    troubles: tuple[str, ...] = ()


class _UnplacedError(Exception):
    """An artefact could not be put into a folder, or not be loaded from there, and why."""


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


def artefact(key: str, build: Build, open_path: Callable[[str], T]) -> tuple[T, Artefact]:
    """Return what `open_path` makes of the shared object of a key, which is in the folder, or is built and put there.

    Where the folder cannot be used, and where nothing can be loaded from there, a temporary one of this process is, and
    `trouble` says why. One thread at a time builds for one key; processes may build the same at once, and the last
    one's file stays. Raises RunError where there is no room in the temporary folder either.
    """
    with _lock(key):
        folder, limit, trouble = _usable()
        content: bytes | None = None
        for place in (folder if trouble is None else None, made_folder()):
            found = None if place is None else find(place, key, SHARED)
            if found is not None:
                try:
                    return _loaded(found, open_path), Artefact(reused=True, trouble=trouble)
                except _UnplacedError as error:
                    trouble, content = str(error), found.content
        reused = content is not None
        content = build() if content is None else content
        if trouble is None:
            try:
                return _through(folder, limit, key, content, open_path), Artefact(reused=False)
            except _UnplacedError as error:
                trouble = str(error)
        try:
            return _through(_own(), DEFAULT_LIMIT_BYTES, key, content, open_path), Artefact(
                reused=reused, trouble=trouble
            )
        except _UnplacedError as error:
            raise RunError(
                "EL636", f"what was compiled can be kept and loaded nowhere: {trouble}; {error}",
                hint=f"set {VARIABLE} to a folder that can be written",
            ) from None  # fmt: skip


def recall(key: str, suffix: str) -> bytes | None:
    """Return the bytes that were kept for a key, None where there are none, or the folder must not be used."""
    folder, _, trouble = _usable()
    found = None if trouble is not None else find(folder, key, suffix)
    if found is None:
        return None
    os.close(found.file)
    return found.content


def keep(key: str, suffix: str, content: bytes) -> str | None:
    """Put bytes into the folder for `recall`; return why they cannot be kept there, None where they are."""
    folder, limit, trouble = _usable()
    if trouble is None:
        try:
            _shelf(folder).put(key, suffix, content, limit)
        except OSError as error:
            trouble = _unwritable(folder, error)
    return trouble


def stored() -> Stored:
    """Return what the user's folder holds; no files where there is no folder. Raises OptionError.

    Files that somebody else could have written are not counted, as they are not used.
    """
    folder, limit = cache_folder(), cache_limit()
    files = listed(folder)
    unused = tuple(f"{file.path} is not used: it {file.trouble}" for file in files if file.trouble is not None)
    used = [file.size for file in files if file.trouble is None]
    trouble = _distrusted(folder)
    troubles = unused if trouble is None else (f"nothing there is used: {trouble}", *unused)
    return Stored(folder=folder, files=len(used), size=sum(used), limit=limit, troubles=troubles)


def clear() -> Stored:
    """Remove the artefacts from the user's folder, and nothing else there; return what was removed.

    Raises OSError where a file cannot be removed, and OptionError.
    """
    folder = cache_folder()
    removed = [file for file in listed(folder) if remove(file)]
    return Stored(folder=folder, files=len(removed), size=sum(file.size for file in removed), limit=DEFAULT_LIMIT_BYTES)


def _usable() -> tuple[str, int, str | None]:
    """Return the user's folder, its limit, and why it must not be used, None where it may; made where it is missing."""
    try:
        folder, limit = cache_folder(), cache_limit()
    except EinloopError as error:
        return "", 0, error.message
    try:
        make_folder(folder)
    except OSError as error:
        return folder, limit, f"{folder} cannot be made: {error.strerror or error}"
    return folder, limit, _distrusted(folder)


def _distrusted(folder: str) -> str | None:
    """Return why a folder must not be used, None where it may, or is still to be made."""
    try:
        return distrusted_folder(folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{folder} cannot be used: {error.strerror or error}"


def _unwritable(folder: str, error: OSError) -> str:
    return f"{folder} cannot be written: {error.strerror or error}"


def _own() -> str:
    """Return the folder of this process."""
    try:
        return own_folder()
    except OSError as error:
        raise _UnplacedError(f"there can be no temporary folder: {error.strerror or error}") from None


def _through(folder: str, limit: int, key: str, content: bytes, open_path: Callable[[str], T]) -> T:
    """Return what `open_path` makes of a key's shared object, which is put into a folder. Raises _UnplacedError."""
    try:
        _shelf(folder).put(key, SHARED, content, limit)
    except OSError as error:
        raise _UnplacedError(_unwritable(folder, error)) from None
    found = find(folder, key, SHARED)
    if found is None:
        raise _UnplacedError(f"what was put into {folder} is not there")
    return _loaded(found, open_path)


def _loaded(found: Shelved, open_path: Callable[[str], T]) -> T:
    """Return what `open_path` makes of an artefact, whose descriptor is closed then. Raises _UnplacedError."""
    try:
        return _opened(found, open_path)
    except (OSError, ImportError) as error:
        raise _UnplacedError(f"nothing can be loaded from there: {error}") from None
    finally:
        os.close(found.file)


def _opened(found: Shelved, open_path: Callable[[str], T]) -> T:
    """Return what `open_path` makes of a file that was checked: of its descriptor, or, where no path leads there, of a
    copy in a folder of its own."""
    path = f"{DESCRIPTORS}/{found.file}"
    if os.path.exists(path):
        return open_path(_spelled(found.file))
    with temporary_folder() as folder:
        path = os.path.join(folder, f"copy.{SHARED}")
        with open(path, "xb") as file:
            file.write(found.content)
        return open_path(path)


_loads = count(1)


def _spelled(file: int) -> str:
    """Return a path that leads to a descriptor, another at each call.

    A loader takes a path that it has seen for what it has loaded then, and descriptors have the same numbers again. So
    the number of the call is written into the slashes.

    >>> a, b = _spelled(7), _spelled(7)
    >>> a == b, os.path.normpath(a)
    (False, '/proc/self/fd/7')
    """
    steps = bin(next(_loads))[2:].replace("0", "/").replace("1", "/.")
    return f"{DESCRIPTORS}{steps}/{file}"


_locks: WeakValueDictionary[str, ForkLock] = WeakValueDictionary()
_locks_lock = ForkLock()


def _lock(key: str) -> ForkLock:
    """Return the lock of a key, which goes when nobody holds it: two threads that want the same build it once."""
    with _locks_lock:
        found = _locks.get(key)
        if found is None:
            found = _locks[key] = ForkLock()
        return found


@lru_cache(maxsize=32)
def _shelf(folder: str) -> Shelf:
    """Return the one shelf of a folder in this process."""
    return Shelf(folder)
