"""Share the iterations of a loop among threads."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..core.nest import Loop, Stage, Statement, StatementKind, heads_of
from .draft import Draft
from .language import PassCall
from .rewrite import rewritten

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
    return draft.with_bodies(lambda stage: _shared(stage.body, label, threads))


def _long(stage: Stage, threads: int) -> tuple[Statement, ...]:
    heads = heads_of(stage.body)
    points = prod(head.of.extent for head in heads if isinstance(head.of.extent, int) and not head.start)
    if not heads or heads[0].summed or points < MIN_POINTS or stage.kind is StatementKind.EMPTY:
        return stage.body
    return _shared(stage.body, heads[0].label, threads)


def _shared(body: tuple[Statement, ...], label: str, threads: int) -> tuple[Statement, ...]:
    """Return the statements with the outermost loop over an index shared among threads."""

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if not isinstance(statement, Loop) or statement.heads[0].label != label:
            return None
        return (replace(statement, heads=(replace(statement.heads[0], threads=threads), *statement.heads[1:])),)

    return rewritten(body, change)
