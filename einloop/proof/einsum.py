"""np.einsum as the yardstick, and the seconds that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from ..core.path import Step, path_steps
from ..core.slices import unharmed

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

BLAS_POINTS = 5e9
"""Products and sums a second in a matrix product of doubles, on a slow machine."""
LOOP_POINTS = 3e8
"""The same in np.einsum's own loops."""
WEIGHED_TIMES = 4
"""How many times as long exact sums of any values take as those of whole numbers: they are weighed, too."""

Labels = Sequence[str]


def einsum(subscripts: str, operands: Sequence[Array], *, quick: bool = False) -> Any:
    """Return what np.einsum computes; `quick`: two operands at a time, which adds in another order."""
    with np.errstate(all="ignore"):
        return np.einsum(subscripts, *unharmed(operands), optimize=quick)


def contraction_seconds(terms: Sequence[Labels], output: Labels, shapes: Sequence[tuple[int, ...]]) -> float:
    """Return about how long np.einsum(optimize=True) takes for doubles; labels and shapes per operand.

    >>> 0.1 < contraction_seconds(["ij", "jk"], "ik", [(1000, 1000), (1000, 1000)]) < 1
    True
    """
    sizes: dict[str, int] = {}
    words: list[Any] = []
    for term, shape in zip(terms, shapes, strict=True):
        sizes |= {label: max(n, sizes.get(label, 1)) for label, n in zip(term, shape, strict=True)}
    numbers = {label: number for number, label in enumerate(sizes)}
    for term, shape in zip(terms, shapes, strict=True):
        words += [np.broadcast_to(0.0, shape), [numbers[label] for label in term]]
    path = np.einsum_path(*words, [numbers[label] for label in output], optimize=True)[0]
    steps = path_steps(map(tuple, terms), tuple(output), path[1:])
    return sum(step.points(sizes) / (BLAS_POINTS if _by_blas(step) else LOOP_POINTS) for step in steps)


def _by_blas(step: Step) -> bool:
    shared = set(step.terms[0]) & set(step.terms[-1])
    plain = len(step.terms) == 2 and all(len(set(term)) == len(term) for term in step.terms)
    return plain and bool(shared) and shared.isdisjoint(step.output)
