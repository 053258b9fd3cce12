"""Which small numbers stand for the large ones of a C text while it runs.

A text that is right for a number of its own, whatever that number is, is right for the one it has. So a number above
SMALL is a length whose name is the number itself: every run takes another. First any other; where the text is not right
for these, numbers that stay in order, of which one that is the product or the sum of others, or next to one, stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement, count, pairwise, permutations
from math import lcm

from pycparser import c_ast as c

from ..sizes import Refusal, Sizes
from .constants import SMALL, number
from .nodes import walk
from .tree import Tree

NEAR = 2
"""How far a number may be from another to be understood as that one and a bit."""
ATTEMPTS = 8
"""How often numbers are chosen that keep the order."""
LARGEST = 6
"""The largest number that stands for one, but where their order needs more: loops over them take long."""
LONGEST = 16
"""What the largest number stays below where smaller ones allow it."""
MAX_NUMBERS = 12
"""Different large numbers in a text for which others stand."""
Chooser = Callable[[Sequence[int], Sizes], Mapping[int, int]]
"""What chooses, for the lengths of a run, the numbers that stand for those of a text, and tells the lengths."""
MAX_STEP = 16
"""Steps of loops that lengths are tried as multiples of."""
SHIFTS = frozenset({"<<", ">>", "<<=", ">>="})
BITWISE = SHIFTS | {"&", "|", "^", "&=", "|=", "^="}


def numbers_of(tree: Tree) -> tuple[int, ...]:
    """Return the whole numbers above 1 that stand in a text where lengths may, in order."""
    left_out = set(_no_lengths(tree.root))
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


def _no_lengths(root: c.Node) -> Iterator[int]:
    """Yield the numbers that say how far bits move, the bytes of elements in addresses, and elements of tables."""
    for node in walk(root, (c.BinaryOp, c.Assignment, c.InitList, c.Cast)):
        if isinstance(node, c.Cast):
            yield from _bytes(node.expr) if isinstance(node.to_type.type, c.PtrDecl) else ()
        elif isinstance(node, c.InitList):
            yield from (id(one) for one in walk(node, c.Constant))
        elif node.op in SHIFTS:
            yield from (
                id(one) for one in walk(node.rvalue if isinstance(node, c.Assignment) else node.right, c.Constant)
            )


def _bytes(node: c.Node) -> Iterator[int]:
    """Yield the numbers that an address multiplies by: how many bytes an element has."""
    match node:
        case c.Cast():
            yield from _bytes(node.expr)
        case c.BinaryOp(op="+" | "-"):
            yield from _bytes(node.left)
            yield from _bytes(node.right)
        case c.BinaryOp(op="*"):
            yield from (id(one) for one in (node.left, node.right) if isinstance(one, c.Constant))


def multiples_of(tree: Tree, names: Collection[str]) -> dict[str, int]:
    """Return the lengths that a text counts up to in steps, or divides, each with the numbers that divide it.

    A loop that ends where less than a step is left, `i + 4 <= n`, is one that the rest is done after.
    """
    found: dict[str, int] = {}
    for node in walk(tree.root, (c.For, c.While, c.DoWhile, c.BinaryOp)):
        if isinstance(node, c.BinaryOp):
            steps = [node.right] if node.op in ("/", ">>") and isinstance(node.left, c.ID) else []
            limits = [node.left] if steps else []
        else:
            own = [one for one in walk(node, c.Assignment) if one.op == "+=" and isinstance(one.lvalue, c.ID)]
            index = getattr(node.cond, "left", None)
            steps = [one.rvalue for one in own if isinstance(index, c.ID) and one.lvalue.name == index.name]
            limits = [*walk(node.cond.right, c.ID)] if steps else []
        for step in steps:
            size = number(step) if isinstance(step, c.Constant) and "int" in step.type else 1
            size = 1 << size if isinstance(node, c.BinaryOp) and node.op == ">>" and isinstance(size, int) else size
            if isinstance(size, int) and 1 < size <= MAX_STEP:
                found |= {one.name: lcm(size, found.get(one.name, 1)) for one in limits if one.name in names}
    changed = {one.lvalue.name for one in walk(tree.root, c.Assignment) if isinstance(one.lvalue, c.ID)}
    return {name: size for name, size in found.items() if name not in changed}


def bitwise(tree: Tree) -> bool:
    """Return whether a text works on the bits of numbers."""
    return any(node.op in BITWISE for node in walk(tree.root, (c.BinaryOp, c.Assignment))) or any(
        node.op == "~" for node in walk(tree.root, c.UnaryOp)
    )


def choosers(numbers: Sequence[int], *, powers: bool) -> tuple[Chooser, ...]:
    """Return the ways to choose what stands for the numbers of a text, the likeliest first; the last changes nothing.

    `powers`: powers of two stay such, as the text works on bits.
    """
    large = [one for one in numbers if one > SMALL]
    found: list[Chooser] = []
    if 0 < len(large) <= MAX_NUMBERS:
        if not powers:
            found.append(_free)
            found += [_divided] * any(not one % other for one, other in permutations(numbers, 2))
        if powers or len(numbers) > 1:
            found.append(partial(_ordered, powers=powers))
    return (*found, lambda numbers, sizes: {})


def _free(numbers: Sequence[int], sizes: Sizes) -> dict[int, int]:
    """Return any numbers: a text that only counts with them, each for itself, is right for all."""
    return {one: int(sizes[str(one)]) for one in numbers if one > SMALL}


def _divided(numbers: Sequence[int], sizes: Sizes) -> dict[int, int]:
    """Return numbers of which those that were multiples of others still are: two or three times as much."""
    found = {one: one for one in numbers if one <= SMALL}
    for one in numbers:
        if one > SMALL:
            parts = [other for other in found if not one % other]
            ratio = min(one // parts[-1], 2 + sizes.lengths[0] % 3 * (len(sizes.lengths) > 1)) if parts else 1
            wish = found[parts[-1]] * ratio if parts else min(int(sizes[str(one)]), SMALL)
            found[one] = next(n for n in count(wish, wish) if n not in found.values())
    kept = {one for one in numbers if any(2 * n == one for n in numbers if n <= SMALL)}
    return _told({one: small for one, small in found.items() if one > SMALL and one not in kept}, sizes)


def _told(found: dict[int, int], sizes: Sizes) -> dict[int, int]:
    """Return what stands for numbers, which the lengths of the run know from now on."""
    for one, small in found.items():
        home = sizes.home(str(one))
        if home == str(one):
            sizes.chosen[home] = small
        elif sizes[home] != small:
            raise Refusal("EL813", f"{one} cannot be {home} here")
    return found


def stand_ins(numbers: Sequence[int], wish: Callable[[int], int], *, powers: bool) -> dict[int, int]:
    """Return what stands for each number above SMALL; `wish` says what it should be if the order allows it.

    `powers`: powers of two stay such, as the text works on bits. Raises Refusal where no numbers keep the order.

    >>> stand_ins((2, 8, 63, 64), lambda one: 3, powers=False)
    {8: 3, 63: 8, 64: 9}
    >>> stand_ins((4, 31, 32), lambda one: 2, powers=True)
    {31: 7, 32: 8}
    """
    for attempt in range(ATTEMPTS):
        found = _in_order(numbers, wish if not attempt else lambda one, n=attempt: n, powers=powers)  # type: ignore[misc]
        ordered = [found[one] for one in sorted(found)]
        if all(a < b for a, b in pairwise(ordered)):
            return {one: small for one, small in sorted(found.items()) if one > SMALL}
    raise Refusal("EL816", "the numbers in this code are too large")


def _in_order(numbers: Sequence[int], wish: Callable[[int], int], *, powers: bool) -> dict[int, int]:
    """Return what stands for each number, those that others make out perhaps out of order."""
    found: dict[int, int] = {one: one for one in numbers if one <= SMALL}
    least = max(found, default=1) + 1
    for one in sorted((one for one in numbers if one > SMALL), key=lambda n: (n + 1 in numbers, n)):
        said = _from_others(one, found)
        if said is None:
            said = max(wish(one), least)
            if powers and one & (one - 1) == 0:
                said = 1 << (said - 1).bit_length()
        found[one] = said
        least = max(least, said + 1)
    return found


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


def _ordered(numbers: Sequence[int], sizes: Sizes, *, powers: bool) -> dict[int, int]:
    """Return numbers in the order of those in the text, products and sums of others where those are."""

    def wish(one: int) -> int:
        key = str(one)
        if sizes.home(key) != key:
            return int(sizes[key])
        wished.append(one)
        return min(largest, sizes.given.get(key, sizes.lengths[(len(wished) - 1) % len(sizes.lengths)]))

    for largest in range(LARGEST, 1, -1):  # noqa: B007  `wish` reads it
        wished: list[int] = []
        found = stand_ins(numbers, wish, powers=powers)
        if max(found.values(), default=0) <= LONGEST:
            break
    return _told(found, sizes)
