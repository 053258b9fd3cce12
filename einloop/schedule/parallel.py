"""Share the iterations of a loop among threads."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..core.ability import Ability
from ..core.buffer import Access
from ..core.nest import Loop, Stage, Statement, StatementKind, heads_of
from .draft import Draft
from .language import PassCall
from .rewrite import rewritten_loops, with_elements

MAX_THREADS = 1024
MIN_POINTS = 50_000
"""Iterations of a nest from which on threads are worth starting."""


def parallel(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the iterations of a free index shared among threads: `parallel(i)` as many as there are,
    `parallel(i,2)` two. Without an index: the outermost loop of every nest that is long.

    Raises OptionError for a summed index: two threads would add to one element.
    """
    if not command.arguments:
        return draft.with_bodies(lambda stage: _long(stage, draft.request.threads))
    label, threads = command.arguments[0], 0
    if len(command.arguments) > 1:
        threads = command.number(1, "number of threads", 1, MAX_THREADS, "like parallel(i,2)")
    if any(head.summed for stage in draft.nest.stages for head in heads_of(stage.body) if head.label == label):
        raise command.refused(f"{label!r} is summed: two threads would add to the same element of the result")
    return draft.with_bodies(lambda stage: _placed(draft, stage.body, _shared(stage.body, label, threads)))


def _long(stage: Stage, threads: int) -> tuple[Statement, ...]:
    heads = heads_of(stage.body)
    points = prod(head.of.extent for head in heads if isinstance(head.of.extent, int) and not head.start)
    if not heads or heads[0].summed or points < MIN_POINTS or stage.kind is StatementKind.EMPTY:
        return stage.body
    return _shared(stage.body, heads[0].label, threads)


def _shared(body: tuple[Statement, ...], label: str, threads: int) -> tuple[Statement, ...]:
    """Return the statements with the outermost loop over an index shared among threads."""

    def change(loop: Loop) -> tuple[Statement, ...] | None:
        head, *others = loop.heads
        return (replace(loop, heads=(replace(head, threads=threads), *others)),) if head.label == label else None

    return rewritten_loops(body, change)


def _placed(draft: Draft, body: tuple[Statement, ...], shared: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return shared loops in which numbers are taken out of arrays without axes by their place in memory.

    Numba hands such an array to its threads as a number, which has no element.
    """
    if shared == body or Ability.PARTS in draft.abilities:
        return shared
    return with_elements(shared, lambda access: replace(access, strides=()) if _is_number(access) else access)


def _is_number(access: Access) -> bool:
    """Return whether an element is that of an array without axes."""
    return access.boxed and access.strides is None
