"""Values of candidates on given arrays: one element at a time, or all. Axes that are summed alone are summed first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np

from .search import Candidate, Labels

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

NAIVE_POINTS = 20_000
"""Products of one element up to which np.einsum's own loop over three operands is quicker than finding a path."""
MAX_INTERMEDIATE = 10_000_000
"""Elements of an intermediate, where result and operands have fewer."""


class Evaluator:
    """Computes candidates on `arrays`, which have one dtype; a sum over one operand's axes is kept for the next."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        self.arrays = tuple(arrays)
        self._sums: dict[tuple[int, tuple[int, ...]], Array] = {}

    def at(self, candidate: Candidate, place: Sequence[int]) -> Any:
        """Return one element of a candidate's result.

        >>> a = np.arange(6).reshape(2, 3)
        >>> int(Evaluator([a, a]).at(Candidate(terms=((0, 1), (0, 2)), output=(0,), points=0), (1,)))
        144
        """
        fixed = dict(zip(candidate.output, place, strict=True))
        arrays, terms = self._summed(candidate)
        cut = [array[tuple(fixed.get(x, slice(None)) for x in term)] for array, term in zip(arrays, terms, strict=True)]
        left = [tuple(x for x in term if x not in fixed) for term in terms]
        return _einsum(cut, left, ())

    def whole(self, candidate: Candidate) -> Array:
        """Return a candidate's result."""
        arrays, terms = self._summed(candidate)
        return np.asarray(_einsum(arrays, terms, candidate.output))

    def _summed(self, candidate: Candidate) -> tuple[list[Array], list[Labels]]:
        """Return arrays and terms without the indices that stand once in all."""
        times = Counter(x for term in candidate.terms for x in term)
        arrays, terms = [], []
        for number, term in enumerate(candidate.terms):
            alone = tuple(axis for axis, x in enumerate(term) if times[x] == 1 and x not in candidate.output)
            arrays.append(self._sum(number, alone))
            terms.append(tuple(x for axis, x in enumerate(term) if axis not in alone))
        return arrays, terms

    def _sum(self, number: int, axes: tuple[int, ...]) -> Array:
        if not axes:
            return self.arrays[number]
        if (number, axes) not in self._sums:
            array = self.arrays[number]
            with np.errstate(all="ignore"):
                self._sums[number, axes] = np.asarray(
                    array.any(axis=axes) if array.dtype == bool else array.sum(axis=axes, dtype=array.dtype)
                )
        return self._sums[number, axes]


def _einsum(arrays: Sequence[Array], terms: Sequence[Labels], output: Labels) -> Any:
    """Return np.einsum's result, along a path where that saves something."""
    sizes = {x: n for array, term in zip(arrays, terms, strict=True) for x, n in zip(term, array.shape, strict=True)}
    numbers = {x: number for number, x in enumerate(sizes)}
    spelled: list[Any] = []
    for array, term in zip(arrays, terms, strict=True):
        spelled += [array, [numbers[x] for x in term]]
    points = prod(sizes.values())
    quick = len(output) > 0 if len(arrays) == 2 else len(arrays) > 2 and points > NAIVE_POINTS
    most = max(MAX_INTERMEDIATE, *(array.size for array in arrays), prod(sizes[x] for x in output))
    path: Any = ("greedy", most) if quick and points > NAIVE_POINTS else False
    with np.errstate(all="ignore"):
        return np.einsum(*spelled, [numbers[x] for x in output], optimize=path)
