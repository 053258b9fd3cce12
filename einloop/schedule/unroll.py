"""Write the iterations of a loop out, one after the other, where a loop costs more than what it does."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..core.ability import Ability
from ..core.dtypes import item_bytes
from ..core.names import fresh
from ..core.nest import (
    Accumulate,
    Alloc,
    Assign,
    Head,
    Loop,
    Stage,
    StatementKind,
    chain,
    every,
    heads_of,
    nested,
)
from .draft import Draft
from .language import PassCall
from .rewrite import Body, later, rewritten_loops, without_index
from .strides import written_once

JAM = 4
"""Iterations that are done at once of a loop around sums."""
PAGE_BYTES = 4096
"""Processors do not fetch ahead of a row beyond its page, and neighbouring rows within one confuse them."""
MAX_PRODUCTS = 64
"""Products that are written out at most."""
MAX_PRODUCTS_SLOW = 27
"""The same for targets whose compilers are slow at long functions: 12 ms of Numba's time for each."""


def unroll(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the iterations of an index written out: `unroll(i)` all of them,
    `unroll(i,4)` four at once.

    Without an index: all loops of tiny nests, and four iterations of a summed loop around a row of totals. Raises
    OptionError for an index that is cut into blocks, and where too much would have to be written.
    """
    if not command.arguments:
        changed = draft.with_bodies(lambda stage: _chosen(stage, draft))
    else:
        times = None
        if len(command.arguments) > 1:
            hint = f"2 to {MAX_PRODUCTS}, like unroll(i,4)"
            times = command.number(1, "number of iterations", 2, MAX_PRODUCTS, hint)
        changed = draft.with_bodies(lambda stage: _named(stage.body, command, times, draft.names.taken))
    return draft.with_nest(written_once(changed.nest))


def _named(body: Body, command: PassCall, times: int | None, taken: frozenset[str]) -> Body:
    label = command.arguments[0]
    found = [head for head in heads_of(body) if head.label == label]
    if any(head.tiled for head in found):
        raise command.refused(f"{label!r} is cut into blocks")
    extent = found[0].count if found else 1
    loops = [s for s in every(body) if isinstance(s, Loop) and s.heads[0].label == label]
    if any(isinstance(s, Alloc) for loop in loops for s in every(loop.body)) and _total(loops[0].body) is None:
        raise command.refused(f"totals stand inside of {label!r}", hint="unroll what they sum first")
    count = extent if times is None else min(times, extent)
    if count > MAX_PRODUCTS:
        raise command.refused(f"{label!r} has {count} iterations, too many to write out", hint=f"unroll({label},4)")
    return merged(unrolled(body, label, count, taken)) if count > 1 else body


def _chosen(stage: Stage, draft: Draft) -> Body:
    taken = draft.names.taken
    if stage.kind is StatementKind.TINY:
        most = MAX_PRODUCTS if Ability.LANES in draft.abilities else MAX_PRODUCTS_SLOW
        return _written_out(stage.body, most, taken)
    return _jammed(stage, taken) if stage.kind is StatementKind.MEMORY else stage.body


def _written_out(body: Body, most: int, taken: frozenset[str]) -> Body:
    """Return a tiny nest without loops, but for the one over the batch; as it is where that is too long. Where rows of
    totals fill vectors, only what they sum is written out."""
    rows = any(isinstance(s, Alloc) and s.extents for s in every(body))
    written = 1
    while True:
        heads = heads_of(body)
        blocks = {head.label for head in heads if head.tiled}  # what is left of them has the same label
        inner = [head for head in heads[1:] or heads if head.label not in blocks and not (rows and not head.summed)]
        sizes = {head.label: head.count for head in inner}
        if not sizes or written * prod(sizes.values()) > most:
            return body
        label, extent = list(sizes.items())[-1]
        body = merged(unrolled(body, label, extent, taken))
        written *= extent


def merged(body: Body) -> Body:
    """Return the statements with every total that is added to once as a sum that is assigned at once."""
    if len(body) == 3 and isinstance(body[0], Alloc):
        around, adding = chain(body[1:2])
        again, writing = chain(body[2:])
        sums, written = adding[0], writing[0]
        if (
            [head.index for head in around] == [head.index for head in again]
            and len(adding) == len(writing) == 1
            and isinstance(sums, Accumulate)
            and isinstance(written, Assign | Accumulate)
            and sums.target.buffer == body[0].buffer
            and len(around) == len(body[0].extents)
            and not sums.scales
        ):
            return nested(around, (_without_total(sums, written),))
    return tuple(replace(s, body=merged(s.body)) if isinstance(s, Loop) else s for s in body)


def _without_total(sums: Accumulate, written: Assign | Accumulate) -> Assign | Accumulate:
    """Return what writes a total with what it sums in its place: what stands beside the total, beside each product."""
    *scalars, _ = written.factors
    first, *more = ((*scalars, *factors) for factors in sums.products)
    return replace(written, factors=first, more=tuple(more), scales=written.scales * len(sums.products))


def _jammed(stage: Stage, taken: frozenset[str]) -> Body:
    """Return the statements with four iterations at once of the loops that step through memory in pages: a processor
    fetches ahead of several rows at once, and a row of totals is then read and written a quarter as often."""
    page = PAGE_BYTES // item_bytes(stage.dtype)

    def change(loop: Loop) -> Body | None:
        return _split(loop, JAM, taken) if _strides_over_pages(loop, page) and _around_sums(loop) else None

    return rewritten_loops(stage.body, change)


def _strides_over_pages(loop: Loop, page: int) -> bool:
    """Return whether a loop runs four times and more, and takes some operand a page on at each."""
    (head,) = loop.heads
    sums = (s for s in every(loop.body) if isinstance(s, Accumulate))
    read = (access for s in sums for factors in s.products for access in factors if access.strides is not None)
    return not head.tiled and head.count >= JAM and any(abs(access.stride(head.index)) >= page for access in read)


def _around_sums(loop: Loop) -> bool:
    """Return whether a summed loop stands directly around a free one, or a free one around one total."""
    (head,) = loop.heads
    if head.summed:
        heads, inner = chain(loop.body)
        return bool(heads) and not any(h.summed for h in heads) and _is_sum(inner)
    total = _total(loop.body)
    # what does not move along the rows is read once for all of them; else one row after the other comes as fast
    return total is not None and any(
        access.strides is not None and not access.stride(head.index)
        for adding in chain((total[1],))[1]
        if isinstance(adding, Accumulate)
        for access in adding.factors
    )


def _is_sum(inner: Body) -> bool:
    """Return whether statements are one addition."""
    return len(inner) == 1 and isinstance(inner[0], Accumulate)


def _total(body: Body) -> tuple[Alloc, Loop, Assign | Accumulate] | None:
    """Return the parts of a running total: its zero, the loops around one addition, and where it is written."""
    if len(body) != 3:
        return None
    start, loop, writing = body
    if not isinstance(start, Alloc) or start.extents or not isinstance(loop, Loop):
        return None
    heads, inner = chain((loop,))
    plain = _is_sum(inner) and all(head.summed for head in heads)
    return (start, loop, writing) if plain and isinstance(writing, Assign | Accumulate) else None


def unrolled(body: Body, label: str, times: int, taken: frozenset[str]) -> Body:
    """Return the statements with so many iterations of an index at once, and a loop over those that are left."""
    return rewritten_loops(body, lambda loop: _split(loop, times, taken) if loop.heads[0].label == label else None)


def _split(loop: Loop, times: int, taken: frozenset[str]) -> Body:
    (head,) = loop.heads
    left = head.count % times
    whole = head.count - left
    together = _together(loop.body, head, times, taken)
    if head.count == times:
        return without_index(together, head.index)
    first = nested((replace(head, step=times, extent=str(whole)),), together)
    if not left:
        return first
    rest = replace(head, extent=str(left), of=replace(head.of, extent=left))
    return (*first, *nested((rest,), later(loop.body, head.index, whole)))


def _together(body: Body, head: Head, times: int, taken: frozenset[str]) -> Body:
    """Return what stands in a loop, for so many iterations at once: what they add to one element in one statement, what
    they add to totals of their own in one loop, anything else one by one."""
    heads, inner = chain(body)
    adding = inner[0]
    turns = [later(body, head.index, n) for n in range(times)]
    if _is_sum(inner) and isinstance(adding, Accumulate) and not _moves(adding, head.index):
        every_turn = [s for turn in turns for s in chain(turn)[1] if isinstance(s, Accumulate)]
        first, *more = (factors for s in every_turn for factors in s.products)
        return nested(heads, (replace(adding, factors=first, more=tuple(more), scales=adding.scales * times),))
    total = _total(body)
    if total is None:
        return tuple(s for turn in turns for s in turn)
    names = [fresh(f"{total[0].buffer}_{n}", taken) for n in range(times)]
    starts, sums, ends = zip(*map(_renamed, turns, names), strict=True)
    return (*starts, *nested(chain((total[1],))[0], sums), *ends)


def _renamed(turn: Body, name: str) -> tuple[Alloc, Accumulate, Assign | Accumulate]:
    """Return the three statements of a running total under another name."""
    total = _total(turn)
    assert total is not None
    start, loop, writing = total
    (adding,) = chain((loop,))[1]
    assert isinstance(adding, Accumulate)
    own = replace(adding.target, buffer=name)
    return replace(start, buffer=name), replace(adding, target=own), replace(writing, factors=(own,))


def _moves(adding: Accumulate, index: str) -> bool:
    return adding.target.strides is not None and adding.target.stride(index) != 0
