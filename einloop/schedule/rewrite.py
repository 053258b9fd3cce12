"""Rebuild nests with some statements, or the elements that these read and write, changed. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from ..core.buffer import Access
from ..core.nest import Accumulate, Assign, Loop, Nest, Statement, Walk

S = TypeVar("S", bound=Statement)

Change = Callable[[Statement], "tuple[Statement, ...] | None"]
"""What to put in place of a statement; None to keep it, and to ask for what stands in it."""


def rewritten(body: tuple[Statement, ...], change: Change) -> tuple[Statement, ...]:
    """Return statements, at every depth, as `change` wants them; what it puts in is not asked for again.

    >>> from einloop.core.nest import NewList
    >>> rewritten((NewList(name="a"), NewList(name="b")), lambda s: () if s == NewList(name="a") else None)
    (NewList(name='b'),)
    """
    made: list[Statement] = []
    for statement in body:
        changed = change(statement)
        if changed is not None:
            made += changed
        elif isinstance(statement, Loop | Walk):
            made.append(replace(statement, body=rewritten(statement.body, change)))
        else:
            made.append(statement)
    return tuple(made)


def rewritten_nest(nest: Nest, change: Change) -> Nest:
    """Return a program with its statements as `change` wants them, but for those that end it."""
    stages = tuple(
        replace(stage, setup=rewritten(stage.setup, change), body=rewritten(stage.body, change))
        for stage in nest.stages
    )
    return replace(nest, prepare=rewritten(nest.prepare, change), stages=stages)


def with_elements(statement: S, change: Callable[[Access], Access]) -> S:
    """Return a statement, and all that stand in it, with every element that it reads or writes changed."""
    if isinstance(statement, Loop):
        return replace(statement, body=tuple(with_elements(s, change) for s in statement.body))
    if not isinstance(statement, Assign | Accumulate):
        return statement
    return replace(
        statement,
        target=change(statement.target),
        factors=tuple(map(change, statement.factors)),
        more=tuple(tuple(map(change, factors)) for factors in statement.more),
    )
