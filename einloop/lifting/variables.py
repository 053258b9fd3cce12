"""The syntax tree of Python text in, the loop variables that index every axis of its arrays out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache


def variables(tree: ast.AST) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """Return the loop variables in the indices of each axis of each array, in order of appearance.

    Axes after `*at`, which may be several, count from the last, -1.

    >>> variables(ast.parse("for i in range(n):\\n for j in range(m):\\n  C[i * m + j] = A[i][j] * x[j + k]"))
    {('C', 0): ('i', 'j'), ('A', 1): ('j',), ('x', 0): ('j',), ('A', 0): ('i',)}
    """
    loops = _loops(tree)
    found: dict[tuple[str, int], dict[str, None]] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Subscript):
            (name, before), indices = subscripted(node.value), indices_of(node)
            several = [number for number, index in enumerate(indices) if isinstance(index, ast.Starred)]
            for number, index in enumerate(indices):
                inside = [one.id for one in _names(index) if one.id in loops]
                if name and inside and number not in several:
                    place = number - len(indices) if several and number > several[0] else len(before) + number
                    found.setdefault((name, place), {}).update(dict.fromkeys(inside))
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=32)
def parsed(text: str) -> ast.Module:
    """Return the syntax tree of a text; nobody changes it."""
    return ast.parse(text)


@lru_cache(maxsize=128)
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return the nodes of a tree that nobody changes: what a text shows is asked for in many ways."""
    return tuple(ast.walk(tree))


def indices_of(node: ast.Subscript) -> list[ast.expr]:
    """Return what stands in brackets."""
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def subscripted(node: ast.AST) -> tuple[str, list[ast.expr]]:
    """Return the array of a chain of subscripts, "" where it has no name, and its indices, one for each axis.

    >>> name, indices = subscripted(ast.parse("A[i][j, 0]").body[0].value)
    >>> name, [ast.unparse(index) for index in indices]
    ('A', ['i', 'j', '0'])
    """
    found: list[ast.expr] = []
    while isinstance(node, ast.Subscript):
        found = indices_of(node) + found
        node = node.value
    return node.id if isinstance(node, ast.Name) else "", found


def _loops(tree: ast.AST) -> frozenset[str]:
    targets = [node.target for node in nodes(tree) if isinstance(node, (ast.For, ast.comprehension))]
    return frozenset(name.id for target in targets for name in _names(target))


def _names(node: ast.AST) -> Iterator[ast.Name]:
    """Yield the names in a tree as they stand in the text."""
    if isinstance(node, ast.Name):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _names(child)
