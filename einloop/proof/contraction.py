"""What exact sums cost by np.einsum(optimize=True), before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod

import numpy as np

BY_BLAS = 5e9
"""Products and sums a second in a matrix product of doubles, on a slow machine."""
BY_LOOPS = 3e8
"""The same in np.einsum's own loops."""


def contraction_seconds(subscripts: str, shapes: Sequence[tuple[int, ...]]) -> float:
    """Return about how long np.einsum(optimize=True) takes for doubles of these shapes, one per operand.

    >>> 0.1 < contraction_seconds("ij,jk->ik", [(1000, 1000), (1000, 1000)]) < 1
    True
    """
    path = np.einsum_path(subscripts, *(np.broadcast_to(0.0, shape) for shape in shapes), optimize=True)[0]
    inputs, _, output = subscripts.replace("...", "").partition("->")
    terms, sizes = inputs.split(","), _sizes(inputs.split(","), shapes)
    seconds = 0.0
    for step in path[1:]:
        taken = [terms[place] for place in step]
        terms = [term for place, term in enumerate(terms) if place not in step]
        kept = set(chain(output, *terms)) if terms else set(output)
        seconds += _seconds(taken, kept, sizes)
        terms.append("".join(dict.fromkeys(x for x in chain(*taken) if x in kept)))
    return seconds


def _sizes(terms: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
    """Return the extent of every letter; axes under an ellipsis are counted with the last letter before it."""
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=False):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return sizes


def _seconds(terms: Sequence[str], kept: set[str], sizes: Mapping[str, int]) -> float:
    points = prod(sizes.get(letter, 1) for letter in set(chain(*terms)))
    blas = len(terms) == 2 and all(len(set(term)) == len(term) for term in terms)
    blas = blas and bool(shared := set(terms[0]) & set(terms[1])) and not shared & kept
    return points / (BY_BLAS if blas else BY_LOOPS)
