"""Sum in the lanes of vectors: a block of totals in place of one, so that no addition waits for the one before."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Access
from ..core.dtypes import item_bytes
from ..core.names import fresh
from ..core.nest import Accumulate, Alloc, Head, Loop, Stage, Statement, StatementKind
from ..core.spec import Role
from .draft import Draft
from .language import PassCall
from .pieces import chain, nested
from .rewrite import S, rewritten, with_elements
from .tile import in_blocks

BLOCK_BYTES = (256, 128, 64, 32)
"""Sizes of a block of totals: 8 vectors of 32 bytes hide that an addition takes four cycles; less for short sums."""

FOLDED = 4
"""Totals that are added up one by one in the end."""

LANES = ("float32", "float64", "complex64", "complex128")
"""Integers need no help from the schedule: compilers may reorder their sums themselves."""


def vectorise(draft: Draft, command: PassCall) -> Draft:
    """Return the program with every running total of floats over neighbouring elements as a block of totals.

    Loops whose innermost index is free are left to the compiler, which may run them in lanes as they are. Raises
    OptionError where elements are not addressed by strides.
    """
    draft.check_able(command, "strides", "which leaves nothing to a compiler of vectors")
    if not draft.canonical:
        raise command.refused("vectorise looks at strides, which the loops do not have", hint="canonicalise vectorise")
    draft.check_open(command, behind=("accumulate", "unroll"))
    taken = draft.names.taken
    stages = tuple(
        replace(stage, body=_vectorised(stage, taken, str(number + 1) if number else ""))
        for number, stage in enumerate(draft.nest.stages)
    )
    return draft.with_nest(replace(draft.nest, stages=stages), closed=command.name)


def _vectorised(stage: Stage, taken: frozenset[str], suffix: str) -> tuple[Statement, ...]:
    if stage.zero.dtype not in LANES or stage.kind in (StatementKind.EMPTY, StatementKind.TINY):
        return stage.body
    return rewritten(stage.body, lambda s: _lanes(s, taken, suffix) if isinstance(s, Loop) else None)


def _lanes(loop: Loop, taken: frozenset[str], suffix: str) -> tuple[Statement, ...] | None:
    """Return loops over summed indices around totals as loops around blocks of totals; None where the innermost does
    not run over neighbours."""
    heads, inner = chain((loop,))
    sums = [s for s in inner if isinstance(s, Accumulate) and not _is_array(s.target)]
    if not sums or len(sums) < len(inner) or any(head.of.role is Role.FREE for head in heads):
        return None
    last = heads[-1]
    size = last.size if last.counted else _block(sums, last)
    if not 1 < size <= BLOCK_BYTES[0]:
        return None
    names = [fresh(f"lanes{suffix}" + (f"_{n}" if len(sums) > 1 else ""), taken) for n in range(len(sums))]
    lanes = _blocks_of_totals(sums, last, size, names)
    starts = tuple(
        Alloc(buffer=lane.buffer, extents=lane.extents, dtype=lane.dtype, local=True) for lane in lanes
    )  # fmt: skip
    one = _over(last, size)
    closing = _closing(sums, lanes, last, size)
    if last.counted:
        adding = tuple(replace(s, target=lane) for s, lane in zip(sums, lanes, strict=True))
        return (*starts, *nested(heads, adding), *closing)
    assert isinstance(last.of.extent, int)
    whole = last.of.extent // size * size
    blocks = replace(last, index=fresh(f"{last.index}0", taken), step=size, extent=str(whole))
    adding = tuple(
        replace(in_blocks(s, last.index, blocks.index), target=lane) for s, lane in zip(sums, lanes, strict=True)
    )
    body = (*nested((blocks, one), adding), *_rest(sums, lanes, last, whole))
    return (*starts, *nested(heads[:-1], body), *closing)


def _blocks_of_totals(sums: list[Accumulate], last: Head, size: int, names: list[str]) -> tuple[Access, ...]:
    """Return the element that each sum is added to in place of its total."""
    return tuple(
        Access(
            buffer=name,
            subscripts=(last.index,),
            strides=(1,),
            extents=(str(size),),
            dtype=adding.target.dtype,
            local=True,
        )
        for name, adding in zip(names, sums, strict=True)
    )


def _is_array(access: Access) -> bool:
    return bool(access.subscripts) or access.strides is not None


def _block(sums: list[Accumulate], last: Head) -> int:
    """Return how many totals a block has: none where some factor does not lie in neighbouring elements."""
    factors = [access for adding in sums for products in adding.products for access in products]
    moves = [access.stride(last.index) for access in factors if access.strides is not None]
    if last.tiled or any(move not in (0, 1) for move in moves) or 1 not in moves:
        return 0
    item = item_bytes(sums[0].target.dtype or "float64") * len(sums)
    assert isinstance(last.of.extent, int)
    # a block that is used once only spreads what then has to be added up
    sizes = (n // item for n in BLOCK_BYTES if n // len(sums) >= BLOCK_BYTES[-1])
    return next((size for size in sizes if 2 * size <= last.of.extent), 0)


def _rest(sums: list[Accumulate], lanes: tuple[Access, ...], last: Head, begin: int) -> tuple[Statement, ...]:
    """Return the loop over what is left behind the last whole block, which is less than a block."""
    assert isinstance(last.of.extent, int)
    left = last.of.extent - begin
    if not left:
        return ()
    moving = (replace(moved(s, last.index, begin), target=lane) for s, lane in zip(sums, lanes, strict=True))
    return nested((_over(last, left),), tuple(moving))


def _closing(sums: list[Accumulate], lanes: tuple[Access, ...], last: Head, size: int) -> tuple[Statement, ...]:
    """Return what adds a block up: its upper half to its lower one, as long as that fills a vector, then one by one."""
    made: list[Statement] = []
    while size > FOLDED and size % 2 == 0:
        size //= 2
        halves = (
            replace(s, target=lane, factors=(replace(lane, start=size),), more=())
            for s, lane in zip(sums, lanes, strict=True)
        )
        made += nested((_over(last, size),), tuple(halves))
    single = tuple(replace(s, factors=(lane,), more=()) for s, lane in zip(sums, lanes, strict=True))
    return (*made, *nested((_over(last, size),), single))


def _over(last: Head, extent: int) -> Head:
    """Return a plain loop over so many iterations."""
    of = replace(last.of, extent=extent)
    return replace(last, extent=str(extent), of=of, start=None, size=0, counted=False, whole=False)


def moved(statement: S, index: str, by: int) -> S:
    """Return a statement as it is so many iterations of an index later."""
    return with_elements(statement, lambda access: moved_access(access, index, by))


def moved_access(access: Access, index: str, by: int) -> Access:
    """Return the element that an access finds so many iterations of an index later.

    >>> moved_access(Access(buffer="A", subscripts=("i", "j"), strides=(8, 1)), "i", 3).start
    24
    """
    if access.strides is None:
        return access
    return replace(access, start=access.start + by * access.stride(index))
