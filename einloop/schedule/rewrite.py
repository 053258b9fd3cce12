"""Rebuild nests with some statements, or the elements that these read and write, changed. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..core.buffer import Access
from ..core.nest import Accumulate, Assign, Loop, Nest, Statement, Walk

Body = tuple[Statement, ...]
Change = Callable[[Statement], Body | None]
"""What to put in place of a statement; None to keep it, and to ask for what stands in it."""


def rewritten(body: Body, change: Change) -> Body:
    """Return statements, at every depth, as `change` wants them; what it puts in is not asked for again.

    >>> from einloop.core.rows import NewList
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


def rewritten_loops(body: Body, change: Callable[[Loop], Body | None]) -> Body:
    """Return statements with the outermost loops that `change` has something to put in place of changed."""
    return rewritten(body, lambda statement: change(statement) if isinstance(statement, Loop) else None)


def rewritten_nest(nest: Nest, change: Change) -> Nest:
    """Return a program with its statements as `change` wants them, but for those that end it."""
    stages = tuple(
        replace(stage, setup=rewritten(stage.setup, change), body=rewritten(stage.body, change))
        for stage in nest.stages
    )
    return replace(nest, prepare=rewritten(nest.prepare, change), stages=stages)


def with_elements(body: Body, change: Callable[[Access], Access]) -> Body:
    """Return statements, at every depth, with every element that they read or write changed."""

    def changed(statement: Statement) -> Body | None:
        if not isinstance(statement, Assign | Accumulate):
            return None
        return (with_accesses(statement, change),)

    return rewritten(body, changed)


def with_accesses(statement: Assign | Accumulate, change: Callable[[Access], Access]) -> Assign | Accumulate:
    """Return a statement with every element that it reads or writes changed."""
    first, *more = (tuple(map(change, factors)) for factors in statement.products)
    scales = tuple(replace(scale, divisors=tuple(map(change, scale.divisors))) for scale in statement.scales)
    return replace(statement, target=change(statement.target), factors=first, more=tuple(more), scales=scales)


def later(body: Body, index: str, by: int) -> Body:
    """Return statements as they are so many iterations of an index later.

    >>> from einloop.core.nest import Assign
    >>> element = Access(buffer="A", subscripts=("i", "j"), strides=(8, 1))
    >>> later((Assign(target=element, factors=()),), "i", 3)[0].target.start
    24
    """
    return _by_strides(body, lambda access: replace(access, start=access.start + by * access.stride(index)))


def without_index(body: Body, index: str) -> Body:
    """Return statements as they are where an index is 0."""
    return _by_strides(body, lambda access: access.moving(move for move in access.moves if move[0] != index))


def in_blocks(body: Body, index: str, block: str) -> Body:
    """Return statements in which an index, on a diagonal several times, counts from the begin of its block."""

    def change(access: Access) -> Access:
        moves = access.moves
        return access.moving((name, n) for s, n in moves for name in ((block, s) if s == index else (s,)))

    return _by_strides(body, change)


def _by_strides(body: Body, change: Callable[[Access], Access]) -> Body:
    return with_elements(body, lambda access: access if access.strides is None else change(access))
