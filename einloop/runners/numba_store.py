"""What Numba compiled, on disk: object code with what Numba has to know of it, pickled, found by a hash of all causes.

Numba asks a dispatcher's cache at each compilation; its own is for functions that stand in files, whose changes it sees
by their dates. This one is for texts. It is an opportunity, never a condition: whatever goes wrong, Numba compiles.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any

import numpy as np

from ..core.version import __version__
from .store import NUMBA, keep, key_of, recall


class StoredOverloads:
    """The cache of one dispatcher, as Numba calls it, for a function that a text defines.

    `reused`: what ran came from the disk. `trouble` says why what was compiled is not there for the next process.
    """

    cache_path = None
    """What Numba's statistics show."""

    def __init__(self, text: str, entry: str) -> None:
        self.text = text
        self.entry = entry
        self.reused = False
        self.trouble: str | None = None

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Return Numba's result of an earlier compilation, None where there is none that can be used."""
        try:
            from numba.core.compiler import CompileResult

            target_context.refresh()
            content = recall(self._key(signature, target_context.codegen()), NUMBA)
            if content is None:
                return None
            # its hash was checked, and nobody else may write to the folder
            rebuild: Any = CompileResult._rebuild
            found = rebuild(target_context, *pickle.loads(content))
        except Exception:  # another Numba may have other internals
            return None
        self.reused = True
        return found

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep the result of a compilation for other processes, where it can be kept."""
        try:
            if result.library.has_dynamic_globals or any(not lifted.can_cache for lifted in result.lifted):
                self.trouble = "it holds addresses of this process"
                return
            from numba.core import serialize

            dumps: Any = serialize.dumps
            self.trouble = keep(self._key(signature, result.codegen), NUMBA, dumps(result._reduce()))
        except Exception as error:  # another Numba may have other internals
            self.trouble = f"Numba does not hand it out ({type(error).__name__})"

    def _key(self, signature: Any, codegen: Any) -> str:
        """Return the hash of all that the machine code of a signature depends on."""
        import llvmlite
        import numba

        settings = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_"))
        processor = repr(codegen.magic_tuple())
        versions = (numba.__version__, llvmlite.__version__, np.__version__, sys.version, __version__)
        return key_of([self.text, self.entry, repr(signature), processor, *versions, *settings])
