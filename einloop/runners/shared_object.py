"""C text in, callable out: compiled into a shared object, called through ctypes on contiguous arrays."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..core.errors import RunError
from ..core.generated import Runner
from ..core.program import Program
from .compiler import SHARED, build, need_compiler

FLAGS = ("-O2", *SHARED, "-fno-math-errno")
FLAGS_OF_PROGRAMS = ("-O2", "-std=gnu11")
LONGEST_RUN = 120
"""Seconds that a whole program may run."""


def c_runner(program: Program) -> Runner:
    """Return a callable that compiles the program at its first call and runs it on arrays.

    Raises RunError at the call where there is no C compiler, where it refuses the text, and where memory runs out.
    """

    def run(*values: Any) -> Any:
        import numpy as np

        buffers = program.nest.inputs
        arrays = [
            np.ascontiguousarray(value, dtype=buffer.dtype).reshape(np.shape(value))
            for value, buffer in zip(values, buffers, strict=True)
        ]
        sizes = {name: arrays[number].shape[axis] for name, number, axis in program.extents}
        shape = tuple(sizes[extent] if extent in sizes else int(extent) for extent in program.nest.result.extents)
        result = np.empty(shape, program.nest.result.dtype)
        assert program.entry is not None
        function = _function(program.text, program.entry, len(sizes), len(arrays))
        code = function(*sizes.values(), *(array.ctypes.data for array in (*arrays, result)))
        if program.nest.fallible and code:
            raise no_memory()
        return result if shape else result[()]

    return run


def no_memory() -> RunError:
    """Return the refusal of loops that found no memory beside their arrays."""
    return RunError("EL631", "the compiled loops found no memory for their intermediates")


@lru_cache(maxsize=256)
def _function(text: str, entry: str, sizes: int, arrays: int) -> Any:
    """Return the function of a text, compiled and loaded."""
    import ctypes

    return declared(ctypes.CDLL(compiled(text)), entry, sizes, arrays)


def declared(library: Any, entry: str, sizes: int, arrays: int) -> Any:
    """Return a library's function of so many extents, and of pointers to so many arrays and to the result."""
    import ctypes

    function = getattr(library, entry)
    function.argtypes = [ctypes.c_ssize_t] * sizes + [ctypes.c_void_p] * (arrays + 1)
    function.restype = ctypes.c_int
    return function


def run_c_program(source: str) -> tuple[int, str]:
    """Compile a whole C program and run it; return its exit code and what it printed."""
    program = compiled(source, FLAGS_OF_PROGRAMS)
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=LONGEST_RUN)
    return done.returncode, done.stdout + done.stderr


@lru_cache(maxsize=256)
def compiled(text: str, flags: Sequence[str] = FLAGS) -> str:
    """Return the path of a shared object made from C text; the folder of this process is removed at its end.

    For texts that are run once, to be verified: they are not worth a place in the user's folder.
    """
    content = build(need_compiler(), text, flags)
    with tempfile.NamedTemporaryFile(suffix=".so", dir=_folder(), delete=False) as target:
        target.write(content)
    os.chmod(target.name, 0o700)  # a whole program is to be run
    return target.name


@lru_cache(maxsize=1)
def _folder() -> str:
    import atexit

    folder = tempfile.mkdtemp(prefix="einloop-")
    atexit.register(shutil.rmtree, folder, True)
    return folder
