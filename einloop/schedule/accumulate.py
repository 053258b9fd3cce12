"""Sum in a local scalar and write each output element once."""

from __future__ import annotations

from ..core.errors import OptionError
from ..core.nest import Access, Accumulate, Alloc, Assign, Head, Nest
from ..core.spec import Role
from .lower import nested
from .order import chain


def accumulate(nest: Nest, total: str) -> Nest:
    """Return `nest` with a running total, named `total`, around its innermost summed loops.

    A nest that sums nothing, or whose result is itself a scalar, stays as it is. Raises OptionError where a
    free index runs inside a summed one: its elements are not finished one after another.
    """
    heads, inner = chain(nest.body)
    statement = inner[0]
    if not isinstance(statement, Accumulate) or not statement.target.subscripts:
        return nest
    free = tuple(head for head in heads if head.of.role is Role.FREE)
    summed = tuple(head for head in heads if head.of.role is Role.SUMMED)
    if heads != (*free, *summed):
        _refuse(heads)
    zero = next(s for s in nest.prepare if isinstance(s, Alloc))
    start = Alloc(buffer=total, extents=(), dtype=zero.dtype, variable=zero.variable, like=zero.like, local=True)
    running = Access(buffer=total)
    adding = Accumulate(target=running, factors=statement.factors, logic=statement.logic)
    writing = Assign(target=statement.target, factors=(running,), logic=statement.logic)
    return nest.with_body(nested(free, (start, *nested(summed, (adding,)), writing)))


def _refuse(heads: tuple[Head, ...]) -> None:
    order = ",".join(head.of.label for head in heads)
    outer = next(head for head in heads if head.of.role is Role.SUMMED)
    inside = next(head for head in heads[heads.index(outer) :] if head.of.role is Role.FREE)
    raise OptionError(
        "EL409",
        f"a running total needs the free indices outside; in the order {order} the free {inside.of.label!r} "
        f"runs inside the summed {outer.of.label!r}",
        hint="--order output, or another style",
    )
