"""The formula of a sum of einsums, and of one of its terms: `D[i,k] = 2 · Σ_j A[i,j] · B[j,k] − C[i,k]`."""

from __future__ import annotations

from collections.abc import Mapping

from ...core.combination import Combination, Summand
from ...core.formula import Addend, Element, SumFormula
from ...core.joined import Joined
from ..elements import operand_element, result_part

At = Mapping[str, str]
"""What stands for an index, by label."""


def statement_formula(joined: Joined, combination: Combination, at: At | None = None) -> SumFormula:
    """Return the formula of one statement; `at` puts places for free indices."""
    if combination.summands:
        first = combination.summands[0]
        element = result_part(first.spec, joined.of(combination, first), at)
    else:
        element = Element(combination.result)
    return SumFormula(
        result=element,
        addends=tuple(term_formula(joined, combination, summand, at) for summand in combination.summands),
        adds=combination.adds,
    )


def term_formula(joined: Joined, combination: Combination, summand: Summand, at: At | None = None) -> Addend:
    """Return one term with its sign; operands without axes stand in front, and ones are left out."""
    spec, names = summand.spec, joined.of(combination, summand)
    ones = ones_of(combination, summand)
    elements = [operand_element(spec, names, n, at) for n in range(len(spec.operands)) if n not in ones]
    scalars = [element.array for element in elements if not element.at]
    size = summand.size
    return Addend(
        negative=summand.negative,
        size=size,
        scale=(*summand.factors, *scalars),
        over=tuple(names.index[index.label] for index in spec.summed),
        factors=tuple(element for element in elements if element.at),
        divisors=summand.divisors,
    )


def ones_of(combination: Combination, summand: Summand) -> frozenset[int]:
    """Return the operands that are ones and say nothing but that a term is repeated along an index of the result."""
    named = {view.name for view in combination.views if view.ones}
    spec = summand.spec
    return frozenset(
        number
        for number, name in enumerate(summand.names)
        if name in named and all(label in spec.output for label in spec.operands[number].labels)
    )


def term_text(joined: Joined, combination: Combination, summand: Summand, at: At | None = None) -> str:
    """Return one term as text, with its sign."""
    addend = term_formula(joined, combination, summand, at)
    return f"{'−' * addend.negative}{addend}"
