"""One element of a sum of einsums traced: the value of every term, and the exact one. Loads no numpy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from numbers import Number
from typing import Any, Protocol

from ...core.bind_sum import alone
from ...core.combination import Combination, Summand
from ...core.joined import Joined
from ...core.names import Names
from ...core.report import Finding
from ...core.spec import Spec
from ..sums import statement_formula, term_formula
from .cause import Cause
from .kinds import ElementKind
from .traced import Traced
from .values import NUMPY_BOOLS, Exact, is_finite, minus, size, times

EXACT_KINDS = (ElementKind.INTEGER, ElementKind.REAL, ElementKind.COMPLEX)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedTerm:
    """One term of a sum: the formula at the element, numpy's value without its sign, and its exact value with it.

    `traced`: the products that it sums, None for a number. `old`: what was there before.
    """

    formula: str
    negative: bool
    value: Any
    total: Exact | None
    magnitude: Fraction
    traced: Traced | None = None
    summand: Summand | None = None
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedSum:
    """One element of a sum: its terms, numpy's value, and the exact one where all terms are exact."""

    element: str
    at: tuple[int, ...]
    terms: tuple[TracedTerm, ...]
    value: Any
    total: Exact | None


class SumSource(Protocol):
    """Who computes: with numpy, or without. All is said of one element of the last statement's result."""

    @property
    def dtype(self) -> str:
        """The dtype of the result."""

    @property
    def bits(self) -> int:
        """How many bits a float of it has, 0 for what is no float."""

    @property
    def sure(self) -> bool:
        """The values are those that numpy gives, in whatever order it adds."""

    def value(self) -> Any:
        """Return the element."""

    def old(self) -> Any:
        """Return what was there before."""

    def term(self, summand: Summand) -> Any:
        """Return a term without its sign."""

    def scalar(self, text: str) -> Any:
        """Return the value of a factor."""

    def exact(self, value: Any) -> Exact:
        """Return one of these values exactly."""

    def traced(self, summand: Summand, spec: Spec, names: Names, own: tuple[int, ...]) -> Traced:
        """Return the products of a term, `own` being its place."""

    def cause(self, traced: Traced) -> Cause | None:
        """Return why a term is not finite."""

    def findings(self, traced: Traced) -> Iterable[Finding]:
        """Return what its dtype does to a term."""


def traced_sum(joined: Joined, source: SumSource, at: tuple[int, ...]) -> TracedSum:
    """Return an element of the last statement's result term by term."""
    combination = joined.statements.combinations[-1]
    labels = combination.summands[0].spec.output if combination.summands else ()
    places = {label: str(place) for label, place in zip(labels, at, strict=True)}
    tracer = _Tracer(joined=joined, combination=combination, source=source, at=at, places=places)
    terms = [*tracer.before(), *map(tracer.term, combination.summands)]
    total: Exact | None = Fraction(0)
    for term in terms:
        total = None if term.total is None or total is None else minus(total, minus(0, term.total))
    return TracedSum(element=tracer.element, at=at, terms=tuple(terms), value=source.value(), total=total)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tracer:
    """An element that is asked for, and who computes it."""

    joined: Joined
    combination: Combination
    source: SumSource
    at: tuple[int, ...]
    places: Mapping[str, str]

    @property
    def element(self) -> str:
        """The element as text."""
        return str(statement_formula(self.joined, self.combination, self.places).result)

    def before(self) -> Iterator[TracedTerm]:
        """Yield what was there before, where the statement adds to it."""
        if self.combination.adds:
            old = self.source.old()
            known = self.source.exact(old) if is_number(old) and is_finite(old) else None
            yield TracedTerm(
                formula=self.element, negative=False, value=old, total=known, magnitude=size(known or 0), old=True
            )

    def term(self, summand: Summand) -> TracedTerm:
        """Return one term."""
        formula = str(replace(term_formula(self.joined, self.combination, summand, self.places), negative=False))
        scale = self.scale(summand)
        found = TracedTerm(
            formula=formula,
            negative=summand.negative,
            value=self.source.term(summand),
            total=scale,
            magnitude=Fraction(1) if scale is None else size(scale),
            summand=summand,
        )
        return self.with_products(found, summand, scale) if summand.spec.operands else found

    def with_products(self, term: TracedTerm, summand: Summand, scale: Exact | None) -> TracedTerm:
        """Return a term with the products that it sums."""
        spec = alone(summand.spec)
        pairs = zip(spec.output, self.at, strict=True)
        own = tuple(min(place, _length(spec.by_label[label].extent) - 1) for label, place in pairs)
        traced = self.source.traced(summand, spec, self.joined.of(self.combination, summand), own)
        known = traced.factors.kind in EXACT_KINDS and traced.total is not None and scale is not None
        total = times(scale, traced.total) if known and scale is not None else None
        magnitude = size(traced.total) if known and not traced.factors.kind.rounds else traced.magnitude
        return replace(term, traced=traced, total=total, magnitude=magnitude * term.magnitude)

    def scale(self, summand: Summand) -> Exact | None:
        """Return what a term is multiplied by beside its operands, exactly; None where that is not finite."""
        if not is_finite(summand.coefficient):
            return None
        found = exact_number(summand.coefficient)
        for texts, divides in ((summand.factors, False), (summand.divisors, True)):
            for name in texts:
                value = self.source.scalar(name)
                if not is_number(value) or not is_finite(value) or (divides and not value):
                    return None
                factor = self.source.exact(value)
                if divides:
                    if isinstance(factor, tuple):
                        return None
                    factor = 1 / Fraction(factor)
                found = times(found, factor)
        return found


def _length(extent: object) -> int:
    assert isinstance(extent, int)
    return max(extent, 1)


def exact_number(number: Any) -> Exact:
    """Return a number that a text has exactly: a float as it is written."""
    if isinstance(number, complex):
        return Fraction(number.real), Fraction(number.imag)
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def is_number(value: Any) -> bool:
    """Return whether a value has a size, and may be nan or infinite."""
    kind = type(value)
    numpys = kind.__module__ == "numpy" and (isinstance(value, Number) or kind.__name__ in NUMPY_BOOLS)
    return isinstance(value, int | float | complex | Fraction) or numpys
