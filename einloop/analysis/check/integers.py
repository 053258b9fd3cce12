"""EL708: sums and products that leave an integer dtype. np.einsum keeps the dtype and wraps around, sum or no sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from ...core.dtypes import SIGNED, UNSIGNED, item_bytes
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from .case import CheckCase, amount, unless_cast

SMALL = tuple(name for name in (*SIGNED, *UNSIGNED) if item_bytes(name) < 4)
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
    bits = 8 * item_bytes(dtype)
    return (1 << bits if dtype in UNSIGNED else 1 << (bits - 1)) - 1


def wrapping(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where a sum or a product can leave its dtype; with values at hand, only where it does."""
    dtype = case.dtype
    if dtype not in (*SIGNED, *UNSIGNED) or case.spec.is_view:
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
    return -largest(dtype) - 1 if dtype in SIGNED else 0


def _extremes(dtypes: Sequence[str]) -> tuple[int, int]:
    """Return the least and the largest product of one value of each dtype.

    >>> _extremes(["int8", "uint8"]), _extremes(["bool", "int8"])
    ((-32640, 32385), (-128, 127))
    """
    low = high = 1
    for dtype in dtypes:
        ends = [one * other for one in (low, high) for other in (_least(dtype), largest(dtype))]
        low, high = min(ends), max(ends)
    return low, high


def _can(case: CheckCase, dtype: str) -> Iterator[Finding]:
    """Yield a finding where values of these dtypes can make a sum or a product that does not fit."""
    known = [name for name in case.dtypes if name is not None]
    terms = case.terms
    low, high = _extremes(known)
    fits = terms is not None and _least(dtype) <= terms * low and terms * high <= largest(dtype)
    if dtype in (WIDE, "uint64") or fits:
        return
    product = max(high, -low)
    values: dict[str, Value] = {
        "dtype": Code(dtype),
        "dtypes": codes(list(dict.fromkeys(known))),
        "limit": amount(largest(dtype)),
    }
    if terms == 1:
        kind = "can_product"
        values["bound"] = amount(product)
    elif terms is not None:
        kind = "can"
        values |= {"count": terms, "bound": amount(terms * product)}
    else:
        kind = "can_unknown"
    kind += "_values" if len(case.spec.operands) == 1 else ""
    yield Finding(
        id="EL708",
        severity=Severity.WARNING if dtype in SMALL else Severity.NOTE,
        message=unless_cast(case, Message(f"diagnose.wrap.{kind}", values | {"call": Code(f"dtype=np.{WIDE}")})),
        text=case.spec.source.text,
    )


def _does(case: CheckCase, dtype: str, true: int) -> Finding:
    fits = -(2**63) <= true < 2**63
    call = f"dtype=np.{WIDE}" if fits else "dtype=object"
    values: dict[str, Value] = {"dtype": Code(dtype), "limit": Code(str(largest(dtype) if true > 0 else _least(dtype)))}
    kind = "does" if case.spec.summed else "does_product"
    return Finding(
        id="EL708",
        severity=Severity.WARNING,
        message=unless_cast(
            case, Message(f"diagnose.wrap.{kind}", values | {"true": Code(str(true)), "call": Code(call)})
        ),
        text=case.spec.source.text,
    )


def _true_extreme(case: CheckCase) -> int | None:
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
