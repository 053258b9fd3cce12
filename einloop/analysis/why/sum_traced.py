"""One element of a sum of einsums traced: numpy's value of every term, and the exact one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...core.bind_sum import alone
from ...core.combination import Combination, Summand
from ...core.joined import Joined
from ..sums import statement_formula, term_formula
from .element import Limits, Traced, trace
from .factors import factors_of
from .kinds import ElementKind
from .sum_values import computed, held_before, operand_at, operands_of, scalar_of, term_value
from .values import Exact, exact, is_finite, minus, size, times

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


def traced_sum(
    joined: Joined, arrays: Mapping[str, Any], at: tuple[int, ...], *, top: int, limits: Limits
) -> TracedSum:
    """Return an element of the last statement's result term by term, each with its `top` largest products."""
    combination = joined.statements.combinations[-1]
    labels = combination.summands[0].spec.output if combination.summands else ()
    tracer = _Tracer(
        joined=joined,
        combination=combination,
        arrays=arrays,
        operands=operands_of(combination, arrays),
        at=at,
        places={label: str(place) for label, place in zip(labels, at, strict=True)},
        top=top,
        limits=limits,
    )
    terms = [*tracer.before(), *map(tracer.term, combination.summands)]
    total: Exact | None = Fraction(0)
    for term in terms:
        total = None if term.total is None or total is None else minus(total, minus(0, term.total))
    value = computed(combination, arrays, at).reshape(-1)[0]
    return TracedSum(element=tracer.element, at=at, terms=tuple(terms), value=value, total=total)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tracer:
    """An element that is asked for, and the arrays that it is made of."""

    joined: Joined
    combination: Combination
    arrays: Mapping[str, Any]
    operands: Mapping[str, Any]
    at: tuple[int, ...]
    places: Mapping[str, str]
    top: int
    limits: Limits

    @property
    def element(self) -> str:
        """The element as text."""
        return str(statement_formula(self.joined, self.combination, self.places).result)

    def before(self) -> Iterator[TracedTerm]:
        """Yield what was there before, where the statement adds to it."""
        if self.combination.adds:
            old = np.asarray(operand_at(held_before(self.combination, self.arrays), self.at)).reshape(-1)[0]
            known = exact(old) if is_number(old) and is_finite(old) else None
            yield TracedTerm(
                formula=self.element, negative=False, value=old, total=known, magnitude=size(known or 0), old=True
            )

    def term(self, summand: Summand) -> TracedTerm:
        """Return one term."""
        formula = str(replace(term_formula(self.joined, self.combination, summand, self.places), negative=False))
        value = np.asarray(term_value(self.combination, summand, self.operands, self.at)).reshape(-1)[0]
        scale = _scale(summand, self.operands)
        found = TracedTerm(
            formula=formula,
            negative=summand.negative,
            value=value,
            total=scale,
            magnitude=Fraction(1) if scale is None else size(scale),
            summand=summand,
        )
        return self.with_products(found, summand, scale) if summand.spec.operands else found

    def with_products(self, term: TracedTerm, summand: Summand, scale: Exact | None) -> TracedTerm:
        """Return a term with the products that it sums."""
        spec = alone(summand.spec)
        arrays = [np.asarray(self.operands[name]) for name in summand.names]
        pairs = zip(spec.output, self.at, strict=True)
        own = tuple(min(place, _length(spec.by_label[label].extent) - 1) for label, place in pairs)
        names = self.joined.of(self.combination, summand)
        traced = trace(factors_of(spec, names, arrays, own), self.top, self.limits)
        known = traced.factors.kind in EXACT_KINDS and traced.total is not None and scale is not None
        total = times(scale, traced.total) if known and scale is not None else None
        magnitude = size(traced.total) if known and not traced.factors.kind.rounds else traced.magnitude
        return replace(term, traced=traced, total=total, magnitude=magnitude * term.magnitude)


def _length(extent: object) -> int:
    assert isinstance(extent, int)
    return max(extent, 1)


def _scale(summand: Summand, operands: Mapping[str, Any]) -> Exact | None:
    """Return what a term is multiplied by beside its operands, exactly; None where that is not finite."""
    if not is_finite(summand.coefficient):
        return None
    found = exact_number(summand.coefficient)
    for texts, divides in ((summand.factors, False), (summand.divisors, True)):
        for name in texts:
            value = scalar_of(name, operands)
            if not is_number(value) or not is_finite(value) or (divides and not value):
                return None
            factor = exact_number(value)
            if divides:
                if isinstance(factor, tuple):
                    return None
                factor = 1 / Fraction(factor)
            found = times(found, factor)
    return found


def exact_number(number: Any) -> Exact:
    """Return a number exactly; a float that is no array's as it is written."""
    if isinstance(number, np.generic):
        return exact(number)
    if isinstance(number, complex):
        return Fraction(number.real), Fraction(number.imag)
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def is_number(value: Any) -> bool:
    """Return whether a value has a size, and may be nan or infinite."""
    return isinstance(value, int | float | complex | Fraction | np.number | np.bool_)
