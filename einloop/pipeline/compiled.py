"""Where a bench gets a compiled expression from: the one place that knows how einloop compiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import RunError
from ..core.options import Options

AUTO = ("auto",)


def compiled(
    subscripts: str,
    *,
    target: str,
    shapes: tuple[tuple[int, ...], ...],
    dtypes: tuple[str, ...],
    threads: int = 1,
) -> Callable[..., Any]:
    """Return a function of the arrays, and of `out` if the result is to be written there: the expression, made for
    these shapes and dtypes by a target.

    Raises EinloopError where the target does not exist, cannot be run here, is not for this dtype, or holds all that it
    may in this process.
    """
    options = Options(
        shapes=tuple((None, shape) for shape in shapes),
        dtypes=tuple((None, dtype) for dtype in dtypes),
        target=target,
        schedule=AUTO,
        threads=threads,
    )
    from .compile import compile_expression

    function = compile_expression(subscripts, options)
    if target not in ("auto", function.target):
        raise RunError("EL642", function.decisions[0].rstrip("."))  # nobody's times stand for another's
    made: Callable[..., Any] = function
    return made
