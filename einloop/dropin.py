"""np.einsum's own call, computed by generated loops, with einloop's errors.

Takes the call forms and keywords of np.einsum. Differs in one thing that shows: where np.einsum returns a view,
loops return a copy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from . import pipeline
from .core.bind import Shape, bind_sizes, check_count, operand_title
from .core.errors import DtypeError, OptionError, ShapeError
from .core.generated import Form, Generated
from .core.options import Options
from .core.spec import Spec
from .notation.sublists import read_sublists
from .notation.subscripts import read_subscripts
from .pipeline.advice import bind_with_advice
from .runners.arrays import as_array

ORDERS = ("K", "A", "C", "F")
CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")


def einsum(
    *operands: Any, out: Any = None, dtype: Any = None, order: str = "K", casting: str = "safe", optimize: Any = False
) -> Any:
    """Return what np.einsum(*operands, ...) returns, computed by nested Python loops.

    `operands`: subscripts and arrays, or arrays and lists of labels. `out`, `dtype`, `order` and `casting` mean
    what they mean to np.einsum; `optimize` is accepted and changes nothing, since there is one order of loops.
    Raises EinloopError where np.einsum refuses, naming index, operand and axis.

    >>> einsum("ij,j->i", [[1, 2], [3, 4]], [10, 100]).tolist()
    [210, 430]
    """
    import numpy as np

    if order not in ORDERS:
        raise OptionError("EL402", f"order={order!r}", hint=f"one of {', '.join(ORDERS)}")
    if casting not in CASTINGS:
        raise OptionError("EL402", f"casting={casting!r}", hint=f"one of {', '.join(CASTINGS)}")
    spec, values = _read(operands)
    arrays = [as_array(value, f"operand {number}") for number, value in enumerate(values)]
    bound = bind_with_advice(spec, [array.shape for array in arrays])
    _check_out(bound, out)
    common = None
    if not (bound.is_view and out is None):
        common = _common_dtype(bound, arrays, out, dtype, casting)
        arrays = [array.astype(common) for array in arrays]
    result = _loops(spec, tuple(array.shape for array in arrays)).run(*arrays)
    if out is None:
        return np.asarray(result, order="F") if order == "F" and isinstance(result, np.ndarray) else result
    total = np.asarray(result, dtype=common)
    if bound.is_view and total.dtype.kind == "O":
        total = np.asarray(0 + total, dtype=object)  # into out= np.einsum computes, and sums of objects start from 0
    np.copyto(out, total, casting="unsafe")
    return out


def _read(operands: tuple[Any, ...]) -> tuple[Spec, list[Any]]:
    """Return the expression and its operands from either call form."""
    if not operands:
        raise OptionError("EL402", "no subscripts and no operands", hint="einsum('ij,jk->ik', A, B)")
    first = operands[0]
    if isinstance(first, bytes):
        first = first.decode("latin-1")
    if isinstance(first, str):
        spec = read_subscripts(str(first))
        values = list(operands[1:])
    else:
        values = list(operands[: len(operands) - len(operands) % 2 : 2])
        lists = list(operands[1 : len(operands) - len(operands) % 2 : 2])
        if not lists:
            raise OptionError("EL402", "the first argument is no subscripts string, and no list of labels follows it")
        given = len(operands) % 2 == 1
        spec = read_sublists(lists, operands[-1] if given else None, given=given)
    check_count(spec, len(values))
    return spec, values


@lru_cache(maxsize=512)
def _cached_loops(subscripts: str, shapes: tuple[Shape, ...]) -> Generated:
    options = Options(form=Form.FUNCTION, names=tuple(f"operand_{number}" for number in range(len(shapes))))
    spec = pipeline.bind(read_subscripts(subscripts), options)
    return pipeline.generate(bind_sizes(spec, shapes), options)


def _loops(spec: Spec, shapes: tuple[Shape, ...]) -> Generated:
    return _cached_loops(spec.subscripts, shapes)


def _check_out(spec: Spec, out: Any) -> None:
    import numpy as np

    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise OptionError("EL402", f"out is a {type(out).__name__}, not an array")
    wanted = tuple(spec.by_label[label].extent for label in spec.output)
    if out.ndim != len(wanted):
        raise ShapeError("EL207", f"out has {out.ndim} axes, the result has {len(wanted)}")
    for axis, (size, extent) in enumerate(zip(out.shape, wanted, strict=True)):
        if extent not in (size, 1):
            raise ShapeError("EL207", f"out axis {axis} is {size}, the result needs {extent}", axis=axis)


def _common_dtype(spec: Spec, arrays: list[Any], out: Any, dtype: Any, casting: Any) -> Any:
    """Return the dtype in which to compute; refuse operands that `casting` does not let in."""
    import numpy as np

    others = [] if out is None else [out]
    try:
        common = np.result_type(*arrays, *others) if dtype is None else np.dtype(dtype)
    except TypeError as error:
        raise DtypeError("EL301", f"the dtypes have no common one: {str(error).partition('.')[0]}") from None
    if common.kind not in "biufcO":
        raise DtypeError("EL301", f"np.einsum has no sums and products for dtype {common}")
    for number, array in enumerate(arrays):
        if not np.can_cast(array.dtype, common, casting=casting):
            raise DtypeError(
                "EL302",
                f"{operand_title(spec, number)} has dtype {array.dtype}, which casting={casting!r} keeps from {common}",
                operand=number,
                hint="casting='unsafe' allows it" if dtype is not None else None,
            )
    for one, other in ((out.dtype, common), (common, out.dtype)) if out is not None else ():
        if not np.can_cast(one, other, casting=casting):
            raise DtypeError(
                "EL302",
                f"out has dtype {out.dtype}, the sums have {common}: casting={casting!r} keeps {one} from {other}",
            )
    return common
