"""Writes a file whole, or leaves it as it was: the new text takes the old one's place when it is complete."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress

from ..core.errors import OptionError

MAX_LINKS = 40
"""Symbolic links that are followed to a file, as many as the kernel does."""
IN_PLACE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV})
"""How a folder says that a file in it may be written and not replaced."""
DESCRIPTOR = re.compile(r"(/dev/fd|/proc/(?:self|thread-self|\d+)/(?:task/\d+/)?fd)/(\d+)", re.ASCII)


def write_file(path: str, text: str) -> None:
    """Write a text to a file in UTF-8. Raises OptionError where that cannot be done; an old file is kept then.

    Links are followed; mode and owner stay. A file with other names, or in a folder where nothing can be made, is
    written in place; pipes, devices and descriptors are written to.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: str, data: bytes) -> None:
    """Write bytes to a file, as `write_file` writes text."""
    try:
        _put(path, data)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def check_writable(path: str) -> None:
    """Raise the OptionError that `write_file` would; what is there stays as it is, and what is not there is not made.

    Pipes and devices are not tried: to open one may wait, or be noticed.
    """
    try:
        place = destination(path)
        if isinstance(place, int):
            return
        known = _known(place)
        if known is None:
            handle, name = _temporary(place)
            os.close(handle)
            os.unlink(name)
        elif stat.S_ISREG(known.st_mode) or stat.S_ISDIR(known.st_mode):
            os.close(os.open(place, os.O_WRONLY))
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from None


def destination(path: str) -> str | int:
    """Return the file that a path leads to, through all links, or the number of a descriptor of this process."""
    for _ in range(MAX_LINKS):
        folder, name = os.path.split(path)
        real = os.path.realpath(folder) if folder.startswith("/") else folder
        found = DESCRIPTOR.fullmatch(f"{real}/{name}")
        if found is not None:
            own = found[1] in ("/dev/fd", f"/proc/{os.getpid()}/fd")
            return int(found[2]) if own else path
        if not os.path.islink(path):
            if path and not name:
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            return path
        path = os.path.join(folder, os.readlink(path))
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def unwritable(path: str, error: OSError | ValueError) -> OptionError:
    """Return the refusal for a file that cannot be written."""
    folder = os.path.dirname(path)
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, FileNotFoundError) and path:
        if folder and os.path.isdir(folder):
            reason = f"no file can be made in {folder!r}"
        else:
            reason = f"there is no folder {folder!r}" if folder else "the working directory was removed"
    return OptionError("EL412", f"{path!r} cannot be written: {reason}")


def _put(path: str, data: bytes) -> None:
    place = destination(path)
    known = None if isinstance(place, int) else _known(place)
    if isinstance(place, int) or (known is not None and not stat.S_ISREG(known.st_mode)):
        with open(os.dup(place) if isinstance(place, int) else place, "wb") as file:
            file.write(data)
        return
    if known is not None:
        os.close(os.open(place, os.O_WRONLY))  # what may not be written may not be replaced either
    if known is None or known.st_nlink == 1:
        try:
            _replace(place, data, known)
            return
        except OSError as error:
            if known is None or error.errno not in IN_PLACE:
                raise
    _overwrite(place, data)


def _known(place: str) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(place)
    return None


def _temporary(place: str) -> tuple[int, str]:
    """Return a new file beside another one, open, and its name."""
    folder = os.path.dirname(place) or os.curdir
    name = os.path.join(folder, f".einloop-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.open(name, flags, 0o666), name


def _replace(place: str, data: bytes, known: os.stat_result | None) -> None:
    """Write a file beside its place, then give it that place."""
    handle, name = _temporary(place)
    try:
        with open(handle, "wb", buffering=0) as file:
            _write(file.fileno(), data)
            if known is not None:
                _adopt(file.fileno(), known)
        os.replace(name, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _adopt(handle: int, known: os.stat_result) -> None:
    """Give a new file owner and mode of the old one. Raises OSError where this user may not."""
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (known.st_uid, known.st_gid):
        os.fchown(handle, known.st_uid, known.st_gid)
    if stat.S_IMODE(new.st_mode) != stat.S_IMODE(known.st_mode):
        os.fchmod(handle, stat.S_IMODE(known.st_mode))


def _overwrite(place: str, data: bytes) -> None:
    """Write a file in place; where that fails, its old bytes come back, which still have their room on the disk."""
    with open(place, "r+b", buffering=0) as file:
        old = file.readall()
        try:
            _fill(file.fileno(), data)
        except BaseException:
            _fill(file.fileno(), old)
            raise


def _fill(handle: int, data: bytes) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    _write(handle, data)
    os.ftruncate(handle, len(data))


def _write(handle: int, data: bytes) -> None:
    """Write all of `data` and wait for the disk: some disks notice only then that they are full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)
