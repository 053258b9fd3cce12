"""Numba text in, callable out: the text runs as a module, its function is compiled for the declared dtypes.

Numba is imported at the first call, never before.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from typing import Any
from zlib import crc32

from ..core.buffer import Buffer
from ..core.errors import RunError
from ..core.generated import Runner
from ..core.program import Program

MODULE = "einloop_numba"


def numba_runner(program: Program) -> Runner:
    """Return a callable that compiles the program at its first call and runs it on arrays.

    It takes anything array-like, converts it to the declared dtypes, and returns a new result. Raises RunError at the
    call where Numba is not installed, where it refuses the text, and where memory runs out.
    """

    def run(*values: Any) -> Any:
        import numpy as np

        function = numba_function(program)
        buffers = program.nest.inputs
        arrays = [
            np.require(value, buffer.dtype, ("C", "A")).reshape(np.shape(value))
            for value, buffer in zip(values, buffers, strict=True)
        ]
        sizes = {name: arrays[number].shape[axis] for name, number, axis in program.extents}
        shape = tuple(sizes[extent] if extent in sizes else int(extent) for extent in program.nest.result.extents)
        result = np.empty(shape, program.nest.result.dtype)
        try:
            function(*map(_memory, arrays, buffers), result)
        except MemoryError:
            raise RunError("EL631", "the compiled loops found no memory for their intermediates") from None
        return result if shape else result[()]

    return run


def numba_function(program: Program) -> Callable[..., None]:
    """Return Numba's own dispatcher of the program's function, compiled: `function(*inputs, out)`.

    Nothing is checked or converted here, and nothing returned: the inputs are aligned arrays of the declared dtypes,
    contiguous with the last axis fastest, or, where the program declares strides for one, a one-dimensional array over
    its memory from element 0,0,... on. `out` is contiguous, of the result's shape and dtype, and overlaps no input.
    Arrays of other dtypes or ranks raise TypeError; wrong shapes are not noticed. Compiles at the first call for a
    text, and keeps the last 256. Raises RunError where Numba is not installed or refuses the text.
    """
    assert program.entry is not None
    inputs = tuple((str(buffer.dtype), _rank(buffer)) for buffer in program.nest.inputs)
    result = (str(program.nest.result.dtype), len(program.nest.result.extents))
    return _compiled(program.text, program.entry, inputs, result)


def _rank(buffer: Buffer) -> int:
    """Return how many axes the function's parameter has."""
    return len(buffer.extents) if buffer.strides is None else 1


def _memory(array: Any, buffer: Buffer) -> Any:
    """Return a contiguous array laid out as the program declares it."""
    if buffer.strides is None:
        return array
    import numpy as np

    span = sum((n - 1) * stride for n, stride in zip(array.shape, buffer.strides, strict=True)) + 1
    memory = np.zeros(span if array.size else 0, array.dtype)
    if array.size:
        steps = [stride * array.itemsize for stride in buffer.strides]
        np.lib.stride_tricks.as_strided(memory, array.shape, steps)[...] = array
    return memory


@lru_cache(maxsize=256)
def _compiled(
    text: str, entry: str, inputs: tuple[tuple[str, int], ...], result: tuple[str, int]
) -> Callable[..., None]:
    """Return the function of a text, compiled for arrays of these dtypes and ranks."""
    if find_spec("numba") is None:
        raise RunError("EL633", "Numba is not installed", hint="pip install einloop[numba]")
    import numba
    from numba.core.errors import NumbaError

    name = f"<{MODULE} {crc32(text.encode()):08x}>"
    lines = text.splitlines(keepends=True)
    # so that Numba's own messages quote the lines
    linecache.cache[name] = (len(text), None, lines, name)
    namespace: dict[str, Any] = {"__name__": MODULE}
    try:
        exec(compile(text, name, "exec", dont_inherit=True), namespace)
        function = namespace[entry]
        # inputs that may not be written to: a function for them takes others too, and is compiled once
        kinds = [numba.types.Array(_number(dtype), rank, "C", readonly=True) for dtype, rank in inputs]
        function.compile((*kinds, numba.types.Array(_number(result[0]), result[1], "C")))
        function.disable_compile()
    except NumbaError as error:
        raise RunError("EL634", f"Numba refuses the text: {_first_lines(error)}\n{_numbered(text)}") from None
    compiled: Callable[..., None] = function
    return compiled


def _number(dtype: str) -> Any:
    """Return Numba's type of a dtype."""
    import numba
    import numpy as np

    return numba.from_dtype(np.dtype(dtype))


def _first_lines(error: Exception) -> str:
    """Return what Numba says, without the advice that follows."""
    return str(error).partition("\n\n")[0].strip()


def _numbered(text: str) -> str:
    """Return the text with its lines numbered."""
    return "\n".join(f"  {number:3d} | {line}" for number, line in enumerate(text.splitlines(), start=1))
