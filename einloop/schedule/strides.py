"""Programs whose elements are addressed by strides, in as few loops as that takes. Changes no statement's meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate as running
from itertools import permutations
from operator import mul

from ..core.buffer import Access
from ..core.names import WORDS, fresh
from ..core.nest import Accumulate, Alloc, Assign, Head, Nest, Stage, Statement, every, heads_of
from ..core.spec import Role
from .pieces import chain, nested
from .rewrite import rewritten_nest

ZERO = "0"


def canonical(nest: Nest, taken: frozenset[str]) -> Nest:
    """Return the program with the loops of each stage fused, and its arrays addressed by strides."""
    return written_once(nest.map_bodies(lambda stage: _canonical(stage, taken)))


def _canonical(stage: Stage, taken: frozenset[str]) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    (statement,) = inner
    assert isinstance(statement, Assign | Accumulate)
    flat = {id(access): flattened(access) for access in (statement.target, *statement.factors)}
    if any(head.of.extent == 0 for head in heads):
        # nothing is to be done: the loop that says so stands outermost
        fused, merged = sorted(heads, key=lambda head: head.of.extent != 0), dict(flat)
    else:
        fused, merged = _fused([head for head in heads if head.of.extent != 1], flat, taken)
        live = {head.index for head in fused}
        merged = {key: _only(access, live) for key, access in merged.items()}
    target = merged[id(statement.target)]
    factors = tuple(merged[id(access)] for access in statement.factors)
    changed = replace(statement, target=target, factors=factors)
    if isinstance(changed, Accumulate) and not any(head.of.role is Role.SUMMED for head in fused):
        # a sum of one product
        changed = Assign(target=target, factors=factors, logic=changed.logic, wide=changed.wide)
    return nested(tuple(fused), (changed,))


def flattened(access: Access) -> Access:
    """Return the same element addressed by strides, each index once; a scalar stays a scalar.

    >>> flattened(Access(buffer="A", subscripts=("i", "j", "i"), extents=("3", "4", "3"))).strides
    (13, 3)
    >>> flattened(Access(buffer="A", subscripts=("i", "0"), extents=("3", "1"), strides=(-2, 0))).subscripts
    ('i',)
    """
    if access.strides is None and not access.subscripts and not access.boxed:
        return access
    moves: dict[str, int] = {}
    for subscript, stride in zip(access.subscripts, access.strides or contiguous(access.extents), strict=True):
        if subscript != ZERO:
            moves[subscript] = moves.get(subscript, 0) + stride
    moves = {index: stride for index, stride in moves.items() if stride}
    return replace(access, subscripts=tuple(moves), strides=tuple(moves.values()), boxed=False)


def contiguous(extents: tuple[str, ...]) -> tuple[int, ...]:
    """Return the strides of a contiguous array, the last axis fastest; no axis of an empty one stays in its place.

    >>> contiguous(("2", "3", "4")), contiguous(("2", "0"))
    ((12, 4, 1), (1, 1))
    """
    behind = [max(int(extent), 1) for extent in reversed(extents[1:])]
    return tuple(running([1, *behind], mul))[::-1] if extents else ()


def _only(access: Access, live: set[str]) -> Access:
    """Return the element without the indices that no loop is left for: they are 0."""
    if access.strides is None:
        return access
    kept = [(s, n) for s, n in zip(access.subscripts, access.strides, strict=True) if s in live]
    return replace(access, subscripts=tuple(s for s, _ in kept), strides=tuple(n for _, n in kept))


def _fused(
    heads: list[Head], accesses: Mapping[int, Access], taken: frozenset[str]
) -> tuple[list[Head], dict[int, Access]]:
    """Return the loops and elements after every pair of loops that is one has become one."""
    merged = dict(accesses)
    while True:
        pair = next((p for p in permutations(heads, 2) if _one(*p, merged)), None)
        if pair is None:
            return heads, merged
        outer, inner = pair
        both = _joined(outer, inner, taken)
        first = min(heads.index(outer), heads.index(inner))
        heads = [head for head in heads if head not in pair]
        heads.insert(first, both)
        merged = {key: _renamed(access, outer.index, inner.index, both.index) for key, access in merged.items()}


def _one(outer: Head, inner: Head, accesses: Mapping[int, Access]) -> bool:
    """Return whether stepping the outer loop once is stepping the inner one through, in every array."""
    assert isinstance(inner.of.extent, int)
    if outer.of.role is not inner.of.role:
        return False
    return all(
        access.strides is None or access.stride(outer.index) == access.stride(inner.index) * inner.of.extent
        for access in accesses.values()
    )


def _joined(outer: Head, inner: Head, taken: frozenset[str]) -> Head:
    assert isinstance(outer.of.extent, int)
    assert isinstance(inner.of.extent, int)
    between = "" if len(inner.index) == 1 else "_"
    name = fresh(f"{outer.index}{between}{inner.index}", taken | WORDS)
    extent = outer.of.extent * inner.of.extent
    index = replace(outer.of, label=f"{outer.of.label}{between}{inner.of.label}", extent=extent)
    return replace(outer, of=index, index=name, extent=str(extent), places=(*outer.places, *inner.places))


def _renamed(access: Access, outer: str, inner: str, both: str) -> Access:
    """Return the element with one index in place of two."""
    if access.strides is None or inner not in access.subscripts:
        return access
    kept = [(s, n) for s, n in zip(access.subscripts, access.strides, strict=True) if s != outer]
    return replace(
        access, subscripts=tuple(both if s == inner else s for s, _ in kept), strides=tuple(n for _, n in kept)
    )


def written_once(nest: Nest) -> Nest:
    """Return the program without zeros in arrays of which each element is only assigned."""
    return without_zeros(nest, _assigned(nest))


def _assigned(nest: Nest) -> set[str]:
    return {
        statement.target.buffer
        for stage in nest.stages
        if all(head.of.extent for head in heads_of(stage.body)) and not _adds_in_memory(stage.body)
        for statement in every(stage.body)
        if isinstance(statement, Assign) and statement.target.strides is not None
    }


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
