"""Write the iterations of a loop out, one behind the other, where a loop costs more than what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..core.nest import Access, Accumulate, Alloc, Assign, Head, Kind, Loop, Stage, Statement, every, heads_of
from ..core.spec import Role
from .canonicalise import written_once
from .draft import Draft
from .language import Command
from .order import chain
from .pieces import nested
from .vectorise import moved, moved_access

JAM = 4
"""Summed iterations that are added to a row of totals at once: the row is then read and written a quarter as often."""
MOST = 64
"""Products that are written out at most."""


def unroll(draft: Draft, command: Command) -> Draft:
    """Return the program with the iterations of an index written out: `unroll(i)` all of them, `unroll(i,4)` four at once.

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


def _named(draft: Draft, command: Command) -> Callable[[Stage], tuple[Statement, ...]]:
    label = command.arguments[0]
    if label not in draft.labels:
        raise command.refused(f"{label!r} is no index (there are {', '.join(draft.labels)})")
    times = command.arguments[1] if len(command.arguments) > 1 else None
    if times is not None and not (times.isascii() and times.isdigit() and 2 <= int(times) <= MOST):
        raise command.refused(f"{times!r} is no number of iterations", hint=f"2 to {MOST}, like unroll(i,4)")

    def change(stage: Stage) -> tuple[Statement, ...]:
        found = [head for head in heads_of(stage.body) if head.of.label == label]
        if any(head.tiled for head in found):
            raise command.refused(f"{label!r} is cut into blocks")
        extent = found[0].of.extent if found else 1
        assert isinstance(extent, int)
        if any(isinstance(s, Alloc) for s in _inside(stage.body, label)):
            raise command.refused(f"a running total stands inside of {label!r}", hint="unroll what it sums first")
        count = extent if times is None else min(int(times), extent)
        if count > MOST:
            raise command.refused(f"{label!r} has {count} iterations, too many to write out", hint=f"unroll({label},4)")
        return merged(unrolled(stage.body, label, count)) if count > 1 else stage.body

    return change


def _chosen(draft: Draft) -> Callable[[Stage], tuple[Statement, ...]]:
    def change(stage: Stage) -> tuple[Statement, ...]:
        if stage.kind is Kind.TINY:
            return _written_out(stage)
        return _jammed(stage.body) if stage.kind is Kind.MEMORY else stage.body

    return change


def _written_out(stage: Stage) -> tuple[Statement, ...]:
    """Return a tiny nest without loops, but for the one over the batch; as it is where that is too long."""
    body = stage.body
    while True:
        heads = heads_of(body)
        inner = [head for head in heads[1:] or heads if not head.tiled]
        sizes = {head.of.label: head.of.extent for head in inner}
        points = 1
        for extent in sizes.values():
            assert isinstance(extent, int)
            points *= extent
        if not sizes or points > MOST:
            return body
        label = list(sizes)[-1]
        body = merged(unrolled(body, label, sizes[label] if isinstance(sizes[label], int) else 1))


def merged(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return the statements with every total that is added to once as a sum that is assigned at once."""
    if len(body) == 3:
        start, adding, writing = body
        if (
            isinstance(start, Alloc)
            and isinstance(adding, Accumulate)
            and isinstance(writing, Assign)
            and not start.extents
            and adding.target.buffer == start.buffer == writing.factors[0].buffer
        ):
            return (replace(writing, factors=adding.factors, more=adding.more),)
    return tuple(replace(s, body=merged(s.body)) if isinstance(s, Loop) else s for s in body)


def _inside(body: tuple[Statement, ...], label: str) -> tuple[Statement, ...]:
    """Return what stands inside the loop over an index, at every depth."""
    loops = [s for s in every(body) if isinstance(s, Loop) and s.heads[0].of.label == label]
    return tuple(every(loops[0].body)) if loops else ()


def _jammed(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return the statements with four iterations of every summed loop directly around a free one at once."""
    made: list[Statement] = []
    for statement in body:
        if not isinstance(statement, Loop):
            made.append(statement)
            continue
        heads, inner = chain((statement,))
        jams = len(heads) > 1 and heads[-1].of.role is Role.FREE and heads[-2].of.role is Role.SUMMED
        extent = heads[-2].of.extent if jams else 0
        simple = len(inner) == 1 and isinstance(inner[0], Accumulate) and not heads[-2:][0].tiled
        if jams and simple and isinstance(extent, int) and extent >= JAM:
            made += unrolled((statement,), heads[-2].of.label, JAM)
        else:
            made.append(replace(statement, body=_jammed(statement.body)))
    return tuple(made)


def unrolled(body: tuple[Statement, ...], label: str, times: int) -> tuple[Statement, ...]:
    """Return the statements with so many iterations of an index at once, and a loop over those that are left."""
    made: list[Statement] = []
    for statement in body:
        if not isinstance(statement, Loop):
            made.append(statement)
        elif statement.heads[0].of.label == label:
            made += _split(statement, times)
        else:
            made.append(replace(statement, body=unrolled(statement.body, label, times)))
    return tuple(made)


def _split(loop: Loop, times: int) -> tuple[Statement, ...]:
    (head,) = loop.heads
    extent = head.of.extent
    assert isinstance(extent, int)
    whole = extent // times * times
    together = _together(loop.body, head, times)
    if extent == times:
        return tuple(_at_zero(s, head.index) for s in together)
    first = nested((replace(head, step=times, extent=str(whole)),), together)
    left = extent - whole
    if not left:
        return first
    rest = replace(head, extent=str(left), of=replace(head.of, extent=left))
    return (*first, *nested((rest,), tuple(_moved(s, head.index, whole) for s in loop.body)))


def _together(body: tuple[Statement, ...], head: Head, times: int) -> tuple[Statement, ...]:
    """Return what stands in a loop, for so many iterations at once: sums in one statement, others one by one."""
    heads, inner = chain(body)
    if len(inner) == 1 and isinstance(inner[0], Accumulate) and not _moves(inner[0].target, head.index):
        (adding,) = inner
        products = [
            tuple(moved_access(a, head.index, n) for a in factors)
            for n in range(times)
            for factors in adding.products
        ]
        return nested(heads, (replace(adding, factors=products[0], more=tuple(products[1:])),))
    return tuple(_moved(s, head.index, n) for n in range(times) for s in body)


def _moves(access: Access, index: str) -> bool:
    return access.strides is not None and access.stride(index) != 0


def _moved(statement: Statement, index: str, by: int) -> Statement:
    if isinstance(statement, Loop):
        return replace(statement, body=tuple(_moved(s, index, by) for s in statement.body))
    return moved(statement, index, by) if isinstance(statement, Assign | Accumulate) else statement


def _at_zero(statement: Statement, index: str) -> Statement:
    """Return a statement without an index that is 0."""
    if isinstance(statement, Loop):
        return replace(statement, body=tuple(_at_zero(s, index) for s in statement.body))
    if not isinstance(statement, Assign | Accumulate):
        return statement
    return replace(
        statement,
        target=_without(statement.target, index),
        factors=tuple(_without(a, index) for a in statement.factors),
        more=tuple(tuple(_without(a, index) for a in factors) for factors in statement.more),
    )


def _without(access: Access, index: str) -> Access:
    if access.strides is None:
        return access
    kept = [(s, n) for s, n in zip(access.subscripts, access.strides, strict=True) if s != index]
    return replace(access, subscripts=tuple(s for s, _ in kept), strides=tuple(n for _, n in kept))
