"""Where on the disk things are put: the user's folder for what was compiled, and temporary folders of this process.

Temporary folders, and files that are not finished yet, carry the number of their process, so that those of one that was
killed are known, and removed by another.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache, lru_cache

from ..core.errors import OptionError

VARIABLE = "EINLOOP_CACHE_DIR"
LIMIT_VARIABLE = "EINLOOP_CACHE_LIMIT"
DEFAULT_LIMIT_BYTES = 256 << 20
"""Bytes that the folder may hold where nobody says how many."""
MAX_REMOVAL_SECONDS = 60
"""Seconds that removing a folder may take."""
UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
SIZE = re.compile(r"\s*(\d{1,15})\s*([KMGT]?)(?:i?B)?\s*", re.ASCII | re.IGNORECASE)
MINE = "einloop-process-{}-"
"""How the names of temporary files and folders of a process begin."""
LEFT = re.compile(MINE.format(r"(\d{1,9})") + r"[a-z0-9_]{8}(\.tmp)?", re.ASCII)
MIN_LEFT_SECONDS = 600
"""Seconds that what a dead process left stays: it may live where this process cannot see it, in another container."""


def cache_folder() -> str:
    """Return the folder for artefacts: $EINLOOP_CACHE_DIR, else `einloop` in the user's folder for caches.

    One that is not absolute stands for what it was when it was first asked for. Raises OptionError where it stands for
    nothing: the working directory was removed, or there is no home.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return _absolute(given)
    if sys.platform == "darwin":
        return _at_home("~/Library/Caches/einloop")
    shared = os.environ.get("XDG_CACHE_HOME", "")
    # the specification of that variable: a path that is not absolute is to be ignored
    return os.path.join(shared, "einloop") if os.path.isabs(shared) else _at_home("~/.cache/einloop")


@cache
def _absolute(given: str) -> str:
    try:
        return os.path.abspath(given)
    except OSError:
        raise OptionError(
            "EL483", f"{VARIABLE} is {given!r}, and there is no working directory that this could be in",
            hint="give a path that begins with a slash",
        ) from None  # fmt: skip


def _at_home(path: str) -> str:
    found = os.path.expanduser(path)
    if not os.path.isabs(found):
        raise OptionError("EL483", "there is no home directory to keep compiled functions in", hint=f"set {VARIABLE}")
    return found


def cache_limit() -> int:
    """Return how many bytes the user's folder may hold: $EINLOOP_CACHE_LIMIT, or DEFAULT_LIMIT_BYTES.

    Raises OptionError for what is not a number of bytes.
    """
    given = os.environ.get(LIMIT_VARIABLE)
    return DEFAULT_LIMIT_BYTES if not given else parse_size(given)


def parse_size(text: str) -> int:
    """Return a number of bytes; K, M, G and T stand for powers of 1024. Raises OptionError.

    >>> parse_size("1000"), parse_size("2k"), parse_size("1 GiB")
    (1000, 2048, 1073741824)
    """
    found = SIZE.fullmatch(text)
    if found is None:
        raise OptionError(
            "EL478",
            f"{LIMIT_VARIABLE} is {text!r}, which is not a number of bytes",
            hint="write 100000000, or 500M, or 2G",
        )
    return int(found[1]) << UNITS[found[2].upper()]


def make_folder(path: str) -> None:
    """Make a folder and those above it that are missing, for this user alone. Raises OSError."""
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            if not os.path.isdir(folder):
                raise


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder to be used in a `with`, removed at its end. Raises OSError where there is no room for one."""
    _sweep_once(tempfile.gettempdir())
    return tempfile.TemporaryDirectory(prefix=prefix(), ignore_cleanup_errors=True)


def remove(path: str) -> None:
    """Remove a folder with all that is in it, whoever put it there and however deep; links are not followed."""
    with suppress(RecursionError, MemoryError):
        shutil.rmtree(path, ignore_errors=True)
    program = shutil.which("rm") if os.path.isdir(path) else None
    if program is not None:
        import subprocess

        try:
            subprocess.run(
                [program, "-rf", "--", path], stderr=subprocess.DEVNULL, check=False, timeout=MAX_REMOVAL_SECONDS
            )
        except (OSError, MemoryError, subprocess.TimeoutExpired):
            return  # a later process tries again


def own_folder() -> str:
    """Return the folder of this process alone, removed at its end; a fork has one of its own. Raises OSError."""
    folder = made_folder()
    if folder is None:
        _sweep_once(tempfile.gettempdir())
        folder = _own[os.getpid()] = tempfile.mkdtemp(prefix=prefix())
        atexit.register(_remove, folder, os.getpid())
    return folder


def made_folder() -> str | None:
    """Return the folder of this process alone, None where there is none yet, or somebody tidied it away."""
    folder = _own.get(os.getpid())
    return folder if folder is not None and os.path.isdir(folder) else None


def prefix() -> str:
    """Return how the names of temporary files and folders of this process begin."""
    return MINE.format(os.getpid())


_own: dict[int, str] = {}
"""The folder of a process, by its number: a fork knows its parent's too."""


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:
        remove(folder)


@lru_cache(maxsize=1)
def _sweep_once(folder: str) -> None:
    """Remove the temporary folders of processes that were killed, once in a process."""
    try:
        with os.scandir(folder) as entries:
            left = [entry.path for entry in entries if LEFT.fullmatch(entry.name)]
    except OSError:
        return
    for path in left:
        try:
            known = os.lstat(path)
        except OSError:
            continue
        if stat.S_ISDIR(known.st_mode) and left_behind(os.path.basename(path), known):
            remove(path)


def left_behind(name: str, known: os.stat_result) -> bool:
    """Return whether a temporary file or folder is this user's, and its process is not there any more."""
    found = LEFT.fullmatch(name)
    if found is None or not hasattr(os, "getuid") or known.st_uid != os.getuid():
        return False
    return time.time() - known.st_mtime > MIN_LEFT_SECONDS and not _alive(int(found[1]))


def _alive(process: int) -> bool:
    """Return whether there is a process of this number."""
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True
