"""`einloop.check`: an expression and keywords in, a Report of warnings and notes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.options import per_operand
from ..core.report import Report
from ..pipeline.checking import check as check_spec
from ..pipeline.reading import read_spec
from ..pipeline.showing import shown
from .values import Arrays, Dtypes, Shapes, array_of, operand_options, text_of


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
) -> Report:
    """Return what is probably not meant in an einsum expression, and what is worth knowing: a Report.

    The arguments are those of `generate`. `report.findings` has each warning and note with its id, places and
    fixes; where there is none, the report says that nothing is wrong.

    Raises EinloopError where the expression or the shapes are refused.

    >>> report = check("ij,jk->ik", shapes=[(2, 3), (3, 4)])
    >>> report.facts["findings"]["warnings"], report.facts["findings"]["shape"]
    (0, [2, 4])
    """
    options = operand_options(
        notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result
    )
    spec = read_spec(text_of(expression), options)
    arrays = () if load is None else per_operand(spec, _pairs(load), "array")
    values = [array_of(array) for array in arrays] if all(array is not None for array in arrays) else []
    return shown(check_spec(spec, options, values))


def _pairs(load: Arrays) -> tuple[tuple[str | None, object], ...]:
    """Return arrays as pairs of an operand's name, where there is one, and the array or its file."""
    if isinstance(load, Mapping):
        return tuple(load.items())
    return tuple((None, array) for array in load)
