"""Single numbers with their dtypes, as numpy promotes them: a number of Python takes the dtype of what it meets."""

from __future__ import annotations

from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.combination import Coefficient
from ..core.dtypes import DTYPES, DtypeKind, common_dtype
from ..core.frozen import dataclass
from ..core.joint_dtype import NUMBERS, beside

PYTHON = {"add": add, "subtract": sub, "multiply": mul, "divide": truediv}
WHOLE = (DtypeKind.LOGIC, DtypeKind.UNSIGNED, DtypeKind.SIGNED)


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number with its dtype; `weak`: it is one of Python's, and takes the dtype of what it meets."""

    value: Any
    dtype: str
    weak: bool = False


def of_python(value: Any) -> TypedNumber:
    """Return a number of Python, a truth value, or another object that adds and multiplies."""
    name = type(value).__name__
    return TypedNumber(value, NUMBERS.get(name, "bool" if name == "bool" else "object"), weak=True)


def plain_number(number: Coefficient) -> int | float | complex:
    """Return a coefficient as the number that the printed statement has."""
    if not isinstance(number, Fraction):
        return number
    return number.numerator if number.denominator == 1 else number.numerator / number.denominator


def computed(operation: str, one: TypedNumber, other: TypedNumber) -> TypedNumber:
    """Return what numpy gives for two numbers, in the dtype that it gives them."""
    if one.weak and other.weak:
        return of_python(PYTHON[operation](one.value, other.value))
    dtype = _common(one, other)
    row = DTYPES[dtype]
    if operation == "divide" and row.kind in WHOLE:
        dtype = NUMBERS["float"]
    if operation == "subtract" and row.kind is DtypeKind.LOGIC:
        raise TypeError("numpy does not subtract bool")
    rules = arithmetic(dtype)
    for number in (one, other):
        if number.weak and row.kind in WHOLE and dtype == row.name and rules.cast(number.value) != number.value:
            raise ValueError(f"the number {number.value} does not fit {dtype}")
    return TypedNumber(getattr(rules, operation)(rules.cast(one.value), rules.cast(other.value)), dtype)


def _common(one: TypedNumber, other: TypedNumber) -> str:
    if not (one.weak or other.weak):
        return common_dtype([one.dtype, other.dtype])
    strong, weak = (one, other) if other.weak else (other, one)
    if strong.dtype in ("object", "bool"):
        return "object" if strong.dtype == "object" else weak.dtype
    return beside(strong.dtype, type(weak.value).__name__)


def negated(number: TypedNumber) -> TypedNumber:
    """Return a number with the other sign. Raises TypeError for bool."""
    if number.dtype == "bool":
        raise TypeError("numpy does not negate bool")
    return TypedNumber(arithmetic(number.dtype).cast(-number.value), number.dtype, weak=number.weak)
