"""Ends a child process with what it started: its process group, and everything that has its mark in the environment.

The mark finds what left the group. Who clears the environment and leaves the group escapes, and so does what was handed
to another service.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys

VARIABLE = "EINLOOP_RUN"
MAX_LOOKS = 20
"""How often the marked processes are looked for: they may start others meanwhile."""
MAX_ENVIRONMENT_BYTES = 1 << 22
"""Bytes of an environment that are looked through."""


def new_mark() -> str:
    """Return a mark that no other process has."""
    return secrets.token_hex(16)


def end(process: int, mark: str) -> None:
    """Kill the process group of a child that leads one, and what bears the mark."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process, signal.SIGKILL)
    if not sys.platform.startswith("linux"):
        return
    for _ in range(MAX_LOOKS):
        marked = _marked(f"{VARIABLE}={mark}".encode())
        for number in marked:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        if not marked:
            return


def _marked(entry: bytes) -> list[int]:
    """Return the processes with an entry in their environment; the dead have none."""
    found: list[int] = []
    try:
        names = os.listdir("/proc")
    except OSError:
        return found
    for name in names:
        if name.isdecimal() and int(name) != os.getpid():
            with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as file:
                if entry in file.read(MAX_ENVIRONMENT_BYTES).split(b"\0"):
                    found.append(int(name))
    return found
