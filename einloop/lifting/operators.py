"""Operators and transposes of whole arrays."""

from __future__ import annotations

import ast
from typing import Any

from .access import Arrays
from .arrays import last_two_swapped
from .grids import Grid, Unfit, added, multiplied, power, quotient, subtracted
from .refused import REFUSED
from .shapes import transposed
from .sizes import Refusal


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
                raise Unfit("a power like this one is no product", "EL807")
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
