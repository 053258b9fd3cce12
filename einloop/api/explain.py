"""`einloop.explain`: an expression and keywords in, a Report out."""

from __future__ import annotations

from typing import Unpack

from ..core.options import ExplainOptions
from ..core.report import Report
from ..pipeline.explain import explain as explain_spec
from ..pipeline.expression import read_expression
from ..pipeline.page import shown
from .options import options_from, takes
from .values import text_of


@takes(ExplainOptions)
def explain(expression: str, **options: Unpack[ExplainOptions]) -> Report:
    """Return what an einsum expression means: in a sentence, a formula, loops and tables.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `dtypes`, `names`, `result` and
        `style`.

    Returns
    -------
    Report
        Prints as a page and shows itself in a notebook. `show(format, lang)` gives other formats and languages, and
        `facts` the same as plain values.

    Raises
    ------
    EinloopError
        Where the expression, a shape or an option is refused.

    Examples
    --------
    >>> report = explain("ij,jk->ik")
    >>> report.facts["meaning"]["formula"]
    'C[i,k] = Σ_j A[i,j] · B[j,k]'
    >>> print(report.show().splitlines()[2])
    For every i and k, multiply A[i,j] by B[j,k] and add up over j.
    """
    known = options_from(explain, options)
    return shown(explain_spec(read_expression(text_of(expression), known), known))
