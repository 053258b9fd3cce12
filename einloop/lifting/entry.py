"""The syntax tree of a Python text in, the function that it is about and the names of what that returns out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from .counting import called
from .scopes import defaults, parameters
from .variables import nodes

RESULT = "result"
"""What the value of a last line is called, and what a function returns without a name."""


def entry(functions: Sequence[ast.FunctionDef]) -> ast.FunctionDef | None:
    """Return the function that a text is about: the last one that no other calls.

    >>> text = "def dot(x, y): ...\\ndef f(A, x): return dot(A[0], x)\\ndef main(): print(f(1, 2))"
    >>> entry(ast.parse(text).body).name
    'f'
    """
    work = [one for one in functions if one.name != "main"] or functions
    inner = {called(node) for one in work for node in nodes(one) if isinstance(node, ast.Call)}
    outer = [one for one in work if one.name not in inner]
    return (outer or list(work))[-1] if work else None


def returned(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of what a function returns, none where it returns nothing.

    >>> returned(ast.parse("def f(a):\\n    return a, 2 * a").body[0])
    ('a', 'result')
    """
    found: tuple[str, ...] = ()
    for node in _returns(function):
        if node.value is not None and not isinstance(node.value, ast.Constant):
            found = names_of(node.value)
    return found


def inputs_of(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the parameters that stand for inputs: not those whose default is None, a flag or a word.

    >>> inputs_of(ast.parse("def f(A, x, alpha=1.0, out=None): ...").body[0])
    ('A', 'x', 'alpha')
    """
    given = defaults(function.args)
    names = [one.arg for one in parameters(function.args)]
    return tuple(name for name in names if name not in given or not _is_choice(given[name]))


def _is_choice(node: ast.expr) -> bool:
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)
    return isinstance(node, ast.Constant) and not is_number


def names_of(node: ast.expr) -> tuple[str, ...]:
    """Return a name for a value, one for each of several: its own, or one that stands for it."""
    found: dict[str, None] = {}
    for part in node.elts if isinstance(node, ast.Tuple) else [node]:
        name = part.id if isinstance(part, ast.Name) else RESULT
        chosen, number = name, 1
        while chosen in found:
            chosen, number = f"{name}{number}", number + 1
        found[chosen] = None
    return tuple(found)


def _returns(node: ast.AST) -> Iterator[ast.Return]:
    """Yield the `return`s of a function, but for those of functions inside of it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _returns(child)
