"""The Numba target: loops for contiguous arrays, compiled with the checks of their arrays, cached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from importlib.util import find_spec
from types import CodeType
from typing import Any

import numpy as np

from ...core.program import Program
from ...core.progress import ProgressLine
from ...runners.compiler import COMPILING
from ...runners.numba_function import Overload, kind_of_result, kinds_of_inputs, overload
from ...targets.render import plain_text
from ...targets.target import load_target
from .case import MIN_LENGTHY_POINTS, CompileCase, Specialisation, origin
from .forks import threads_here
from .written import written

NAME = "numba"
CALL = "call"
"""The name of the function that the text of a direct call defines."""
CHECKED = "checked"
MAX_FUNCTIONS = 128
"""Functions that Numba may have compiled in this process before np.einsum takes the others: 2 MB each."""


def missing() -> str | None:
    """Return why Numba cannot be used here, or None."""
    return None if find_spec(NAME) is not None else "numba is not installed"


def specialise(case: CompileCase) -> Specialisation:
    """Return a case as what Numba compiled. Raises EinloopError where the target, the schedule or Numba refuses."""
    case = case.contiguous()
    threads, fewer = threads_here(case.threads)
    generated, passes = written(NAME, case, threads=threads)
    assert generated.program is not None
    with ProgressLine(slow=COMPILING):
        made = _compiled(generated.program, case, nogil=case.points > MIN_LENGTHY_POINTS or threads > 1)
    shape = case.result.shape
    call = plain_text(load_target(NAME), "call.j2", name=CALL, count=len(case.operands), scalar=not shape)
    return Specialisation(
        target=NAME,
        source=generated.source,
        kernel=made.function if shape else _filling(made.function),
        notes=(*origin(None if made.reused else "Numba", made.trouble), *fewer),
        passes=passes,
        general=True,
        copies=True,
        direct=partial(direct, call, made.function, dtypes=case.dtypes, shape=shape, dtype=case.dtype),
    )


def _compiled(program: Program, case: CompileCase, *, nogil: bool) -> Overload:
    """Return the loops of a program behind a function that returns whether its arrays have the case's shapes.

    It takes the inputs and the array that is written, or the inputs alone where the result has no axes: it then returns
    the element, or None for other shapes. Numba's dispatcher refuses other dtypes, ranks and layouts with a TypeError;
    shapes it does not know. They are compared in machine code, where it costs nothing.
    """
    result, scalar = kind_of_result(program), not case.result.shape
    checks = plain_text(
        load_target(NAME),
        "checked.j2",
        name=CHECKED,
        entry=program.entry,
        shapes=[layout.shape for layout in case.operands],
        dtype=result[0],
        scalar=scalar,
        nogil=nogil,
    )
    return overload(
        program.text + checks, CHECKED, kinds_of_inputs(program), None if scalar else result, most=MAX_FUNCTIONS
    )


def _filling(function: Callable[..., Any]) -> Callable[..., None]:
    """Return a kernel that fills an array without axes with what a function returns."""

    def fill(*arrays: Any) -> None:
        *operands, out = arrays
        out[()] = function(*operands)

    return fill


def direct(
    text: str,
    kernel: Callable[..., Any],
    general: Callable[..., Any],
    refused: Callable[..., Any],
    *,
    dtypes: Sequence[str],
    shape: tuple[int, ...],
    dtype: str,
) -> Callable[..., Any]:
    """Return the function that a text defines: of arrays of these dtypes, and `out`, computed by a kernel at once.

    Dtypes are compared: Numba's dispatcher may take a byte-swapped array for another, whose type it remembers. The text
    has parameters for its number of operands: passing `*operands` on costs as much as a tiny product.

    The kernel fills an array of this shape and dtype and returns True, or returns the element where the shape is (). It
    raises TypeError for arrays of other ranks and layouts, which then go to `refused`, and returns False or None for
    other shapes. These, other dtypes, another number of operands, and calls with `out`, go to `general`.

    >>> text = "def call(*operands, out=None): return scalar(kernel(*operands))"
    >>> first = direct(text, lambda a: a[0], print, print, dtypes=["int64"], shape=(), dtype="int64")
    >>> first([4])
    np.int64(4)
    """
    known = np.dtype(dtype)
    namespace: dict[str, Any] = {
        "kernel": kernel, "general": general, "refused": refused,
        "empty": np.empty, "shape": shape, "dtype": known, "scalar": known.type,
        **{f"dtype_{number}": np.dtype(one) for number, one in enumerate(dtypes)},
    }  # fmt: skip
    exec(_code(text), namespace)
    function: Callable[..., Any] = namespace[CALL]
    return function


@lru_cache(maxsize=64)
def _code(text: str) -> CodeType:
    return compile(text, f"<einloop {CALL}>", "exec")
