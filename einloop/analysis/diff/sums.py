"""Whether two sums of einsums are the same: their terms, up to names of indices and the order of factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from itertools import permutations

from ...core.combination import Coefficient
from ...core.errors import OptionError
from ...core.like_terms import LikeTerms, added, alike, total
from ...core.spec import DOTS
from .sides import ComparedSide, Matching, matchings, one_length, other_rank, renamed, renamed_text

Ones = frozenset[tuple[str, int]]
"""The axes of arrays that have one element."""

MAX_PERMUTED_AXES = 5
"""Axes of a result up to which every order is tried."""


class SumReason(Enum):
    """Why two sums are the same, or what about them differs. The values are those of `Reason` where they mean one."""

    TERMS = "same terms"
    SHAPES = "same for these shapes"
    RESULTS = "number of results"
    RANKS = "ranks"
    AXES = "axes of the result"
    STRUCTURE = "structure"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPair:
    """Terms that are one einsum, with their coefficient in the first sum and in the second; 0 where there is none."""

    term: LikeTerms
    first: Coefficient
    second: Coefficient

    @property
    def same(self) -> bool:
        """The coefficients agree."""
        return self.first == self.second


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPair:
    """A result of each side, and their terms side by side. `axes`: in how many axes they result, where not in one."""

    first: str
    second: str
    terms: tuple[TermPair, ...]
    axes: tuple[int, int] | None = None

    @property
    def free(self) -> tuple[str, ...]:
        """The labels of the result in the first of its terms."""
        return self.terms[0].term.form.output if self.terms else ()

    @property
    def same(self) -> bool:
        """Every term has one coefficient."""
        return self.axes is None and all(pair.same for pair in self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRelation:
    """How the second is made from the first: `factor` times, or with its axes in another `order`."""

    factor: Coefficient | None = None
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSums:
    """Two sides, which arrays are one, and what was decided about each result.

    `at`: an array that has other ranks in the one than in the other.
    """

    sides: tuple[ComparedSide, ComparedSide]
    matching: Matching
    reason: SumReason
    results: tuple[ResultPair, ...] = ()
    relation: SumRelation | None = None
    at: str | None = None

    @property
    def same(self) -> bool:
        """They compute the same, in general or for the shapes at hand."""
        return self.reason in (SumReason.TERMS, SumReason.SHAPES)


def compare_sums(first: ComparedSide, second: ComparedSide, ones: Ones | None = None) -> ComparedSums:
    """Return what is decided about two sides. `ones`: the axes of one element, for shapes at hand.

    Raises EinloopError where it stays undecided.
    """
    pairs = result_pairs(first, second)
    sides = (first, second)
    if pairs is None:
        return ComparedSums(sides=sides, matching=Matching(), reason=SumReason.RESULTS)
    at = other_rank(first, second)
    if at is not None:
        return ComparedSums(sides=sides, matching=Matching(), reason=SumReason.RANKS, at=at)
    results: tuple[ResultPair, ...] = ()
    for matching in matchings(first, second):
        results = paired(first, second, pairs, matching)
        if all(pair.same for pair in results):
            _check_shapes(first, second, pairs, matching)
            return ComparedSums(sides=sides, matching=matching, reason=SumReason.TERMS, results=results)
    if ones is not None:
        shaped = tuple(_shortened(pair, ones) for pair in results)
        if all(pair.same for pair in shaped):
            reason = SumReason.SHAPES
            return ComparedSums(sides=sides, matching=matching, reason=reason, results=results)
    _check_shapes(first, second, pairs, matching)
    reason = SumReason.AXES if any(pair.axes for pair in results) else SumReason.STRUCTURE
    _check_dots(results)
    relation = relation_of(results[0]) if len(results) == 1 else None
    return ComparedSums(sides=sides, matching=matching, reason=reason, results=results, relation=relation)


def _check_shapes(
    first: ComparedSide, second: ComparedSide, pairs: Sequence[tuple[str, str]], matching: Matching
) -> None:
    """Raise OptionError where results are given shapes after they are computed that may be two."""
    for one, other in pairs:
        shapes = first.shape(one), tuple(renamed_text(text, matching.names) for text in second.shape(other))
        if shapes[0] != shapes[1]:
            said = [f"({', '.join(shape)})" if shape else "as it is" for shape in shapes]
            raise OptionError(
                "EL442",
                f"undecided: the result is given the shape {said[0]} in the first and {said[1]} in the second",
                hint="compare them without the reshape",
            )


def _check_dots(results: Sequence[ResultPair]) -> None:
    """Raise OptionError where an ellipsis leaves open whether terms that differ as they are written differ."""
    if any(DOTS in pair.term.form.labels for result in results for pair in result.terms if not pair.same):
        raise OptionError(
            "EL441",
            "undecided: terms with '...' differ as they are written, and may agree for every number of axes",
            hint="give shapes (-s): then every axis is known",
        )


def _shortened(result: ResultPair, ones: Ones) -> ResultPair:
    """Return a result without the axes of one element: no index has to run over them."""
    ours = [_short(replace(pair.term, coefficient=pair.first), ones) for pair in result.terms if pair.first]
    theirs = [_short(replace(pair.term, coefficient=pair.second), ones) for pair in result.terms if pair.second]
    return _paired((result.first, result.second), added(ours), added(theirs))


def _short(term: LikeTerms, ones: Ones) -> LikeTerms:
    pairs = ((number, array) for number, array in enumerate(term.form.arrays))
    found = {(number, axis) for number, array in pairs for name, axis in ones if name == array}
    return replace(term, form=term.form.without(found))


def result_pairs(first: ComparedSide, second: ComparedSide) -> tuple[tuple[str, str], ...] | None:
    """Return which results are held against each other: by name, one alone whatever its name, else in order."""
    ours, theirs = list(first.results), list(second.results)
    if len(ours) != len(theirs):
        return None
    if set(ours) == set(theirs):
        return tuple((name, name) for name in ours)
    return tuple(zip(ours, theirs, strict=True))


def paired(
    first: ComparedSide, second: ComparedSide, pairs: Sequence[tuple[str, str]], matching: Matching
) -> tuple[ResultPair, ...]:
    """Return the results side by side, the second's arrays by the names that they have in the first."""
    ours = [list(first.results[one]) for one, _ in pairs]
    theirs = [[renamed(term, matching.names) for term in second.results[other]] for _, other in pairs]
    said = one_length([*ours, *theirs])
    return tuple(
        _paired(names, [said(term) for term in mine], [said(term) for term in yours])
        for names, mine, yours in zip(pairs, ours, theirs, strict=True)
    )


