"""What a dtype does to the number that a step writes: wraps it around, makes it infinite, loses it, rounds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite, isinf, isnan, prod
from typing import Any

from ...core.arithmetic import shortest
from ...core.dtypes import DTYPES, DtypeKind
from ...core.message import Code, Message
from ...core.trace import MAX_WRITES, UNKNOWN, TraceStep


def number_reasons(step: TraceStep, *, rounds: bool) -> Iterator[Message]:
    """Yield what the dtype of a step does to its numbers; `rounds`: the step rounds its cell to another dtype."""
    if UNKNOWN in (step.before, step.after):
        yield Message("trace.unknown", {"limit": MAX_WRITES})
        return
    if step.dtype is None:
        return
    kind = DTYPES[step.dtype].kind
    if rounds:
        yield from _rounded(step)
    elif kind in (DtypeKind.SIGNED, DtypeKind.UNSIGNED):
        yield from _wrapped(step, step.dtype)
    elif kind is DtypeKind.LOGIC and step.before is not None:
        yield Message("trace.logic", {"after": _number(str(step.after))})
    elif kind is DtypeKind.FLOAT:
        yield from _floats(step, step.dtype)


def _rounded(step: TraceStep) -> Iterator[Message]:
    value = step.terms[0].value
    assert step.dtype is not None
    texts = {
        "dtype": Code(step.dtype),
        "before": _number(repr(value)),
        "after": _number(shortest(step.dtype, step.after)),
    }
    if texts["before"] == texts["after"]:  # fewer digits are enough to tell it from its neighbours
        texts["after"] = _number(repr(step.after))
    same = value == step.after or value != value  # noqa: PLR0124
    yield Message("trace.exact" if same else "trace.rounded", texts)


def _wrapped(step: TraceStep, dtype: str) -> Iterator[Message]:
    """Yield that an integer wrapped around. Factors are read as they are: what they were made of was told before."""
    exact = _exact(step)
    if exact is None or exact == step.after:
        return
    bits = 8 * DTYPES[dtype].bytes
    low, high = (
        (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if DTYPES[dtype].kind is DtypeKind.SIGNED else (0, 2**bits - 1)
    )
    values = {"exact": _number(str(exact)), "after": _number(str(step.after)), "dtype": Code(dtype)}
    yield Message("trace.wraps", {**values, "low": _number(str(low)), "high": _number(str(high))})


def _exact(step: TraceStep) -> int | None:
    """Return what a step would make without wrapping; None where it divides."""
    total = step.before or 0
    for term in step.terms:
        if term.over or not all(isinstance(value, int) for _, value in term.factors):
            return None
        product = prod((value for _, value in term.factors), start=term.times)
        total = total - product if term.negative else total + product
    return total if isinstance(total, int) else None


def _floats(step: TraceStep, dtype: str) -> Iterator[Message]:
    """Yield that a float became nan or infinite here, or that what is added is lost."""
    old, new = step.before, step.after
    if not isinstance(new, float) or (old is not None and not isinstance(old, float | int)):
        return
    if isnan(new) and (old is None or not isnan(old)):
        yield _nan(step)
    elif isinf(new) and (old is None or isfinite(old)):
        finite = all(isfinite(value) for term in step.terms for _, value in term.factors if isinstance(value, float))
        if finite:
            yield Message("trace.overflow", {"dtype": Code(dtype), "after": _number(shortest(dtype, new))})
    elif old is not None and new == old and isfinite(new) and len(step.terms) == 1:
        value = step.terms[0].value
        if isinstance(value, float) and value:
            texts = {"value": _number(shortest(dtype, value)), "after": _number(shortest(dtype, new))}
            yield Message("trace.lost", {"dtype": Code(dtype), **texts})


def _nan(step: TraceStep) -> Message:
    """Return why a sum became nan: a factor is, a product of 0 and infinity is, or two infinities cancel."""
    for term in step.terms:
        for cell, value in term.factors:
            if isinstance(value, float) and isnan(value):
                return Message("trace.nan.read", {"cell": Code(str(cell))})
    if any(_is_nan(term.value) for term in step.terms):
        return Message("trace.nan.product")
    return Message("trace.nan.sum")


def _number(text: str) -> Code:
    """Return a number with the minus sign that views write."""
    return Code(re.sub("(?<!e)-", "−", text))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and isnan(value)
