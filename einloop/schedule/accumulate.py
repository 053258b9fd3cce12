"""Sum in a local scalar and write each output element once."""

from __future__ import annotations

from ..core.errors import OptionError
from ..core.nest import Access, Accumulate, Alloc, Assign, Head, Stage, Statement
from ..core.spec import Role
from .draft import Draft
from .language import Command
from .order import chain
from .pieces import nested


def accumulate(draft: Draft, command: Command) -> Draft:
    """Return the program with a running total around the innermost summed loops of every stage.

    A stage that sums nothing, or whose result is itself a scalar, stays as it is. Raises OptionError where a
    free index runs inside a summed one: its elements are not finished one after another.
    """
    draft.check_open(command)
    total = draft.names.local("total")
    nest = draft.nest.map_bodies(lambda stage: _accumulated(stage, total))
    return draft.with_nest(nest, closed=command.name)


def _accumulated(stage: Stage, total: str) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    statement = inner[0]
    if not isinstance(statement, Accumulate) or not statement.target.subscripts:
        return stage.body
    free = tuple(head for head in heads if head.of.role is Role.FREE)
    summed = tuple(head for head in heads if head.of.role is Role.SUMMED)
    if heads != (*free, *summed):
        _refuse(heads)
    zero = stage.zero
    start = Alloc(buffer=total, extents=(), dtype=zero.dtype, variable=zero.variable, like=zero.like, local=True)
    running = Access(buffer=total, dtype=zero.dtype)
    adding = Accumulate(target=running, factors=statement.factors, logic=statement.logic)
    writing = Assign(target=statement.target, factors=(running,), logic=statement.logic)
    return nested(free, (start, *nested(summed, (adding,)), writing))


def _refuse(heads: tuple[Head, ...]) -> None:
    order = ",".join(head.of.label for head in heads)
    outer = next(head for head in heads if head.of.role is Role.SUMMED)
    inside = next(head for head in heads[heads.index(outer) :] if head.of.role is Role.FREE)
    raise OptionError(
        "EL409",
        f"a running total needs the free indices outside; in the order {order} the free {inside.of.label!r} "
        f"runs inside the summed {outer.of.label!r}",
        hint="--order output, or another style",
    )
