"""The syntax tree of Python text in, the loop variables that index every axis of its arrays out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping


def variables(tree: ast.AST) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """Return the loop variables in the indices of each axis of each array, in order of appearance.

    >>> variables(ast.parse("for i in range(n):\\n for j in range(m):\\n  C[i * m + j] = A[i][j] * x[j + k]"))
    {('C', 0): ('i', 'j'), ('A', 1): ('j',), ('x', 0): ('j',), ('A', 0): ('i',)}
    """
    loops = _loops(tree)
    found: dict[tuple[str, int], dict[str, None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            name, axis = _owner(node.value)
            indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            for number, index in enumerate(indices):
                inside = [one.id for one in _names(index) if one.id in loops]
                if name and inside:
                    found.setdefault((name, axis + number), {}).update(dict.fromkeys(inside))
    return {key: tuple(names) for key, names in found.items()}


def _owner(node: ast.expr) -> tuple[str, int]:
    """Return the array that a subscript is of, and how many of its axes are indexed before it."""
    match node:
        case ast.Name(id=name):
            return name, 0
        case ast.Subscript(value=value, slice=index):
            name, axis = _owner(value)
            return name, axis + (len(index.elts) if isinstance(index, ast.Tuple) else 1)
    return "", 0


def _loops(tree: ast.AST) -> frozenset[str]:
    targets = [node.target for node in ast.walk(tree) if isinstance(node, (ast.For, ast.comprehension))]
    return frozenset(name.id for target in targets for name in _names(target))


def _names(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names in a tree as they stand in the text."""
    if isinstance(node, ast.Name):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _names(child)
