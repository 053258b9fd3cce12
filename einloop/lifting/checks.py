"""Lengths to try what was found at: beyond every number that the text compares lengths with, one, and none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from math import prod

from .lengths import Chosen, Length
from .sizes import Key

BEYOND = 11
"""A length larger than those that structure is found at, where the text has no number to go beyond."""
LARGE = (BEYOND, 8, 6, 5)
"""The same where loops nest so deep that runs would be long."""
MAX_ALONE = 5000
"""Points of a trial in which one length is large."""
MAX_LITERAL = 5000
"""The largest number in a text that lengths are tried beyond."""
MAX_PAIR = 1500
"""Points of a trial in which two lengths are large."""
MAX_TOGETHER = 20_000
"""Points of a trial in which several lengths are large."""
MAX_LITERALS = 4
STARTS = 3
"""Places where something starts that are tried."""


def trials(homes: Sequence[Key], literals: frozenset[int], large: int = BEYOND) -> Iterator[dict[Key, int]]:
    """Yield lengths: each large alone, each one, pairs where that is cheap. `homes`: the lengths that may differ.

    `large`: a length that is large where the text has no number to go beyond.

    >>> [tuple(one.values()) for one in trials(["n", "m"], frozenset())]
    [(11, 2), (2, 11), (1, 3), (3, 1), (1, 1)]
    """
    beyond = _beyond(literals, large)
    for number in range(len(homes)):
        for length in beyond:
            yield _around(homes, number, length)
    if len(beyond) > 1:
        for one, other in combinations(homes, 2):
            if max(beyond) * (max(beyond) + 2) <= MAX_PAIR:
                yield _pair(homes, one, other, max(beyond))
    yield from _orders(homes)
    if homes:
        yield dict.fromkeys(homes, 1)


def more(homes: Sequence[Key], literals: frozenset[int], large: int = BEYOND) -> Iterator[dict[Key, int]]:
    """Yield further lengths: all beyond every number of the text, each alone among ones, pairs of them.

    >>> [tuple(one.values()) for one in more(["n", "m"], frozenset())]
    [(11, 12), (11, 1), (1, 11), (11, 13)]
    """
    beyond = _beyond(literals, large)
    together = {home: max(beyond) + number for number, home in enumerate(homes)}
    if prod(together.values()) <= MAX_TOGETHER:
        yield together
    for home in homes:
        yield from ({**dict.fromkeys(homes, 1), home: length} for length in beyond)
    for one, other in combinations(homes, 2):
        if max(beyond) * (max(beyond) + 2) <= MAX_TOGETHER:
            yield _pair(homes, one, other, max(beyond))


def begun(homes: Sequence[Key], offsets: Collection[Key], large: int = BEYOND) -> Iterator[dict[Key, int]]:
    """Yield lengths that go beyond those that say where something starts, `offsets`, in every order of these.

    >>> [tuple(one.values()) for one in begun(["n", "k"], ["k"])][:3]
    [(7, 0), (9, 1), (8, 2)]
    """
    starts = [home for home in homes if home in offsets]
    others = [home for home in homes if home not in offsets]
    least = 7 if large > LARGE[-1] else 5
    for turn in range(STARTS + 1) if starts else ():
        sizes = {home: least + (turn * (number + 2) + number) % STARTS for number, home in enumerate(others)}
        sizes |= {home: (turn * (number + 1) + number) % STARTS for number, home in enumerate(starts)}
        yield {home: sizes[home] for home in homes}
    if starts:
        few = {home: STARTS + 1 + number for number, home in enumerate(others)}
        yield {home: few.get(home, STARTS) for home in homes}


def _pair(homes: Sequence[Key], one: Key, other: Key, large: int) -> dict[Key, int]:
    """Return lengths of which two are large and differ, all others one."""
    return {**dict.fromkeys(homes, 1), one: large, other: large + 2}


def large(homes: Sequence[Key], points: Callable[[Mapping[Key, int]], int]) -> int:
    """Return a length beyond those that structure is found at, smaller where `points` says that runs are long.

    >>> large(["n"], lambda lengths: lengths["n"] ** 3), large(["n"], lambda lengths: lengths["n"] ** 4)
    (11, 8)
    """
    costs = ((n, max((points(_around(homes, one, n)) for one in range(len(homes))), default=0)) for n in LARGE)
    return next((n for n, cost in costs if cost <= MAX_ALONE), LARGE[-1])


def _orders(homes: Sequence[Key]) -> Iterator[dict[Key, int]]:
    """Yield lengths in every order where that is cheap, else each as the only short one; the shortest is one."""
    if len(homes) < 4:
        for sizes in permutations((1, 3, 4)[: len(homes)]) if len(homes) > 1 else ():
            yield dict(zip(homes, sizes, strict=True))
        return
    for home in homes:
        yield {**dict.fromkeys(homes, 2), home: 1}
    if len(homes) < 6:  # each longer than the next, and shorter
        yield {home: 2 + number for number, home in enumerate(homes)}
        yield {home: 1 + len(homes) - number for number, home in enumerate(homes)}


def few(homes: Sequence[Key]) -> Iterator[dict[Key, int]]:
    """Yield lengths for results that are known as terms: larger ones, all different, and one."""
    yield {home: BEYOND + number for number, home in enumerate(homes)}
    if homes:
        yield dict.fromkeys(homes, 1)


def empty(homes: Sequence[Key]) -> Iterator[dict[Key, int]]:
    """Yield lengths of which one is zero; a number of the text is not."""
    for number, home in enumerate(homes):
        if not str(home).isdigit():
            yield _around(homes, number, 0)


def _around(homes: Sequence[Key], number: int, length: int) -> dict[Key, int]:
    """Return lengths of which one is given, the next two, and all others one."""
    found = dict.fromkeys(homes, 1)
    found[homes[(number + 1) % len(homes)]] = 2
    found[homes[number]] = length
    return found


def _beyond(literals: frozenset[int], large: int) -> list[int]:
    """Return lengths around the numbers in a text, and beyond all of them."""
    found = {large}
    for literal in sorted({literal for literal in literals if 2 <= literal <= MAX_LITERAL}, reverse=True)[
        :MAX_LITERALS
    ]:
        found |= {literal, literal + 1, 2 * literal + 1} if literal <= 64 else {literal + 2}
        if literal <= 8:
            found |= set(range(2, 2 * literal + 2))
    return sorted(found - {1})


def holding(given: Mapping[Key, int], needs: Sequence[tuple[Length, Length]], joined: Chosen) -> dict[Key, int] | None:
    """Return lengths with those raised that have to be as long as others, None where they cannot be.

    >>> lda, k = Length(((1, ("lda",)),)), Length(((1, ("k",)),))
    >>> holding({"lda": 2, "k": 7}, [(lda, k)], {})
    {'lda': 7, 'k': 7}
    """
    found = dict(given)
    for row, end in needs:
        lengths = {**joined, **found}
        short = end.value(lengths) - row.value(lengths)
        if short <= 0:
            continue
        match row.parts:
            case ((1, (key,)),) if row.divisor == 1 and key in found:
                found[key] += short
            case _:
                return None
    lengths = {**joined, **found}
    return found if all(row.value(lengths) >= end.value(lengths) for row, end in needs) else None
