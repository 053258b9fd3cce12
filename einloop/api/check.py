"""`einloop.check`: an expression and keywords in, a Report of warnings and notes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from ..core.options import CheckOptions
from ..core.report import Report
from ..pipeline.check import check as check_spec
from ..pipeline.dialects import check_there
from ..pipeline.expression import read_expression
from ..pipeline.page import shown
from .options import options_from, takes
from .values import check_type, expected_axes, text_of


@takes(CheckOptions)
def check(
    expression: str,
    *,
    dialect: str | None = None,
    expect: str | Sequence[int | str] | None = None,
    **options: Unpack[CheckOptions],
) -> Report:
    """Return what is probably not meant in an einsum expression, and what is worth knowing.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes.
    dialect : str, optional
        Another library, such as 'torch' or 'einops': also say what differs there, in the section "dialect". What
        np.einsum refuses and the dialect takes has a Report too.
    expect : str or sequence of int or str, optional
        What the result should be: for every axis a length, an index, or the name of a length that a shape or size
        gives, such as `(8, 128, 64)` or `"b,q,h,d"`. Another result is a warning (EL720) with what gives this one.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `dtypes`, `names` and `result`.

    Returns
    -------
    Report
        `findings` has each warning and note with its id, places and fixes. Where there is none, the page says so.

    Raises
    ------
    EinloopError
        Where the expression, a shape or an option is refused.

    Examples
    --------
    >>> report = check("ij,jk->ik", shapes=[(2, 3), (3, 4)])
    >>> report.facts["findings"]["warnings"], report.facts["findings"]["shape"]
    (0, [2, 4])
    >>> [finding.fixes[0].expression for finding in check("bij,bjk->bik", expect="b,k,i").findings]
    ['bij,bjk->bki']
    """
    known = options_from(check, options, expect=expected_axes(expect))
    text = text_of(expression)
    check_type("dialect", dialect, str, optional=True)
    return shown(
        check_spec(read_expression(text, known), known) if dialect is None else check_there(text, known, dialect)
    )
