"""What templates must know of a whole nest before they write the first line."""

from __future__ import annotations

from ..core.nest import Accumulate, Assign, Kernel, Nest, every, heads_of


def flat_buffers(nest: Nest) -> frozenset[str]:
    """Return the arrays that are addressed by one offset; a kernel takes all its arrays so."""
    found: set[str] = set()
    for statement in every(nest.body):
        if isinstance(statement, Kernel):
            kernel = statement.plan.kernel
            found |= {kernel.target, *kernel.operands}
        elif isinstance(statement, Assign | Accumulate):
            accesses = (statement.target, *(one for factors in statement.products for one in factors))
            found |= {access.buffer for access in accesses if access.strides is not None}
    return frozenset(found)


def shared_among(nest: Nest) -> tuple[int, ...]:
    """Return among how many threads what is shared is shared (0: as many as there are)."""
    counts = (*(head.threads for head in heads_of(nest.body)), *(kernel.threads for kernel in nest.kernels))
    return tuple(dict.fromkeys(count for count in counts if count != 1))


def multiplies(nest: Nest) -> bool:
    """Return whether a loop multiplies numbers; what a kernel multiplies it multiplies itself."""
    statements = (s for s in every(nest.body) if isinstance(s, Assign | Accumulate))
    return any(len(factors) > 1 for statement in statements for factors in statement.products)
