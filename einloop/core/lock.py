"""Locks that a forked child has free: the thread that held one is not there."""

from __future__ import annotations

import os
from threading import Lock
from weakref import WeakSet


class ForkLock:
    """A lock, to be used in a `with`.

    >>> with ForkLock() as nothing:
    ...     pass
    """

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock = Lock()
        _locks.add(self)

    def acquire(self) -> None:
        """Wait for the lock and take it."""
        self._lock.acquire()

    def release(self, *exception: object) -> None:
        """Let another thread have the lock."""
        self._lock.release()

    __enter__ = acquire
    __exit__ = release

    def renew(self) -> None:
        """Be free, whoever held it."""
        self._lock = Lock()


_locks: WeakSet[ForkLock] = WeakSet()


def _in_child() -> None:
    for lock in _locks:
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
