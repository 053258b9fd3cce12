"""Which small numbers stand for the large ones of a C text while it runs.

A text that is right for a number of its own, whatever that number is, is right for the one it has. So a number above
SMALL is a length with a name, the number itself: every run takes another, and all numbers stay in order. One that is the
product or the sum of others, or next to one, stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

from pycparser import c_ast as c

from ..sizes import Key, Refusal
from .expressions import number
from .tree import Tree, walk

SMALL = 4
"""The largest number that always stands for itself: offsets and steps of unrolled loops are no lengths."""
NEAR = 2
"""How far a number may be from another to be understood as that one and a bit."""
MAX_TRUE = 300
"""The largest number up to which runs are tried in which all numbers stand for themselves."""
STARTS = (1, 4, 2, 3)
"""How far above the small numbers of the text each run begins."""
STEPS = (1, 2, 1, 2)
BITWISE = frozenset({"&", "|", "^", "<<", ">>", "~", "&=", "|=", "^=", "<<=", ">>="})

Lengths = tuple[int, ...]
Choice = tuple[Lengths, Mapping[Key, int]]
"""The lengths of a run in the order in which they are asked for, and those of some names."""


def numbers_of(tree: Tree) -> tuple[int, ...]:
    """Return the whole numbers above 1 that stand in a text where lengths may, in order."""
    left_out = set(_shifts(tree.root))
    found = set()
    for node in walk(tree.root, c.Constant):
        if "int" in node.type and id(node) not in left_out:
            try:
                value = number(node)
            except Refusal:
                continue
            if isinstance(value, int) and value > 1:
                found.add(value)
    return tuple(sorted(found))


def _shifts(root: c.Node) -> Iterator[int]:
    """Yield the numbers that say how far bits move, and the elements of tables."""
    for node in walk(root, (c.BinaryOp, c.Assignment, c.InitList)):
        if isinstance(node, c.InitList):
            yield from (id(one) for one in walk(node, c.Constant))
        elif node.op in ("<<", ">>", "<<=", ">>="):
            yield from (id(one) for one in walk(node.rvalue if isinstance(node, c.Assignment) else node.right, c.Constant))


def stand_ins(numbers: Sequence[int], run: int, *, powers: bool) -> Mapping[int, int] | None:
    """Return what stands for each number above SMALL in a run; None where their order cannot be kept.

    `powers`: powers of two stay such, as the text works on bits.

    >>> stand_ins((2, 8, 63, 64), 0, powers=False)
    {8: 3, 63: 8, 64: 9}
    >>> stand_ins((2, 8, 63, 64), 1, powers=False)
    {8: 6, 63: 35, 64: 36}
    """
    found: dict[int, int] = {one: one for one in numbers if one <= SMALL}
    last = max(found, default=1)
    following = last + STARTS[run]
    if not any(one > SMALL for one in numbers):
        return {}
    for one in sorted((one for one in numbers if one > SMALL), key=lambda n: (_next_to_power(n, numbers), n)):
        said = _from_others(one, found)
        if said is None:
            said = following
            if powers and one & (one - 1) == 0:
                said = 1 << (said - 1).bit_length()
            following = said + STEPS[run]
        found[one] = said
        following = max(following, said + 1)
    ordered = [found[one] for one in sorted(found)]
    if any(b <= a for a, b in zip(ordered, ordered[1:], strict=False)):
        return None
    return {one: small for one, small in sorted(found.items()) if one > SMALL}


def _next_to_power(one: int, numbers: Sequence[int]) -> bool:
    """Return whether a number is one less than another of the text: it follows from that one."""
    return one + 1 in numbers


def _from_others(one: int, found: Mapping[int, int]) -> int | None:
    """Return what stands for a number that others make out."""
    known = sorted(found)
    for a, b in combinations_with_replacement([n for n in known if n > 1], 2):
        if a * b == one:
            return found[a] * found[b]
    for a in reversed(known):
        if abs(one - a) <= NEAR and a > SMALL:
            return found[a] + one - a
    for a, b in combinations_with_replacement([n for n in known if n > SMALL], 2):
        if a + b == one:
            return found[a] + found[b]
    return None


def choices(numbers: Sequence[int], strides: Sequence[str], *, stand_in: bool, powers: bool) -> list[Choice] | None:
    """Return the lengths of each run: one of them is always larger than twice every number of the text.

    `strides` are names that only say how far rows are apart: they are larger than all else.
    """
    tables: list[Mapping[int, int]] = []
    for run in range(4):
        table = stand_ins(numbers, run, powers=powers) if stand_in else {}
        if table is None:
            return None
        tables.append(table)
    made: list[Choice] = []
    for run, table in enumerate(tables):
        largest = max((table.get(one, one) for one in numbers), default=1)
        if largest > MAX_TRUE:
            return None
        lengths = _lengths(run, 2 * largest + 1 + run)
        above = max(*lengths, *table.values(), largest) + 2
        given: dict[Key, int] = {str(one): small for one, small in table.items()}
        given |= {name: above + 3 * place + (run + place) % 3 for place, name in enumerate(strides)}
        made.append((lengths, given))
    return made


def _lengths(run: int, large: int) -> Lengths:
    """Return lengths that differ, one of them large; without a run's number the first three are."""
    small = ((3, 4, 5, 7, 6, 9, 8, 2), (4, 3, 6, 5, 9, 7, 2, 8), (5, 3, 4, 6, 7, 8, 9, 2), (4, 5, 3, 8, 6, 2, 7, 9))[run]
    if large <= max(small[:3]) or not run:
        return small
    place = run - 1
    row = [one if one != large else 10 for one in small]
    row[place] = large
    return tuple(row)
