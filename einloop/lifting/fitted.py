"""Terms as several runs have them in, one term in the text's words out; and what it gives for other lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import prod

from ..core.effort import spend
from ..core.polynomial import Number, Product
from .boxes import spanned
from .diagonals import with_diagonals
from .lengths import Chosen, Length, factored, named
from .sizes import Refusal
from .terms import At, Monomial, ReadAxis, array_of

Elements = dict[At, dict[Product, Number]]
"""Each element of a result as coefficients of products, their factors sorted."""
Target = tuple[tuple[Length, tuple[tuple[Length, Length, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class TermAxis:
    """Where an axis of an array is read, in words: along labels, slow to fast, from `start` on."""

    labels: tuple[int, ...]
    steps: tuple[Length, ...]
    start: Length

    def at(self, chosen: Chosen) -> ReadAxis:
        """Return where the axis is read for these lengths."""
        steps = tuple(step.value(chosen) for step in self.steps)
        return ReadAxis(labels=self.labels, steps=steps, start=self.start.value(chosen))


@dataclass(frozen=True, slots=True)
class Fitted:
    """One product of arrays, summed, for lengths of every value."""

    names: tuple[str, ...]
    operands: tuple[tuple[TermAxis, ...], ...]
    result: tuple[TermAxis, ...]
    lengths: tuple[Length, ...]
    coefficient: Number
    factor: Length | None = None
    divisor: Length | None = None

    @property
    def target(self) -> Target:
        """The part of the result that is written: the start of each axis, and the step and length of each label."""
        order = list(dict.fromkeys(label for axis in self.result for label in axis.labels))
        return tuple(
            (
                axis.start,
                tuple(
                    (step, self.lengths[label], order.index(label))
                    for step, label in zip(axis.steps, axis.labels, strict=True)
                ),
            )
            for axis in self.result
        )

    def weight(self, chosen: Chosen) -> Number:
        """Return the coefficient for these lengths."""
        weight = self.coefficient
        if self.factor is not None:
            weight = weight * self.factor.value(chosen)
        if self.divisor is not None:
            over = self.divisor.value(chosen)
            if not over:
                raise Refusal("EL815", "a factor depends on the sizes")
            weight *= 1 / Fraction(over)
        return weight

    def at(self, chosen: Chosen) -> Monomial:
        """Return the term for these lengths."""
        result, *operands = (tuple(axis.at(chosen) for axis in array) for array in (self.result, *self.operands))
        lengths = tuple(length.value(chosen) for length in self.lengths)
        weight = self.weight(chosen) if all(lengths) else 0
        return Monomial(coefficient=weight, names=self.names, operands=tuple(operands), result=result, lengths=lengths)

    def add(self, found: Elements, chosen: Chosen) -> None:
        """Add what the term gives for these lengths to the elements of a result."""
        lengths = [length.value(chosen) for length in self.lengths]
        spend(2 * prod(lengths))
        points = points_along([axis for array in (self.result, *self.operands) for axis in array], lengths, chosen)
        weight = self.weight(chosen) if all(lengths) else 0
        rank = len(self.result)
        ends = list(accumulate(map(len, self.operands), initial=rank))
        parts = sorted(zip(self.names, ends, ends[1:], strict=False))
        twins = len(set(self.names)) < len(self.names)
        for point in points:
            factors = tuple([(name, point[start:end]) for name, start, end in parts])
            if twins:
                factors = tuple(sorted(factors))
            cell = found.setdefault(point[:rank], {})
            cell[factors] = cell.get(factors, 0) + weight

    def written(self, chosen: Chosen) -> Iterator[At]:
        """Yield the places of the result that the term writes."""
        labels = {label for axis in self.result for label in axis.labels}
        lengths = [length.value(chosen) if n in labels else 1 for n, length in enumerate(self.lengths)]
        spend(prod(lengths))
        yield from points_along(self.result, lengths, chosen)


def points_along(axes: Sequence[TermAxis], lengths: Sequence[int], chosen: Chosen) -> list[At]:
    """Return the places on all axes for every choice of labels, the last label fastest."""
    steps = (
        tuple(
            sum(s.value(chosen) for s, own in zip(axis.steps, axis.labels, strict=True) if own == label)
            for axis in axes
        )
        for label in range(len(lengths))
    )
    return spanned(tuple(axis.start.value(chosen) for axis in axes), zip(steps, lengths, strict=True))


def fitted(runs: Sequence[Monomial], chosen: Sequence[Chosen]) -> Fitted:
    """Return the term that these are in runs with the chosen lengths. Raises Refusal where no words say it."""
    runs = with_diagonals(runs)
    first = runs[0]
    found = factored([run.coefficient for run in runs], chosen)
    if found is None:
        raise Refusal("EL815", "a factor depends on the sizes")
    coefficient, factor, divisor = found
    return Fitted(
        names=first.names,
        operands=tuple(_array([run.operands[place] for run in runs], chosen) for place in range(len(first.operands))),
        result=_array([run.result for run in runs], chosen),
        lengths=tuple(_length(values, chosen) for values in zip(*(run.lengths for run in runs), strict=True)),
        coefficient=coefficient,
        factor=factor,
        divisor=divisor,
    )


def _array(runs: Sequence[tuple[ReadAxis, ...]], chosen: Sequence[Chosen]) -> tuple[TermAxis, ...]:
    return tuple(
        TermAxis(
            labels=axes[0].labels,
            steps=tuple(_length(values, chosen) for values in zip(*(axis.steps for axis in axes), strict=True)),
            start=_length([axis.start for axis in axes], chosen),
        )
        for axes in zip(*runs, strict=True)
    )


def _length(values: Sequence[int], chosen: Sequence[Chosen]) -> Length:
    found = named(values, chosen)
    if found is None:
        raise Refusal("EL815", "a length is not a simple function of the lengths in the code")
    return found


def elements(cells: Mapping[At, Mapping[Product, Number]]) -> Elements:
    """Return the elements of a result with the factors of products sorted, and without the places that read them."""
    found: Elements = {}
    known: dict[str, str] = {}
    for at, cell in cells.items():
        spend(2 + 2 * len(cell))
        terms: dict[Product, Number] = {}
        for product, weight in cell.items():
            for name, _ in product:
                if name not in known:
                    known[name] = array_of(name)
            factors = tuple(sorted([(known[name], place) for name, place in product]))
            terms[factors] = terms.get(factors, 0) + weight
        found[at] = {factors: weight for factors, weight in terms.items() if weight}
    return found
