"""How much memory this machine has, and has left. Reads what the system tells, and guesses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

SYSTEM = "/proc/meminfo"
GROUP = "/sys/fs/cgroup"
LIMITS = (f"{GROUP}/memory.max", f"{GROUP}/memory/memory.limit_in_bytes")
"""Where Linux tells what a container may use."""


def memory_bytes(limits: Iterable[str] = LIMITS) -> int | None:
    """Return the bytes of memory here, or that this container may use; None where the system does not say.

    `limits`: the files that may tell what a container may use.

    >>> memory_bytes() is None or memory_bytes() > 2**20
    True
    """
    try:
        pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf, a browser no such names
        return None
    known = [pages * page]
    for file in limits:
        with suppress(OSError, ValueError):  # a container without a limit says "max"
            known.append(_number(file))
    return min(known) if pages > 0 and page > 0 else None


def free_memory() -> int | None:
    """Return the bytes that a process can still get, None where the system does not say."""
    known = [size for size in (_system(), _group()) if size is not None]
    return min(known) if known else memory_bytes()


def shown_bytes(size: float) -> str:
    """Return a number of bytes in the unit that suits it.

    >>> shown_bytes(800), shown_bytes(3.2e9), shown_bytes(1.52e12)
    ('800 B', '3.2 GB', '1.52 TB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB" if size < 1000 else f"{size:,.0f} TB"


def _system() -> int | None:
    with suppress(OSError, ValueError, IndexError), open(SYSTEM, encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _group() -> int | None:
    """Return what the limits of a container leave."""
    with suppress(OSError, ValueError):
        limit, used = (_number(f"{GROUP}/memory.{name}") for name in ("max", "current"))
        return limit - used
    return None


def _number(path: str) -> int:
    with open(path, encoding="ascii") as file:
        return int(file.read())
