"""Operators and transposes of whole arrays."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction
from math import sqrt
from typing import Any

from ..core.polynomial import Polynomial
from .access import Arrays
from .arrays import last_two_swapped
from .grids import Grid, Unfit, added, multiplied, power, quotient, subtracted
from .refused import REFUSED
from .shapes import transposed
from .sizes import Extent, Refusal, said


def operated(op: ast.operator, one: Grid, other: Grid) -> Grid:
    """Return the result of an operator between two arrays, element by element. Raises Unfit."""
    match op:
        case ast.Add() | ast.BitOr():
            return added(one, other)
        case ast.Sub():
            return subtracted(one, other)
        case ast.Mult() | ast.BitAnd():
            return multiplied(one, other)
        case ast.Div():
            return quotient(one, other)
        case ast.Pow():
            exponent = other.constant
            if exponent is None or isinstance(exponent, complex) or exponent != int(exponent):
                raise Unfit("a power like this one is not a product", "EL807")
            return power(one, int(exponent))
    raise Unfit("this operation is neither a sum nor a product", "EL807")


def transpose_of(arrays: Arrays, value: Any, name: str, node: ast.AST) -> Grid:
    """Return an attribute that is a transpose: `T`, `mT`. Raises Refusal for those that conjugate."""
    if name in REFUSED:
        reason, hint = REFUSED[name]
        raise Refusal("EL807", f".{name} {reason}", node, hint=hint)
    grid = arrays.grid(value, node)
    found: Grid = arrays.fitted(lambda: last_two_swapped(grid) if name == "mT" else transposed(grid), node)
    return found


def names_alone(divisor: ast.expr) -> Iterator[ast.Name]:
    """Yield the names in a divisor of names and numbers: each is one number, as quotients of arrays are refused."""
    inner = [*ast.walk(divisor)]
    kinds = (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)
    if all(isinstance(part, kinds) for part in inner):
        yield from (one for one in inner if isinstance(one, ast.Name))


def is_scalar(value: Any) -> bool:
    """Return whether a value is a number, a length, or one that stands for one number."""
    if isinstance(value, Polynomial):
        ((factors, weight), *others) = [*value.terms().items()] or [((), 0)]
        return not others and weight == 1 and len(factors) == 1 and factors[0][1] == ()
    return isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)


def root_of(value: Any, node: ast.AST) -> Any:
    """Return the square root of a number: exact where it is a number of the text, else one number with that name."""
    if isinstance(value, Polynomial):
        (((name, _),),) = value.terms()
        return Polynomial.element(f"{ROOT}({name})")
    if isinstance(value, Extent) and not value.fixed:
        return Polynomial.element(f"{ROOT}({said(value.key)})")
    if value < 0:
        raise Refusal("EL807", "this is the root of a negative number", node)
    root = sqrt(value)
    return int(root) if root == int(root) else root


ROOT = "np.sqrt"
