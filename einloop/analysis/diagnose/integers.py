"""EL708: sums and products that leave an integer dtype. np.einsum keeps the dtype and wraps around."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from ...core.dtypes import SIGNED, UNSIGNED
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from .case import Case, amount

SMALL = ("int8", "int16", "uint8", "uint16")
"""A handful of ordinary values already leaves these."""
WIDE = "int64"
AFFORDABLE = 10**8
"""Loop iterations of np.einsum that the true sum may cost: a tenth of a second or so."""


def largest(dtype: str) -> int:
    """Return the largest value of an integer dtype, or of bool.

    >>> largest("int8"), largest("uint16"), largest("bool")
    (127, 65535, 1)
    """
    if dtype == "bool":
        return 1
    bits = int(dtype.removeprefix("u").removeprefix("int"))
    return (1 << bits if dtype in UNSIGNED else 1 << (bits - 1)) - 1


def wrapping(case: Case) -> Iterator[Finding]:
    """Yield a finding where a sum can leave its dtype; with values at hand, only where it does."""
    dtype = case.dtype
    if dtype not in (*SIGNED, *UNSIGNED) or not case.spec.summed:
        return
    assert dtype is not None
    if case.values:
        true = _true_extreme(case)
        if true is not None:
            if true > largest(dtype) or true < _least(dtype):
                yield _does(case, dtype, true)
            return
    yield from _can(case, dtype)


def _least(dtype: str) -> int:
    return 0 if dtype in UNSIGNED else -largest(dtype) - 1


def _can(case: Case, dtype: str) -> Iterator[Finding]:
    """Yield a finding where values of these dtypes can make a sum that does not fit."""
    known = [name for name in case.dtypes if name is not None]
    terms = case.terms
    if dtype in (WIDE, "uint64") or (terms is not None and terms <= 1):
        return
    product = prod(largest(name) + (name in SIGNED) for name in known)
    if terms is not None and terms * product <= largest(dtype):
        return
    values: dict[str, Value] = {
        "dtype": Code(dtype),
        "dtypes": codes(list(dict.fromkeys(known))),
        "limit": amount(largest(dtype)),
    }
    kind = "can_unknown"
    if terms is not None:
        kind = "can"
        values |= {"count": terms, "bound": amount(terms * product)}
    kind += "_values" if len(case.spec.operands) == 1 else ""
    yield Finding(
        id="EL708",
        severity=Severity.WARNING if dtype in SMALL else Severity.NOTE,
        message=Message(f"diagnose.wrap.{kind}", values | {"call": Code(f"dtype=np.{WIDE}")}),
        text=case.spec.source.text,
    )


def _does(case: Case, dtype: str, true: int) -> Finding:
    fits = -(2**63) <= true < 2**63
    call = f"dtype=np.{WIDE}" if fits else "dtype=object"
    values: dict[str, Value] = {"dtype": Code(dtype), "limit": Code(str(largest(dtype) if true > 0 else _least(dtype)))}
    return Finding(
        id="EL708",
        severity=Severity.WARNING,
        message=Message("diagnose.wrap.does", values | {"true": Code(str(true)), "call": Code(call)}),
        text=case.spec.source.text,
    )


def _true_extreme(case: Case) -> int | None:
    """Return the element of the true result that is farthest from 0, or None where that costs too much."""
    import numpy as np

    points = prod(index.extent for index in case.spec.indices if isinstance(index.extent, int))
    arrays = [np.asarray(value) for value in case.values]
    if any(array.size == 0 for array in arrays):
        return 0
    bound = (case.terms or 0) * prod(max(abs(int(array.max())), abs(int(array.min()))) for array in arrays)
    if points > AFFORDABLE or (bound >= 2**63 and points > AFFORDABLE // 100):
        return None
    wide = "int64" if bound < 2**63 else object
    subscripts = case.spec.subscripts
    result = np.asarray(np.einsum(subscripts, *(array.astype(wide) for array in arrays)), dtype=wide)
    if result.size == 0:
        return 0
    return max(int(result.max()), int(result.min()), key=abs)
