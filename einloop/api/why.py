"""`einloop.why`: an expression, arrays and coordinates in, a Report of one element's terms out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.bind import MAX_EXTENT, check_count
from ..core.errors import OptionError, displayed
from ..core.report import Report
from ..notation import read
from ..pipeline.page import shown
from ..pipeline.reading import read_spec
from ..pipeline.why import TOP
from ..pipeline.why import why as why_spec
from .values import Arrays, Dtypes, Shapes, check_type, entries, operand_options, text_of


def why(
    expression: str,
    *arrays: Any,
    at: Sequence[int] | int | None = None,
    top: int = TOP,
    nonfinite: bool = False,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    notation: str | None = None,
) -> Report:
    """Return the sum that makes one element of the result, term by term, beside what np.einsum gives: a Report.

    `arrays`: one per operand, as for np.einsum (or `load`, by name); without them the page shows which elements meet.
    `at`: the element's coordinates, negative ones from the end; a result without axes needs none. `top`: how many terms
    are shown, the largest first where there are more. `nonfinite`: find the first nan or inf of the result, in C order,
    and the inputs that caused it. The other arguments are those of `generate`. What the dtype does to the element
    (overflow, OR, cancellation, accumulated rounding) is in `report.findings`; `report.facts` has every number.

    Raises EinloopError where the expression, the arrays or the coordinates are refused.

    >>> report = why("ij,jk->ik", [[1, 2], [3, 4]], [[5, 6], [7, 8]], at=(1, 0))
    >>> print(report.sections[0].parts[1].text)
    C[1,0] = A[1,0]·B[0,0] + A[1,1]·B[1,0]
           = 3·5 + 4·7
           = 43
    >>> report.facts["total"]["einsum"]
    43
    """
    check_type("top", top, int)
    check_type("nonfinite", nonfinite, bool)
    if arrays and load is not None:
        raise OptionError("EL480", "arrays given twice, as arguments and by load", hint="leave one of them out")
    text = text_of(expression)
    given = arrays or load
    options = operand_options(
        notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=given, names=names, result=result
    )
    if arrays:
        check_count(read(text, options.notation), len(arrays))
    return shown(why_spec(read_spec(text, options), options, at=_place(at), top=top, nonfinite=nonfinite))


def _place(at: Any) -> tuple[int, ...] | None:
    """Return coordinates as whole numbers. Raises OptionError."""
    if at is None:
        return None
    try:
        one = not isinstance(at, str) and hasattr(at, "__index__")
        place = tuple(int(number.__index__()) for number in ([at] if one else entries(at, "at")))
    except Exception:  # whatever foreign objects raise
        place = (MAX_EXTENT + 1,)
    if any(abs(number) > MAX_EXTENT for number in place):
        raise OptionError("EL421", f"{displayed(at)} are no coordinates", hint="whole numbers, such as (1, 2)")
    return place
