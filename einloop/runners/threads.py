"""The threads of this process that take turns of shared loops: one library for all, loaded once and never unloaded.

A compiled text calls `einloop_share` through a pointer, which leads to a function of its own that shares nothing.
`connect` lets it lead here.
"""

from __future__ import annotations

import os

from .artefacts import load
from .compiler import FAST
from .library import SharedLibrary

NAME = "einloop_share"
FLAGS = (*FAST, "-pthread")

_threads: list[SharedLibrary] = []
"""The library, once it is needed: its threads wait in it, so it stays."""


def start(text: str) -> None:
    """Have the library of threads that a C text is. Raises RunError where it cannot be compiled or loaded."""
    if not _threads:
        _threads.append(load(text, FLAGS).library)


def connect(library: SharedLibrary) -> None:
    """Have the turns of a library's shared loops taken by the threads that were started, if it has such loops."""
    if library.has(NAME):
        library.point(NAME, _threads[0].address(NAME))


def processors() -> int:
    """Return how many processors this process may run on.

    >>> processors() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
