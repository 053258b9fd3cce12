"""Lengths of several runs in, these and more out: at them no two words for a length give the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from .lengths import Chosen
from .sizes import Factor, Key, Offset

PRIMES = (29, 37, 31, 43, 41, 53, 47, 61, 59, 71, 67, 79, 73, 89, 83, 101)


def probes(chosen: Sequence[Chosen], composed: Mapping[Key, tuple[Factor, ...]]) -> list[Chosen]:
    """Return the lengths of the runs, and others at which no two words are the same.

    Lengths that are one stay one; `composed` lengths stay the products that they are.
    """
    classes: dict[tuple[int, ...], int] = {}
    for key in chosen[0]:
        classes.setdefault(tuple(run.get(key, -1) for run in chosen), len(classes))
    of = {key: classes[tuple(run.get(key, -1) for run in chosen)] for key in chosen[0]}
    large = [PRIMES[number % len(PRIMES)] + number // len(PRIMES) for number in range(len(classes))]
    orders = (large, large[::-1], [*large[len(large) // 2 :], *large[: len(large) // 2]])
    for sizes in orders:
        _compose(sizes, of, composed)
    found = [*chosen, *({key: sizes[number] for key, number in of.items()} for sizes in orders)]
    for rest in range(4):
        sizes = [48 + rest + 7 * number for number in range(len(classes))]
        _compose(sizes, of, composed)
        found.append({key: sizes[number] for key, number in of.items()})
    return found


def _compose(sizes: list[int], of: Mapping[Key, int], composed: Mapping[Key, tuple[Factor, ...]]) -> None:
    """Make lengths that are products of others these products."""
    for key, parts in composed.items():
        if key in of:
            sizes[of[key]] = prod(_factor(part, of, sizes) for part in parts)


def _factor(part: Factor, of: Mapping[Key, int], sizes: Sequence[int]) -> int:
    if isinstance(part, int):
        return part
    return sizes[of[part.key]] + part.added if isinstance(part, Offset) else sizes[of[part]]
