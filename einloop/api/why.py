"""`einloop.why`: an expression, arrays and coordinates in, a Report of one element's terms out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from ..core.options import CheckOptions
from ..core.report import Report
from ..pipeline.page import shown
from ..pipeline.why import TOP
from ..pipeline.why import why as why_spec
from .given import read_given
from .options import takes
from .values import check_type, flag, place_of


@takes(CheckOptions)
def why(
    expression: str,
    *arrays: Any,
    at: Sequence[int] | int | None = None,
    top: int = TOP,
    nonfinite: bool = False,
    **options: Unpack[CheckOptions],
) -> Report:
    """Return the sum that makes one element of the result, term by term, beside what np.einsum gives.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes.
    *arrays : array_like
        One for each operand, as for np.einsum; or give `load`, by name. Without arrays the page shows which elements
        meet.
    at : int or sequence of int, optional
        The element's coordinates; negative ones count from the end. A result without axes needs none.
    top : int, default 10
        How many terms are shown, the largest first where there are more.
    nonfinite : bool, default False
        Find the first nan or inf of the result, in C order, and the inputs that caused it.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `dtypes`, `names` and `result`.

    Returns
    -------
    Report
        `facts` has every number. What the dtype does to the element (overflow, OR, cancellation, accumulated rounding)
        is in `findings`.

    Raises
    ------
    EinloopError
        Where the expression, the arrays, the coordinates or an option is refused.

    Examples
    --------
    >>> report = why("ij,jk->ik", [[1, 2], [3, 4]], [[5, 6], [7, 8]], at=(1, 0))
    >>> print(report.sections[0].parts[1].text)
    C[1,0] = A[1,0]·B[0,0] + A[1,1]·B[1,0]
           = 3·5 + 4·7
           = 43
    >>> report.facts["total"]["einsum"]
    43
    """
    check_type("top", top, int)
    nonfinite = flag("nonfinite", nonfinite)
    found, known = read_given(why, expression, arrays, options)
    return shown(why_spec(found, known, at=place_of(at), top=top, nonfinite=nonfinite))
