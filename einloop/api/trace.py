"""`einloop.trace`: an expression and arrays in, the Trace of its loops out."""

from __future__ import annotations

from typing import Any, Unpack

from ..core.options import TraceOptions
from ..pipeline.trace import trace as trace_spec
from ..pipeline.traced import Trace
from .given import read_given
from .options import takes
from .values import flag


@takes(TraceOptions)
def trace(expression: str, *arrays: Any, symbolic: bool = False, **options: Unpack[TraceOptions]) -> Trace:
    """Return every step of the loops of an expression, with values.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, named axes, or code.
    *arrays : array_like
        One for each operand, as for np.einsum; or give `load`, by name. Without arrays the operands are small whole
        numbers, of the shapes that are given.
    symbolic : bool, default False
        Let the elements be symbols, so that every sum shows what it is made of.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `dtypes`, `names`, `result`, `style`, `order`,
        `schedule`, `path` and `comments`.

    Returns
    -------
    Trace
        Steps are computed when they are asked for. Shows itself in a notebook; `show()` gives text, HTML, SVG and JSON.

    Raises
    ------
    EinloopError
        Where the expression, an array or an option is refused, or the loops have statements that are not traced.

    Examples
    --------
    >>> found = trace("ij,jk->ik", [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]])
    >>> found
    <trace of 'ij,jk->ik': 12 steps>
    >>> step = found.step(10)
    >>> step.indices, str(step.target), step.before, step.after
    ((('i', 1), ('j', 1), ('k', 1)), 'C[1,1]', 8, 28)
    """
    found, known = read_given(trace, expression, arrays, options)
    return trace_spec(found, known, symbolic=flag("symbolic", symbolic))
