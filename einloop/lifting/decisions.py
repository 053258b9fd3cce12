"""Comparisons that runs of a text made in, one that may come out otherwise for other lengths out.

A text that does another thing for lengths above 1000 is not seen doing it at small ones. So every comparison of whole
numbers is watched: one that came out both ways has been looked at; one that always came out one way was some distance
from the other, and is settled only where that distance is the same for all lengths, or grows with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .lengths import Chosen, named
from .sizes import Key

BOTH = (0, 0)
"""The distances of a comparison that came out both ways."""
MIN_RUNS = 3
"""Runs that have to agree on how a distance depends on the lengths."""
SWAPPED = {">": "<", ">=": "<=", "!=": "=="}
ONE_WAY = "this came out one way for all lengths that were tried, and may not for others"

Distances = Mapping[object, tuple[int, int]]
"""For every comparison of a run the least distance when it was false and when it was true, 0 for never; BOTH."""


class Comparisons:
    """The comparisons of one run, by what marks them in the text."""

    def __init__(self) -> None:
        self.least: dict[object, tuple[int, int]] = {}

    def met(self, mark: object, op: str, a: int, b: int) -> None:
        """Take note of a comparison of two numbers.

        >>> seen = Comparisons()
        >>> for i in range(3): seen.met("bound", "<", i, 10)
        >>> seen.met("first", "==", 4, 0)
        >>> seen.least
        {'bound': (0, 8), 'first': (4, 0)}
        """
        known = self.least.get(mark)
        if known == BOTH:
            return
        holds, distance = _distance(op, a, b)
        if known is None:
            self.least[mark] = (0, distance) if holds else (distance, 0)
        elif known[not holds]:
            self.least[mark] = BOTH
        elif distance < known[holds]:
            self.least[mark] = (0, distance) if holds else (distance, 0)


def _distance(op: str, a: int, b: int) -> tuple[bool, int]:
    """Return whether a comparison holds, and by how much a number has to change for it to come out otherwise."""
    if op in (">", ">="):
        a, b = b, a
    match SWAPPED.get(op, op):
        case "<":
            return (True, b - a) if a < b else (False, a - b + 1)
        case "<=":
            return (True, b - a + 1) if a <= b else (False, a - b)
    return (a == b) == (op == "=="), abs(a - b) or 1


def undecided(runs: Sequence[tuple[Chosen, Distances]]) -> Any:
    """Return what marks a comparison that may come out otherwise for other lengths, None where all are settled.

    >>> runs = [({"n": n}, {"bound": (0, 100 - n), "guard": (0, 1), "none": (n, 0)}) for n in (2, 3, 4)]
    >>> undecided(runs)
    'bound'
    """
    free = [key for key in _varying([chosen for chosen, _ in runs]) if not str(key).isdecimal()]
    for mark in dict.fromkeys(mark for _, seen in runs for mark in seen):
        known = [(chosen, seen[mark]) for chosen, seen in runs if mark in seen]
        if not settled([chosen for chosen, _ in known], [distance for _, distance in known], free):
            return mark
    return None


def settled(runs: Sequence[Chosen], distances: Iterable[tuple[int, int]], free: Collection[Key]) -> bool:
    """Return whether a comparison came out both ways, or the same way for all lengths; `free` are those that vary."""
    when_false, when_true = zip(*distances, strict=True)
    if BOTH in zip(when_false, when_true, strict=True) or (any(when_false) and any(when_true)):
        return True
    length = named([a or b for a, b in zip(when_false, when_true, strict=True)], runs)
    if length is None or len(runs) < MIN_RUNS or not _varying(runs) >= {*free}:
        return False
    of_text = {key: int(str(key)) for _, keys in length.parts for key in keys if str(key).isdecimal()}
    if all(key in of_text for _, keys in length.parts for key in keys):
        return length.value(of_text) > 0  # numbers of the text alone, of which others stand for some
    return all(factor > 0 for factor, keys in length.parts if keys)


def _varying(runs: Sequence[Chosen]) -> set[Key]:
    """Return the lengths that differ between runs."""
    return {key for key in runs[0] if len({chosen.get(key) for chosen in runs}) > 1}
