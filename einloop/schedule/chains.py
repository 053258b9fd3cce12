"""How many terms a program adds one after the other. Nest in, a number out; changes nothing."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from ..core.dtypes import COMPLEXES, FLOATS
from ..core.nest import Accumulate, Alloc, Head, Loop, Nest, Statement, Walk


def longest_chain(nest: Nest, *, reordered: bool = False) -> int:
    """Return how many terms are added to one declared float, one after the other, at the most: of loops with known
    extents, kernels left out. `reordered`: a compiler adds what lies in a row in vectors.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.bind import bind_sizes
    >>> from einloop.core.names import choose_names
    >>> from einloop.schedule import Request, lower
    >>> spec = bind_sizes(read_subscripts("ijk->j"), [(5, 6, 7)])
    >>> longest_chain(lower(spec, choose_names(spec), Request(dtypes=("float32",))))
    35
    """
    return max((_longest(stage.body, (), {}, reordered=reordered) for stage in nest.stages), default=0)


def _longest(body: tuple[Statement, ...], around: tuple[Head, ...], made: dict[str, int], *, reordered: bool) -> int:
    """Return the longest chain in statements inside of loops; `made`: inside how many of them a total is made."""
    longest = 0
    for statement in body:
        if isinstance(statement, Alloc) and statement.local:
            made = made | {statement.buffer: len(around)}
        elif isinstance(statement, Loop | Walk):
            heads = statement.heads if isinstance(statement, Loop) else (statement.of,)
            longest = max(longest, _longest(statement.body, (*around, *heads), made, reordered=reordered))
        elif isinstance(statement, Accumulate) and statement.target.dtype in (*FLOATS, *COMPLEXES):
            inside = around[made.get(statement.target.buffer, 0) :]
            if not (reordered and inside and _in_a_row(statement, inside[-1])):
                longest = max(longest, _times(statement, inside))
    return longest


def _times(statement: Accumulate, inside: tuple[Head, ...]) -> int:
    """Return how often a statement adds to the same element, 0 where an extent is unknown."""
    times = Fraction(len(statement.products))
    for head in inside:
        if _adds_up(statement, head):
            times *= _trips(head, head.of.extent) if isinstance(head.of.extent, int) else 0
    return ceil(times)


def _trips(head: Head, extent: int) -> int | Fraction:
    """Return how many iterations a loop has; over blocks, that of the last one in part."""
    return head.size if head.start else Fraction(extent, head.step)


def _adds_up(statement: Accumulate, head: Head) -> bool:
    """Return whether a loop adds to the same element again and again."""
    return head.summed and head.index not in statement.target.subscripts


def _in_a_row(statement: Accumulate, head: Head) -> bool:
    """Return whether a loop adds up elements that lie next to each other."""
    return _adds_up(statement, head) and all(
        access.subscripts[-1] == head.index if access.strides is None else abs(access.stride(head.index)) == 1
        for products in statement.products
        for access in products
        if head.index in access.subscripts
    )
