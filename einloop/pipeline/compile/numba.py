"""The Numba target: loops for contiguous arrays, compiled with the checks of their arrays, cached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Any

from ...core.errors import OptionError
from ...core.program import Program
from ...core.progress import ProgressLine
from ...runners.compiler import COMPILING
from ...runners.direct import CALL, direct
from ...runners.numba_function import Overload, kind_of_result, kinds_of_inputs, overload
from ...targets.render import plain_text
from ...targets.target import load_target
from .case import MIN_LENGTHY_POINTS, CompileCase, Specialisation, called_with, origin
from .forks import threads_here
from .written import written

NAME = "numba"
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
    taken, start = called_with(generated)
    if start is not None and not case.result.shape:
        raise OptionError("EL435", "Numba's function returns a number, and cannot add to one", hint="--target c")
    layouts = tuple(case.operands[number] for number in taken)
    with ProgressLine(slow=COMPILING):
        made = _compiled(
            generated.program, replace(case, operands=layouts), nogil=case.points > MIN_LENGTHY_POINTS or threads > 1
        )
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
        taken=taken,
        start=start,
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
