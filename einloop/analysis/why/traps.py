"""EL751 to EL754: what the dtype of the sum does to one element. Silent where the element is as good as its dtype.

The yardsticks are those of N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002. A float has p bits and
rounds by u = 2^-p. Cancellation (section 4.2): the sum of the terms' sizes over the size of their sum says how much a
rounding of the terms weighs in the result; n roundings that average out weigh sqrt(n) times less, and it is told where
half of the p bits are lost even so. Accumulation: rounding errors of n additions that average out come to at most
sqrt(n) u of the terms' sizes; it is told where there are more.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt, log10
from typing import Any

from ...core.arithmetic import largest
from ...core.dtypes import (
    COMPLEXES,
    DTYPES,
    FLOATS,
    SIGNED,
    UNSIGNED,
    DtypeKind,
    common_dtype,
    dtype_name,
    item_bytes,
    summing_dtype,
)
from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from .factors import Factors
from .kinds import ElementKind
from .traced import Traced
from .values import exact, is_finite, minus, size, text

INTEGERS = (*sorted((*SIGNED, *UNSIGNED), key=item_bytes), "object")


def traps(traced: Traced) -> Iterator[Finding]:
    """Yield what the dtype of the sum does to the element."""
    kind = traced.factors.kind
    if traced.factors.spec.is_view:
        return
    if kind is ElementKind.INTEGER:
        yield from _wrapped(traced)
    elif kind is ElementKind.LOGIC:
        yield from _logic(traced)
    elif kind.rounds and traced.finite_inputs:
        if not is_finite(traced.value):
            yield _overflow(traced)
            return
        yield from _cancelled(traced)
        yield from _rounded(traced)


def _finding(id: str, severity: Severity, traced: Traced, message: str, values: dict[str, Value]) -> Finding:
    source = traced.factors.spec.source
    return Finding(id=id, severity=severity, message=Message(f"why.trap.{message}", values), text=source.text)


def _wrapped(traced: Traced) -> Iterator[Finding]:
    """EL751: the true sum of integers does not fit their dtype."""
    if traced.total == int(traced.value):
        return
    factors = traced.factors
    fitting = next((name for name in INTEGERS if _holds(factors, name, traced.total)), "object")
    values: dict[str, Value] = {
        "true": Code(str(traced.total)),
        "dtype": Code(factors.common.name),
        "value": Code(str(traced.value)),
        "call": call(fitting),
    }
    yield _finding("EL751", Severity.WARNING, traced, "wraps", values)


def _holds(factors: Factors, name: str, total: int) -> bool:
    """Return whether np.einsum takes this dtype for these operands and then gives the true sum.

    It does where each operand is cast without loss and the dtype holds the sum: what wraps around on the way comes
    back.
    """
    given = [dtype_name(getattr(array.dtype, "str", array.dtype)) for array in factors.arrays]
    if common_dtype([*given, name]) != name:
        return False
    row = DTYPES[name]
    if row.kind is DtypeKind.OBJECT:
        return True
    signed = row.kind is DtypeKind.SIGNED
    bits = 8 * row.bytes - signed
    return -(1 << bits) * signed <= total < 1 << bits


def call(dtype: str) -> Code:
    """Return the keyword that makes np.einsum compute in a dtype."""
    return Code("dtype=object" if dtype == "object" else f"dtype=np.{dtype}")


def _logic(traced: Traced) -> Iterator[Finding]:
    """EL752: several true products, added as OR."""
    if traced.total > 1:
        values: dict[str, Value] = {
            "true": traced.total,
            "terms": traced.factors.count,
            "value": Code(str(traced.value)),
            "call": call("int64"),
        }
        yield _finding("EL752", Severity.WARNING, traced, "logic", values)


def _overflow(traced: Traced) -> Finding:
    """EL751: a result that is not finite though every factor is."""
    factors = traced.factors
    values: dict[str, Value] = {
        "true": Code(text(traced.total)),
        "dtype": Code(factors.common.name),
        "limit": Code(text(limit(factors))),
        "value": Code(text(traced.value)),
    }
    fits = size(traced.total) <= exact_limit(factors)
    fitting = holding(traced)
    message = "partly_overflows" if fits else "overflows"
    if fitting is None:
        return _finding("EL751", Severity.WARNING, traced, f"{message}.everywhere", values)
    return _finding("EL751", Severity.WARNING, traced, f"{message}.here", values | {"call": call(fitting)})


def _finfo(factors: Factors) -> Any:
    import numpy as np  # where there are arrays of it

    return np.finfo(factors.common)


def limit(factors: Factors) -> Any:
    """Return the largest finite number of the dtype of the sum."""
    return largest(factors.common) if isinstance(factors.common, str) else _finfo(factors).max


def exact_limit(factors: Factors) -> Fraction:
    """Return the largest finite number of the dtype of the sum, exactly."""
    return size(exact(limit(factors)))


def holding(traced: Traced) -> str | None:
    """Return the smallest float dtype in which np.einsum's element is finite, tried out; None where none does."""
    factors = traced.factors
    import numpy as np  # where there are arrays of it

    from .element import sliced_element

    names = COMPLEXES if factors.kind is ElementKind.COMPLEX else FLOATS[1:]
    for name in names:
        if np.dtype(name).itemsize > factors.common.itemsize and is_finite(sliced_element(factors, name)):
            return name
    return None


