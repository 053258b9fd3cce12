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

COMPILERS = ("cc", "gcc", "clang")
FLAGS = ("-O2", "-shared", "-fPIC", "-std=gnu11", "-fno-math-errno")
FLAGS_OF_PROGRAMS = ("-O2", "-std=gnu11")
SECONDS = 120


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
        if program.nest.intermediates and code:
            raise RunError("EL631", "the compiled loops found no memory for their intermediates")
        return result if shape else result[()]

    return run


@lru_cache(maxsize=256)
def _function(text: str, entry: str, sizes: int, arrays: int) -> Any:
    """Return the function of a text, compiled and loaded."""
    import ctypes

    function = getattr(ctypes.CDLL(compiled(text)), entry)
    function.argtypes = [ctypes.c_ssize_t] * sizes + [ctypes.c_void_p] * (arrays + 1)
    function.restype = ctypes.c_int
    return function


def run_c_program(source: str) -> tuple[int, str]:
    """Compile a whole C program and run it; return its exit code and what it printed."""
    program = compiled(source, FLAGS_OF_PROGRAMS)
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=SECONDS)
    return done.returncode, done.stdout + done.stderr


def compiler() -> str | None:
    """Return the C compiler there is: what $CC names, or the first of the usual ones."""
    named = os.environ.get("CC")
    return next((path for name in ([named] if named else COMPILERS) if (path := shutil.which(name))), None)


@lru_cache(maxsize=256)
def compiled(text: str, flags: Sequence[str] = FLAGS) -> str:
    """Return the path of a shared object made from C text; the folder of this process is removed at its end."""
    command = compiler()
    if command is None:
        raise RunError("EL630", "there is no C compiler here", hint="install gcc or clang, or set CC")
    folder = _folder()
    with tempfile.NamedTemporaryFile("w", suffix=".c", dir=folder, delete=False, encoding="utf-8") as source:
        source.write(text)
    target = f"{source.name[:-2]}.so"
    done = subprocess.run(
        [command, *flags, source.name, "-o", target, "-lm"],
        capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise RunError("EL632", f"{os.path.basename(command)} refuses the text: {_numbered(done.stderr, text)}")
    return target


@lru_cache(maxsize=1)
def _folder() -> str:
    import atexit

    folder = tempfile.mkdtemp(prefix="einloop-")
    atexit.register(shutil.rmtree, folder, True)
    return folder


def _numbered(errors: str, text: str) -> str:
    """Return a compiler's complaints above the text with its lines numbered."""
    lines = "\n".join(f"  {number:3d} | {line}" for number, line in enumerate(text.splitlines(), start=1))
    return f"{errors.strip()}\n{lines}"
