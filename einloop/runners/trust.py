"""Whether what lies on the disk may be used: who could have written it, and who could put another in its place.

The superuser and this user are trusted, nobody else. Where files have no owners nothing is found out.
"""

from __future__ import annotations

import errno
import os
import stat

WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
MAX_LINKS = 40
"""Symbolic links that a path may lead through, as Linux has it."""


def open_checked(path: str) -> int:
    """Return a descriptor of a regular file, open to be read, that nobody else could have written.

    Raises OSError where there is none; a symbolic link is none.
    """
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY"))
    file = os.open(path, flags)  # O_NONBLOCK: a pipe would be waited for
    try:
        known = os.fstat(file)
        trouble = distrusted(known) if stat.S_ISREG(known.st_mode) else "is not a file"
        if trouble is not None:
            raise PermissionError(errno.EPERM, trouble, path)
    except BaseException:
        os.close(file)
        raise
    return file


def distrusted(known: os.stat_result) -> str | None:
    """Return what is wrong with the owner or the mode of a file or folder, None where nothing is."""
    if not _ours(known):
        return "belongs to somebody else"
    return "may be written by others" if _open_to_others(known) else None


def distrusted_folder(path: str) -> str | None:
    """Return why somebody else could write into a folder, or put another in its place; None where nobody can.

    `path` is absolute. All that it leads through is looked at, symbolic links too. In a sticky folder, as `/tmp` is,
    nobody can replace what is ours. Raises OSError where there is no such folder, and nothing wrong with those above.
    """
    if os.name != "posix":
        os.listdir(path)
        return None
    at, found = os.sep, os.lstat(os.sep)
    pending, links = _steps(path), 0
    if not _ours(found):
        return f"{at} belongs to somebody else"
    while pending:
        name = pending.pop()
        if name == os.pardir:
            at = os.path.dirname(at)
            found = os.lstat(at)
            continue
        if _open_to_others(found) and not found.st_mode & stat.S_ISVTX:
            return f"{at} may be written by others"
        inside = os.path.join(at, name)
        entry = os.lstat(inside)
        if not _ours(entry):
            return f"{inside} belongs to somebody else"
        if not stat.S_ISLNK(entry.st_mode):
            at, found = inside, entry
            continue
        links += 1
        if links > MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        target = os.readlink(inside)
        pending += _steps(target)
        if os.path.isabs(target):
            at, found = os.sep, os.lstat(os.sep)
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    trouble = distrusted(found)
    return None if trouble is None else f"{at} {trouble}"


def _steps(path: str) -> list[str]:
    """Return the names that a path consists of, the last one first."""
    return [name for name in reversed(path.split(os.sep)) if name not in ("", os.curdir)]


def _ours(known: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or known.st_uid in (0, os.getuid())


def _open_to_others(known: os.stat_result) -> bool:
    return os.name == "posix" and bool(known.st_mode & WRITTEN_BY_OTHERS)
