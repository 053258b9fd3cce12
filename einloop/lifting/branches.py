"""What branches of a Python text do, as far as their syntax shows it: they give up, only say something, convert."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .counting import called


def gives_up(body: Sequence[ast.stmt]) -> bool:
    """Return whether statements only say something, and then leave: with an error, or without a result."""
    *before, last = body
    if not all(map(says, before)):
        return False
    empty = isinstance(last, ast.Return) and (
        last.value is None
        or isinstance(last.value, ast.Constant)
        or (isinstance(last.value, ast.List) and not last.value.elts)
    )
    return isinstance(last, ast.Raise) or empty or says(last)


def relates(test: ast.expr, relation: type[ast.cmpop]) -> bool:
    """Return whether a condition is `a == b`, with that sign."""
    return isinstance(test, ast.Compare) and all(isinstance(op, relation) for op in test.ops)


def casts(node: ast.If) -> bool:
    """Return whether a condition only gives a value another type: `if wide != dtype: c = dtype.type(c)`."""
    match node:
        case ast.If(
            body=[
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr=attr), args=arguments))
            ],
            orelse=[],
        ):
            passed = [one.id for one in arguments if isinstance(one, ast.Name)]
            return (attr == "type" and passed == [name]) or (
                attr == "astype" and not isinstance(node.test, ast.Constant)
            )
    return False


def says(node: ast.stmt) -> bool:
    """Return whether a statement is a print."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and called(node.value) == "print"


def is_main(test: ast.expr) -> bool:
    """Return whether a condition is `__name__ == "__main__"`."""
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"
