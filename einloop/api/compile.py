"""`einloop.compile`: a function on arrays made of an expression and keywords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from ..core.options import CompileOptions, Dtypes, check_threads
from .options import options_from, takes
from .values import check_type, text_of

if TYPE_CHECKING:
    from ..pipeline.compile import Compiled


@takes(CompileOptions)
def compile(
    expression: str,
    *,
    target: str = "auto",
    schedule: str | Sequence[str] = "auto",
    threads: int = 1,
    dtypes: Dtypes | None = None,
    result: str | None = None,
    **options: Unpack[CompileOptions],
) -> Compiled:
    """Return a function that computes an einsum expression quickly: `f(A, B)`, or `f(A, B, out=C)`.

    The function is specialised for the shapes, dtypes and strides it is called with, at the first call with them. What
    was compiled is kept in memory and on disk (`einloop cache`), up to a limit: what was used last stays.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes. Every operand is an array of its own, whatever its name.
    target : str, default 'auto'
        'c', 'numba', 'numpy' (calls of np.einsum along a path) or 'python' (plain loops). 'auto' takes C where a
        compiler works, else Numba where it is installed, else numpy; and the next one where a kernel cannot be made.
    schedule : str or sequence of str, default 'auto'
        Passes over the loops.
    threads : int, default 1
        How many threads the loops may use. Those that find no free processor are not waited for.
    dtypes : str, dtype, sequence or mapping, optional
        The dtypes to specialise for at once, where all shapes are given; float64 by default.
    result : str, optional
        Name of the result in the text.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes` and `names`. With shapes or sizes for all operands the
        function is specialised for these at once, so that errors come here.

    Returns
    -------
    Compiled
        The function. `source` is the text that runs, `target` what it runs on, `decisions` why.

    Raises
    ------
    EinloopError
        Where the expression or an option is refused, and where the target that was asked for cannot make a kernel: no
        compiler, a full disk, too little memory.

    Examples
    --------
    >>> import numpy as np
    >>> f = compile("ij,jk->ik", target="numpy")
    >>> f(np.eye(2), [[1.0, 2.0], [3.0, 4.0]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    from ..pipeline.compile.sums import compile_text  # with numpy: who compiles has arrays

    check_type("target", target, str)
    check_type("threads", threads, int)
    check_threads(threads)
    own = {"target": target, "schedule": schedule, "dtypes": dtypes, "result": result}
    known = options_from(compile, {**options, **own}, threads=threads)
    compiled: Compiled = compile_text(text_of(expression), known)
    return compiled
