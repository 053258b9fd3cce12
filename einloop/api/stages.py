"""`einloop.stages`: an expression and a schedule in, the loops after every pass out, as a Report."""

from __future__ import annotations

from typing import Unpack

from ..core.options import StagesOptions
from ..core.report import Report
from ..pipeline.expression import read_for_loops
from ..pipeline.page import shown
from ..pipeline.stages import stages as staged
from .options import options_from, takes
from .values import text_of


@takes(StagesOptions)
def stages(expression: str, **options: Unpack[StagesOptions]) -> Report:
    """Return the loops before any pass of a schedule and after each, with what the pass did and why.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes.
    **options
        All that `generate` takes except `header`; most likely `schedule`, `path` and `target`.

    Returns
    -------
    Report
        Prints as a page and shows itself in a notebook; `show("json")` and `facts` give the same to a program.

    Raises
    ------
    EinloopError
        Where the expression, a shape, an option or a pass of the schedule is refused.

    Examples
    --------
    >>> report = stages("ij->i", schedule="accumulate")
    >>> print(report.show().splitlines()[-2].strip(), report.show().splitlines()[-1].strip())
    total += A[i, j] c[i] = total
    """
    known = options_from(stages, options)
    return shown(staged(read_for_loops(text_of(expression), known), known))
