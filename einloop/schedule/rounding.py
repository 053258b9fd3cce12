"""Keep what loops add to in the dtype of its sums, and round it once, when all loops are done."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Access
from ..core.generated import Values
from ..core.nest import Accumulate, Alloc, Assign, Nest, Round, Statement, every
from .draft import Draft
from .rewrite import Body, rewritten_nest


def rounded(nest: Nest, draft: Draft) -> Nest:
    """Return the program with a result that is rounded in the end, where its loops add to it in a wider dtype.

    Where a running total is written once per element, writing it rounds it, and the program stays as it is.
    """
    result, sums = nest.result, nest.dtypes.sums
    if sums == nest.dtypes.result:
        return nest
    writing = [s for s in every(nest.body) if isinstance(s, Assign | Accumulate) and s.target.buffer == result.name]
    if not any(isinstance(s, Accumulate) or s.target.is_scalar for s in writing):
        return nest
    theirs = draft.request.values is Values.POINTERS  # the caller's memory: sums need some of their own
    source = draft.names.local(f"{result.name}_sum") if theirs else result.name

    def change(statement: Statement) -> Body | None:
        if isinstance(statement, Alloc) and statement.buffer == result.name:
            of = result.name if theirs else None
            made = replace(statement, buffer=source, dtype=sums.dtype, variable=sums.variable, owned=theirs, sums_of=of)
            return (made,)
        if isinstance(statement, Assign | Accumulate) and statement.target.buffer == result.name:
            scalar = not result.extents and result.dots is None
            return (replace(statement, target=_summed(statement.target, source, sums.dtype, scalar=scalar)),)
        return None

    end = Round(
        target=result,
        source=source,
        index=draft.names.local("at"),
        variable=nest.dtypes.result.variable,
        wide=sums.variable,
    )
    return replace(rewritten_nest(nest, change), finish=(end,))


def _summed(access: Access, buffer: str, dtype: str | None, *, scalar: bool) -> Access:
    """Return the same element of the sums; what is one number is not an array there."""
    summed = replace(access, buffer=buffer, dtype=dtype)
    return replace(summed, boxed=False, subscripts=(), strides=None, start=0) if scalar else summed
