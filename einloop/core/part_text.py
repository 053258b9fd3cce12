"""The text of a part of an array in, what it reads out, and the same in other names. Nothing of it is run.

What has a meaning is what `parts.part` reads: names, whole numbers, brackets with slices, shapes, `reshape`, `len`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import EllipsisType

from .frozen import dataclass

SIGNS: Mapping[type[ast.operator], tuple[str, int]] = {
    ast.Add: (" + ", 1),
    ast.Sub: (" - ", 1),
    ast.Mult: (" * ", 2),
    ast.FloorDiv: (" // ", 2),
}
"""How operators are written, and how strongly they bind."""
ATOM = 3


class UnsaidError(ValueError):
    """A text says something that parts of arrays do not have."""


@lru_cache(maxsize=256)
def tree_of(text: str) -> ast.expr:
    """Return the syntax tree of a text, which nobody changes. Raises UnsaidError where it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnsaidError(text) from None


def read_names(text: str) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the arrays that a text reads, each with how many axes it has at least, and the lengths that it names.

    >>> read_names("A[1:n - 1, 0]"), read_names("x.reshape(B.shape[1], 2)")
    (({'A': 2}, ('n',)), ({'x': 0, 'B': 2}, ()))
    """
    arrays: dict[str, int] = {}
    tree = tree_of(text)
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="shape", value=ast.Name(id=name)), slice=index):
                axis = index.value if isinstance(index, ast.Constant) and isinstance(index.value, int) else 0
                arrays[name] = max(arrays.get(name, 0), axis + 1)
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                arrays[name] = max(arrays.get(name, 0), 1)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                parts = index.elts if isinstance(index, ast.Tuple) else [index]
                arrays[name] = max(arrays.get(name, 0), sum(not _adds_axis(part) for part in parts))
            case ast.Attribute(attr="reshape", value=ast.Name(id=name)):
                arrays.setdefault(name, 0)
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return arrays, tuple(dict.fromkeys(name for name in names if name not in arrays and name not in ("len", "np")))


def base_of(text: str) -> str:
    """Return the array that a text is a part of: its first name.

    >>> base_of("A[1:]"), base_of("A.reshape(-1, 2)")
    ('A', 'A')
    """
    return text.partition("[")[0].partition(".")[0].strip()


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the whole numbers in a text.

    >>> numbers_in("x[2:n - 7]")
    (2, 7)
    """
    constants = (node.value for node in ast.walk(tree_of(text)) if isinstance(node, ast.Constant))
    return tuple(sorted({value for value in constants if isinstance(value, int) and not isinstance(value, bool)}))


def factors_in(text: str) -> Iterator[str | int | tuple[str, int | None]]:
    """Yield the factors of a length: a name, a number, an axis of an array; any other text with None.

    >>> list(factors_in("2*n*A.shape[1]")), list(factors_in("len(x)")), list(factors_in("3*(n - 1)"))
    ([2, 'n', ('A', 1)], [('x', 0)], [3, ('n - 1', None)])
    """
    try:
        waiting = [tree_of(text)]
    except UnsaidError:
        yield text, None
        return
    while waiting:
        match waiting.pop():
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                waiting += [right, left]
            case ast.Name(id=name):
                yield name
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                yield value
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)], keywords=[]):
                yield name, 0
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=name), attr="shape"), slice=ast.Constant(value=int() as axis)
            ):
                yield name, axis
            case other:
                yield ast.unparse(other), None


def rank_of(text: str, rank: int) -> int | None:
    """Return how many axes an array has of which a text is a part with `rank` axes, None where any number may do.

    >>> rank_of("A[1:, 0]", 1), rank_of("x", 2), rank_of("x[1:].reshape(2, 3)", 2)
    (2, 2, None)
    """
    node = tree_of(text)
    while isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        rank += sum(not isinstance(part, ast.Slice) and not _stands_for_many(part) for part in parts)
        rank -= 2 * sum(_is(part, None) for part in parts)
        node = node.value
    return rank if isinstance(node, ast.Name) else None


