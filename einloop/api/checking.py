"""`einloop.check`: an expression and keywords in, a Report of warnings and notes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.options import per_operand
from ..core.report import Report
from ..core.spec import Spec
from ..pipeline.checking import check as check_spec
from ..pipeline.dialects import check_there
from ..pipeline.reading import read_spec
from ..pipeline.showing import shown
from .values import Arrays, Dtypes, Shapes, array_of, check_type, named_arrays, operand_options, text_of


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
) -> Report:
    """Return what is probably not meant in an einsum expression, and what is worth knowing: a Report.

    The arguments are those of `generate`. `report.findings` has each warning and note with its id, places and
    fixes; where there is none, the report says that nothing is wrong.

    `dialect`: also say what differs in numpy-optimize, torch, jax, opt_einsum or einops, in the section "dialect"; then
    what np.einsum refuses and the dialect takes has a Report too.

    Raises EinloopError where the expression or the shapes are refused.

    >>> report = check("ij,jk->ik", shapes=[(2, 3), (3, 4)])
    >>> report.facts["findings"]["warnings"], report.facts["findings"]["shape"]
    (0, [2, 4])
    """
    options = operand_options(
        notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result
    )
    text = text_of(expression)
    check_type("dialect", dialect, str, optional=True)
    if dialect is not None:
        return shown(check_there(text, options, dialect, lambda spec: _values(spec, load)))
    spec = read_spec(text, options)
    return shown(check_spec(spec, options, _values(spec, load)))


def _values(spec: Spec, load: Arrays | None) -> list[Any]:
    """Return the arrays given, one per operand, or nothing where some are not."""
    arrays = per_operand(spec, tuple((name, value) for name, value, _ in named_arrays(load)), "array")
    if any(array is None for array in arrays):
        return []
    return [array_of(array, f"operand {number}") for number, array in enumerate(arrays)]
