"""`einloop.find`: shapes or arrays of an example in, a Report of the einsums that fit it out."""

from __future__ import annotations

from typing import Any, Unpack

from ..core.errors import OptionError, displayed
from ..core.options import FindOptions
from ..core.report import Report
from ..notation.shapes import read_named_shape
from ..pipeline.find import SECONDS, TOP, Wanted
from ..pipeline.find import find as find_sample
from ..pipeline.page import shown
from .options import options_from, takes
from .values import check_type, guarded, shape_of


@takes(FindOptions)
def find(
    *arrays: Any,
    result: Any = None,
    top: int = TOP,
    seconds: float = SECONDS,
    **options: Unpack[FindOptions],
) -> Report:
    """Return the einsums that fit an example: the shapes of operands and result, or their values.

    Parameters
    ----------
    *arrays : array_like
        The operands; or give `load`, by name, or `shapes` alone.
    result : tuple, str or array_like
        A tuple or a text such as '2x4' is the shape of the result, `()` that of one number; anything else is the result
        itself. Where every operand has an array too, only what gives its values is found, up to one factor.
    top : int, default 5
        How many are shown, the simplest first.
    seconds : float, default 20.0
        How long values are tried at most.
    **options
        `shapes` and `load`, both in order or by name, and `names` of the operands.

    Returns
    -------
    Report
        `facts["found"]["answers"]` has `subscripts`, `call` and more of each, `facts["found"]["count"]` how many fit;
        0 where none does, and the page says why.

    Raises
    ------
    EinloopError
        Where an array, a shape or an option is refused.

    Examples
    --------
    >>> report = find(shapes=[(100, 4, 4), (100, 4)], result=(100, 4))
    >>> [answer["subscripts"] for answer in report.facts["found"]["answers"]][:2]
    ['ijk,ik->ij', 'ijk,ij->ik']
    >>> report = find([[1, 2], [3, 4]], [[5, 6], [7, 9]], result=[[5, 14], [18, 36]])
    >>> [answer["call"] for answer in report.facts["found"]["answers"]]
    ["C = np.einsum('ij,ji->ij', A, B)  # i=2, j=2"]
    """
    if arrays and options.get("load") is not None:
        raise OptionError("EL480", "arrays given twice, as arguments and by load", hint="leave one of them out")
    known = options_from(find, {**options, "load": arrays} if arrays else options)
    check_type("top", top, int)
    check_type("seconds", seconds, (int, float))
    return shown(find_sample(known, _wanted(result), top=top, seconds=seconds))


@guarded
def _wanted(result: Any) -> Wanted:
    """Return the result that a caller describes. Raises EinloopError."""
    if result is None:
        raise OptionError("EL474", "find needs the result", hint="result=(2, 4), its shape, or the array itself")
    if isinstance(result, str):
        name, shape = read_named_shape(result)
        return Wanted(shape=shape, name=name)
    if isinstance(result, tuple):
        found = shape_of(result)
        if found is None:
            raise OptionError("EL405", f"{displayed(result)} is not a shape")
        return Wanted(shape=found)
    from ..pipeline.given import open_array  # numpy, or what stands for it

    array = open_array(result, "the result")
    return Wanted(shape=array.shape, array=array)
