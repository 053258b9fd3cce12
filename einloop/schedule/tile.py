"""Cut a loop into blocks: the loop over the blocks goes outside, the loop inside a block stays where it was."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Access
from ..core.dtypes import item_bytes
from ..core.machine import Machine
from ..core.names import fresh
from ..core.nest import Head, Stage, Statement, StatementKind
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .memory import is_plain
from .pieces import chain, nested, statement_of
from .rewrite import S, with_elements

SQUARE = 32
"""Iterations of a block where two arrays are contiguous along different indices: 32 lines of each stay in level 1."""


def tile(draft: Draft, command: PassCall) -> Draft:
    """Return the program with an index of every stage that has it cut into blocks of so many iterations.

    Without an index: whatever the caches ask for. Raises OptionError for an index that does not exist or is cut
    already, and behind a running total that the loop over the blocks would have to stand outside of.
    """
    draft.check_open(command, behind=("accumulate",))
    if not command.arguments:
        return _by_caches(draft, command)
    if len(command.arguments) == 1:
        raise command.refused("tile with 1 argument", hint="like tile(i,32)")
    label, size = command.arguments[0], _size(command)
    if label not in draft.labels:
        raise command.refused(f"{label!r} is no index (there are {', '.join(draft.labels)})")
    taken = draft.names.taken
    return draft.with_nest(draft.nest.map_bodies(lambda stage: _tiled(stage, command, label, size, taken)))


def _size(command: PassCall) -> int:
    text = command.arguments[1]
    if not (text.isascii() and text.isdigit() and len(text) < 20) or not 2 <= int(text) <= 2**31:
        raise command.refused(f"{text!r} is no size of a block", hint="a number from 2, like tile(i,32)")
    return int(text)


def _tiled(stage: Stage, command: PassCall, label: str, size: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    head = next((head for head in heads if head.of.label == label and not head.step > 1), None)
    if head is None:
        if any(isinstance(statement_loops(s, label), Head) for s in inner):
            raise command.refused(
                f"{label!r} is summed in a running total, inside the loops of the result: tile before accumulate"
            )
        return stage.body
    if head.tiled or head.dots:
        why = "is cut into blocks already" if head.tiled else "stands for a number of axes that is unknown"
        raise command.refused(f"{label!r} {why}")
    return _cut(stage, head, size, taken)


def _cut(
    stage: Stage, head: Head, size: int, taken: frozenset[str], outside: int | None = None
) -> tuple[Statement, ...]:
    """Return the loops with one of them cut. `outside`: how many loops the blocks stand inside of; as a rule, behind
    the blocks that there are."""
    heads, inner = chain(stage.body)
    blocks = replace(head, index=fresh(f"{head.index}0", taken), step=size)
    inside = replace(head, start=blocks.index, size=size)
    if is_strided(inner):
        inside = replace(inside, counted=True, whole=isinstance(head.of.extent, int) and head.of.extent % size == 0)
        inner = tuple(in_blocks(s, head.index, blocks.index) for s in inner)
    order = [inside if other is head else other for other in heads]
    order.insert(sum(other.step > 1 for other in heads) if outside is None else outside, blocks)
    return nested(tuple(order), inner)


def is_strided(inner: tuple[Statement, ...]) -> bool:
    """Return whether the statement addresses all its arrays by strides."""
    statement = statement_of(inner)
    accesses = (statement.target, *(a for factors in statement.products for a in factors))
    return all(a.strides is not None or not a.subscripts for a in accesses)


def in_blocks(statement: S, index: str, block: str) -> S:
    """Return a statement in which an index counts from the begin of its block."""
    return with_elements(statement, lambda access: _blocked(access, index, block))


def _blocked(access: Access, index: str, block: str) -> Access:
    """Return an element where an index, on a diagonal several times, counts from the begin of its block."""
    if access.strides is None:
        return access
    parts = [
        (name, stride)
        for subscript, stride in zip(access.subscripts, access.strides, strict=True)
        for name in ((block, index) if subscript == index else (subscript,))
    ]
    return replace(access, subscripts=tuple(name for name, _ in parts), strides=tuple(stride for _, stride in parts))


def _by_caches(draft: Draft, command: PassCall) -> Draft:
    """Return the program with blocks where the caches of the machine ask for them."""
    if not draft.canonical:
        raise command.refused(
            "tile decides by strides, which the loops do not have", hint="canonicalise, or tile(i,32)"
        )
    draft.check_open(command)
    machine, taken = draft.request.machine, draft.names.taken
    return draft.with_nest(draft.nest.map_bodies(lambda stage: _for_caches(stage, machine, taken)))


def _for_caches(stage: Stage, machine: Machine, taken: frozenset[str]) -> tuple[Statement, ...]:
    heads, _ = chain(stage.body)
    if stage.kind in (StatementKind.EMPTY, StatementKind.TINY) or not heads or any(head.tiled for head in heads):
        return stage.body
    across = _across(stage)
    if across is not None:
        # the blocks stand right around the two loops: loops further out were put there for a reason
        outside = min(place for place, head in enumerate(heads) if head.of.label in across)
        body = stage.body
        for label in across:
            head = next(h for h in chain(body)[0] if h.of.label == label and h.step == 1)
            if isinstance(head.of.extent, int) and head.of.extent > SQUARE:
                body = _cut(replace(stage, body=body), head, SQUARE, taken, outside)
                outside += 1
        return body
    last = heads[-1]
    totals = machine.level1 // 8 // item_bytes(stage.zero.dtype or "float64")
    summed = [head for head in heads if head.of.role is Role.SUMMED]
    sums_rows = last.of.role is Role.FREE and summed and heads.index(summed[0]) == len(heads) - 1 - len(summed)
    if sums_rows and isinstance(last.of.extent, int) and last.of.extent > totals:
        return _cut(stage, last, totals, taken, outside=len(heads) - 1 - len(summed))
    return stage.body


def _across(stage: Stage) -> tuple[str, str] | None:
    """Return the labels of two indices along which different arrays are contiguous; None where all agree."""
    heads, inner = chain(stage.body)
    statement = statement_of(inner)
    summed = any(head.of.role is Role.SUMMED for head in heads)
    # a result of which each element is written once, behind a sum, costs little however it lies
    often = () if summed and is_plain(heads) else (statement.target,)
    arrays = [a for a in (*often, *statement.factors) if a.strides is not None]
    last = heads[-1]
    for access in arrays:
        fast = next((head for head in heads if abs(access.stride(head.index)) == 1), None)
        if fast is not None and fast is not last and abs(access.stride(last.index)) > 1:
            return fast.of.label, last.of.label
    return None


def statement_loops(statement: Statement, label: str) -> Head | None:
    """Return the head of a loop over an index in a statement, at any depth."""
    heads, inner = chain((statement,))
    found = next((head for head in heads if head.of.label == label), None)
    if found is not None or not heads:
        return found
    return next((head for s in inner for head in [statement_loops(s, label)] if head is not None), None)
