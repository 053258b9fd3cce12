"""What a view stands for: its text (`A[1:]`, `np.ones(A.shape[0])`) and arrays in, the part of the array out.

The text is read, never executed: names, lengths, brackets with slices, `reshape` and `ones` alone have a meaning.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from math import prod, sqrt
from operator import add, floordiv, mul, sub
from types import EllipsisType
from typing import Any

from .frozen import dataclass
from .part_text import UnsaidError, tree_of

OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
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
    reader = PartReader({**(lengths or {}), **arrays}, ones)
    try:
        return reader.value(tree_of(text))
    except UNREADABLE:
        return None


def sized(
    shapes: Mapping[str, tuple[object, ...]], sizes: Mapping[str, object]
) -> tuple[dict[str, Shaped], dict[str, int]]:
    """Return the arrays and the lengths that are known in numbers.

    >>> sized({"A": (2, 3), "B": ("n", 3)}, {"n": 4, "m": "M"})
    ({'A': Shaped(shape=(2, 3))}, {'n': 4})
    """
    numbers = {name: tuple(size for size in shape if isinstance(size, int)) for name, shape in shapes.items()}
    arrays = {name: Shaped(shape) for name, shape in numbers.items() if len(shape) == len(shapes[name])}
    return arrays, {name: size for name, size in sizes.items() if isinstance(size, int)}


def reshaped_length(text: str, arrays: Mapping[str, Any]) -> int | None:
    """Return how many elements an array has that a text gives another shape; None where that is not known.

    >>> reshaped_length("x.reshape(n, 2)", {"n": 3}), reshaped_length("x.reshape(-1, 2)", {})
    (6, None)
    """
    try:
        tree = tree_of(text)
        while isinstance(tree, ast.Subscript):
            tree = tree.value
        match tree:
            case ast.Call(func=ast.Attribute(attr="reshape", value=ast.Name()), args=shape):
                sizes = [_number(PartReader(arrays, lambda size: size).value(one)) for one in shape]
                return prod(sizes) if min(sizes, default=0) >= 0 else None
    except UNREADABLE:
        pass
    return None


UNREADABLE = (
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
"""What a text that cannot be read, or that does not fit the arrays, raises."""


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads the syntax tree of a text: what names stand for, and what makes ones. Raises one of UNREADABLE."""

    known: Mapping[str, Any]
    ones: Callable[[int], Any]

    def value(self, node: ast.expr | None, depth: int = 0) -> Any:
        """Return what a part of the tree stands for: an array, a number, an index."""
        if depth > MAX_DEPTH:
            raise UnsaidError("a text this deep")
        match node:
            case None:
                found: Any = None
            case ast.Constant(value=int() | None | EllipsisType() as constant):
                found = constant
            case ast.Name(id=name) if name in self.known:
                found = self.known[name]
            case ast.Slice(lower=lower, upper=upper, step=step):
                found = slice(*(self.value(one, depth + 1) for one in (lower, upper, step)))
            case ast.Tuple(elts=elements):
                found = tuple(self.value(element, depth + 1) for element in elements)
            case ast.Subscript(value=array, slice=index):
                found = self.value(array, depth + 1)[self.value(index, depth + 1)]
            case ast.Attribute(attr="shape", value=array):
                found = self.value(array, depth + 1).shape
            case ast.Call(keywords=[]):
                found = self.called(node, depth + 1)
            case _:
                found = self.number(node, depth + 1)
        return found

    def called(self, node: ast.Call, depth: int) -> Any:
        """Return what one of the four calls gives that have a meaning."""
        values = [self.value(one, depth) for one in node.args]
        match node.func:
            case ast.Attribute(attr="reshape", value=array):
                return self.value(array, depth).reshape(*map(_number, values))
            case ast.Attribute(attr="ones", value=ast.Name(id="np")) if len(values) == 1:
                return self.ones(_number(values[0]))
            case ast.Attribute(attr="sqrt", value=ast.Name(id="np")) if len(values) == 1:
                return sqrt(_number(values[0]))
            case ast.Name(id="len") if len(values) == 1:
                return values[0].shape[0]
        raise UnsaidError(ast.unparse(node))

    def number(self, node: ast.expr, depth: int) -> Any:
        """Return what arithmetic on lengths gives."""
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -_number(self.value(operand, depth))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                sides = (_number(self.value(one, depth)) for one in (left, right))
                return int(OPERATORS[type(op)](*sides))
        raise UnsaidError(ast.unparse(node))


def _number(value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise UnsaidError(str(value))
    return int(value.__index__())
