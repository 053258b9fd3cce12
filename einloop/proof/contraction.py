"""What exact sums cost by np.einsum(optimize=True), before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod
from typing import Any

import numpy as np

BY_BLAS = 5e9
"""Products and sums a second in a matrix product of doubles, on a slow machine."""
BY_LOOPS = 3e8
"""The same in np.einsum's own loops."""
AGAIN = 4
"""Exact sums of any values take so many times as long as those of whole numbers: they are weighed, too."""

Labels = Sequence[str]


def contraction_seconds(terms: Sequence[Labels], output: Labels, shapes: Sequence[tuple[int, ...]]) -> float:
    """Return about how long np.einsum(optimize=True) takes for doubles; labels and shapes per operand.

    >>> 0.1 < contraction_seconds(["ij", "jk"], "ik", [(1000, 1000), (1000, 1000)]) < 1
    True
    """
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        sizes |= {label: max(n, sizes.get(label, 1)) for label, n in zip(term, shape, strict=True)}
    numbers = {label: number for number, label in enumerate(sizes)}
    words: list[Any] = []
    for term, shape in zip(terms, shapes, strict=True):
        words += [np.broadcast_to(0.0, shape), [numbers[label] for label in term]]
    path = np.einsum_path(*words, [numbers[label] for label in output], optimize=True)[0]
    left, seconds = [tuple(term) for term in terms], 0.0
    for step in path[1:]:
        taken = [left[place] for place in step]
        left = [term for place, term in enumerate(left) if place not in step]
        kept = {*output, *chain(*left)}
        seconds += _seconds(taken, kept, sizes)
        left.append(tuple(dict.fromkeys(label for label in chain(*taken) if label in kept)))
    return seconds


def _seconds(terms: Sequence[Labels], kept: set[str], sizes: Mapping[str, int]) -> float:
    points = prod(sizes[label] for label in set(chain(*terms)))
    shared = set(terms[0]) & set(terms[-1])
    plain = len(terms) == 2 and all(len(set(term)) == len(term) for term in terms)
    return points / (BY_BLAS if plain and shared and not shared & kept else BY_LOOPS)
