"""The two forms of np.einsum's call: subscripts and arrays, or arrays and lists of labels. Reads no arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..core.bind import Shape, check_count
from ..core.dtypes import dtype_name
from ..core.errors import DtypeError, OptionError
from ..core.spec import Spec
from ..notation.sublists import read_sublists
from ..notation.subscripts import read_subscripts
from ..pipeline.advice import bind_with_advice


def operands_of(operands: tuple[Any, ...]) -> list[Any]:
    """Return the arrays of either call form."""
    if not operands:
        raise OptionError("EL402", "no subscripts and no operands", hint="einsum('ij,jk->ik', A, B)")
    if isinstance(operands[0], str | bytes):
        return list(operands[1:])
    return list(operands[: len(operands) - len(operands) % 2 : 2])


def subscripts_of(operands: tuple[Any, ...], values: Sequence[Any]) -> str:
    """Return the subscripts of a call, sublists as letters. Raises EinloopError for too many or too few operands."""
    if isinstance(operands[0], str | bytes):
        text = str(as_text(operands)[0])
        check_count(read(text), len(values))
        return text
    pairs = len(operands) - len(operands) % 2
    if not pairs:
        raise OptionError("EL402", "the first argument is no subscripts string, and no list of labels follows it")
    given = len(operands) > pairs
    return read_sublists(operands[1:pairs:2], operands[-1] if given else None, given=given).subscripts


def as_text(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments with subscripts as a plain string."""
    first = operands[0]
    if isinstance(first, bytes):
        first = first.decode("latin-1")
    return (str(first), *operands[1:]) if isinstance(first, str) else operands


@lru_cache(maxsize=512)
def read(text: str) -> Spec:
    """Return the metadata of subscripts, read once."""
    return read_subscripts(text)


@lru_cache(maxsize=512)
def bound(text: str, shapes: tuple[Shape, ...]) -> Spec:
    """Return subscripts with the extents that shapes give; a refusal says what would fit."""
    return bind_with_advice(read(text), shapes)


def named_dtype(dtype: Any) -> str | None:
    """Return the name of a dtype of numpy, torch or JAX, None where it has no sums, or none that are known."""
    try:
        return dtype_name(getattr(dtype, "str", None) or str(dtype))
    except DtypeError:
        return None
