"""C text as a callable: compiled into a shared object, called through ctypes on contiguous arrays."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from ..core.generated import Runner
from ..core.program import Program
from .compiler import FAST, HELPFUL, SHARED, build, need_compiler, no_place
from .library import SharedLibrary, no_memory
from .operands import declared, handed, new_result
from .place import temporary_folder

FLAGS = ("-O2", *SHARED, "-fno-math-errno")
"""Flags of texts for every size, which run on small ones only: compiling with FAST would take longer than it saves."""
FLAGS_OF_PROGRAMS = ("-O3", *HELPFUL, "-std=gnu11")
MAX_PROGRAM_SECONDS = 120
"""Seconds that a whole program may run."""


def c_runner(program: Program) -> Runner:
    """Return a callable that runs the program, compiled and loaded, on arrays.

    Raises RunError where there is no C compiler, and where it refuses the text; at the call where memory runs out.
    """
    function = c_function(program)

    def run(*values: Any) -> Any:
        arrays = declared(program, values)
        sizes, result = new_result(program, arrays)
        code = function(*sizes, *(array.ctypes.data for array in (*handed(program, arrays), result)))
        if program.nest.fallible and code:
            raise no_memory()
        return result if result.ndim else result[()]

    return run


def c_function(program: Program) -> Any:
    """Return the function of a C program, compiled and loaded, called with extents and with the addresses of arrays.

    Raises RunError where there is no C compiler, and where it refuses the text.
    """
    assert program.entry is not None
    flags = FLAGS if program.extents else FAST
    return _function(program.text, program.entry, len(program.extents), len(program.nest.read_only), flags)


@lru_cache(maxsize=256)
def _function(text: str, entry: str, sizes: int, arrays: int, flags: tuple[str, ...]) -> Any:
    """Return the function of a text, compiled and loaded; it is unloaded when it leaves this cache."""
    with compiled(text, flags) as path:
        return SharedLibrary(path).function(entry, sizes, arrays)


def run_c_program(source: str) -> tuple[int, str]:
    """Compile a whole C program and run it; return its exit code and what it printed."""
    with compiled(source, FLAGS_OF_PROGRAMS) as program:
        done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=MAX_PROGRAM_SECONDS)
    return done.returncode, done.stdout + done.stderr


@contextmanager
def compiled(text: str, flags: Sequence[str] = FLAGS) -> Iterator[str]:
    """Give the path of a shared object made from C text, in a folder that is removed at the end of the `with`.

    For texts that are run once, to be verified: they are not worth a place in the user's folder. Raises RunError.
    """
    content = build(need_compiler(), text, flags)
    try:
        folder = temporary_folder()
    except OSError as error:
        raise no_place(error) from None
    with folder as inside:
        path = os.path.join(inside, "made.so")
        try:
            with open(path, "xb") as target:
                target.write(content)
            os.chmod(path, 0o700)  # a whole program is to be run
        except OSError as error:
            raise no_place(error) from None
        yield path
