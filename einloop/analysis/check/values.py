"""EL708, EL709, EL747: values that leave their dtype, sums of booleans, arrays with a mask.

np.einsum keeps an integer dtype and wraps around, sum or no sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from ...core.dtypes import SIGNED, UNSIGNED, item_bytes
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from .case import CheckCase, amount, places_of, unless_cast

NARROW_INTEGERS = tuple(name for name in (*SIGNED, *UNSIGNED) if item_bytes(name) < 4)
"""A handful of ordinary values already leaves these."""


def largest(dtype: str) -> int:
    """Return the largest value of an integer dtype, or of bool.

    >>> largest("int8"), largest("uint16"), largest("bool")
    (127, 65535, 1)
    """
    if dtype == "bool":
        return 1
    bits = 8 * item_bytes(dtype)
    return (1 << bits if dtype in UNSIGNED else 1 << (bits - 1)) - 1


def _least(dtype: str) -> int:
    return -largest(dtype) - 1 if dtype in SIGNED else 0


def wrapping(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where a sum or a product can leave its dtype; with values at hand, only where it does."""
    dtype = case.dtype
    if dtype is None or dtype not in (*SIGNED, *UNSIGNED) or case.spec.is_view:
        return
    if not case.values:
        yield from _can(case, dtype)
        return
    true: int | None = _arrays().true_extreme(case)
    if true is not None and not _least(dtype) <= true <= largest(dtype):
        fits = -(2**63) <= true < 2**63
        limit = largest(dtype) if true > 0 else _least(dtype)
        values = {"dtype": dtype, "limit": limit, "true": true, "call": f"dtype={'np.int64' if fits else 'object'}"}
        kind = "wrap.does" if case.spec.summed else "wrap.does_product"
        shown = {key: Code(str(value)) for key, value in values.items()}
        yield case.finding("EL708", Severity.WARNING, unless_cast(case, kind, shown))


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
    if dtype in ("int64", "uint64") or fits:
        return
    values: dict[str, Value] = {"dtype": Code(dtype), "dtypes": codes(list(dict.fromkeys(known)))}
    values |= {"limit": amount(largest(dtype)), "call": Code("dtype=np.int64")}
    if terms is not None:
        values |= {"count": terms, "bound": amount(terms * max(high, -low))}
    if len(case.spec.operands) == 1:
        kind = "can_unknown_values" if terms is None else "can_value" if terms == 1 else "can_values"
    else:
        kind = "can_unknown" if terms is None else "can_product" if terms == 1 else "can"
    severity = Severity.WARNING if dtype in NARROW_INTEGERS else Severity.NOTE
    yield case.finding("EL708", severity, unless_cast(case, f"wrap.{kind}", values))


def logic(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where booleans are summed: the result says whether any is true, and counts nothing."""
    summed = [index for index in case.spec.summed if index.extent != 1]
    if case.dtype == "bool" and summed:
        labels = dict.fromkeys("..." if index.covered else index.label for index in summed)
        message = unless_cast(case, "logic", {"indices": codes(list(labels)), "call": Code("dtype=np.int64")})
        yield case.finding("EL709", Severity.WARNING, message, places_of(summed))


def masked(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for every array with a mask that hides something: np.einsum does not look at it."""
    for number in _arrays().masked(case.values) if case.values and case.numpy else ():
        message = Message("diagnose.masked", {"operand": Code(str(number))})
        spans = (case.spec.operands[number].span,)
        yield case.finding("EL747", Severity.WARNING, message, spans, operand=number)


def _arrays() -> ModuleType:
    """Return what looks into arrays: it needs numpy, which is loaded only where there are some."""
    from . import arrays

    return arrays
