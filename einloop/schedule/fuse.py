"""Make one nest of several that run over the same elements of the result, one after the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from ..core.nest import Head, Stage, chain, nested
from .draft import Draft
from .language import PassCall


def fuse(draft: Draft, command: PassCall) -> Draft:
    """Return the program with one nest in place of those of a sum of einsums: every element of the result is finished
    before the next.

    Raises OptionError, where a person asks for it, if their loops over the result are not the same, outside of summed
    ones. What is one einsum stays as it is.
    """
    stages = draft.nest.stages
    writing = [stage for stage in stages if stage.statement.target.buffer == draft.nest.result.name]
    if draft.joint is None or len(writing) < 2:
        return draft
    outer = [_outer(stage) for stage in writing]
    if any([_loop(head) for head in heads] != [_loop(head) for head in outer[0]] for heads in outer) or any(
        len(heads) < _free(stage) for heads, stage in zip(outer, writing, strict=True)
    ):
        if command.reason is not None:
            return draft
        raise command.refused(
            "fuse needs the same free loops outside the summed ones in every nest", hint="order(output) fuse"
        )
    heads = tuple(_both(together) for together in zip(*outer, strict=True))
    inner = tuple(
        statement
        for stage, own in zip(writing, outer, strict=True)
        for statement in nested(stage.heads[len(own) :], chain(stage.body)[1])
    )
    one = replace(writing[-1], setup=(), body=nested(heads, inner))
    before = tuple(stage for stage in stages if stage not in writing)
    return draft.with_nest(replace(draft.nest, stages=(*before, one)))


def _outer(stage: Stage) -> tuple[Head, ...]:
    """Return the loops over free indices that stand outside of all summed ones."""
    return tuple(takewhile(lambda head: not head.summed, stage.heads))


def _free(stage: Stage) -> int:
    return sum(not head.summed for head in stage.heads)


def _loop(head: Head) -> Head:
    """Return a loop without what comments say of it."""
    return replace(head, of=replace(head.of, places=()), places=())


def _both(heads: tuple[Head, ...]) -> Head:
    """Return a loop with what comments say of all of these."""
    first = heads[0]
    places = tuple(dict.fromkeys(place for head in heads for place in head.places))
    return replace(first, places=tuple(sorted(places, key=lambda place: place == heads[-1].places[-1])))
