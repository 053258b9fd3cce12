"""A shared object in this process, unloaded when nothing refers to it any more."""

from __future__ import annotations

import ctypes
import os
from typing import Any
from weakref import finalize

from ..core.errors import RunError


class SharedLibrary:
    """A loaded shared object. Callers hold it: it is unloaded with the last reference.

    `used` is a byte that every call sets; who counts what is used sets it back. `trouble` says why the user's folder
    did not take it, if it did not. Raises OSError where a path leads to nothing that can be loaded.
    """

    __slots__ = ("__weakref__", "_opened", "trouble", "used")

    def __init__(self, path: str) -> None:
        self._opened = ctypes.CDLL(path)
        self.trouble: str | None = None
        self.used = bytearray(b"\1")
        if os.name == "posix":
            from _ctypes import dlclose

            # the process's end unloads nothing: threads may still run there
            finalize(self, dlclose, self._opened._handle).atexit = False

    def address(self, name: str) -> int:
        """Return where a function is. Raises AttributeError where there is none of that name."""
        # by item: what is asked for by attribute is kept, and refers back
        found = ctypes.cast(self._opened[name], ctypes.c_void_p).value
        assert found is not None
        return found

    def has(self, name: str) -> bool:
        """Return whether there is a function or a variable of that name."""
        try:
            self._opened[name]
        except AttributeError:
            return False
        return True

    def point(self, name: str, address: int) -> None:
        """Make a pointer variable lead elsewhere. Raises ValueError where there is none of that name."""
        ctypes.c_void_p.in_dll(self._opened, name).value = address

    def function(self, name: str, sizes: int, arrays: int) -> Any:
        """Return a function of so many extents, and of pointers to so many arrays and to the result, which holds this.

        Raises AttributeError where there is none of that name.
        """
        kind = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_ssize_t] * sizes, *[ctypes.c_void_p] * (arrays + 1))
        found: Any = kind(self.address(name))
        found.library = self
        return found


def no_room() -> RunError:
    """Return the refusal of a process that cannot make or load one kernel more."""
    return RunError("EL640", "this process gets no memory to make or to load a compiled function")


def no_memory() -> RunError:
    """Return the refusal of loops that found no memory beside their arrays."""
    return RunError("EL631", "the compiled loops found no memory for their intermediates")
