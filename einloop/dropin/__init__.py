"""np.einsum's own call, checked by einloop and computed by generated loops, with einloop's errors and warnings.

Takes the call forms and keywords of np.einsum. What plain loops would take too long for, and what np.einsum answers
with a view, is computed by np.einsum after the checks; tensors of PyTorch and arrays of JAX by their own einsum.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import prod
from typing import Any

from .. import pipeline
from ..analysis.diagnose import diagnose
from ..core.bind import Shape, bind_sizes
from ..core.errors import OptionError
from ..core.generated import Form, Generated
from ..core.options import Options
from ..core.spec import Spec
from ..core.warning import EinloopWarning
from ..notation.subscripts import read_subscripts
from ..runners.arrays import as_array
from ..runners.operands import check_out, common_dtype
from .call import as_text, bound, named_dtype, operands_of, subscripts_of
from .keywords import check_optimize
from .libraries import check_there, common_kind
from .words import Warned, warnings_of

__all__ = ["einsum"]

ORDERS = ("K", "A", "C", "F")
CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
MANY_ELEMENTS = 2_000_000
"""Elements that loops read and write, from which on np.einsum computes: loops take 0.04 to 0.08 seconds a million."""


def einsum(
    *operands: Any,
    out: Any = None,
    dtype: Any = None,
    order: str = "K",
    casting: str = "safe",
    optimize: Any = False,
    **keywords: Any,
) -> Any:
    """Return what np.einsum(*operands, ...) returns, computed by nested Python loops while they are quick.

    `operands`: subscripts and arrays, or arrays and lists of labels. `out`, `dtype`, `order` and `casting` mean what
    they mean to np.einsum; `optimize` means something where np.einsum computes, for large operands: there is one order
    of loops. Views are np.einsum's own. PyTorch's tensors and JAX' arrays are computed by their einsum, with `keywords`
    that it knows, so that gradients, devices and jit stay as they are; only shapes and dtypes are looked at.

    Raises EinloopError where np.einsum refuses, naming index, operand and axis. Gives an EinloopWarning where the
    expression is legal and probably not meant; `warnings.filterwarnings("ignore", message="EL702")` filters by id.

    >>> einsum("ij,j->i", [[1, 2], [3, 4]], [10, 100]).tolist()
    [210, 430]
    """
    values = operands_of(operands)
    kind = common_kind(values)
    if kind is not None:
        keywords |= _changed(out, dtype, order, casting, optimize)
        found = check_there(kind, operands, values, keywords)
        compute: Callable[[], Any] = partial(kind.einsum, *as_text(operands), **keywords)
    elif keywords:
        raise TypeError(f"einsum() got an unexpected keyword argument {next(iter(keywords))!r}")
    else:
        found, compute = _prepared(operands, values, _Asked(out, dtype, order, casting, optimize))
    for id, text in found:
        warnings.warn(EinloopWarning(id, text), stacklevel=2)
    return compute()


def _changed(out: Any, dtype: Any, order: str, casting: str, optimize: Any) -> dict[str, Any]:
    """Return the keywords that are not as they are by default."""
    given = {"out": out, "dtype": dtype, "order": order, "casting": casting, "optimize": optimize}
    plain = {"out": out is None, "dtype": dtype is None, "order": order == "K", "casting": casting == "safe"}
    return {name: value for name, value in given.items() if not plain.get(name, optimize is False)}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The keywords of np.einsum in one call."""

    out: Any
    dtype: Any
    order: str
    casting: str
    optimize: Any


def _prepared(operands: tuple[Any, ...], values: Sequence[Any], asked: _Asked) -> tuple[Warned, Callable[[], Any]]:
    """Return the warnings for a call with numpy's arrays, and what computes it. Raises EinloopError."""
    import numpy as np

    if asked.order not in ORDERS:
        raise OptionError("EL402", f"order={asked.order!r}", hint=f"one of {', '.join(ORDERS)}")
    if asked.casting not in CASTINGS:
        raise OptionError("EL402", f"casting={asked.casting!r}", hint=f"one of {', '.join(CASTINGS)}")
    check_optimize(asked.optimize)
    text = subscripts_of(operands, values)
    arrays = [as_array(value, f"operand {number}") for number, value in enumerate(values)]
    shapes = tuple(array.shape for array in arrays)
    spec = bound(text, shapes)
    check_out(spec, asked.out)
    if spec.is_view and asked.out is None:
        return _warned(text, shapes, _dtypes(arrays)), partial(np.einsum, spec.subscripts, *arrays)
    common = common_dtype(spec, arrays, asked.out, asked.dtype, asked.casting)
    dtypes = (named_dtype(common),) * len(arrays) if asked.dtype is not None else _dtypes(arrays)
    elements = prod(index.extent for index in spec.indices if isinstance(index.extent, int)) * (len(arrays) + 1)
    compute = _by_numpy if elements > MANY_ELEMENTS else _by_loops
    return _warned(text, shapes, dtypes), partial(compute, spec, arrays, common, asked)


def _by_loops(spec: Spec, arrays: Sequence[Any], common: Any, asked: _Asked) -> Any:
    import numpy as np

    arrays = [array.astype(common) for array in arrays]
    result = _loops(spec.subscripts, tuple(array.shape for array in arrays)).run(*arrays)
    if asked.out is None:
        return np.asarray(result, order="F") if asked.order == "F" and isinstance(result, np.ndarray) else result
    total = np.asarray(result, dtype=common)
    if spec.is_view and total.dtype.kind == "O":
        total = np.asarray(0 + total, dtype=object)  # into out= np.einsum computes, and sums of objects start from 0
    np.copyto(asked.out, total, casting="unsafe")
    return asked.out


def _by_numpy(spec: Spec, arrays: Sequence[Any], common: Any, asked: _Asked) -> Any:
    """Return what np.einsum computes for arrays that are checked."""
    import numpy as np

    asis = {"out": asked.out, "order": asked.order, "casting": asked.casting}
    if isinstance(asked.optimize, bool) and not asked.optimize:
        return np.einsum(spec.subscripts, *arrays, dtype=asked.dtype, **asis)
    # in pairs, operands of several dtypes would not meet in the common one from the start
    arrays = [array.astype(common, copy=False) for array in arrays]
    try:
        return np.einsum(spec.subscripts, *arrays, dtype=asked.dtype, optimize=asked.optimize, **asis)
    except Exception as error:
        if asked.optimize in (True, "greedy", "optimal"):
            raise
        raise OptionError("EL402", f"optimize={asked.optimize!r}: {type(error).__name__}: {error}") from None


@lru_cache(maxsize=512)
def _loops(subscripts: str, shapes: tuple[Shape, ...]) -> Generated:
    options = Options(form=Form.FUNCTION, names=tuple(f"operand_{number}" for number in range(len(shapes))))
    spec = pipeline.bind(read_subscripts(subscripts), options)
    return pipeline.generate(bind_sizes(spec, shapes), options)


@lru_cache(maxsize=512)
def _warned(text: str, shapes: tuple[Shape, ...], dtypes: tuple[str | None, ...]) -> Warned:
    """Return id and text of every warning for a call: found once, however often it is made."""
    return warnings_of(diagnose(bound(text, shapes), dtypes))


def _dtypes(arrays: Sequence[Any]) -> tuple[str | None, ...]:
    return tuple(named_dtype(array.dtype) for array in arrays)
