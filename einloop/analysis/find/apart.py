"""Further shapes that tell candidates apart: those in which axes have one length only where the first makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.bind import Shape
from ...core.sizes import connected
from ...core.spec import Extent
from .fitting import Sample, count
from .search import Candidate
from .twice import how_many

FIRST_LENGTH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """An example in which every index of a candidate has a length of its own, and how many einsums fit it."""

    sample: Sample
    fit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLength:
    """Axes of the operands that have one length, as (operand, axis): which of them share an index is not known."""

    extent: Extent
    axes: tuple[tuple[int, int], ...]


def distinct(candidate: Candidate, names: Sequence[str]) -> Distinct:
    """Return the smallest example whose lengths differ from index to index. Operands of one name have one shape.

    >>> found = distinct(Candidate(terms=((0, 1, 2), (0, 2)), output=(0, 1), points=1), ("A", "B"))
    >>> found.sample, found.fit
    (Sample(operands=((2, 3, 4), (2, 4)), result=(2, 3)), 6)
    >>> distinct(Candidate(terms=((0, 1), (0, 2)), output=(1, 2), points=1), ("A", "A")).sample.operands
    ((2, 3), (2, 3))
    """
    pairs: list[tuple[object, object]] = []
    for name, term in zip(names, candidate.terms, strict=True):
        pairs += [(label, (name, axis)) for axis, label in enumerate(term)]
    leader = connected(pairs)
    lengths: dict[object, int] = {}
    for term in candidate.terms:
        for label in term:
            lengths.setdefault(leader[label], FIRST_LENGTH + len(lengths))
    operands: tuple[Shape, ...] = tuple(tuple(lengths[leader[x]] for x in term) for term in candidate.terms)
    sample = Sample(operands=operands, result=tuple(lengths[leader[x]] for x in candidate.output))
    return Distinct(sample=sample, fit=how_many(sample, names) or count(sample))


def fits(candidate: Candidate, sample: Sample) -> bool:
    """Return whether a candidate takes these operands and gives a result of this shape.

    >>> swapped = Candidate(terms=((0, 1, 2), (0, 1)), output=(0, 2), points=2)
    >>> fits(swapped, Sample(operands=((2, 3, 4), (2, 4)), result=(2, 3)))
    False
    """
    lengths: dict[int, Extent] = {}
    for term, shape in zip(candidate.terms, sample.operands, strict=True):
        for label, extent in zip(term, shape, strict=True):
            if lengths.setdefault(label, extent) != extent:
                return False
    return tuple(lengths[label] for label in candidate.output) == sample.result


def one_length(sample: Sample, candidates: Sequence[Candidate]) -> tuple[OneLength, ...]:
    """Return the lengths whose axes the first of these candidates gives several indices, and others not the same ones.

    >>> sample = Sample(operands=((5, 4, 4), (5, 4)), result=(5, 4))
    >>> one = Candidate(terms=((0, 1, 2), (0, 2)), output=(0, 1), points=1)
    >>> two = Candidate(terms=((0, 1, 2), (0, 1)), output=(0, 2), points=2)
    >>> [(found.extent, found.axes) for found in one_length(sample, [one, two])]
    [(4, ((0, 1), (0, 2), (1, 1)))]
    """
    groups: dict[Extent, list[tuple[int, int]]] = {}
    for operand, axis, extent in sample.axes:
        groups.setdefault(extent, []).append((operand, axis))
    found = []
    for extent, axes in groups.items():
        readings = {_reading(candidate, sample, extent, axes) for candidate in candidates}
        several = len({candidates[0].terms[operand][axis] for operand, axis in axes}) > 1
        if several and len(readings) > 1:
            found.append(OneLength(extent=extent, axes=tuple(axes)))
    return tuple(found)


def _reading(
    candidate: Candidate, sample: Sample, extent: Extent, axes: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return which of some axes share an index, and which of them the axes of this length in the output are."""
    labels = [candidate.terms[operand][axis] for operand, axis in axes]
    order = list(dict.fromkeys(labels))
    output = [x for x, length in zip(candidate.output, sample.result, strict=True) if length == extent]
    return tuple(map(order.index, labels)), tuple(map(order.index, output))
