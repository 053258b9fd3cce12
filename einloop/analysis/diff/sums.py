"""Whether two sums of einsums are the same: their terms, up to names of indices and the order of factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction
from itertools import permutations

from ...core.bind import Shape
from ...core.combination import Coefficient
from ...core.errors import OptionError
from ...core.like_terms import LikeTerms, added, alike, total
from ...core.spec import DOTS
from .sides import ComparedSide, Matching, in_numbers, matchings, one_length, other_rank, renamed, renamed_text

Shapes = Mapping[str, Shape]
"""The shapes at hand, by array."""

MAX_PERMUTED_AXES = 5
"""Axes of a result up to which every order is tried."""


class SumReason(Enum):
    """Why two sums are the same, or what about them differs. The values are those of `Reason` where they mean one."""

    TERMS = "same terms"
    SHAPES = "same for these shapes"
    LENGTHS = "same for these lengths"
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
        """The coefficients agree: 1/3 and 0.3333333333333333 do, as one float stands for both."""
        return self.first == self.second or one_float(self.first, self.second)


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

    `at`: an array that has other ranks in the one than in the other. `shapes`: those at hand, and `shaped` the results
    for them.
    """

    sides: tuple[ComparedSide, ComparedSide]
    matching: Matching
    reason: SumReason
    results: tuple[ResultPair, ...] = ()
    relation: SumRelation | None = None
    at: str | None = None
    shapes: Shapes = field(default_factory=dict)
    shaped: tuple[ResultPair, ...] = ()

    @property
    def same(self) -> bool:
        """They compute the same, in general or for the shapes at hand."""
        return self.reason in (SumReason.TERMS, SumReason.SHAPES, SumReason.LENGTHS)

    @property
    def differing(self) -> ResultPair | None:
        """The first result that differs: for the shapes at hand, where there are any and it is known."""
        pairs = zip(self.results, self.shaped or self.results, strict=True)
        return next((pair for pair, shaped in pairs if not shaped.same), None)


def one_float(first: Coefficient, second: Coefficient) -> bool:
    """Return whether two coefficients, of which one at least is no whole number, are one float.

    >>> one_float(Fraction(1, 3), Fraction("0.3333333333333333")), one_float(2**60, 2**60 + 1)
    (True, False)
    """
    if isinstance(first, complex) or isinstance(second, complex):
        return False
    one, other = Fraction(first), Fraction(second)
    if one.denominator == other.denominator == 1:
        return False
    try:
        return float(one) == float(other) != 0
    except OverflowError:
        return False


def compare_sums(first: ComparedSide, second: ComparedSide, shapes: Shapes | None = None) -> ComparedSums:
    """Return what is decided about two sides, in general and for the shapes at hand.

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
    shaped: tuple[ResultPair, ...] = ()
    for reason in (SumReason.LENGTHS, SumReason.SHAPES) if shapes else ():
        shaped = tuple(_for_shapes(pair, shapes or {}, ones=reason is SumReason.SHAPES) for pair in results)
        if all(pair.same for pair in shaped):
            return ComparedSums(sides=sides, matching=matching, reason=reason, results=results)
    _check_shapes(first, second, pairs, matching)
    reason = SumReason.AXES if any(pair.axes for pair in results) else SumReason.STRUCTURE
    _check_dots(results)
    relation = relation_of(results[0]) if len(results) == 1 else None
    return ComparedSums(
        sides=sides,
        matching=matching,
        reason=reason,
        results=results,
        relation=relation,
        shapes=shapes or {},
        shaped=shaped,
    )


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


def _for_shapes(result: ResultPair, shapes: Shapes, *, ones: bool) -> ResultPair:
    """Return a result as it is for shapes at hand: lengths are numbers.

    `ones`: no index has to run over an axis of one element.
    """
    if result.axes is not None:
        return result
    single = {(name, axis) for name, shape in shapes.items() for axis, size in enumerate(shape) if size == 1}
    sides: tuple[list[LikeTerms], list[LikeTerms]] = ([], [])
    for pair in result.terms:
        for side, number in zip(sides, (pair.first, pair.second), strict=True):
            if number:
                term = in_numbers(replace(pair.term, coefficient=number), shapes)
                side.append(_short(term, frozenset(single)) if ones else term)
    return _paired((result.first, result.second), added(sides[0]), added(sides[1]))


def _short(term: LikeTerms, ones: frozenset[tuple[str, int]]) -> LikeTerms:
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
