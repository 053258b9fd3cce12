"""C text in, a loaded shared object out: compiled once for this machine, then read from the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TypeVar
from weakref import WeakValueDictionary

import numpy as np

from ..core.version import __version__
from .compiler import FAST, build, find_compiler, need_compiler, processor
from .library import SharedLibrary
from .place import VARIABLE
from .store import Artefact, artefact, key_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLibrary:
    """A shared object in this process, and who compiled it just now, None where it was there already."""

    library: SharedLibrary
    compiled_by: str | None


def load(text: str, flags: Sequence[str] = FAST) -> LoadedLibrary:
    """Return the shared object of a C text, compiled where there is none yet, and loaded.

    Raises RunError where there is no compiler, where it refuses the text, and where what it made cannot be loaded.
    """
    known = (os.environ.get(VARIABLE), text, tuple(flags), find_compiler())
    there = _loaded.get(known)
    if there is not None:
        return LoadedLibrary(library=there, compiled_by=None)
    library, found, name = loaded(text, flags, SharedLibrary)
    library.trouble = found.trouble
    _loaded[known] = library
    return LoadedLibrary(library=library, compiled_by=name)


_loaded: WeakValueDictionary[object, SharedLibrary] = WeakValueDictionary()
"""What is loaded, as long as somebody uses it."""


def loaded(text: str, flags: Sequence[str], open_path: Callable[[str], T]) -> tuple[T, Artefact, str | None]:
    """Return what `open_path` makes of a text's shared object, its origin, and who compiled it just now, or None.

    A folder from which nothing may be loaded is left for the temporary one. Raises RunError.
    """
    compiler = need_compiler()
    key = key_of([text, *flags, compiler.identity, processor(), *_versions()])
    opened, found = artefact(key, partial(build, compiler, text, tuple(flags)), open_path)
    return opened, found, None if found.reused else compiler.version()


@lru_cache(maxsize=1)
def _versions() -> tuple[str, ...]:
    return EXTENSION_SUFFIXES[0], sys.version, np.__version__, __version__