def _paired(names: tuple[str, str], ours: Sequence[LikeTerms], theirs: Sequence[LikeTerms]) -> ResultPair:
    ranks = {len(term.form.output) for term in ours}, {len(term.form.output) for term in theirs}
    if ranks[0] and ranks[1] and ranks[0] != ranks[1]:
        axes = next(iter(ranks[0])), next(iter(ranks[1]))
        return ResultPair(first=names[0], second=names[1], terms=(), axes=axes)
    every = [*ours, *theirs]
    pairs = []
    for group in alike(every):
        mine, yours = (
            total([every[n].coefficient for n in group if (n < len(ours)) is here]) for here in (True, False)
        )
        if mine != 0 or yours != 0:
            pairs.append(TermPair(term=every[group[0]], first=mine, second=yours))
    return ResultPair(first=names[0], second=names[1], terms=tuple(pairs))


def relation_of(pair: ResultPair) -> SumRelation | None:
    """Return the simplest relation between two results that differ, None where none was found."""
    if pair.axes is not None:
        return None
    return _multiple(pair) or _transposed(pair)


def _multiple(pair: ResultPair) -> SumRelation | None:
    ratios = {_ratio(term.second, term.first) for term in pair.terms}
    if len(ratios) == 1 and None not in ratios and 0 not in ratios:
        return SumRelation(factor=ratios.pop())
    return None


def _ratio(above: Coefficient, below: Coefficient) -> Coefficient | None:
    if not below:
        return None
    if isinstance(above, complex) or isinstance(below, complex):
        return complex(above) / complex(below)
    return Fraction(above) / Fraction(below)


def _transposed(pair: ResultPair) -> SumRelation | None:
    """Return the order of the first's axes that makes the second's."""
    count = len(pair.terms[0].term.form.output) if pair.terms else 0
    if not 1 < count <= MAX_PERMUTED_AXES:
        return None
    ours = [replace(one.term, coefficient=one.first) for one in pair.terms if one.first]
    theirs = [replace(one.term, coefficient=-one.second) for one in pair.terms if one.second]
    for order in permutations(range(count)):
        turned = [replace(term, form=term.form.ordered(order)) for term in ours]
        if not added([*turned, *theirs]):
            return SumRelation(order=order)
    return None
