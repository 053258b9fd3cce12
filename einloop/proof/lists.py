"""Whether a person's loops can run on nested lists. Runs nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator

from .syntax import find, loaded_names, parse

OF_ARRAYS = frozenset({
    "T", "all", "any", "astype", "conj", "dot", "dtype", "fill", "flat", "flatten", "max", "mean", "min", "mT", "ndim",
    "prod", "ravel", "reshape", "shape", "size", "strides", "sum", "swapaxes", "tolist", "trace", "transpose",
})  # fmt: skip
"""Attributes of arrays that lists lack."""

WALKERS = frozenset({"enumerate", "len", "map", "sum", "zip"})
"""Functions that go through a list, or measure it."""


def on_lists(source: str) -> bool:
    """Return whether a text has loops that can run on nested lists: no `.shape`, no `@`, no `A[i, j]` of an input.

    Where it uses an array library, it must measure as lists do: `len(B[0])` fails where `B` is empty.

    >>> on_lists("C = [[0] * len(B[0]) for _ in A]"), on_lists("C = [[0] * B.shape[1] for _ in A]")
    (True, False)
    >>> on_lists("C = np.zeros((len(A), len(B[0])))"), on_lists("C = np.zeros(len(A))")
    (True, False)
    """
    tree = parse(source)
    loops = any(True for _ in find((ast.For, ast.While, ast.comprehension), tree))
    if not loops and not any(name.id in WALKERS for name in find(ast.Name, tree)):
        return False
    libraries = _libraries(tree)
    uses_library = "*" in libraries or not libraries.isdisjoint(loaded_names(tree))
    if uses_library and not _measures_elements(tree):
        return False
    made = {name for node in find(ast.Assign, tree) if _is_made(node, libraries) for name in _targets(node)}
    return not any(_needs_arrays(node, libraries | made) for node in find(ast.AST, tree))


def _libraries(tree: ast.AST) -> frozenset[str]:
    """Return the names that stand for numpy and for what is imported from outside the standard library."""
    imported = [(alias.name, alias) for node in find(ast.Import, tree) for alias in node.names]
    imported += [(node.module or "", alias) for node in find(ast.ImportFrom, tree) for alias in node.names]
    foreign = [alias for origin, alias in imported if origin.split(".")[0] not in sys.stdlib_module_names]
    return frozenset({"np", "numpy", *(alias.asname or alias.name.split(".")[0] for alias in foreign)})


def _measures_elements(tree: ast.AST) -> bool:
    """Return whether the length of an element is asked for, as in `len(B[0])` or `row = B[0]; len(row)`."""
    rows = {name for node in find(ast.Assign, tree) if _is_element(node.value) for name in _targets(node)}
    return any(
        _is_element(argument) or getattr(argument, "id", "") in rows
        for call in find(ast.Call, tree)
        if getattr(call.func, "id", "") == "len"
        for argument in call.args
    )


def _is_element(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Tuple | ast.Slice)


def _is_made(node: ast.Assign, libraries: frozenset[str]) -> bool:
    """Return whether `node` assigns what a library makes, not of its old value: an array, whatever the inputs are."""
    made = isinstance(node.value, ast.Call) and _owner(node.value.func) in libraries
    return made and loaded_names(node.value).isdisjoint(_targets(node))


def _owner(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _targets(node: ast.Assign) -> Iterator[str]:
    return (target.id for target in node.targets if isinstance(target, ast.Name))


def _needs_arrays(node: ast.AST, made: Collection[str]) -> bool:
    """Return whether lists cannot do what `node` does to a name that is not in `made`."""
    match node:
        case ast.Attribute(attr=name, value=value):
            return name in OF_ARRAYS and _owner(value) not in made
        case ast.Subscript(slice=ast.Tuple(), value=value):
            return _owner(value) not in made
    return isinstance(node, ast.MatMult)
