"""Where a bench gets a compiled expression from: the one place that knows how einloop compiles."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..core.generated import Form
from ..core.options import Options
from .emission import generate
from .reading import read_spec

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

    Raises EinloopError where the target does not exist, cannot be run here, or is not for this dtype.
    """
    options = Options(
        shapes=tuple((None, shape) for shape in shapes),
        dtypes=tuple((None, dtype) for dtype in dtypes),
        target=target,
        schedule=AUTO,
        form=Form.FUNCTION,
        threads=threads,
    )
    try:
        compiling = import_module(".compiling", __package__)
    except ModuleNotFoundError:
        return _emitted(subscripts, options)
    function: Callable[..., Any] = compiling.compile_expression(subscripts, options)
    return function


def _emitted(subscripts: str, options: Options) -> Callable[..., Any]:
    """Return the loops as they are emitted, called through their runner."""
    run = generate(read_spec(subscripts, options), options).run

    def function(*arrays: Any, out: Any = None) -> Any:
        result = run(*arrays)
        if out is not None:
            out[...] = result
        return result

    return function
