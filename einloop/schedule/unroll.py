"""Write the iterations of a loop out, one behind the other, where a loop costs more than what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod

from ..core.buffer import Access
from ..core.dtypes import item_bytes
from ..core.names import fresh
from ..core.nest import Accumulate, Alloc, Assign, Head, Loop, Stage, Statement, StatementKind, every, heads_of
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .pieces import chain, nested, statement_of
from .rewrite import rewritten, with_elements
from .strides import written_once
from .vectorise import moved, moved_access

JAM = 4
"""Iterations that are done at once of a loop around sums."""
PAGE = 4096
"""Bytes: processors do not fetch ahead of a row beyond its page, and neighbouring rows within one confuse them."""
MOST = 64
"""Products that are written out at most."""
FEW = 27
"""The same for targets whose compilers are slow at long functions: 12 ms of Numba's time for each."""


def unroll(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the iterations of an index written out: `unroll(i)` all of them,
    `unroll(i,4)` four at once.

    Without an index: all loops of tiny nests, and four iterations of a summed loop around a row of totals. Raises
    OptionError where elements are not addressed by strides, for an index that does not exist or is cut into blocks, and
    where too much would have to be written.
    """
    draft.check_able(command, "strides", "where extents are read at run time")
    if not draft.canonical:
        raise command.refused("unroll counts with strides, which the loops do not have", hint="canonicalise unroll")
    draft.check_open(command, behind=("accumulate", "unroll"))
    change = _chosen(draft) if not command.arguments else _named(draft, command)
    return draft.with_nest(written_once(draft.nest.map_bodies(change)), closed=command.name)


def _named(draft: Draft, command: PassCall) -> Callable[[Stage], tuple[Statement, ...]]:
    label = command.arguments[0]
    if label not in draft.labels:
        raise command.refused(f"{label!r} is no index (there are {', '.join(draft.labels)})")
    times = command.arguments[1] if len(command.arguments) > 1 else None
    if times is not None and not (times.isascii() and times.isdigit() and len(times) < 20 and 2 <= int(times) <= MOST):
        raise command.refused(f"{times!r} is no number of iterations", hint=f"2 to {MOST}, like unroll(i,4)")

    def change(stage: Stage) -> tuple[Statement, ...]:
        found = [head for head in heads_of(stage.body) if head.of.label == label]
        if any(head.tiled for head in found):
            raise command.refused(f"{label!r} is cut into blocks")
        extent = found[0].of.extent if found else 1
        assert isinstance(extent, int)
        loops = [s for s in every(stage.body) if isinstance(s, Loop) and s.heads[0].of.label == label]
        if any(isinstance(s, Alloc) for loop in loops for s in every(loop.body)) and _total(loops[0].body) is None:
            raise command.refused(f"totals stand inside of {label!r}", hint="unroll what they sum first")
        count = extent if times is None else min(int(times), extent)
        if count > MOST:
            raise command.refused(f"{label!r} has {count} iterations, too many to write out", hint=f"unroll({label},4)")
        return merged(unrolled(stage.body, label, count, draft.names.taken)) if count > 1 else stage.body

    return change


def _chosen(draft: Draft) -> Callable[[Stage], tuple[Statement, ...]]:
    taken = draft.names.taken
    most = MOST if "lanes" in draft.abilities else FEW

    def change(stage: Stage) -> tuple[Statement, ...]:
        if stage.kind is StatementKind.TINY:
            return _written_out(stage, most, taken)
        page = PAGE // item_bytes(stage.zero.dtype or "float64")
        return _jammed(stage, page, taken) if stage.kind is StatementKind.MEMORY else stage.body

    return change


def _written_out(stage: Stage, most: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return a tiny nest without loops, but for the one over the batch; as it is where that is too long. Where rows of
    totals fill vectors, only what they sum is written out."""
    body = stage.body
    rows = any(isinstance(s, Alloc) and s.extents for s in every(body))
    written = 1
    while True:
        heads = heads_of(body)
        inner = [head for head in heads[1:] or heads if not head.tiled and not (rows and head.of.role is Role.FREE)]
        sizes = {head.of.label: _extent(head) for head in inner}
        if not sizes or written * prod(sizes.values()) > most:
            return body
        label, extent = list(sizes.items())[-1]
        body = merged(unrolled(body, label, extent, taken))
        written *= extent


def _extent(head: Head) -> int:
    assert isinstance(head.of.extent, int)
    return head.of.extent


def merged(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
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
        ):
            return nested(around, (replace(written, factors=sums.factors, more=sums.more),))
    return tuple(replace(s, body=merged(s.body)) if isinstance(s, Loop) else s for s in body)


def _jammed(stage: Stage, page: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return the statements with four iterations at once of the loops that step through memory in pages: a processor
    fetches ahead of several rows at once, and a row of totals is then read and written a quarter as often."""

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if isinstance(statement, Loop) and _strides_over_pages(statement, page) and _around_sums(statement):
            return _split(statement, JAM, taken)
        return None

    return rewritten(stage.body, change)


def _strides_over_pages(loop: Loop, page: int) -> bool:
    """Return whether a loop runs four times and more, and takes some operand a page on at each."""
    (head,) = loop.heads
    factors = [
        access
        for s in every(loop.body)
        if isinstance(s, Accumulate)
        for products in s.products
        for access in products
        if access.strides is not None
    ]
    far = any(abs(access.stride(head.index)) >= page for access in factors)
    return far and not head.tiled and isinstance(head.of.extent, int) and head.of.extent >= JAM


def _around_sums(loop: Loop) -> bool:
    """Return whether a summed loop stands directly around a free one, or a free one around one total."""
    (head,) = loop.heads
    if head.of.role is Role.SUMMED:
        heads, inner = chain(loop.body)
        return (
            bool(heads)
            and all(h.of.role is Role.FREE for h in heads)
            and len(inner) == 1
            and isinstance(inner[0], Accumulate)
        )
    total = _total(loop.body)
    # what does not move along the rows is read once for all of them; else one row after the other comes as fast
    return total is not None and any(
        access.strides is not None and not access.stride(head.index)
        for adding in chain(total[1].body)[1]
        if isinstance(adding, Accumulate)
        for access in adding.factors
    )


def _total(body: tuple[Statement, ...]) -> tuple[Alloc, Loop, Assign | Accumulate] | None:
    """Return the parts of a running total: its zero, the loops around one addition, and where it is written."""
    if len(body) != 3:
        return None
    start, loop, writing = body
    if not isinstance(start, Alloc) or start.extents or not isinstance(loop, Loop):
        return None
    heads, inner = chain((loop,))
    plain = len(inner) == 1 and isinstance(inner[0], Accumulate) and all(h.of.role is Role.SUMMED for h in heads)
    return (start, loop, writing) if plain and isinstance(writing, Assign | Accumulate) else None


def unrolled(body: tuple[Statement, ...], label: str, times: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return the statements with so many iterations of an index at once, and a loop over those that are left."""

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if isinstance(statement, Loop) and statement.heads[0].of.label == label:
            return _split(statement, times, taken)
        return None

    return rewritten(body, change)


def _split(loop: Loop, times: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    (head,) = loop.heads
    extent = head.of.extent
    assert isinstance(extent, int)
    whole = extent // times * times
    together = _together(loop.body, head, times, taken)
    if extent == times:
        return tuple(with_elements(s, lambda access: _without(access, head.index)) for s in together)
    first = nested((replace(head, step=times, extent=str(whole)),), together)
    left = extent - whole
    if not left:
        return first
    rest = replace(head, extent=str(left), of=replace(head.of, extent=left))
    return (*first, *nested((rest,), tuple(moved(s, head.index, whole) for s in loop.body)))


def _together(body: tuple[Statement, ...], head: Head, times: int, taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return what stands in a loop, for so many iterations at once: what they add to one element in one statement, what
    they add to totals of their own in one loop, anything else one by one."""
    heads, inner = chain(body)
    adding = inner[0]
    if len(inner) == 1 and isinstance(adding, Accumulate) and not _moves(adding.target, head.index):
        products = [
            tuple(moved_access(a, head.index, n) for a in factors) for n in range(times) for factors in adding.products
        ]
        return nested(heads, (replace(adding, factors=products[0], more=tuple(products[1:])),))
    total = _total(body)
    if total is not None:
        return _with_totals(total, head, times, taken)
    return tuple(moved(s, head.index, n) for n in range(times) for s in body)


def _with_totals(
    total: tuple[Alloc, Loop, Assign | Accumulate], head: Head, times: int, taken: frozenset[str]
) -> tuple[Statement, ...]:
    """Return one loop that adds to a total for each of so many iterations."""
    start, loop, writing = total
    heads, inner = chain((loop,))
    adding = statement_of(inner)
    totals = [replace(adding.target, buffer=fresh(f"{start.buffer}_{n}", taken)) for n in range(times)]
    return (
        *(replace(start, buffer=total.buffer) for total in totals),
        *nested(heads, tuple(replace(moved(adding, head.index, n), target=totals[n]) for n in range(times))),
        *(replace(moved(writing, head.index, n), factors=(totals[n],)) for n in range(times)),
    )


def _moves(access: Access, index: str) -> bool:
    return access.strides is not None and access.stride(index) != 0


def _without(access: Access, index: str) -> Access:
    if access.strides is None:
        return access
    kept = [(s, n) for s, n in zip(access.subscripts, access.strides, strict=True) if s != index]
    return replace(access, subscripts=tuple(s for s, _ in kept), strides=tuple(n for _, n in kept))
