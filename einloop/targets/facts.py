"""What a form's template must know of a whole nest before it writes the first line."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.nest import Accumulate, Assign, Kernel, Loop, Nest, Statement


def flat_buffers(nest: Nest) -> tuple[str, ...]:
    """Return the arrays that are addressed by one offset, in the order of inputs, result and what is made inside.

    A kernel takes all its arrays so.
    """
    found: dict[str, None] = {}
    for statement in _every(nest.body):
        if isinstance(statement, Kernel):
            kernel = statement.plan.kernel
            found |= dict.fromkeys((kernel.left, kernel.right, kernel.target))
        elif isinstance(statement, Assign | Accumulate):
            accesses = (statement.target, *(one for factors in statement.products for one in factors))
            found |= {access.buffer: None for access in accesses if access.strides is not None}
    own = [buffer.name for buffer in (*nest.inputs, nest.result)]
    return tuple(sorted(found, key=lambda name: own.index(name) if name in own else len(own)))


def shares_loops(nest: Nest) -> bool:
    """Return whether the iterations of some loop are shared among threads."""
    return any(
        head.threads > 1 for statement in _every(nest.body) if isinstance(statement, Loop) for head in statement.heads
    )


def _every(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """Yield the statements and those inside their loops."""
    for statement in statements:
        yield statement
        if isinstance(statement, Loop):
            yield from _every(statement.body)
