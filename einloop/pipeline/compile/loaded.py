"""Which shared objects this process keeps loaded for all its functions: so many, those not used for longest go.

A call only marks what it uses by a byte; when a library comes, those that were marked are the latest. Nothing is
unloaded here: functions are told to give a library up, and it goes with its last user, which may be a call that is
running in another thread.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary, WeakSet

from ...core.lock import ForkLock
from ...runners.library import SharedLibrary

MAX_LIBRARIES = 1000
"""Each of which takes 5 of the 65,530 mappings that Linux lets a process have, and 20 KB."""


class User(Protocol):
    """A function that calls into libraries."""

    def give_up(self, library: SharedLibrary, most: int) -> None:
        """Refer no more to a library, as there may be `most` of them."""


class LoadedObjects:
    """The libraries of this process that functions use, at most `most` of them."""

    def __init__(self, most: int = MAX_LIBRARIES) -> None:
        self.most = most
        self._users: WeakKeyDictionary[SharedLibrary, WeakSet[User]] = WeakKeyDictionary()
        self._lock = ForkLock()

    def __len__(self) -> int:
        return len(self._users)

    def hold(self, library: SharedLibrary, user: User) -> None:
        """Note that a function uses a library; have others given up where there are too many."""
        with self._lock:
            users = self._users.get(library)
            given_up = [] if users is not None else self._excess()
            if users is None:
                users = self._users[library] = WeakSet()
            users.add(user)
        for other, functions in given_up:
            for function in functions:
                function.give_up(other, self.most)

    def _excess(self) -> list[tuple[SharedLibrary, list[User]]]:
        """Take out those that have to go for one that comes, with their users."""
        for library in [library for library in self._users if library.used[0]]:
            library.used[0] = 0
            self._users[library] = self._users.pop(library)
        oldest = list(self._users)[: max(0, len(self._users) + 1 - self.most)]
        return [(library, list(self._users.pop(library))) for library in oldest]


loaded = LoadedObjects()
"""The one of this process."""
