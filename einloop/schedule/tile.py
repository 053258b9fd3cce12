"""Cut a loop into blocks: the loop over the blocks goes outside, the loop inside a block stays where it was."""

from __future__ import annotations

from dataclasses import replace

from ..core.dtypes import item_bytes
from ..core.machine import Machine
from ..core.names import fresh
from ..core.nest import Head, Stage, Statement, StatementKind, accesses, chain, heads_of, nested
from .draft import Draft
from .language import PassCall
from .memory import is_plain
from .rewrite import in_blocks

SQUARE = 32
"""Iterations of a block where two arrays are contiguous along different indices: 32 lines of each stay in level 1."""


def tile(draft: Draft, command: PassCall) -> Draft:
    """Return the program with an index of every stage that has it cut into blocks of so many iterations.

    Without an index: whatever the caches ask for. Raises OptionError for an index that is cut already, and after a
    running total that the loop over the blocks would have to stand outside of.
    """
    if draft.closed == "rows":
        raise command.refused("tile does not go with rows, which walks whole rows")
    taken = draft.names.taken
    if not command.arguments:
        draft.check_strides(command, "tile decides by", hint="canonicalise, or tile(i,32)")
        draft.check_open(command)
        return draft.with_bodies(lambda stage: _for_caches(stage, draft.request.machine, taken))
    label, size = (
        command.arguments[0],
        command.number(1, "size of a block", 2, 2**31, "a number from 2, like tile(i,32)"),
    )
    return draft.with_bodies(lambda stage: _tiled(stage, command, label, size, taken))


def _tiled(stage: Stage, command: PassCall, label: str, size: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    head = next((head for head in heads if head.label == label and not head.step > 1), None)
    if head is None:
        if any(head.label == label for head in heads_of(inner)):
            raise command.refused(
                f"{label!r} is summed in a running total, inside the loops of the result: tile before accumulate"
            )
        return stage.body
    if head.tiled or head.dots:
        why = "is cut into blocks already" if head.tiled else "stands for a number of axes that is unknown"
        raise command.refused(f"{label!r} {why}")
    return _cut(stage.body, head, size, taken)


def _cut(
    body: tuple[Statement, ...], head: Head, size: int, taken: frozenset[str], outside: int | None = None
) -> tuple[Statement, ...]:
    """Return the loops with one of them cut, its blocks inside of so many loops; by default inside of the blocks that
    there are."""
    heads, inner = chain(body)
    blocks = replace(head, index=fresh(f"{head.index}0", taken), step=size)
    inside = replace(head, start=blocks.index, size=size)
    if all(access.strides is not None or not access.subscripts for access in accesses(inner)):
        inside = replace(inside, counted=True, whole=isinstance(head.of.extent, int) and head.of.extent % size == 0)
        inner = in_blocks(inner, head.index, blocks.index)
    order = [inside if other is head else other for other in heads]
    order.insert(sum(other.step > 1 for other in heads) if outside is None else outside, blocks)
    return nested(order, inner)


def _for_caches(stage: Stage, machine: Machine, taken: frozenset[str]) -> tuple[Statement, ...]:
    heads, body = stage.heads, stage.body
    if stage.kind in (StatementKind.EMPTY, StatementKind.TINY) or not heads or any(head.tiled for head in heads):
        return body
    across = _across(stage)
    if across is not None:
        # the blocks stand right around the two loops: loops further out were put there for a reason
        outside = min(place for place, head in enumerate(heads) if head.label in across)
        for label in across:
            head = next(h for h in chain(body)[0] if h.label == label and h.step == 1)
            if head.count > SQUARE:
                body = _cut(body, head, SQUARE, taken, outside)
                outside += 1
        return body
    last, count = heads[-1], sum(head.summed for head in heads)
    totals = machine.level1 // 8 // item_bytes(stage.dtype)
    outside = len(heads) - 1 - count
    sums_rows = count and not last.summed and all(head.summed for head in heads[outside:-1])
    return _cut(body, last, totals, taken, outside) if sums_rows and last.count > totals else body


def _across(stage: Stage) -> tuple[str, str] | None:
    """Return the labels of two indices along which different arrays are contiguous; None where all agree."""
    heads = stage.heads
    summed = any(head.summed for head in heads)
    last = heads[-1]
    for access in stage.arrays:
        if access is stage.statement.target and summed and is_plain(heads):
            continue  # each element is written once, after a sum: that costs little however it lies
        fast = next((head for head in heads if abs(access.stride(head.index)) == 1), None)
        if fast is not None and fast is not last and abs(access.stride(last.index)) > 1:
            return fast.label, last.label
    return None
