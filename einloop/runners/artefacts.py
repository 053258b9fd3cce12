"""C text in, a loaded shared object out: compiled once for this machine, then read from the disk."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TypeVar

from ..core.errors import RunError
from ..core.version import __version__
from .compiler import FAST, build, need_compiler, processor
from .store import Artefact, apart, artefact, key_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A shared object in this process, never unloaded; `compiled_by` is None where it came from the disk.

    `trouble` says why the user's folder did not take it, if it did not.
    """

    library: ctypes.CDLL
    compiled_by: str | None
    trouble: str | None


def load(text: str, flags: Sequence[str] = FAST) -> Loaded:
    """Return the shared object of a C text, compiled where there is none yet, and loaded.

    Raises RunError where there is no compiler, where it refuses the text, and where what it made cannot be loaded.
    """
    library, found, name = loaded(text, flags, ctypes.CDLL)
    return Loaded(library=library, compiled_by=name, trouble=found.trouble)


def loaded(text: str, flags: Sequence[str], open_path: Callable[[str], T]) -> tuple[T, Artefact, str | None]:
    """Return what `open_path` makes of a text's shared object, the artefact, and who compiled it just now, or None.

    A folder from which nothing may be loaded is left for the temporary one. Raises RunError.
    """
    compiler = need_compiler()
    key = key_of([text, *flags, compiler.identity, processor(), *_versions()])
    make = partial(build, compiler, text, tuple(flags))
    found = artefact(key, make)
    try:
        opened = open_path(found.path)
    except (OSError, ImportError) as error:
        found = apart(key, make, f"nothing can be loaded from there: {error}")
        try:
            opened = open_path(found.path)
        except (OSError, ImportError) as second:
            raise RunError("EL636", f"what {compiler.name} made cannot be loaded: {second}") from None
    return opened, found, None if found.reused else compiler.version()


@lru_cache(maxsize=1)
def _versions() -> tuple[str, ...]:
    import numpy as np

    return EXTENSION_SUFFIXES[0], sys.version, np.__version__, __version__
