"""Share the iterations of a loop among threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..core.nest import Loop, Stage, Statement, StatementKind, heads_of
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .rewrite import rewritten

MOST = 1024
WORTH = 50_000
"""Iterations of a nest from which on threads are worth starting."""


def parallel(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the iterations of a free index shared among threads: `parallel(i)` as many as there are,
    `parallel(i,2)` two. Without an index: the outermost loop of every nest that is long.

    Raises OptionError for a target without threads, and for a summed index: two threads would add to one element.
    """
    draft.check_able(command, "threads", "which runs in one thread")
    if draft.closed == "pack":
        draft.check_open(command)
    change = _named(draft, command) if command.arguments else _longest(draft)
    return draft.with_nest(draft.nest.map_bodies(change))


def _named(draft: Draft, command: PassCall) -> Callable[[Stage], tuple[Statement, ...]]:
    label, threads = command.arguments[0], 0
    if len(command.arguments) > 1:
        text = command.arguments[1]
        if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= MOST):
            raise command.refused(f"{text!r} is no number of threads", hint="like parallel(i,2)")
        threads = int(text)
    if label not in draft.labels:
        raise command.refused(f"{label!r} is no index (there are {', '.join(draft.labels)})")
    roles = {head.of.role for stage in draft.nest.stages for head in heads_of(stage.body) if head.of.label == label}
    if Role.SUMMED in roles:
        raise command.refused(f"{label!r} is summed: two threads would add to the same element of the result")
    return lambda stage: _shared(stage.body, label, threads)


def _longest(draft: Draft) -> Callable[[Stage], tuple[Statement, ...]]:
    def change(stage: Stage) -> tuple[Statement, ...]:
        heads = heads_of(stage.body)
        points = 1
        for head in heads:
            points *= head.of.extent if isinstance(head.of.extent, int) and not head.start else 1
        if not heads or heads[0].of.role is not Role.FREE or points < WORTH or stage.kind is StatementKind.EMPTY:
            return stage.body
        return _shared(stage.body, heads[0].of.label, draft.request.threads)

    return change


def _shared(body: tuple[Statement, ...], label: str, threads: int) -> tuple[Statement, ...]:
    """Return the statements with the outermost loop over an index shared among threads."""

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if not isinstance(statement, Loop) or statement.heads[0].of.label != label:
            return None
        return (replace(statement, heads=(replace(statement.heads[0], threads=threads), *statement.heads[1:])),)

    return rewritten(body, change)
