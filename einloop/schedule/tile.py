"""Cut a loop into blocks: the loop over the blocks goes outside, the loop inside a block stays where it was."""

from __future__ import annotations

from dataclasses import replace

from ..core.names import fresh
from ..core.nest import Head, Stage, Statement
from .draft import Draft
from .language import Command
from .order import chain
from .pieces import nested


def tile(draft: Draft, command: Command) -> Draft:
    """Return the program with an index of every stage that has it cut into blocks of so many iterations.

    Raises OptionError for an index that does not exist or is cut already, and behind a running total that the loop
    over the blocks would have to stand outside of.
    """
    label, size = command.arguments[0], _size(command)
    index = draft.spec.by_label.get(label)
    if index is None:
        raise command.refused(f"{label!r} is no index (there are {', '.join(draft.spec.by_label)})")
    block = fresh(f"{draft.names.index[label]}0", draft.names.taken)
    if draft.closed == "rows":
        draft.check_open(command)
    nest = draft.nest.map_bodies(lambda stage: _tiled(stage, command, label, size, block))
    return draft.with_nest(nest)


def _size(command: Command) -> int:
    text = command.arguments[1]
    if not (text.isascii() and text.isdigit()) or not 2 <= int(text) <= 2**31:
        raise command.refused(f"{text!r} is no size of a block", hint="a number from 2, like tile(i,32)")
    return int(text)


def _tiled(stage: Stage, command: Command, label: str, size: int, block: str) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    place = next((n for n, head in enumerate(heads) if head.of.label == label), None)
    if place is None:
        if any(isinstance(statement_loops(s, label), Head) for s in inner):
            raise command.refused(
                f"{label!r} is summed in a running total, inside the loops of the result: tile before accumulate"
            )
        return stage.body
    head = heads[place]
    if head.step > 1 or head.dots:
        why = "is cut into blocks already" if head.step > 1 else "stands for a number of axes that is unknown"
        raise command.refused(f"{label!r} {why}")
    outside = sum(other.step > 1 for other in heads)
    blocks = replace(head, index=block, step=size)
    inside = replace(head, start=block, size=size)
    order = [*heads[:place], inside, *heads[place + 1 :]]
    order.insert(outside, blocks)
    return nested(tuple(order), inner)


def statement_loops(statement: Statement, label: str) -> Head | None:
    """Return the head of a loop over an index in a statement, at any depth."""
    heads, inner = chain((statement,))
    found = next((head for head in heads if head.of.label == label), None)
    if found is not None or not heads:
        return found
    return next((head for s in inner for head in [statement_loops(s, label)] if head is not None), None)
