"""Programs whose elements are addressed by strides, in as few loops as that takes. Changes no statement's meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate as running
from itertools import permutations
from operator import mul

from ..core.buffer import Access
from ..core.names import WORDS, fresh
from ..core.nest import Accumulate, Alloc, Assign, Head, Nest, Stage, Statement, accesses, every, heads_of, nested
from .pieces import STRETCHED
from .rewrite import rewritten_nest, with_accesses


def canonical(nest: Nest, taken: frozenset[str], *, adding: bool = False) -> Nest:
    """Return the program with the loops of each stage fused, and its arrays addressed by strides.

    `adding`: the first stage too adds to what is in its target, as others do that write it after another stage.
    """
    written: set[str] = {nest.result.name} if adding else set()

    def change(stage: Stage) -> tuple[Statement, ...]:
        alone = stage.statement.target.buffer not in written
        written.add(stage.statement.target.buffer)
        return _canonical(stage, taken, alone=alone)

    return written_once(nest.map_bodies(change))


def _canonical(stage: Stage, taken: frozenset[str], *, alone: bool) -> tuple[Statement, ...]:
    """Return the loops of a stage, with strides. `alone`: nothing is in its target yet."""
    statement = stage.statement
    elements = list(map(flattened, accesses((statement,))))
    if any(head.count == 0 for head in stage.heads):
        # nothing is to be done: the loop that says so stands outermost
        heads = sorted(stage.heads, key=lambda head: head.count != 0)
    else:
        heads, elements = _fused([head for head in stage.heads if head.count != 1], elements, taken)
        live = {head.index for head in heads}
        elements = [_only(access, live) for access in elements]
    made = dict(zip(accesses((statement,)), elements, strict=False))
    changed = with_accesses(statement, made.__getitem__)
    if alone and isinstance(changed, Accumulate) and not any(head.summed for head in heads):
        # a sum of one product
        changed = Assign(
            target=changed.target,
            factors=changed.factors,
            logic=changed.logic,
            more=changed.more,
            wide=changed.wide,
            scales=changed.scales,
        )
    return nested(heads, (changed,))


def flattened(access: Access) -> Access:
    """Return the same element addressed by strides, each index once; a scalar stays a scalar.

    >>> flattened(Access(buffer="A", subscripts=("i", "j", "i"), extents=("3", "4", "3"))).strides
    (13, 3)
    >>> flattened(Access(buffer="A", subscripts=("i", "0"), extents=("3", "1"), strides=(-2, 0))).subscripts
    ('i',)
    """
    if access.is_scalar:
        return access
    moves: dict[str, int] = {}
    for subscript, stride in zip(access.subscripts, access.strides or contiguous(access.extents), strict=True):
        if subscript != STRETCHED:
            moves[subscript] = moves.get(subscript, 0) + stride
    return replace(access.moving((index, n) for index, n in moves.items() if n), boxed=False)


def contiguous(extents: tuple[str, ...]) -> tuple[int, ...]:
    """Return the strides of a contiguous array, the last axis fastest; no axis of an empty one stays in its place.

    >>> contiguous(("2", "3", "4")), contiguous(("2", "0"))
    ((12, 4, 1), (1, 1))
    """
    inner = [max(int(extent), 1) for extent in reversed(extents[1:])]
    return tuple(running([1, *inner], mul))[::-1] if extents else ()


def _only(access: Access, live: set[str]) -> Access:
    """Return the element without the indices that no loop is left for: they are 0."""
    return access if access.strides is None else access.moving(move for move in access.moves if move[0] in live)


def _fused(heads: list[Head], elements: list[Access], taken: frozenset[str]) -> tuple[list[Head], list[Access]]:
    """Return the loops and elements after every pair of loops that is one has become one."""
    while True:
        pair = next((p for p in permutations(heads, 2) if _one(*p, elements)), None)
        if pair is None:
            return heads, elements
        outer, inner = pair
        both = _joined(outer, inner, taken)
        heads = [both if head is heads[min(map(heads.index, pair))] else head for head in heads]
        heads = [head for head in heads if head not in pair]
        elements = [_renamed(access, outer.index, inner.index, both.index) for access in elements]


def _one(outer: Head, inner: Head, elements: Sequence[Access]) -> bool:
    """Return whether stepping the outer loop once is stepping the inner one through, in every array."""
    return outer.of.role is inner.of.role and all(
        access.stride(outer.index) == access.stride(inner.index) * inner.count
        for access in elements
        if access.strides is not None
    )


def _joined(outer: Head, inner: Head, taken: frozenset[str]) -> Head:
    between = "" if len(inner.index) == 1 else "_"
    name = fresh(f"{outer.index}{between}{inner.index}", taken | WORDS)
    extent = outer.count * inner.count
    index = replace(outer.of, label=f"{outer.label}{between}{inner.label}", extent=extent)
    return replace(outer, of=index, index=name, extent=str(extent), places=(*outer.places, *inner.places))


def _renamed(access: Access, outer: str, inner: str, both: str) -> Access:
    """Return the element with one index in place of two."""
    if access.strides is None or inner not in access.subscripts:
        return access
    return access.moving((both if name == inner else name, n) for name, n in access.moves if name != outer)


def written_once(nest: Nest) -> Nest:
    """Return the program without zeros in arrays of which each element is only assigned."""
    assigned = {
        statement.target.buffer
        for stage in nest.stages
        if all(head.of.extent for head in heads_of(stage.body)) and not _adds_in_memory(stage.body)
        for statement in every(stage.body)
        if isinstance(statement, Assign) and statement.target.strides is not None
    }
    return without_zeros(nest, assigned)


def without_zeros(nest: Nest, buffers: set[str]) -> Nest:
    """Return the program without zeros in these arrays, before they are written."""

    def change(statement: Statement) -> tuple[Statement, ...] | None:
        if isinstance(statement, Alloc) and not statement.local and statement.buffer in buffers:
            return (replace(statement, zero=False),)
        return None

    return rewritten_nest(nest, change)


def _adds_in_memory(body: tuple[Statement, ...]) -> bool:
    """Return whether some statement adds to an array that is not local."""
    local = {s.buffer for s in every(body) if isinstance(s, Alloc) and s.local}
    return any(isinstance(s, Accumulate) and s.target.buffer not in local for s in every(body))
