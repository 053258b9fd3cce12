"""`einloop.compile`: a function on arrays made of an expression and keywords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.errors import OptionError, displayed
from .show import schedule_texts
from .values import Dtypes, Shapes, check_type, operand_options, text_of

if TYPE_CHECKING:
    from ..pipeline.compile import Compiled


def compile(
    expression: str,
    *,
    target: str = "auto",
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    schedule: str | Sequence[str] = "auto",
    threads: int = 1,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    notation: str | None = None,
) -> Compiled:
    """Return a function that computes an einsum expression quickly: `f(A, B)`, or `f(A, B, out=C)`.

    `expression`, `names`, `result` and `notation` are those of `generate`; every operand is an array of its own,
    whatever its name. `target`: "c", "numba", "numpy" (calls of np.einsum along a path), "python" (plain loops), or
    "auto": C where a compiler works, else Numba where it is installed, else numpy. `schedule`: passes, or "auto".
    `threads`: how many the loops may use; those that find no free processor are not waited for.

    The function is specialised for the shapes, dtypes and strides it is called with, each at the first call with them;
    what was compiled is kept in memory and on disk (`einloop cache`), up to a limit: what was used last stays.
    Where Numba holds all that it may, np.einsum computes; where a kernel cannot be made, "auto" takes the next target.
    With `shapes` or `sizes` for all operands it is specialised for these at once, for `dtypes` (float64 where none are
    given), so that errors come here. `f.source` is the text that runs, `f.target` what it runs on, `f.decisions` why.

    Raises EinloopError where the expression or an option is refused, and where the target that was asked for cannot
    make a kernel: no compiler, a full disk, too little memory.

    >>> import numpy as np
    >>> f = compile("ij,jk->ik", target="numpy")
    >>> f(np.eye(2), [[1.0, 2.0], [3.0, 4.0]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    from ..pipeline.compile.function import compile_expression  # with numpy: who compiles has arrays

    check_type("target", target, str)
    check_type("threads", threads, int)
    if isinstance(threads, bool) or threads < 1:
        raise OptionError("EL479", f"threads={displayed(threads)}", hint="a number from 1")
    given = operand_options(notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, names=names, result=result)
    options = replace(given, target=target, schedule=schedule_texts(schedule), threads=threads)
    compiled: Compiled = compile_expression(text_of(expression), options)
    return compiled
