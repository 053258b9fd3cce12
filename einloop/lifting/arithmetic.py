"""Two numbers or polynomials and an operator in, the result out; refused where it is not a sum of products."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..core.polynomial import Polynomial, polynomial
from .sizes import Refusal

MAX_POWER = 8
MAX_BITS = 4096
"""Bits of a whole number that a text computes with."""
NUMBERS = (int, float, complex, Fraction)
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
RING: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip
"""What polynomials have of their own."""
SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
MAXIMUM = "np.maximum and np.minimum compare two arrays, np.maximum.reduce and np.minimum.reduce the elements of one"


def arithmetic(op: ast.operator, a: Any, b: Any, node: ast.AST) -> Any:  # noqa: PLR0911  one for each operator
    """Return the result of an operator between numbers and polynomials."""
    if isinstance(op, ast.Pow):
        return power(a, exponent(b, node), node)
    match op:
        case ast.Add():
            return bounded(a + b, node)
        case ast.Sub():
            return bounded(a - b, node)
        case ast.Mult() | ast.BitAnd() if not isinstance(op, ast.BitAnd) or not _whole(a, b):
            return bounded(a * b, node)
        case ast.BitOr() if not _whole(a, b):
            return a + b
        case ast.Div():
            return quotient(a, b, node)
        case ast.FloorDiv() | ast.Mod() if _whole(a, b):
            if not b:
                raise Refusal("EL807", "this divides by zero", node)
            return a // b if isinstance(op, ast.FloorDiv) else a % b
        case _:
            raise Refusal("EL807", f"{SAID.get(type(op), 'this operation')} is neither a sum nor a product", node)


SAID: Mapping[type[ast.operator], str] = {
    ast.FloorDiv: "rounding down a quotient", ast.Mod: "a remainder", ast.Pow: "a power like this one",
    ast.BitXor: "exclusive or", ast.LShift: "a shift", ast.RShift: "a shift",
}  # fmt: skip


def _whole(a: Any, b: Any) -> bool:
    return isinstance(a, int) and isinstance(b, int)


def bounded(value: Any, node: ast.AST) -> Any:
    """Return a result; a number that grew too long is refused."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise Refusal("EL816", "this number is too long", node)
    if isinstance(value, Fraction) and (value.numerator * value.denominator).bit_length() > MAX_BITS:
        raise Refusal("EL816", "this number is too long", node)
    return value


def exponent(value: Any, node: ast.AST) -> int:
    """Return a whole number that something is raised to."""
    number = value.constant if isinstance(value, Polynomial) else value
    if isinstance(number, (int, float, Fraction)) and number == int(number):
        return int(number)
    raise Refusal("EL807", "a power that is not a whole number is not a product", node)


def power(a: Any, b: int, node: ast.AST) -> Any:
    """Return a whole power: of a number, or a product of a sum with itself."""
    if not isinstance(a, Polynomial):
        if abs(b) * (a.bit_length() if isinstance(a, int) else 64) > MAX_BITS or (b < 0 and not a):
            raise Refusal("EL816", "this number is too long", node)
        return a**b if b >= 0 else quotient(1, a**-b, node)
    if not 0 <= b <= MAX_POWER:
        raise Refusal("EL807", f"only the powers 0 to {MAX_POWER} of an element are products here, not {b}", node)
    result: Any = 1
    for _ in range(b):
        result = result * a
    return result


def quotient(a: Any, b: Any, node: ast.AST) -> Any:
    """Return a quotient by a number or by a scalar."""
    if isinstance(b, Polynomial):
        constant = b.constant
        if constant is None:
            return _over_scalar(a, b, node)
        b = constant
    if not b:
        raise Refusal("EL807", "this divides by zero", node)
    if isinstance(b, complex) or isinstance(a, complex):
        return a / b
    inverse = Fraction(1) / Fraction(b)
    return bounded(a * inverse if isinstance(a, Polynomial) else Fraction(a) * inverse, node)


def _over_scalar(a: Any, b: Polynomial, node: ast.AST) -> Polynomial:
    if len(terms := b.terms()) == 1:
        ((factors, factor),) = terms.items()
        if all(at == () for _, at in factors):
            weight = 1 / factor if isinstance(factor, complex) else Fraction(1) / Fraction(factor)
            for name, _ in factors:
                a = polynomial(a) * Polynomial.element(f"1/{name}")
            return polynomial(a) * weight
    raise Refusal(
        "EL807", "a quotient of elements is not a sum of products", node, hint="divide the arrays after the einsum"
    )


def number_of(value: Any) -> Any:
    """Return the number that a value is, None where it has elements."""
    return value.constant if isinstance(value, Polynomial) else value
