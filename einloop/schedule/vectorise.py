"""Sum in the lanes of vectors: a block of totals in place of one, so that no addition waits for the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..core.buffer import Access
from ..core.dtypes import has_kernels, item_bytes
from ..core.names import fresh
from ..core.nest import Accumulate, Alloc, Head, Loop, Stage, Statement, StatementKind, chain, nested
from .draft import Draft
from .language import PassCall
from .rewrite import Body, in_blocks, later, rewritten_loops

BLOCK_BYTES = (256, 128, 64, 32)
"""Sizes of a block of totals: 8 vectors of 32 bytes hide that an addition takes four cycles; less for short sums."""

FOLDED = 4
"""Totals that are added up one by one in the end."""


def vectorise(draft: Draft, command: PassCall) -> Draft:
    """Return the program with every running total of floats over neighbouring elements as a block of totals.

    Loops whose innermost index is free are left to the compiler, which may run them in lanes as they are. So are
    integers: compilers may reorder their sums themselves.
    """
    return draft.with_locals(lambda stage, suffix: _vectorised(stage, draft.names.taken, suffix))


def _vectorised(stage: Stage, taken: frozenset[str], suffix: str) -> Body:
    if not has_kernels(stage.zero.dtype) or stage.kind in (StatementKind.EMPTY, StatementKind.TINY):
        return stage.body
    return rewritten_loops(stage.body, lambda loop: _lanes(loop, taken, suffix))


def _lanes(loop: Loop, taken: frozenset[str], suffix: str) -> Body | None:
    """Return loops over summed indices around totals as loops around blocks of totals; None where the innermost does
    not run over neighbours."""
    heads, inner = chain((loop,))
    sums = [s for s in inner if isinstance(s, Accumulate) and not (s.target.subscripts or s.target.strides is not None)]
    if not sums or len(sums) < len(inner) or not all(head.summed for head in heads):
        return None
    last = heads[-1]
    size = last.size if last.counted else _block(sums, last)
    if not 1 < size <= BLOCK_BYTES[0]:
        return None
    names = [fresh(f"lanes{suffix}" + (f"_{n}" if len(sums) > 1 else ""), taken) for n in range(len(sums))]
    lanes = [_lane(adding, last, size, name) for adding, name in zip(sums, names, strict=True)]
    starts = [Alloc(buffer=lane.buffer, extents=lane.extents, dtype=lane.dtype, local=True) for lane in lanes]
    closing = _closing(sums, lanes, last, size)
    if last.counted:
        return (*starts, *nested(heads, _into(inner, lanes)), *closing)
    left = last.count % size
    whole = last.count - left
    blocks = replace(last, index=fresh(f"{last.index}0", taken), step=size, extent=str(whole))
    body = nested((blocks, _over(last, size)), _into(in_blocks(inner, last.index, blocks.index), lanes))
    if left:
        body += nested((_over(last, left),), _into(later(inner, last.index, whole), lanes))
    return (*starts, *nested(heads[:-1], body), *closing)


def _lane(adding: Accumulate, last: Head, size: int, name: str) -> Access:
    """Return the element that a sum is added to in place of its total."""
    return Access(
        buffer=name,
        subscripts=(last.index,),
        strides=(1,),
        extents=(str(size),),
        dtype=adding.target.dtype,
        local=True,
    )


def _into(sums: Iterable[Statement], lanes: list[Access]) -> Body:
    """Return additions with other targets."""
    pairs = zip(sums, lanes, strict=True)
    return tuple(replace(adding, target=lane) for adding, lane in pairs if isinstance(adding, Accumulate))


def _block(sums: list[Accumulate], last: Head) -> int:
    """Return how many totals a block has: none where some factor does not lie in neighbouring elements."""
    factors = [access for adding in sums for products in adding.products for access in products]
    moves = [access.stride(last.index) for access in factors if access.strides is not None]
    if last.tiled or any(move not in (0, 1) for move in moves) or 1 not in moves:
        return 0
    item = item_bytes(sums[0].target.dtype or "float64") * len(sums)
    # a block that is used once only spreads what then has to be added up
    sizes = (n // item for n in BLOCK_BYTES if n // len(sums) >= BLOCK_BYTES[-1])
    return next((size for size in sizes if 2 * size <= last.count), 0)


def _closing(sums: list[Accumulate], lanes: list[Access], last: Head, size: int) -> Body:
    """Return what adds a block up: its upper half to its lower one, as long as that fills a vector, then one by one."""
    made: Body = ()
    single = [replace(s, factors=(lane,), more=(), scales=()) for s, lane in zip(sums, lanes, strict=True)]
    while size > FOLDED and size % 2 == 0:
        size //= 2
        upper = [replace(s, factors=(replace(lane, start=size),)) for s, lane in zip(single, lanes, strict=True)]
        made += nested((_over(last, size),), _into(upper, lanes))
    return (*made, *nested((_over(last, size),), tuple(single)))


def _over(last: Head, extent: int) -> Head:
    """Return a plain loop over so many iterations."""
    of = replace(last.of, extent=extent)
    return replace(last, extent=str(extent), of=of, start=None, size=0, counted=False, whole=False)
