"""What np.einsum asks of out=, dtype=, casting= and optimize=."""

from __future__ import annotations

from typing import Any

from ..core.bind import operand_title
from ..core.errors import DtypeError, OptionError, ShapeError
from ..core.spec import Spec

ORDERS_OF_PAIRS = ("greedy", "optimal")
"""What np.einsum finds a path by. Source: numpy's documentation of np.einsum_path."""
PATH = "einsum_path"


def check_optimize(optimize: Any) -> None:
    """Raise OptionError unless `optimize` is something that np.einsum understands."""
    if optimize is None or isinstance(optimize, bool) or (isinstance(optimize, str) and optimize in ORDERS_OF_PAIRS):
        return
    if isinstance(optimize, list | tuple) and optimize:
        way, *rest = optimize
        limited = len(rest) == 1 and isinstance(rest[0], int | float)
        if isinstance(way, str) and (way == PATH or (way in ORDERS_OF_PAIRS and limited)):
            return
    raise OptionError(
        "EL402",
        f"optimize={optimize!r}",
        hint=f"one of False, True, {', '.join(map(repr, ORDERS_OF_PAIRS))}, a pair such as ('greedy', 10**6), which "
        "limits the elements of a step, or a path such as ['einsum_path', (0, 1)]",
    )


def check_out(spec: Spec, out: Any) -> None:
    """Raise EinloopError unless `out` is an array in which the result of a bound `spec` has room."""
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


def common_dtype(spec: Spec, arrays: list[Any], out: Any, dtype: Any, casting: Any) -> Any:
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
                f"{operand_title(spec, number)} has dtype {array.dtype}, and casting={casting!r} does not allow it to "
                f"become {common}",
                operand=number,
                hint="casting='unsafe' allows it" if dtype is not None else None,
            )
    for one, other in ((out.dtype, common), (common, out.dtype)) if out is not None else ():
        if not np.can_cast(one, other, casting=casting):
            raise DtypeError(
                "EL302",
                f"out has dtype {out.dtype}, the sums have {common}: casting={casting!r} does not allow {one} to "
                f"become {other}",
            )
    return common
