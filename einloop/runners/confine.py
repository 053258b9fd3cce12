"""What a child process gives up before it runs a text: the network; memory, processes and files without end.

Not a sandbox: the text may do whatever its owner may, to files too. Every limit is only as good as the system; what a
system does not know is left out.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MAX_MEMORY_BYTES = 4 << 30
"""Bytes that a text may take beyond what the process has when it starts."""
MAX_FILE_BYTES = 256 << 20
"""Bytes of one file that it may write."""
MAX_PROCESSES = 256
"""Processes and threads that the user may start beyond those already running; libraries start some for every core."""
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
"""Flags of Linux's `unshare`."""


def leave_network() -> None:
    """Go where there is no network, where the system lets this user; before any thread is started."""
    user, group = (os.getuid(), os.getgid()) if hasattr(os, "getuid") else (0, 0)
    if not _unshared(NEW_NETWORK) and _unshared(NEW_USER | NEW_NETWORK):
        # in a user namespace of its own a process is nobody until it says who it is
        for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with contextlib.suppress(OSError):
                Path("/proc/self", name).write_text(line, encoding="ascii")


def _unshared(flags: int) -> bool:
    try:
        import ctypes

        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    except (ImportError, OSError, AttributeError, TypeError):  # no such function, no such system
        return False


def limit() -> None:
    """Bound memory, so that a bomb raises MemoryError, processes and files, where the system can; no core files."""
    try:
        import resource
    except ImportError:
        return
    pages = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    wanted = {
        "RLIMIT_AS": pages * resource.getpagesize() + MAX_MEMORY_BYTES,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": MAX_FILE_BYTES,
    }
    running = _running()
    if running is not None:
        wanted["RLIMIT_NPROC"] = running + MAX_PROCESSES + 4 * (os.cpu_count() or 1)
    for name, value in wanted.items():
        with contextlib.suppress(OSError, ValueError, AttributeError):
            which = getattr(resource, name)
            _, hard = resource.getrlimit(which)
            most = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (most, most))


def _running() -> int | None:
    """Return how many processes and threads this user has, None where nobody says."""
    count = 0
    try:
        user = os.getuid()
        for name in os.listdir("/proc"):
            if name.isdecimal():
                with contextlib.suppress(OSError):  # it may have ended
                    known = os.stat(f"/proc/{name}/task")
                    count += known.st_nlink - 2 if known.st_uid == user else 0
    except (OSError, AttributeError):
        return None
    return count
