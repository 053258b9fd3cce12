"""Two texts and Options in, what both mean out, without shapes: one that is code is told how many axes arrays have by
the other, where nothing else says it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from ..core.combination import Statements
from ..core.errors import LiftError, NotationError
from ..core.options import Options
from ..core.source import Notation
from ..core.spec import DOTS, Spec
from .expression import of_numbers, read_expression, read_text
from .recognise import code_notation
from .whole import check_whole

ELEMENTWISE = (
    *(ast.Module, ast.Expr, ast.Assign, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp),
    *(ast.operator, ast.unaryop, ast.expr_context),
)
"""What code is made of that computes element by element, but for @."""

Read = Spec | Statements
Given = str | Read
"""An expression: its text, or what was read of it."""


def read_both(first: Given, second: Given, options: Options) -> tuple[Read, Read]:
    """Return what two expressions mean: one einsum, or a sum of several. Shapes in `options` are those of the first."""
    given = (first, second)
    plain = replace(options, shapes=(), sizes={}, loaded=())
    found: list[Read | None] = [_einsum(one, plain) for one in given]
    for side in (0, 1):
        text, other = given[side], found[1 - side]
        if isinstance(text, str) and (found[side] is None or _may_be_arrays(text, found[side], other, options)):
            found[side] = _code(text, options if side == 0 else plain, _ranks(other), other)
    for side in (0, 1):
        text = given[side]
        if isinstance(text, str) and _is_given(found[side], found[1 - side]):
            found[side] = _adding(text, plain) or found[side]
    ours, theirs = found
    assert ours is not None
    assert theirs is not None
    return ours, theirs


def _einsum(given: Given, options: Options) -> Read | None:
    """Return what was read, None for a text that is code."""
    if isinstance(given, Spec):
        return given
    if isinstance(given, Statements):
        return _plain(given)
    if options.notation is not None and options.notation.traits.code:
        return None
    try:
        found = read_text(given, options)
        if isinstance(found, Spec):
            check_whole(found)
        return found
    except LiftError:
        return None
    except NotationError:
        if _notation(given, options) is None:
            raise
        return None


def _is_given(found: Read | None, other: Read | None) -> bool:
    """Return whether the other side reads the array that this one gives its value to: so it is there before."""
    if isinstance(found, Statements):
        return len(found.combinations) == 1 and found.combinations[0].result in _ranks(other)
    return found is not None and found.result in _ranks(other)


def _adding(text: str, options: Options) -> Read | None:
    """Return a formula with += as one that adds to what is there; None for any other text."""
    try:
        found = read_text(text, options, add=True)
    except NotationError:
        return None
    adds = isinstance(found, Statements) and any(one.adds for one in found.combinations)
    return _plain(found) if isinstance(found, Statements) and adds else None


def _may_be_arrays(text: str, found: Read | None, other: Read | None, options: Options) -> bool:
    """Return whether a product of names is one of arrays, as the other side has them."""
    return (
        found is not None
        and of_numbers(found)
        and any(_ranks(other).values())
        and options.notation is None
        and code_notation(text, sure=False) is not None
    )


def _code(text: str, options: Options, ranks: Mapping[str, int], other: Read | None) -> Read:
    """Return what code computes. `ranks` are those of the other's arrays, by name."""
    from .lift import lift_text

    notation = _notation(text, options)
    if notation is None or options.shapes or options.loaded:
        found = read_expression(text, options, whole=True)
        return _unbound(found) if isinstance(found, Spec) else found
    names = ranks or _in_order(text, other) or _numbers(text)
    known = tuple((name, (2,) * rank) for name, rank in names.items())
    try:
        statements = lift_text(text, replace(options, shapes=known), notation).statements
    except LiftError:
        read_expression(text, options, whole=True)  # says what is wrong where it need not be code
        raise
    return _plain(statements)


def _plain(statements: Statements) -> Read:
    """Return statements as the einsum that they are, if they are one and nothing else, with the name of its result."""
    spec = statements.plain
    return statements if spec is None else replace(spec, result=spec.result or statements.combinations[0].result)


def _unbound(spec: Spec) -> Spec:
    """Return an einsum without what options say of its shapes: they are bound where they are compared."""
    operands = tuple(replace(op, shape=None, stretched=()) for op in spec.operands)
    places = (tuple(replace(place, stretched=False) for place in index.places) for index in spec.indices)
    pairs = zip(spec.indices, places, strict=True)
    return replace(spec, operands=operands, indices=tuple(replace(x, extent=None, places=where) for x, where in pairs))


def _notation(text: str, options: Options) -> Notation | None:
    return options.notation or code_notation(text, sure=False)


def _ranks(other: Read | None) -> dict[str, int]:
    """Return how many axes the named arrays of a side have."""
    if other is None:
        return {}
    specs = [other] if isinstance(other, Spec) else [x.spec for one in other.combinations for x in one.summands]
    operands = [operand for spec in specs for operand in spec.operands]
    found = {op.name: len(op.labels) for op in operands if op.name and op.name.isidentifier() and DOTS not in op.labels}
    for one in other.combinations if isinstance(other, Statements) else ():
        if one.adds and one.target is None and one.summands:
            found[one.result] = len(one.summands[0].spec.output)
    return found


def _numbers(text: str) -> dict[str, int]:
    """Return rank 0 for every name of code that computes element by element: what holds for numbers holds there."""
    from ..lifting.free import free_names

    try:
        nodes = list(ast.walk(ast.parse(text)))
        plain = all(isinstance(node, ELEMENTWISE) and not isinstance(node, ast.MatMult) for node in nodes)
        return dict.fromkeys(free_names(text), 0) if plain else {}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _in_order(text: str, other: Read | None) -> dict[str, int]:
    """Return the ranks of arrays without names by the names that code reads, in order, where it reads as many."""
    from ..lifting.free import free_names, used_whole

    if not isinstance(other, Spec) or any(DOTS in operand.labels for operand in other.operands):
        return {}
    try:
        names, arrays = free_names(text), used_whole(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    count = len(other.operands)
    chosen = names if len(names) == count else [name for name in names if name in arrays]
    ranks = (len(operand.labels) for operand in other.operands)
    return dict(zip(chosen, ranks, strict=True)) if len(chosen) == count else {}
