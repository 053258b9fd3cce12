"""What templates must know of a whole nest before they write the first line."""

from __future__ import annotations

from ..core.frozen import dataclass
from ..core.nest import Accumulate, Alloc, Assign, Kernel, Loop, Nest, Statement, accesses, every, heads_of


def flat_buffers(nest: Nest) -> frozenset[str]:
    """Return the arrays that are addressed by one offset; a kernel takes all its arrays so."""
    kernels = (statement.plan.kernel for statement in every(nest.body) if isinstance(statement, Kernel))
    found = {name for kernel in kernels for name in (kernel.target, *kernel.operands)}
    return frozenset(found | {access.buffer for access in accesses(nest.body) if access.strides is not None})


def shared_among(nest: Nest) -> tuple[int, ...]:
    """Return among how many threads what is shared is shared (0: as many as there are)."""
    counts = (*(head.threads for head in heads_of(nest.body)), *(kernel.threads for kernel in nest.kernels))
    return tuple(dict.fromkeys(count for count in counts if count != 1))


def in_turns(statement: Statement, nest: Nest) -> bool:
    """Return whether threads share a statement of a nest's body that needs nothing but whole arrays: a loop inside no
    other, or a kernel."""
    if isinstance(statement, Kernel):
        return statement.threads > 1
    if not isinstance(statement, Loop) or statement.heads[0].threads == 1 or statement.heads[0].start is not None:
        return False
    totals = {s.buffer for s in nest.body if isinstance(s, Alloc) and (s.local or (s.owned and not s.extents))}
    return totals.isdisjoint(_touched(statement))


def alone_inside(nest: Nest) -> tuple[str, ...]:
    """Return the labels of loops that threads should share and cannot share by `in_turns`."""
    shared = [head for s in nest.body if in_turns(s, nest) and isinstance(s, Loop) for head in s.heads]
    heads = (head for head in heads_of(nest.body) if head.threads != 1 and head not in shared)
    return tuple(dict.fromkeys(head.of.label for head in heads))


def prefix_of_parts(nest: Nest) -> str:
    """Return how the names begin that functions for parts of a nest need: as no other name does."""
    buffers = [buffer.name for buffer in (*nest.inputs, nest.result)]
    names = {*buffers, *(s.buffer for s in every(nest.body) if isinstance(s, Alloc))}
    names |= {head.index for head in heads_of(nest.body)} | {kernel.prefix for kernel in nest.kernels}
    prefix = "share"
    while any(name.startswith(f"{prefix}_") for name in names):
        prefix += "_"
    return prefix


def _touched(statement: Statement) -> set[str]:
    """Return the buffers that loops, or a kernel, read and write."""
    if isinstance(statement, Kernel):
        kernel = statement.plan.kernel
        return {kernel.target, *kernel.operands}
    return {access.buffer for access in accesses((statement,))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """An array that a part of a nest is called with; `alone`: nothing else leads to what is written there."""

    name: str
    dtype: str | None
    written: bool = True
    alone: bool = False


def arrays_of(statement: Statement, nest: Nest) -> tuple[Array, ...]:
    """Return the whole arrays that loops, or a kernel, read and write."""
    result = nest.result
    arrays = (
        *(Array(name=buffer.name, dtype=buffer.dtype, written=False) for buffer in nest.inputs),
        Array(name=result.name, dtype=result.dtype, alone=nest.written_in_loops),
        *(Array(name=alloc.buffer, dtype=alloc.dtype) for alloc in nest.intermediates),
    )
    touched = _touched(statement)
    return tuple(array for array in arrays if array.name in touched)


def multiplies(nest: Nest) -> bool:
    """Return whether a loop multiplies numbers, a complex coefficient among them; a kernel's it multiplies itself."""
    statements = (s for s in every(nest.body) if isinstance(s, Assign | Accumulate))
    terms = (term for statement in statements for term in statement.terms)
    return any(len(factors) > 1 or (factors and scale.multiplier.imag) for factors, scale in terms)
