"""Sum in the lanes of vectors: a block of totals in place of one, so that no addition waits for the one before."""

from __future__ import annotations

from dataclasses import replace

from ..core.dtypes import item_bytes
from ..core.names import fresh
from ..core.nest import Access, Accumulate, Alloc, Assign, Head, Kind, Loop, Stage, Statement
from ..core.spec import Role
from .draft import Draft
from .language import Command
from .order import chain
from .pieces import nested
from .tile import in_blocks

BLOCK_BYTES = (256, 128, 64, 32)
"""Sizes of a block of totals: 8 vectors of 32 bytes hide that an addition takes four cycles; less where sums are short."""

LANES = ("float32", "float64")
"""Integers need no help from the schedule: compilers may reorder their sums themselves."""


def vectorise(draft: Draft, command: Command) -> Draft:
    """Return the program with every running total of floats over neighbouring elements as a block of totals.

    Loops whose innermost index is free are left to the compiler, which may run them in lanes as they are. Raises
    OptionError where elements are not addressed by strides.
    """
    draft.check_able(command, "strides", "which leaves nothing to a compiler of vectors")
    if not draft.canonical:
        raise command.refused("vectorise looks at strides, which the loops do not have", hint="canonicalise vectorise")
    draft.check_open(command, behind=("accumulate", "unroll"))
    taken = draft.names.taken
    nest = draft.nest.map_bodies(lambda stage: _vectorised(stage, taken))
    return draft.with_nest(nest, closed=command.name)


def _vectorised(stage: Stage, taken: frozenset[str]) -> tuple[Statement, ...]:
    if stage.zero.dtype not in LANES or stage.kind in (Kind.EMPTY, Kind.TINY):
        return stage.body
    return _in_lanes(stage.body, taken)


def _in_lanes(body: tuple[Statement, ...], taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return the statements with the sums among them in lanes, at every depth."""
    made: list[Statement] = []
    for statement in body:
        if not isinstance(statement, Loop):
            made.append(statement)
            continue
        lanes = _lanes(statement, taken)
        made += lanes or (replace(statement, body=_in_lanes(statement.body, taken)),)
    return tuple(made)


def _lanes(loop: Loop, taken: frozenset[str]) -> tuple[Statement, ...]:
    """Return loops over summed indices around one total as loops around a block of totals; nothing where the innermost
    does not run over neighbours."""
    heads, inner = chain((loop,))
    if len(inner) != 1 or not isinstance(inner[0], Accumulate) or any(h.of.role is Role.FREE for h in heads):
        return ()
    adding, last = inner[0], heads[-1]
    size = _block(adding, last)
    if not size or adding.target.subscripts or adding.target.strides is not None:
        return ()
    name = fresh("lanes", taken)
    lane = Access(buffer=name, subscripts=(last.index,), strides=(1,), extents=(str(size),), dtype=adding.target.dtype)
    assert isinstance(last.of.extent, int)
    whole = last.of.extent // size * size
    blocks = replace(last, index=fresh(f"{last.index}0", taken), step=size, extent=str(whole))
    inside = replace(last, extent=str(size), of=replace(last.of, extent=size))
    block = nested((blocks, inside), (replace(in_blocks(adding, last.index, blocks.index), target=lane),))
    return (
        Alloc(buffer=name, extents=(str(size),), dtype=adding.target.dtype, local=True),
        *nested(heads[:-1], (*block, *_rest(adding, last, whole))),
        *nested((inside,), (replace(adding, factors=(lane,), more=()),)),
    )


def _block(adding: Accumulate, last: Head) -> int:
    """Return how many totals a block has: none where some factor does not lie in neighbouring elements."""
    moves = [access.stride(last.index) for access in adding.factors if access.strides is not None]
    if last.tiled or adding.more or any(move not in (0, 1) for move in moves) or 1 not in moves:
        return 0
    sizes = (n // item_bytes(adding.target.dtype or "float64") for n in BLOCK_BYTES)
    assert isinstance(last.of.extent, int)
    # a block that is used once only spreads what then has to be added up
    return next((size for size in sizes if 2 * size <= last.of.extent), 0)


def _rest(adding: Accumulate, last: Head, begin: int) -> tuple[Statement, ...]:
    """Return the loop over what is left behind the last whole block."""
    assert isinstance(last.of.extent, int)
    left = last.of.extent - begin
    if not left:
        return ()
    head = replace(last, extent=str(left), of=replace(last.of, extent=left))
    return nested((head,), (moved(adding, last.index, begin),))


def moved(statement: Assign | Accumulate, index: str, by: int) -> Assign | Accumulate:
    """Return a statement as it is so many iterations of an index later."""
    return replace(
        statement,
        target=moved_access(statement.target, index, by),
        factors=tuple(moved_access(a, index, by) for a in statement.factors),
        more=tuple(tuple(moved_access(a, index, by) for a in factors) for factors in statement.more),
    )


def moved_access(access: Access, index: str, by: int) -> Access:
    """Return the element that an access finds so many iterations of an index later.

    >>> moved_access(Access(buffer="A", subscripts=("i", "j"), strides=(8, 1)), "i", 3).start
    24
    """
    if access.strides is None:
        return access
    return replace(access, start=access.start + by * access.stride(index))
