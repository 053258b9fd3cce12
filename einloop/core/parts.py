"""What a view stands for: its text (`A[1:]`, `np.ones(A.shape[0])`) and arrays in, the part of the array out.

The text is read, never executed: names, lengths, brackets with slices, `reshape` and `ones` alone have a meaning.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from math import prod
from operator import add, floordiv, mul, sub
from types import EllipsisType
from typing import Any

from .frozen import dataclass

SIGNS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.FloorDiv: floordiv,
}
MAX_DEPTH = 40
"""How deeply a text may be nested."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """An array of which only the shape is known.

    >>> Shaped((5, 3))[1:, 0].shape, Shaped((6,)).reshape(-1, 2).shape
    ((4,), (3, 2))
    """

    shape: tuple[int, ...]

    def __getitem__(self, index: Any) -> Shaped:
        parts = list(index) if isinstance(index, tuple) else [index]
        if Ellipsis in parts:
            place, missing = parts.index(Ellipsis), len(self.shape) - len(parts) + parts.count(None) + 1
            parts[place : place + 1] = [slice(None)] * missing
        left, shape = list(self.shape), list[int]()
        for part in parts:
            if part is None:
                shape.append(1)
            elif isinstance(part, slice):
                shape.append(len(range(left.pop(0))[part]))
            else:
                range(left.pop(0))[part]
        return Shaped((*shape, *left))

    def reshape(self, *shape: int) -> Shaped:
        """Return it in another shape; -1 stands for what is left."""
        rest = prod(size for size in shape if size != -1)
        found = tuple(prod(self.shape) // rest if size == -1 and rest else max(size, 0) for size in shape)
        if prod(found) != prod(self.shape):
            raise ValueError(f"{self.shape} has no shape {shape}")
        return Shaped(found)


def part(
    text: str,
    arrays: Mapping[str, Any],
    lengths: Mapping[str, int] | None = None,
    ones: Callable[[int], Any] = lambda size: Shaped((size,)),
) -> Any:
    """Return what a text makes of arrays; None where it says something else, or what it needs is not there.

    Arrays have `shape`, `reshape` and brackets; `ones` makes those of a length.

    >>> part("A[1:A.shape[0] - 1]", {"A": Shaped((5,))}).shape, part("A.sum()", {"A": Shaped((5,))})
    ((3,), None)
    """
    try:
        return _value(ast.parse(text, mode="eval").body, {**(lengths or {}), **arrays}, ones, 0)
    except (_Unknown, SyntaxError, IndexError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        return None


class _Unknown(Exception):
    """The text says something that has no meaning here."""


def _value(node: ast.expr | None, known: Mapping[str, Any], ones: Callable[[int], Any], depth: int) -> Any:
    def inside(inner: ast.expr | None) -> Any:
        return _value(inner, known, ones, depth + 1)

    if depth > MAX_DEPTH:
        raise _Unknown
    match node:
        case None:
            return None
        case ast.Constant(value=int() | None | EllipsisType() as value):
            return value
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Attribute(attr="shape", value=array):
            return inside(array).shape
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(inside(lower), inside(upper), inside(step))
        case ast.Tuple(elts=elements):
            return tuple(inside(element) for element in elements)
        case ast.Subscript(value=array, slice=index):
            return inside(array)[inside(index)]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -inside(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            return SIGNS[type(op)](_number(inside(left)), _number(inside(right)))
        case ast.Call(func=ast.Attribute(attr="reshape", value=array), args=arguments, keywords=[]):
            return inside(array).reshape(*(_number(inside(one)) for one in arguments))
        case ast.Call(func=ast.Attribute(attr="ones", value=ast.Name(id="np")), args=[size], keywords=[]):
            return ones(_number(inside(size)))
        case ast.Call(func=ast.Name(id="len"), args=[array], keywords=[]):
            return inside(array).shape[0]
    raise _Unknown


def _number(value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise _Unknown
    return int(value.__index__())
