"""A found call and its arrays in, its `Site` out: every expression written again as one line of Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from copy import copy

from ...core.errors import NotationError
from ...core.site import Argument, Site
from .kinds import NUMPY, is_loose, root, shown_dtype, unpacked_dtype
from .pasted import PastedCall, is_none

CHANGING = ("dtype", "casting", "out")
"""Keywords that change the value, its dtype or where it goes."""
VALUE = "\0"
"""Stands for the value of the call while a statement is written; no text holds it."""


def site_of(call: PastedCall, operands: Sequence[ast.expr]) -> Site:
    """Return where a call stands whose arrays are `operands`, starred ones among them."""
    first = next((number for number, operand in enumerate(operands) if isinstance(operand, ast.Starred)), len(operands))
    known, rest = operands[:first], operands[first:]
    assigned = {node.target.id for node in ast.walk(call.node) if isinstance(node, ast.NamedExpr)}
    return Site(
        words=call.words,
        arguments=tuple(_argument(call, operand, assigned) for operand in known),
        rest=_unpacked(call, rest) if rest else None,
        rest_loose=any(map(_unpacks_loose, rest)),
        rest_dtype=unpacked_dtype(rest) if rest else None,
        target=_target(call),
        endings=tuple(_endings(call)),
        beside=tuple(_beside(call)),
    )


def expression(call: PastedCall, node: ast.expr) -> str:
    """Return `node` as one line of Python; refuse what cannot be written on one."""
    try:
        text = ast.unparse(node)
        again = ast.parse(text, mode="eval").body
    except (ValueError, SyntaxError):
        text, again = "", node
    if not text or "\n" in text or "\r" in text or ast.dump(again) != ast.dump(node):
        raise _not_on_one_line(call, node, "give it a name before the call")
    return text


def _not_on_one_line(call: PastedCall, node: ast.expr | ast.stmt, hint: str) -> NotationError:
    return call.refusal("EL139", node, f"`{call.shown(node)}` cannot be written on one line", hint)


def _argument(call: PastedCall, node: ast.expr, assigned: set[str]) -> Argument:
    return Argument(
        text=expression(call, node),
        plain=isinstance(node, ast.Name) and node.id not in assigned,
        loose=is_loose(node),
        dtype=shown_dtype(node),
        reads=frozenset(_reads(node)),
    )


def _reads(node: ast.AST) -> Iterator[str]:
    """Yield the variables and their attributes in an expression, but not the functions that it calls.

    >>> [sorted(_reads(ast.parse(text))) for text in ("np.exp(self.q.T)", "x.copy()[i]")]
    [['self.q.T'], ['i', 'x']]
    """
    if isinstance(node, ast.Name | ast.Attribute) and root(node):
        yield ast.unparse(node)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Call) and child is node.func:
            method = isinstance(child, ast.Attribute) and root(child) not in NUMPY
            yield from _reads(child.value) if isinstance(child, ast.Attribute) and method else ()
        else:
            yield from _reads(child)


def _unpacks_loose(node: ast.expr) -> bool:
    """Tell whether an argument, or what a starred one unpacks into, may be no array."""
    return is_loose(node.value if isinstance(node, ast.Starred) else node)


def _unpacked(call: PastedCall, operands: Sequence[ast.expr]) -> str:
    """Return the expression that gives the last operands, the first of which is starred."""
    if len(operands) == 1 and isinstance(operands[0], ast.Starred):
        return expression(call, operands[0].value)
    return expression(call, ast.Tuple(elts=list(operands), ctx=ast.Load()))


def _target(call: PastedCall) -> str | None:
    """Return the name that gets the very value of the call."""
    statement = call.statement
    whole = isinstance(statement, ast.Expr) or getattr(statement, "value", None) is call.node
    if isinstance(call.target, ast.Name) and whole and not isinstance(statement, ast.AugAssign) and call.out is None:
        return call.target.id
    return None


def _beside(call: PastedCall) -> Iterator[str]:
    """Yield the keywords that change the value, its dtype or where it goes, and the part of an array that gets it."""
    for keyword in call.node.keywords:
        if keyword.arg in CHANGING and not is_none(keyword.value):
            yield f"{keyword.arg}={expression(call, keyword.value)}"
        elif keyword.arg is None:
            yield f"**{expression(call, keyword.value)}"
    if isinstance(call.target, ast.Subscript):
        yield f"{' '.join(ast.unparse(call.target).splitlines())} = ..."


def _endings(call: PastedCall) -> list[tuple[str, ...]]:
    """Return the statements that put the value where the call puts it."""
    statement, out = call.statement, call.out
    endings: list[tuple[str, ...]] = [] if out is None else [(f"{expression(call, out)}[...] = ", "")]
    if statement is None or (isinstance(statement, ast.Expr) and statement.value is call.node):
        return endings
    text = ast.unparse(_with_value(statement, out or ast.Name(id=VALUE)))
    if "\n" in text:
        raise _not_on_one_line(call, statement, "assign the call to a name")
    if isinstance(out, ast.Name) and text == f"{out.id} = {out.id}":
        return endings
    return [*endings, tuple(text.split(VALUE))]


def _with_value(statement: ast.stmt, value: ast.expr) -> ast.stmt:
    """Return a statement with `value` in place of the call."""
    inner = getattr(statement, "value", None)
    if isinstance(inner, ast.NamedExpr):
        if isinstance(statement, ast.Expr):
            return ast.copy_location(ast.Assign(targets=[inner.target], value=value), statement)
        value = ast.NamedExpr(target=inner.target, value=value)
    changed = copy(statement)
    changed.value = value  # type: ignore[attr-defined]
    return changed
