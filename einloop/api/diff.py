"""`einloop.diff` and `einloop.equivalent`: two expressions in; a Report, or whether they are the same, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.report import Report
from ..pipeline.diff import diff as diff_texts
from ..pipeline.diff import equivalent as equivalent_texts
from ..pipeline.page import shown
from .values import Arrays, Shapes, operand_options, text_of


def diff(
    first: str,
    second: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    notation: str | None = None,
) -> Report:
    """Return whether two einsum expressions compute the same, why, and inputs that show it where they do not.

    Names of indices do not matter, nor whether the output is written; operands are matched by name where both
    expressions name the same ones, else by position. What a pasted call is given goes by its text: `a.T` is another
    operand than `a`. `dtype=`, `casting=`, `out=` of one call alone are named on the page and not compared.
    `shapes`, `sizes` and `load` are those of the first's operands and indices: then the verdict is for these
    shapes. `names`: of the operands of both, in order. `notation` is that of both, where their form does not show
    it. `report.facts["diff"]["same"]` is the verdict.

    Raises EinloopError where an expression or the shapes are refused, and where the search stays undecided (EL440,
    EL441).

    >>> print(diff("ij,jk->ik", "ab,bc->ca").show().splitlines()[2])
    They differ only in the order of the output axes: the second is the first with
    """
    options = operand_options(notation=notation, shapes=shapes, sizes=sizes, load=load, names=names)
    return shown(diff_texts(text_of(first), text_of(second), options))


def equivalent(
    first: str,
    second: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    notation: str | None = None,
) -> bool:
    """Return whether two einsum expressions compute the same; the arguments are those of `diff`.

    Raises EinloopError as `diff` does.

    >>> equivalent("ij,jk", "C[a,c] += A[a,b] * B[b,c]"), equivalent("ij,jk->ik", "ij,kj->ik")
    (True, False)
    """
    options = operand_options(notation=notation, shapes=shapes, sizes=sizes, load=load, names=names)
    return equivalent_texts(text_of(first), text_of(second), options)
