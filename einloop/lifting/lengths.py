"""Lengths of several runs in, what they are in the text's own words out: `n`, `A.shape[1]`, `n - 1`, `n * m`, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement

from .sizes import Key

Runs = tuple[int, ...]
"""One number for each run."""


def named(values: Runs, chosen: Sequence[Mapping[Key, int]], *, offsets: bool = True) -> str | None:
    """Return what has these values in runs with the chosen lengths; None where nothing simple has.

    >>> chosen = [{"n": 3, "m": 5}, {"n": 7, "m": 4}]
    >>> [named(values, chosen) for values in [(5, 4), (2, 6), (15, 28), (8, 8), (1, 2)]]
    ['m', 'n - 1', 'm*n', '8', None]
    """
    if len(set(values)) == 1:
        return str(values[0])
    sizes = {key: tuple(run.get(key, -1) for run in chosen) for key in chosen[0]}
    order = sorted(sizes, key=lambda key: (not isinstance(key, str), str(key)))
    for key in order:
        if sizes[key] == values:
            return said(key)
    for key in order if offsets else ():
        distances = {value - size for value, size in zip(values, sizes[key], strict=True)}
        if len(distances) == 1:
            (distance,) = distances
            return f"{said(key)} {'-' if distance < 0 else '+'} {abs(distance)}"
    for one, other in combinations_with_replacement(order, 2):
        if all(a * b == value for a, b, value in zip(sizes[one], sizes[other], values, strict=True)):
            return f"{said(one)}*{said(other)}"
    return None


def said(key: Key) -> str:
    """Return a length in the words of the text."""
    return key if isinstance(key, str) else f"{key[0]}.shape[{key[1]}]"
