"""Numba text as a callable: it runs as a module, and its function is compiled for the declared dtypes.

Numba is imported at the first call. What it compiled is kept on disk where possible.
"""

from __future__ import annotations

import linecache
import mmap
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

from ..core.buffer import Buffer
from ..core.errors import RunError
from ..core.generated import Runner
from ..core.program import Program
from .compiler import numbered
from .library import no_memory, no_room
from .numba_store import StoredOverloads
from .operands import declared, handed, new_result

MODULE = "einloop_numba"
FREE_BYTES, FREE_BYTES_AT_FIRST = 128 << 20, 512 << 20
"""Addresses that must be free before Numba compiles, and before it is imported."""

ArrayKind = tuple[str, int]
"""The dtype of an array, and how many axes it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """A function that Numba compiled for arrays of given dtypes and ranks: for others it raises TypeError.

    `reused`: it was on the disk; `trouble` says why it will not be there for the next process, if it will not.
    """

    function: Callable[..., Any]
    reused: bool
    trouble: str | None


def numba_runner(program: Program) -> Runner:
    """Return a callable that runs the program, compiled, on arrays.

    It takes anything array-like, converts it to the declared dtypes, and returns a new result. Raises RunError where
    Numba is not installed, and where it refuses the text; at the call where memory runs out.
    """
    function = numba_function(program)

    def run(*values: Any) -> Any:
        arrays = declared(program, values)
        _, result = new_result(program, arrays)
        try:
            function(*map(_memory, handed(program, arrays), program.nest.read_only), result)
        except MemoryError:
            raise no_memory() from None
        return result if result.ndim else result[()]

    return run


def numba_function(program: Program) -> Callable[..., None]:
    """Return Numba's own dispatcher of the program's function, compiled once: `function(*inputs, out)`.

    It checks and converts nothing. Inputs are aligned arrays of the declared dtypes, contiguous with the last axis
    fastest, or, where the program declares strides for one, a one-dimensional array over its memory from element
    0,0,... on. `out` is contiguous, of the result's shape and dtype, and overlaps no input. Arrays of other dtypes or
    ranks raise TypeError; wrong shapes are not noticed. Raises RunError where Numba is not installed or refuses the
    text.
    """
    assert program.entry is not None
    return overload(program.text, program.entry, kinds_of_inputs(program), kind_of_result(program)).function


def kinds_of_inputs(program: Program) -> tuple[ArrayKind, ...]:
    """Return the dtype and the rank of each array that the function reads."""
    inputs = program.nest.read_only
    return tuple((str(b.dtype), len(b.extents) if b.strides is None else 1) for b in inputs)


def kind_of_result(program: Program) -> ArrayKind:
    """Return the dtype and the rank of the array that the function writes."""
    return str(program.nest.result.dtype), len(program.nest.result.extents)


def _memory(array: Any, buffer: Buffer) -> Any:
    """Return a contiguous array laid out as the program declares it."""
    if buffer.strides is None:
        return array
    span = sum((n - 1) * stride for n, stride in zip(array.shape, buffer.strides, strict=True)) + 1
    memory = np.zeros(span if array.size else 0, array.dtype)
    if array.size:
        steps = [stride * array.itemsize for stride in buffer.strides]
        np.lib.stride_tricks.as_strided(memory, array.shape, steps)[...] = array
    return memory


def overload(
    text: str, entry: str, inputs: tuple[ArrayKind, ...], result: ArrayKind | None = None, *, most: int | None = None
) -> Overload:
    """Return the function `entry` of a text, compiled for contiguous arrays of these dtypes and ranks, once.

    Inputs are only read; `result`, the last parameter, is written, where there is one. Raises RunError where Numba is
    not installed, where it refuses the text, where there is too little memory, and, with the topic FULL, where this
    process has `most` functions already: Numba never unloads what it compiled.
    """
    key = (text, entry, inputs, result)
    found = _overloads.get(key)
    if found is None:
        if most is not None and len(_overloads) >= most:
            raise RunError("EL642", f"this process has {most:,} functions that Numba compiled, and it can unload none")
        found = _overloads[key] = _compiled(*key)
    return found


_overloads: dict[tuple[str, str, tuple[ArrayKind, ...], ArrayKind | None], Overload] = {}
"""What Numba compiled in this process. It would stay in memory if it were forgotten here, and be compiled once more."""


def _compiled(text: str, entry: str, inputs: tuple[ArrayKind, ...], result: ArrayKind | None) -> Overload:
    """Return the function `entry` of a text, compiled now, or read from the disk. Raises RunError."""
    if find_spec("numba") is None:
        raise RunError("EL633", "Numba is not installed", hint="pip install einloop[numba]")
    _check_memory()
    try:
        import numba
        from numba.core.errors import NumbaError
    except (ImportError, OSError, MemoryError) as error:
        raise RunError("EL633", f"Numba cannot be imported: {error or type(error).__name__}") from None
    try:
        function = _module(text)[entry]
        function._cache = stored = StoredOverloads(text, entry)
        # inputs that may not be written to: a function for them takes others too, and is compiled once
        kinds = [(kind, True) for kind in inputs] + ([] if result is None else [(result, False)])
        function.compile(tuple(
            numba.types.Array(numba.from_dtype(np.dtype(dtype)), rank, "C", readonly=readonly)
            for (dtype, rank), readonly in kinds
        ))  # fmt: skip
        function.disable_compile()
    except MemoryError:
        raise no_room() from None
    except OSError as error:  # it asks for the working directory, among others
        raise RunError("EL641", f"Numba was kept from its work: {error.strerror or error}") from None
    except (NumbaError, KeyError) as error:  # KeyError: an option that this Numba does not know
        said = str(error).partition("\n\n")[0].strip()  # advice follows
        raise RunError("EL634", f"Numba refuses the text: {said}\n{numbered(text)}") from None
    return Overload(function=function, reused=stored.reused, trouble=stored.trouble)


def _check_memory() -> None:
    """Raise RunError where there is too little memory to compile in: LLVM would end the process."""
    try:
        mmap.mmap(-1, FREE_BYTES if "numba" in sys.modules else FREE_BYTES_AT_FIRST).close()
    except (OSError, MemoryError):
        raise no_room() from None


def _module(text: str) -> dict[str, Any]:
    """Return the names that a text defines, run as a module of its own.

    Numba names machine code after the module, so that this must be another for every text, and finds it again in
    `sys.modules` when it reads from the disk.
    """
    name = f"{MODULE}_{sha256(text.encode()).hexdigest()[:32]}"
    file = f"<{name}>"
    # so that Numba's own messages quote the lines
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = sys.modules[name] = ModuleType(name)
    exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
    return module.__dict__
