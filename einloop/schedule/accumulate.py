"""Sum in local variables and write each output element once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ..core.buffer import BARE, Access, Scale
from ..core.errors import OptionError
from ..core.frozen import dataclass
from ..core.generated import Values
from ..core.nest import Accumulate, Alloc, Assign, Head, Stage, Statement, chain, every, nested
from .draft import Draft
from .language import PassCall
from .pieces import clears
from .rewrite import rewritten
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
    decided = command.reason is not None
    changed = draft.with_locals(lambda stage, suffix: _accumulated(stage, draft, suffix, decided=decided))
    return draft.with_nest(written_once(changed.nest)) if draft.canonical else changed


def _accumulated(stage: Stage, draft: Draft, suffix: str, *, decided: bool) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    statement = inner[0] if inner else None
    total = Access(buffer=draft.names.local(f"total{suffix}"), dtype=stage.zero.dtype, local=True)
    if len(inner) > 1 and draft.joint is not None:
        return _around_all(stage, draft, total)
    if not isinstance(statement, Accumulate) or not _sums_elements(statement, heads):
        return stage.body
    free = tuple(head for head in heads if not head.summed)
    summed = tuple(head for head in heads if head.summed)
    sums = _totalled(statement, stage, draft)
    if heads == (*free, *summed):
        return _around(stage, free, summed, sums, total)
    if draft.canonical and heads == (*free[:-1], *summed, free[-1]) and _count(free[-1]) <= MAX_TOTALS:
        return _block_of_totals(stage, free, summed, sums, draft.names.local(f"totals{suffix}"))
    last = len(list(takewhile(lambda head: head.summed, reversed(heads))))
    if draft.canonical and last:
        return _around(stage, heads[:-last], heads[-last:], replace(sums, adds=True), total)
    if decided:
        return stage.body
    raise _refused(heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Totalled:
    """What is added to a total, and how the total is written: `scalars` multiply it, with a `scale` beside them.
    `adds`: the result has something already."""

    adding: Accumulate
    scalars: tuple[Access, ...] = ()
    scale: Scale = BARE
    adds: bool = False

    @classmethod
    def of(cls, statement: Accumulate, *, adds: bool) -> _Totalled:
        """Return a statement of a sum of einsums; of one product all that is no element of an array is left for the
        total."""
        if statement.more:
            return cls(adding=statement, adds=adds)
        ((factors, scale),) = statement.terms
        scalars = tuple(access for access in factors if not _moves(access))
        moving = tuple(access for access in factors if _moves(access))
        if not moving:
            scalars, moving = scalars[:-1], scalars[-1:]
        return cls(
            adding=replace(statement, factors=moving, scales=()) if moving else statement,
            scalars=scalars if moving else (),
            scale=scale if moving else BARE,
            adds=adds,
        )

    def written(self, total: Access) -> Assign | Accumulate:
        """Return what writes a total into the result, once."""
        statement = self.adding
        made = Accumulate if self.adds else Assign
        scales = () if self.scale == BARE else (self.scale,)
        factors = (*self.scalars, total)
        return made(target=statement.target, factors=factors, logic=statement.logic, wide=statement.wide, scales=scales)


def _sums_elements(statement: Accumulate, heads: Sequence[Head]) -> bool:
    """Return whether a statement sums something, into an element of an array."""
    target = statement.target
    return (target.strides is not None or bool(target.subscripts)) and any(head.summed for head in heads)


def _totalled(statement: Accumulate, stage: Stage, draft: Draft) -> _Totalled:
    """Return what is added to the total of a stage; a summand is added to what others wrote before."""
    if draft.joint is None:
        return _Totalled(adding=statement)
    first = next(s for s in draft.nest.stages if s.statement.target.buffer == draft.nest.result.name)
    return _Totalled.of(statement, adds=draft.joint.adds or stage is not first)


def _moves(access: Access) -> bool:
    """Return whether another element is read in another iteration."""
    return bool(access.subscripts)


def _zero(stage: Stage, name: str, *extents: str) -> Alloc:
    zero = stage.zero
    return Alloc(buffer=name, extents=extents, dtype=zero.dtype, variable=zero.variable, like=zero.like, local=True)


def _around(
    stage: Stage, outer: Sequence[Head], summed: Sequence[Head], sums: _Totalled, total: Access
) -> tuple[Statement, ...]:
    """Return the loops with a total over the innermost, summed ones, which is written to the result, or added to it."""
    adding = nested(summed, (replace(sums.adding, target=total),))
    return nested(outer, (_zero(stage, total.buffer), *adding, sums.written(total)))


def _around_all(stage: Stage, draft: Draft, total: Access) -> tuple[Statement, ...]:
    """Return fused loops with one total for all that they add to an element of the result."""
    heads, inner = chain(stage.body)
    written = next(s for s in every(inner) if isinstance(s, Assign | Accumulate))
    if not written.target.subscripts and written.target.strides is None:
        return stage.body

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if not isinstance(statement, Assign | Accumulate):
            return None
        if clears(statement):
            return ()
        if plainly and isinstance(statement, Assign):
            return (replace(statement, target=total),)
        made = Accumulate(
            target=total,
            factors=statement.factors,
            more=statement.more,
            scales=statement.scales,
            wide=statement.wide,
        )
        return (made,)

    # a language without declarations begins with what is there; a number alone has no dtype
    plainly = isinstance(written, Assign) and draft.request.values is not Values.POINTERS
    plainly = plainly and written.wide is None and all(any(map(_moves, factors)) for factors in written.products)
    begun = () if plainly else (_zero(stage, total.buffer),)
    adds = draft.joint is not None and draft.joint.adds
    last = (Accumulate if adds else Assign)(target=written.target, factors=(total,), wide=written.wide)
    return nested(heads, (*begun, *rewritten(inner, change), last))


def _block_of_totals(
    stage: Stage, free: tuple[Head, ...], summed: tuple[Head, ...], sums: _Totalled, name: str
) -> tuple[Statement, ...]:
    """Return the loops with a total for every iteration of the innermost one."""
    last = free[-1]
    row = Access(
        buffer=name, subscripts=(last.index,), strides=(1,), extents=(last.extent,), dtype=stage.zero.dtype, local=True
    )
    adding = nested((*summed, last), (replace(sums.adding, target=row),))
    writing = nested((last,), (sums.written(row),))
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
