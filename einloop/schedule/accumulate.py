"""Sum in local variables and write each output element once."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Access
from ..core.errors import OptionError
from ..core.nest import Accumulate, Alloc, Assign, Head, Stage, Statement
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .pieces import chain, nested
from .strides import written_once

MOST = 4096
"""Totals that a block may have: a local array lies on the stack."""


def accumulate(draft: Draft, command: PassCall) -> Draft:
    """Return the program with a running total around the innermost summed loops of every stage.

    Where the innermost loop is free and stands directly inside the summed ones, and elements are addressed by strides,
    there is a total for each of its iterations. A stage that sums nothing, or whose result is itself a scalar, stays as
    it is. Raises OptionError where a free index runs inside a summed one otherwise: its elements are not finished one
    after another.
    """
    draft.check_open(command)
    decided = command.reason is not None
    stages = tuple(
        replace(stage, body=_accumulated(stage, draft, number, decided=decided))
        for number, stage in enumerate(draft.nest.stages)
    )
    nest = replace(draft.nest, stages=stages)
    return draft.with_nest(written_once(nest) if draft.canonical else nest, closed=command.name)


def _accumulated(stage: Stage, draft: Draft, number: int, *, decided: bool) -> tuple[Statement, ...]:
    # languages with declarations want other names in other stages; those of the first are the plain ones
    suffix = str(number + 1) if number and draft.canonical else ""
    heads, inner = chain(stage.body)
    statement = inner[0] if inner else None
    if not isinstance(statement, Accumulate) or _is_scalar(statement.target):
        return stage.body
    free = tuple(head for head in heads if head.of.role is Role.FREE)
    summed = tuple(head for head in heads if head.of.role is Role.SUMMED)
    if heads == (*free, *summed):
        return _one_total(stage, free, summed, statement, draft.names.local(f"total{suffix}"))
    if draft.canonical and heads == (*free[:-1], *summed, free[-1]) and _count(free[-1]) <= MOST:
        return _block_of_totals(stage, free, summed, statement, draft.names.local(f"totals{suffix}"))
    last = _last_run(heads)
    if draft.canonical and last:
        return _partial_total(stage, heads[: -len(last)], last, statement, draft.names.local(f"total{suffix}"))
    if decided:
        return stage.body
    _refuse(heads)
    raise AssertionError


def _is_scalar(target: Access) -> bool:
    return target.strides is None and not target.subscripts


def _zero(stage: Stage, name: str, extents: tuple[str, ...] = ()) -> Alloc:
    zero = stage.zero
    return Alloc(
        buffer=name, extents=extents, dtype=zero.dtype, variable=zero.variable, like=zero.like, local=True
    )  # fmt: skip


def _one_total(
    stage: Stage, free: tuple[Head, ...], summed: tuple[Head, ...], statement: Accumulate, name: str
) -> tuple[Statement, ...]:
    """Return the loops with a total for each element of the result."""
    running = Access(buffer=name, dtype=stage.zero.dtype, local=True)
    adding = replace(statement, target=running)
    writing = Assign(target=statement.target, factors=(running,), logic=statement.logic, wide=statement.wide)
    return nested(free, (_zero(stage, name), *nested(summed, (adding,)), writing))


def _partial_total(
    stage: Stage, outer: tuple[Head, ...], summed: tuple[Head, ...], statement: Accumulate, name: str
) -> tuple[Statement, ...]:
    """Return the loops with a total over the innermost of the summed indices, which is added to the result."""
    running = Access(buffer=name, dtype=stage.zero.dtype, local=True)
    adding = replace(statement, target=running)
    writing = replace(statement, factors=(running,), more=())
    return nested(outer, (_zero(stage, name), *nested(summed, (adding,)), writing))


def _block_of_totals(
    stage: Stage, free: tuple[Head, ...], summed: tuple[Head, ...], statement: Accumulate, name: str
) -> tuple[Statement, ...]:
    """Return the loops with a total for every iteration of the innermost one."""
    last = free[-1]
    row = Access(
        buffer=name, subscripts=(last.index,), strides=(1,), extents=(last.extent,), dtype=stage.zero.dtype, local=True
    )
    adding = replace(statement, target=row)
    writing = Assign(target=statement.target, factors=(row,), logic=statement.logic, wide=statement.wide)
    return nested(
        free[:-1],
        (
            _zero(stage, name, (str(_count(last)),)),
            *nested((*summed, last), (adding,)),
            *nested((last,), (writing,)),
        ),
    )


def _count(head: Head) -> int:
    """Return how many iterations a loop has at most."""
    extent = head.of.extent
    assert isinstance(extent, int)
    return min(head.size, extent) if head.start else extent


def _last_run(heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return the summed loops that are the innermost ones."""
    kept: list[Head] = []
    for head in reversed(heads):
        if head.of.role is not Role.SUMMED:
            break
        kept.insert(0, head)
    return tuple(kept)


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
