"""The Numba target: loops for contiguous arrays, compiled with the checks of their arrays, cached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

from ...runners.direct import direct
from ...runners.numba_checked import checked
from ...runners.numba_function import Overload
from ...runners.progress import Progress
from .case import LENGTHY, Case, Specialisation
from .written import written

NAME = "numba"


def missing() -> str | None:
    """Return why Numba cannot be used here, or None."""
    return None if find_spec(NAME) is not None else "numba is not installed"


def specialise(case: Case) -> Specialisation:
    """Return a case as what Numba compiled. Raises EinloopError where the target, the schedule or Numba refuses."""
    case = case.contiguous()
    generated, notes = written(NAME, case)
    assert generated.program is not None
    shapes = [layout.shape for layout in case.operands]
    with Progress():
        made = checked(generated.program, shapes, lengthy=case.points > LENGTHY or case.threads > 1)
    shape = case.result.shape
    return Specialisation(
        target=NAME,
        source=generated.source,
        kernel=made.function if shape else _filling(made.function),
        notes=(*_origin(made), *notes),
        general=True,
        copies=True,
        direct=partial(direct, made.function, dtypes=case.dtypes, shape=shape, dtype=case.dtype),
    )


def _filling(function: Callable[..., Any]) -> Callable[..., None]:
    """Return a kernel that fills an array without axes with what a function returns."""

    def fill(*arrays: Any) -> None:
        *operands, out = arrays
        out[()] = function(*operands)

    return fill


def _origin(made: Overload) -> tuple[str, ...]:
    """Return where machine code came from, and why it was not kept, if it was not."""
    origin = "It was compiled before." if made.reused else "Compiled by Numba."
    if made.trouble is None:
        return (origin,)
    return origin, f"What was compiled is kept for this process only: {made.trouble}."
