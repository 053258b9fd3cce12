"""C's operators on whole numbers, fractions, polynomials of elements, and pointers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ...core.polynomial import Polynomial, TooManyTerms
from ..sizes import Refusal
from .memory import Pointer, Record

PICKED = "np.take picks elements by an array of indices: give its result to an einsum"
MAX_SHIFT = 64
"""How far bits are moved."""
MAX_BITS = 4_000
"""Bits of a number that the text computes."""
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
BITS: Mapping[str, Callable[[int, int], int]] = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
ELEMENTWISE: Mapping[str, str] = {
    op: f"np.{name} takes it of whole arrays"
    for op, name in (("&", "bitwise_and"), ("|", "bitwise_or"), ("^", "bitwise_xor"), ("<<", "left_shift"),
                     (">>", "right_shift"), ("%", "fmod"))
}  # fmt: skip
WHERE = "np.where takes one of two values by a condition"
QUOTIENT = "divide by the result of an einsum in a statement of its own"
RING: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}


def binary(op: str, a: Any, b: Any, node: Any, whole: Callable[[], bool]) -> Any:
    """Return what an operator gives; `whole` says whether it is one on whole numbers. Raises Refusal."""
    if isinstance(a, (Pointer, Record)) or isinstance(b, (Pointer, Record)):
        return _pointers(op, a, b, node)
    if op in RING:
        return RING[op](a, b)
    if op == "*":
        return _product(a, b, node)
    if op == "/":
        return _quotient(a, b, node, whole)
    if op in COMPARISONS:
        if isinstance(a, Polynomial) or isinstance(b, Polynomial):
            raise Refusal("EL805", "what is done depends on the elements of an array", node, WHERE)
        return int(COMPARISONS[op](a, b))
    return _whole(op, a, b, node, whole)


def _whole(op: str, a: Any, b: Any, node: Any, whole: Callable[[], bool]) -> Any:
    """Return what an operator that only whole numbers have gives."""
    known = isinstance(a, int) and isinstance(b, int)
    if known and op == "%" and b:
        return a - b * int(Fraction(a, b))
    if known and op in BITS:
        return BITS[op](a, b)
    if op in ("<<", ">>") and isinstance(b, int) and 0 <= b < MAX_SHIFT:
        if known:
            return a << b if op == "<<" else a >> b
        if op == "<<" and isinstance(a, Polynomial) and whole():
            return a * (1 << b)
    raise Refusal("EL807", f"{op} of elements is neither a sum nor a product", node, ELEMENTWISE.get(op, ""))


def multiplied(a: Polynomial, b: Polynomial, node: Any) -> Polynomial:
    """Return a product of sums. Raises Refusal where it has too many terms."""
    try:
        return a * b
    except TooManyTerms:
        raise Refusal("EL816", "this product has too many terms", node) from None


def _product(a: Any, b: Any, node: Any) -> Any:
    if isinstance(a, Polynomial) and isinstance(b, Polynomial):
        return multiplied(a, b, node)
    if isinstance(a, Polynomial):
        return a * (getattr(b, "true", b))
    if isinstance(b, Polynomial):
        return b * (getattr(a, "true", a))
    found = a * b
    if isinstance(found, int) and -(1 << 63) < found < 1 << 63:
        return found
    if isinstance(found, int) or max(found.numerator.bit_length(), found.denominator.bit_length()) > MAX_BITS:
        raise Refusal("EL816", "this number is too large", node)
    return found


def _quotient(a: Any, b: Any, node: Any, whole: Callable[[], bool]) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        if not b:
            raise Refusal("EL807", "this divides by zero", node)
        return int(Fraction(a, b))
    if (isinstance(a, Polynomial) or isinstance(b, Polynomial)) and whole():
        raise Refusal("EL807", "a quotient of whole numbers loses its fraction", node, "einsum keeps fractions")
    if isinstance(b, Polynomial) and b.constant is not None:
        b = b.constant
    if isinstance(b, Polynomial):
        terms = b.terms()
        if len(terms) == 1:
            ((factors, factor),) = terms.items()
            if len(factors) == 1 and factors[0][1] == ():
                dividend = a if isinstance(a, Polynomial) else Polynomial.number(a)
                return dividend * Polynomial.element(f"1/{factors[0][0]}") * (1 / Fraction(factor))  # type: ignore[arg-type]
        raise Refusal("EL807", "a quotient of elements is not a sum of products", node, QUOTIENT)
    if not b:
        raise Refusal("EL807", "this divides by zero", node)
    inverse = 1 / Fraction(b)
    return a * inverse if isinstance(a, Polynomial) else Fraction(a) * inverse


def _pointers(op: str, a: Any, b: Any, node: Any) -> Any:
    if op == "+" and isinstance(b, Pointer):
        a, b = b, a
    if op in ("+", "-") and isinstance(a, Pointer):
        if isinstance(b, int):
            return a.moved(b if op == "+" else -b)
        if isinstance(b, Polynomial):
            raise Refusal("EL806", "an element of an array is an index here", node, PICKED)
    if op in ("==", "!=") and 0 in (a, b):
        return int(op == "!=")
    if isinstance(a, Pointer) and isinstance(b, Pointer) and a.memory is b.memory:
        if op == "-":
            return (a.offset - b.offset) // a.to.size
        if op in COMPARISONS:
            return int(COMPARISONS[op](a.offset, b.offset))
    raise Refusal("EL802", "this is not arithmetic on pointers into one array", node)
