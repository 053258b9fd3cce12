"""Loops that only repeat, and change in every turn what the turn before left: `for epoch in range(100): w -= lr * g`.

Each turn has many times the terms of the one before, so that such a loop is refused before it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from .counting import called
from .sizes import Refusal
from .variables import subscripted

FEW_TURNS = 2
"""Turns that are run as they are."""
REPEATS = "each turn of this loop changes {name} by what the turn before left of it"


@lru_cache(maxsize=64)
def refuse_epochs(node: ast.For) -> None:
    """Raise Refusal for a loop that does the same in every turn, and adds to a thing what is made of that thing."""
    if not _repeats(node):
        return
    made = _made_of(node)
    for one in ast.walk(node):
        name, added = _adds(one)
        if name and name in _all_of(added, made):
            raise Refusal("EL822", REPEATS.format(name=name), one, "give one turn: what stands in the loop")


def _repeats(node: ast.For) -> bool:
    """Return whether a loop has many turns, or as many as a name says, none of which knows its number."""
    if not (isinstance(node.iter, ast.Call) and called(node.iter) == "range" and isinstance(node.target, ast.Name)):
        return False
    bound = node.iter.args[-1] if node.iter.args else None
    if isinstance(bound, ast.Constant) and isinstance(bound.value, int) and bound.value <= FEW_TURNS:
        return False
    return node.target.id not in {name for one in node.body for name in _names(one)}


def _names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _made_of(loop: ast.For) -> dict[str, set[str]]:
    """Return for every name that the loop gives a value, in whole or in part, the names in what it is given."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(loop):
        match node:
            case ast.Assign(targets=targets, value=value):
                for name in (_root(target) for target in targets):
                    found.setdefault(name, set()).update(_names(value))
            case ast.AugAssign(target=target, value=value):
                found.setdefault(_root(target), set()).update(_names(value))
    return found


def _root(target: ast.expr) -> str:
    return target.id if isinstance(target, ast.Name) else subscripted(target)[0]


def _adds(node: ast.AST) -> tuple[str, list[ast.expr]]:
    """Return the name of what a statement adds to, and what it adds; "" where it adds to nothing."""
    match node:
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub(), value=value):
            return _root(target), [value]
        case ast.Assign(targets=[target], value=ast.BinOp() as value):
            terms = [*_terms(value)]
            own = [term for term in terms if ast.dump(term) == ast.dump(_loaded(target))]
            return (_root(target), [term for term in terms if term not in own]) if own else ("", [])
    return "", []


def _terms(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _loaded(target: ast.expr) -> ast.expr:
    """Return what is assigned to as it is read."""
    return ast.parse(ast.unparse(target), mode="eval").body


def _all_of(terms: list[ast.expr], made: dict[str, set[str]]) -> set[str]:
    """Return the names that expressions are made of, and what these are made of in turn."""
    found: set[str] = set()
    waiting = {name for term in terms for name in _names(term)}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= made.get(name, set()) - found
    return found