def bits_of(factors: Factors) -> int:
    """Return how many bits the dtype of the sum has."""
    return int(_finfo(factors).nmant) + 1


def _cancelled(traced: Traced) -> Iterator[Finding]:
    """EL753: terms that cancel, so that their rounding makes up much of the result."""
    factors = traced.factors
    message = cancellation(
        traced.total,
        traced.magnitude,
        traced.value,
        dtype=factors.common.name,
        bits=bits_of(factors),
        count=factors.count,
    )
    if message is not None:
        source = factors.spec.source
        yield Finding(id="EL753", severity=Severity.WARNING, message=message, text=source.text)


def cancellation(total: Any, magnitude: Fraction, value: Any, *, dtype: str, bits: int, count: int) -> Message | None:
    """Return that terms cancel, None where they do not, or little.

    `total` is their exact sum, `magnitude` that of their sizes, `value` what numpy gives in `dtype`, which has so many
    `bits`, for `count` terms.
    """
    if count < 2:
        return None
    whole = size(total)
    values: dict[str, Value] = {
        "magnitude": Code(text(magnitude)),
        "total": Code(text(total)),
        "dtype": Code(dtype),
    }
    if not whole:
        lost_all = Message("why.trap.cancels_all", values | {"value": Code(text(value))})
        return lost_all if size(exact(value)) else None
    ratio = magnitude / whole
    if ratio * ratio < count * 2**bits:
        return None
    lost, digits = log10(ratio.numerator) - log10(ratio.denominator) - log10(count) / 2, bits * log10(2)
    values |= {
        "lost": _rounded_to(min(lost, digits)),
        "digits": _rounded_to(digits),
        "ratio": Code(text(ratio.numerator / ratio.denominator, digits=2)),
    }
    return Message("why.trap.cancels", values)


def _rounded_to(number: float) -> Code:
    return Code(f"{number:.1f}")


def _rounded(traced: Traced) -> Iterator[Finding]:
    """EL754: rounding errors that did not average out."""
    factors = traced.factors
    row = DTYPES.get(factors.common.name)
    if row is None or row.wider is None or not row.short:
        return  # for wider dtypes there is hardly a better one to give
    error = size(minus(exact(traced.value), traced.total))
    unit = Fraction(1, 2 ** bits_of(factors))
    weight = traced.magnitude
    smallest = _smallest(factors) * (factors.count + 1)
    if error <= unit * weight * (1 + isqrt(factors.count)) + smallest:
        return
    relative = error / weight if not size(traced.total) else error / size(traced.total)
    severity = Severity.WARNING if error * error > unit * weight * weight else Severity.NOTE
    values: dict[str, Value] = {
        "value": Code(text(traced.value, full=True)),
        "total": Code(text(traced.total)),
        "dtype": Code(factors.common.name),
        "error": Code(f"{float(relative):.2g}"),
        "call": call(row.wider),
    }
    yield _finding("EL754", severity, traced, "rounds", values)


def loops_differ(traced: Traced) -> bool:
    """Return whether what loops come to is worth telling beside what np.einsum does: where loops round once and it does
    not, and where they, adding one term after the other, lose half of the digits and more than it."""
    if traced.loops is None or not traced.finite_inputs or traced.factors.spec.is_view:
        return False
    dtype = traced.factors.common.name
    if summing_dtype(dtype) != dtype:
        return bool(traced.loops != traced.value)
    if not is_finite(traced.loops) or not is_finite(traced.value):
        return False
    error = size(minus(exact(traced.loops), traced.total))
    lost = error * error * 2 ** bits_of(traced.factors) > traced.magnitude * traced.magnitude
    return lost and error > size(minus(exact(traced.value), traced.total))


def _smallest(factors: Factors) -> Fraction:
    """Return the smallest positive number of the dtype of the sum: what rounding to it may cost near 0."""
    return size(exact(_finfo(factors).smallest_subnormal))
