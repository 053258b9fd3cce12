"""`einloop.check`: an expression and keywords in, a Report of warnings and notes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.report import Report
from ..pipeline.check import check as check_spec
from ..pipeline.dialects import check_there
from ..pipeline.page import shown
from ..pipeline.reading import read_spec
from .values import (
    Arrays,
    Dtypes,
    Shapes,
    check_type,
    expected_axes,
    operand_options,
    text_of,
)


def check(
    expression: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    notation: str | None = None,
    dialect: str | None = None,
    expect: str | Sequence[int | str] | None = None,
) -> Report:
    """Return what is probably not meant in an einsum expression, and what is worth knowing: a Report.

    The arguments are those of `generate`. `report.findings` has each warning and note with its id, places and
    fixes; where there is none, the report says that nothing is wrong.

    `dialect`: also say what differs in numpy-optimize, torch, jax, opt_einsum or einops, in the section "dialect"; then
    what np.einsum refuses and the dialect takes has a Report too.

    `expect`: what the result should be, for every axis a length, an index or the name of a length that a shape or size
    gives: `(8, 128, 64)`, `"b,q,h,d"`. Another result is a warning (EL720) with what gives the expected one.

    Raises EinloopError where the expression or the shapes are refused.

    >>> report = check("ij,jk->ik", shapes=[(2, 3), (3, 4)])
    >>> report.facts["findings"]["warnings"], report.facts["findings"]["shape"]
    (0, [2, 4])
    >>> [finding.fixes[0].expression for finding in check("bij,bjk->bik", expect="b,k,i").findings]
    ['bij,bjk->bki']
    """
    options = operand_options(
        notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result
    )
    options = replace(options, expect=expected_axes(expect))
    text = text_of(expression)
    check_type("dialect", dialect, str, optional=True)
    if dialect is not None:
        return shown(check_there(text, options, dialect))
    spec = read_spec(text, options)
    return shown(check_spec(spec, options))
