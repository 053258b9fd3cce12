"""`einloop.diff` and `einloop.equivalent`: two expressions in; a Report, or whether they are the same, out."""

from __future__ import annotations

from typing import Unpack

from ..core.options import DiffOptions
from ..core.report import Report
from ..pipeline.diff import diff as diff_texts
from ..pipeline.diff import equivalent as equivalent_texts
from ..pipeline.page import shown
from .options import options_from, takes
from .values import text_of


@takes(DiffOptions)
def diff(first: str, second: str, **options: Unpack[DiffOptions]) -> Report:
    """Return whether two einsum expressions compute the same, why, and inputs that show it where they do not.

    Names of indices do not matter, nor whether the output is written. Operands are matched by name where both
    expressions name the same ones, else by position. What a pasted call is given goes by its text: `a.T` is another
    operand than `a`. The keywords `dtype=`, `casting=` and `out=` of one call alone are named and not compared.

    Parameters
    ----------
    first, second : str
        The expressions, in any notation.
    **options
        As for `generate`: `notation` and `add` of both, `shapes`, `sizes` and `load` of the first's operands and
        indices, and `names` of the operands of both, in order. Where shapes are given the verdict is for these alone.

    Returns
    -------
    Report
        The page; `facts["diff"]["same"]` is the verdict.

    Raises
    ------
    EinloopError
        Where an expression or a shape is refused, and where the search stays undecided (EL440, EL441).

    See Also
    --------
    equivalent : the verdict alone.

    Examples
    --------
    >>> print(diff("ij,jk->ik", "ab,bc->ca").show().splitlines()[2])
    They differ only in the order of the output axes: the second is the first with
    """
    known = options_from(diff, options)
    return shown(diff_texts(text_of(first), text_of(second), known))


@takes(DiffOptions)
def equivalent(first: str, second: str, **options: Unpack[DiffOptions]) -> bool:
    """Return whether two einsum expressions compute the same.

    Parameters
    ----------
    first, second : str
        The expressions, in any notation.
    **options
        As for `diff`: `notation`, `add`, `shapes`, `sizes`, `load` and `names`.

    Returns
    -------
    bool
        The verdict of `diff`.

    Raises
    ------
    EinloopError
        As `diff` does.

    Examples
    --------
    >>> equivalent("ij,jk", "C[a,c] += A[a,b] * B[b,c]"), equivalent("ij,jk->ik", "ij,kj->ik")
    (True, False)
    """
    known = options_from(equivalent, options)
    return equivalent_texts(text_of(first), text_of(second), known)
