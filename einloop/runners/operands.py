"""Arrays as callers give them, out= among them, as kernels take them: native, aligned, their layout known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..core.bind import operand_title
from ..core.dtypes import WIDER_HINT, array_dtype, dtype_name, dtype_text
from ..core.errors import DtypeError, OptionError, ShapeError, with_article
from ..core.layout import Layout
from ..core.program import Program
from ..core.spec import Spec
from .arrays import as_operand

Signature = tuple[object, ...]


def as_operands(spec: Spec, values: Sequence[Any]) -> list[Any]:
    """Return values as arrays, one for each operand of `spec`. Raises EinloopError where one is none."""
    return [v if type(v) is np.ndarray else as_operand(v, operand_title(spec, n)) for n, v in enumerate(values)]


def signature(values: Sequence[Any]) -> Signature | None:
    """Return what tells how arrays lie in memory, None where some value is not a plain array."""
    found: list[object] = []
    for value in values:
        if type(value) is not np.ndarray:
            return None
        found += (value.shape, value.dtype, value.strides, value.flags.aligned)
    return tuple(found)


def writeable(out: Any, shape: tuple[int, ...], dtype: Any) -> bool:
    """Return whether `out` is an array of this shape and dtype that may be written."""
    try:
        return bool(out.shape == shape and out.dtype == dtype and out.flags.writeable)
    except Exception:  # whatever it is, it is no such array
        return False


def ready(array: Any, dtype: Any = None) -> Any:
    """Return an array of a dtype, its own by default, in native byte order, aligned, with strides that are whole
    elements: itself where it is so."""
    wanted = (array.dtype if dtype is None else dtype).newbyteorder("=")
    if array.dtype != wanted or not array.dtype.isnative:
        return array.astype(wanted, order="C")
    size = max(array.itemsize, 1)
    whole = array.flags.aligned and all(s % size == 0 for s, n in zip(array.strides, array.shape, strict=True) if n > 1)
    return array if whole else array.copy(order="C")


def contiguous(array: Any) -> Any:
    """Return an array whose last axis runs fastest, without gaps: itself where it is so."""
    return array if array.flags.c_contiguous else array.copy(order="C")


def layout_of(array: Any) -> Layout:
    """Return the layout of an array that is ready. Raises DtypeError where its dtype has no arithmetic.

    >>> import numpy as np
    >>> layout_of(np.zeros((2, 3), "f4")[:, ::-1]).strides, layout_of(np.zeros((2, 3))).strides
    ((3, -1), None)
    """
    plain = array.flags.c_contiguous
    strides = None if plain else tuple(
        s // array.itemsize if n > 1 else 0 for s, n in zip(array.strides, array.shape, strict=True)
    )  # fmt: skip
    return Layout(shape=array.shape, dtype=dtype_name(array.dtype.str), strides=strides)


def check_out(spec: Spec, out: Any) -> None:
    """Raise EinloopError unless `out` is an array in which the result of a bound `spec` has room."""
    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise OptionError("EL477", f"out is {with_article(type(out).__name__)}, not an array")
    wanted = tuple(spec.by_label[label].extent for label in spec.output)
    if out.ndim != len(wanted):
        raise ShapeError("EL207", f"out has {out.ndim} axes, the result has {len(wanted)}")
    for axis, (size, extent) in enumerate(zip(out.shape, wanted, strict=True)):
        if extent not in (size, 1):
            raise ShapeError("EL207", f"out axis {axis} is {size}, the result needs {extent}", axis=axis)
    if not out.flags.writeable:
        raise OptionError("EL477", "out is an array that may not be written")


def common_dtype(spec: Spec, arrays: Sequence[Any], out: Any, dtype: Any, casting: Any) -> Any:
    """Return the dtype in which to compute; refuse operands that `casting` does not let in."""
    for number, array in enumerate(arrays):
        _check_arithmetic(array, operand_title(spec, number), number)
    if out is not None:
        _check_arithmetic(out, "out", None)
    others = [] if out is None else [out]
    try:
        common = np.result_type(*arrays, *others) if dtype is None else np.dtype(dtype)
    except TypeError as error:
        raise DtypeError("EL301", f"dtype={dtype!r}: {error}") from None
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


def _check_arithmetic(array: Any, what: str, number: int | None) -> None:
    """Raise DtypeError where the elements of an array cannot be multiplied and added."""
    if array.dtype.kind not in "biufcO":
        name = array_dtype(dtype_text(array.dtype), what, number)
        raise DtypeError(
            "EL305", f"{what} has dtype {name}, which numpy does not have", operand=number, hint=WIDER_HINT
        )


def compute(kernel: Callable[..., object], arrays: Sequence[Any], shape: Sequence[int], dtype: Any, out: Any) -> Any:
    """Return what a kernel computes: a new array or scalar, or `out` itself.

    The kernel writes straight into `out` where that is laid out as the result is and shares no memory with an operand;
    else into an array of its own, which is copied.
    """
    if out is None:
        result = np.empty(shape, dtype)
        kernel(*arrays, result)
        return result if shape else result[()]
    if _takes(out, shape, dtype) and not any(np.may_share_memory(out, array) for array in arrays):
        kernel(*arrays, np.asarray(out))
        return out
    result = np.empty(shape, dtype)
    kernel(*arrays, result)
    np.copyto(out, result, casting="unsafe")  # common_dtype found the cast to be allowed
    return out


def _takes(out: Any, shape: Sequence[int], dtype: Any) -> bool:
    """Return whether a kernel for this shape and dtype may write into `out`."""
    return bool(out.shape == tuple(shape) and out.dtype == dtype and out.dtype.isnative and out.flags.carray)


def declared(program: Program, values: Iterable[Any]) -> list[Any]:
    """Return values as aligned arrays of the dtypes that a program declares, their last axis fastest."""
    buffers = program.nest.inputs
    return [
        np.require(np.asarray(value), buffer.dtype, ("C", "A")) for value, buffer in zip(values, buffers, strict=True)
    ]


def handed(program: Program, arrays: list[Any]) -> list[Any]:
    """Return the arrays of the inputs that a program's function reads, and does not write."""
    nest = program.nest
    if not nest.updates:
        return arrays
    return [array for array, name in zip(arrays, program.inputs, strict=True) if name != nest.result.name]


def new_result(program: Program, arrays: Sequence[Any]) -> tuple[list[int], Any]:
    """Return the extents that a program's function takes as parameters, and an array that it may fill.

    That is a copy of the input that has the result's name, where the function writes in its place.
    """
    sizes = {name: arrays[number].shape[axis] for name, number, axis in program.extents}
    result = program.nest.result
    if program.nest.updates:
        return list(sizes.values()), arrays[program.inputs.index(result.name)].copy()
    shape = tuple(sizes[extent] if extent in sizes else int(extent) for extent in result.extents)
    return list(sizes.values()), np.empty(shape, result.dtype)
