"""What a forked child must not take over from its parent: what was made for the parent's threads.

A fork has the thread that forked, and no other. The threads of C kernels are started anew. Those of Numba may be
OpenMP's, which waits in the child for the parent's, forever (GCC's libgomp keeps them for reuse,
https://gcc.gnu.org/bugzilla/show_bug.cgi?id=60035): in the child of a process that used them, functions have one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """What a child has from its parent."""

    def after_fork(self, *, threads_lost: bool) -> None:
        """Make this fit for the child; what was made for several threads is of no use where they are lost."""


@dataclass(slots=True)
class _Process:
    """Whether something was made for several threads in this process, and whether its parent had some that it lacks."""

    threaded: bool = False
    threads_lost: bool = False


_process = _Process()
_functions: WeakSet[Inherited] = WeakSet()


def follow(function: Inherited) -> None:
    """Have a function told of forks, in the child, as long as it lives."""
    _functions.add(function)


def threads_here(wanted: int) -> tuple[int, tuple[str, ...]]:
    """Return how many threads something made now may run on, and why it is one where more are wanted."""
    if wanted > 1 and _process.threads_lost:
        return 1, (f"One thread, not {wanted}: this process was forked from one that used threads, and lacks them.",)
    _process.threaded |= wanted > 1
    return wanted, ()


def _in_child() -> None:
    """Forget the parent's threads."""
    lost, _process.threaded = _process.threaded, False
    _process.threads_lost |= lost
    for function in _functions:
        function.after_fork(threads_lost=lost)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
