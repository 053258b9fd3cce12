"""Sum in local variables and write each output element once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ..core.buffer import Access
from ..core.errors import OptionError
from ..core.nest import Accumulate, Alloc, Assign, Head, Stage, Statement, chain, nested
from .draft import Draft
from .language import PassCall
from .strides import written_once

MAX_TOTALS = 4096
"""Totals that a block may have: a local array lies on the stack."""


def accumulate(draft: Draft, command: PassCall) -> Draft:
    """Return the program with a running total around the innermost summed loops of every stage.

    Where the innermost loop is free and stands directly inside the summed ones, and elements are addressed by strides,
    there is a total for each of its iterations. A stage that sums nothing, or whose result is itself a scalar, stays as
    it is. Raises OptionError where a free index runs inside a summed one otherwise: its elements are not finished one
    after another.
    """
    stages = tuple(
        replace(stage, body=_accumulated(stage, draft, number, decided=command.reason is not None))
        for number, stage in enumerate(draft.nest.stages)
    )
    nest = replace(draft.nest, stages=stages)
    return draft.with_nest(written_once(nest) if draft.canonical else nest)


def _accumulated(stage: Stage, draft: Draft, number: int, *, decided: bool) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    statement = inner[0] if inner else None
    if not isinstance(statement, Accumulate) or (statement.target.strides is None and not statement.target.subscripts):
        return stage.body
    # languages with declarations want other names in other stages; those of the first are the plain ones
    suffix = str(number + 1) if number and draft.canonical else ""
    total = Access(buffer=draft.names.local(f"total{suffix}"), dtype=stage.zero.dtype, local=True)
    free = tuple(head for head in heads if not head.summed)
    summed = tuple(head for head in heads if head.summed)
    if heads == (*free, *summed):
        return _around(stage, free, summed, statement, total)
    if draft.canonical and heads == (*free[:-1], *summed, free[-1]) and _count(free[-1]) <= MAX_TOTALS:
        return _block_of_totals(stage, free, summed, statement, draft.names.local(f"totals{suffix}"))
    last = len(list(takewhile(lambda head: head.summed, reversed(heads))))
    if draft.canonical and last:
        return _around(stage, heads[:-last], heads[-last:], statement, total, adds=True)
    if decided:
        return stage.body
    raise _refused(heads)


def _zero(stage: Stage, name: str, *extents: str) -> Alloc:
    zero = stage.zero
    return Alloc(buffer=name, extents=extents, dtype=zero.dtype, variable=zero.variable, like=zero.like, local=True)


def _written(statement: Accumulate, total: Access) -> Assign:
    """Return what writes a total into the result, once."""
    return Assign(target=statement.target, factors=(total,), logic=statement.logic, wide=statement.wide)


def _around(
    stage: Stage,
    outer: Sequence[Head],
    summed: Sequence[Head],
    statement: Accumulate,
    total: Access,
    *,
    adds: bool = False,
) -> tuple[Statement, ...]:
    """Return the loops with a total over the innermost, summed ones, which is written to the result, or added to it."""
    adding = nested(summed, (replace(statement, target=total),))
    last = replace(statement, factors=(total,), more=()) if adds else _written(statement, total)
    return nested(outer, (_zero(stage, total.buffer), *adding, last))


def _block_of_totals(
    stage: Stage, free: tuple[Head, ...], summed: tuple[Head, ...], statement: Accumulate, name: str
) -> tuple[Statement, ...]:
    """Return the loops with a total for every iteration of the innermost one."""
    last = free[-1]
    row = Access(
        buffer=name, subscripts=(last.index,), strides=(1,), extents=(last.extent,), dtype=stage.zero.dtype, local=True
    )
    adding = nested((*summed, last), (replace(statement, target=row),))
    writing = nested((last,), (_written(statement, row),))
    return nested(free[:-1], (_zero(stage, name, str(_count(last))), *adding, *writing))


def _count(head: Head) -> int:
    """Return how many iterations a loop has at most."""
    return min(head.size, head.count) if head.start else head.count


def _refused(heads: tuple[Head, ...]) -> OptionError:
    order = ",".join(head.label for head in heads)
    outer = next(head for head in heads if head.summed)
    inside = next(head for head in heads[heads.index(outer) :] if not head.summed)
    return OptionError(
        "EL409",
        f"a running total needs the free indices outside; in the order {order} the free {inside.label!r} "
        f"runs inside the summed {outer.label!r}",
        hint="--order output, or another style",
    )
