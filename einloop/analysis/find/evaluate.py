"""Values of candidates on given arrays: one element at a time, or all. Axes that are summed alone are summed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np

from .search import Candidate, Labels

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

NAIVE_POINTS = 20_000
"""Products of one element up to which np.einsum's own loop over three operands is quicker than finding a path."""
WHOLE = slice(None)
MAX_INTERMEDIATE = 10_000_000
"""Elements of an intermediate, where result and operands have fewer."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one element of a candidate is computed: arrays without the axes that are summed alone; for each axis the axis
    of the output that fixes it, None where it is summed; the numbers of the axes left, operand by operand.
    """

    candidate: Candidate
    arrays: tuple[Array, ...]
    fixed: tuple[tuple[int | None, ...], ...]
    left: tuple[Labels, ...]
    optimize: Any


class Evaluator:
    """Computes candidates on `arrays`, which have one dtype; a sum over one operand's axes is kept for the next."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        self.arrays = tuple(arrays)
        self._sums: dict[tuple[int, tuple[int, ...]], Array] = {}
        self._plan: _Plan | None = None

    def at(self, candidate: Candidate, place: Sequence[int]) -> Any:
        """Return one element of a candidate's result.

        >>> a = np.arange(6).reshape(2, 3)
        >>> int(Evaluator([a, a]).at(Candidate(terms=((0, 1), (0, 2)), output=(0,), points=0), (1,)))
        144
        """
        plan = self._plan
        if plan is None or plan.candidate is not candidate:
            plan = self._plan = self._planned(candidate)
        given: list[Any] = []
        for array, axes, left in zip(plan.arrays, plan.fixed, plan.left, strict=True):
            given += [array[tuple([WHOLE if axis is None else place[axis] for axis in axes])], left]
        return np.einsum(*given, (), optimize=plan.optimize)

    def _planned(self, candidate: Candidate) -> _Plan:
        arrays, terms = self._summed(candidate)
        where = {label: axis for axis, label in enumerate(candidate.output)}
        left = [[x for x in term if x not in where] for term in terms]
        numbers = {x: number for number, x in enumerate(dict.fromkeys(x for term in left for x in term))}
        shapes = (dict(zip(term, array.shape, strict=True)) for array, term in zip(arrays, terms, strict=True))
        sizes = {x: n for shape in shapes for x, n in shape.items() if x not in where}
        return _Plan(
            candidate,
            tuple(arrays),
            tuple(tuple(where.get(x) for x in term) for term in terms),
            tuple(tuple(numbers[x] for x in term) for term in left),
            _path(arrays, sizes, ()),
        )

    def whole(self, candidate: Candidate) -> Array:
        """Return a candidate's result."""
        arrays, terms = self._summed(candidate)
        return np.asarray(_einsum(arrays, terms, candidate.output))

    def _summed(self, candidate: Candidate) -> tuple[list[Array], list[Labels]]:
        """Return arrays and terms without the indices that stand once in all."""
        every = [x for term in candidate.terms for x in term]
        lone = {x for x in every if every.count(x) == 1 and x not in candidate.output}
        if not lone:
            return list(self.arrays), list(candidate.terms)
        arrays, terms = [], []
        for number, term in enumerate(candidate.terms):
            alone = tuple(axis for axis, x in enumerate(term) if x in lone)
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
    with np.errstate(all="ignore"):
        return np.einsum(*spelled, [numbers[x] for x in output], optimize=_path(arrays, sizes, output))


def _path(arrays: Sequence[Array], sizes: Mapping[int, int], output: Labels) -> Any:
    """Return the path that np.einsum is to find, False where its own loop is quicker."""
    points = prod(sizes.values())
    quick = len(output) > 0 if len(arrays) == 2 else len(arrays) > 2
    if not quick or points <= NAIVE_POINTS:
        return False
    most = max(MAX_INTERMEDIATE, *(array.size for array in arrays), prod(sizes[x] for x in output))
    return ("greedy", most)