def first_axes(text: str) -> bool:
    """Return whether a text takes a slice, or one item, of the first axis alone: what nested lists can do too."""
    match tree_of(text):
        case ast.Subscript(value=ast.Name(), slice=index):
            return not isinstance(index, ast.Tuple) and not _is(index, None) and not _stands_for_many(index)
        case node:
            return not any(isinstance(one, ast.Slice | ast.Call) for one in ast.walk(node))


def reworded(text: str, names: Mapping[str, str], *, lists: bool = False) -> str:
    """Return a text with other names, as black leaves it. `lists`: lengths are those of nested lists.

    Raises UnsaidError for what parts of arrays do not have.

    >>> reworded("A[1:n-1, ::2]", {"A": "B"}), reworded("x[:x.shape[0]-1]", {}, lists=True)
    ('B[1 : n - 1, ::2]', 'x[: len(x) - 1]')
    """
    return _Writer(names, lists).said(tree_of(text), 0)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _stands_for_many(node: ast.expr) -> bool:
    return _is(node, ...)


def _adds_axis(node: ast.expr) -> bool:
    return _is(node, None) or _stands_for_many(node)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a tree with other names."""

    names: Mapping[str, str]
    lists: bool

    def said(self, node: ast.expr, strength: int) -> str:
        """Return a part of the tree, in parentheses where it binds less than what stands around it."""
        text = None
        match node:
            case ast.Name(id=name):
                text = self.names.get(name, name)
            case ast.Constant(value=int() | None as value) if not isinstance(value, bool):
                text = repr(value)
            case ast.Constant(value=EllipsisType()):
                text = "..."
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                text = f"-{self.said(operand, ATOM)}"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
                sign, own = SIGNS[type(op)]
                text = f"{self.said(left, own)}{sign}{self.said(right, own + 1)}"
                text = f"({text})" if own < strength else text
            case ast.Subscript(value=ast.Attribute(attr="shape", value=array), slice=ast.Constant(value=int() as axis)):
                nested = self.lists and axis >= 0
                array_text = self.said(array, ATOM)
                text = f"len({array_text}{'[0]' * axis})" if nested else f"{array_text}.shape[{axis}]"
            case ast.Subscript(value=array, slice=index):
                text = f"{self.said(array, ATOM)}[{', '.join(self.inside(index))}]"
            case ast.Call(func=ast.Attribute(attr="reshape", value=array), args=shape, keywords=[]):
                text = f"{self.said(array, ATOM)}.reshape({', '.join(self.said(one, 0) for one in shape)})"
            case ast.Call(func=ast.Name(id="len"), args=[array], keywords=[]):
                text = f"len({self.said(array, ATOM)})"
            case ast.Call(func=ast.Attribute(attr="sqrt", value=ast.Name(id="np")), args=[number], keywords=[]):
                text = f"{self.said(number, ATOM)}**0.5" if self.lists else f"np.sqrt({self.said(number, 0)})"
        if text is None:
            raise UnsaidError(ast.unparse(node))
        return text

    def inside(self, index: ast.expr) -> Iterator[str]:
        """Yield what stands in brackets, axis by axis, the colons as black has them."""
        for part in index.elts if isinstance(index, ast.Tuple) else [index]:
            if not isinstance(part, ast.Slice):
                yield self.said(part, 0)
                continue
            first, last = ("" if end is None else self.said(end, 0) for end in (part.lower, part.upper))
            step = "" if part.step is None else self.said(part.step, 0)
            plain = not any(isinstance(one, ast.BinOp | ast.Attribute | ast.Call) for one in ast.walk(part))
            space = "" if plain else " "
            colon = f"{space}:{space}" if last else f"{space}:"
            text = f"{first}{colon if first else colon.lstrip()}{last}"
            if step:
                text = f"{text}{space if last else ''}:{space}{step}"
            yield text
