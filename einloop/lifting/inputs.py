"""Example data in a script in, the array that stands for it out: what such a text computes is meant for any numbers.

`A = [[1, 2], [3, 4]]`, `np.array([...])` and `np.random.rand(3, 4)` at the top of a script are inputs: their numbers
are not looked at, and their lengths are kept only where the text counts with the same numbers. Zeros are zeros.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Protocol

from ..core.polynomial import Polynomial
from .counting import called
from .sizes import Sizes
from .values import Store

ARRAYS = frozenset({"array", "asarray", "tensor"})
RANDOM = frozenset({
    "rand", "randn", "random", "random_sample", "standard_normal", "uniform", "normal", "randint", "integers",
})  # fmt: skip


class ExampleReader(Protocol):
    """What reads the text."""

    sizes: Sizes
    stores: dict[str, Store]
    shown: dict[str, tuple[int, ...]]
    settings: frozenset[str]
    meets: frozenset[int]
    """Numbers that the text counts with."""

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is."""


def example_of(node: ast.expr, reader: ExampleReader, name: str) -> Store | None:
    """Return the array that stands for example data which a script gives a name, None where it is none."""
    if name in reader.settings or name in reader.stores:
        return None
    shape = _shape(_data(node))
    if shape and not any(_numbers(_data(node))):
        store = Store(name, given=False, fill=Polynomial.number(0), listed=isinstance(node, ast.List))
        reader.stores[name] = store
        return store
    if shape:
        reader.shown[name] = shape
        made = _input(reader, name, [_length(reader, name, axis, n) for axis, n in enumerate(shape)])
        made.listed = isinstance(node, ast.List)
        return made
    lengths = _random(node)
    return _input(reader, name, [_said(reader, name, axis, n) for axis, n in enumerate(lengths)]) if lengths else None


def is_example(node: ast.stmt, settings: frozenset[str]) -> bool:
    r"""Return whether a statement of a script only gives example data to a name.

    >>> [is_example(node, frozenset()) for node in ast.parse("A = [[1, 2], [3, 4]]\nB = [[0, 0]]\nC = A").body]
    [True, False, False]
    """
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in settings:
            data = _data(value)
            return bool(_random(value)) or (bool(_shape(data)) and any(_numbers(data)))
    return False


def _data(node: ast.expr) -> ast.expr:
    """Return the lists in a call that makes an array of them."""
    if isinstance(node, ast.Call) and called(node) in ARRAYS and node.args and isinstance(node.args[0], ast.List):
        return node.args[0]
    return node


def _random(node: ast.expr) -> list[ast.expr]:
    """Return the lengths of an array of random numbers, none where this is none."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call() as made, attr="reshape" | "view"), args=lengths):
            if called(made) in ("arange", "linspace") and isinstance(made.func, ast.Attribute):
                return _spelled(lengths[0]) if len(lengths) == 1 else lengths
    is_call = isinstance(node, ast.Call) and called(node) in RANDOM and isinstance(node.func, ast.Attribute)
    return _lengths(node) if is_call and isinstance(node, ast.Call) else []


def _input(reader: ExampleReader, name: str, shape: list[int]) -> Store:
    reader.stores[name] = Store(name, given=True, shape=tuple(shape))
    return reader.stores[name]


def _length(reader: ExampleReader, name: str, axis: int, length: int) -> int:
    """Return the length of an axis: the example's where the text counts with that number, else any."""
    return length if length in reader.meets else reader.sizes[name, axis]


def _said(reader: ExampleReader, name: str, axis: int, node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value not in reader.meets:
        return reader.sizes[name, axis]
    value = reader.value(node)
    return value if isinstance(value, int) else reader.sizes[name, axis]


def _shape(node: ast.expr) -> tuple[int, ...] | None:
    """Return the lengths of nested lists of numbers, () for a number, None where they are none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    if isinstance(node, ast.Constant):
        return () if isinstance(node.value, (int, float, complex)) else None
    if not isinstance(node, ast.List) or not node.elts:
        return None
    rows = {_shape(row) for row in node.elts}
    row = rows.pop()
    return None if rows or row is None else (len(node.elts), *row)


def _numbers(node: ast.AST) -> Iterator[Any]:
    return (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))


def _lengths(node: ast.Call) -> list[ast.expr]:
    """Return the lengths that a call of a random generator names, none where it gives one number."""
    size = next((keyword.value for keyword in node.keywords if keyword.arg == "size"), None)
    if size is None and called(node) in ("randint", "integers", "uniform", "normal"):
        size = node.args[2] if len(node.args) > 2 else None
        return _spelled(size) if size is not None else []
    if size is None and len(node.args) == 1:
        size = node.args[0]
    return _spelled(size) if size is not None else list(node.args)


def _spelled(size: ast.expr) -> list[ast.expr]:
    return list(size.elts) if isinstance(size, (ast.Tuple, ast.List)) else [size]
