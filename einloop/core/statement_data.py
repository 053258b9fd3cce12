"""Statements as plain values, for JSON and the facts of reports: the keys stay, others may join them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .combination import Coefficient, Combination, Statements, Summand, number_text

if TYPE_CHECKING:
    from .report import Fact


def statements_data(statements: Statements) -> dict[str, Fact]:
    """Return statements as plain values.

    >>> from einloop.notation import read
    >>> spec = read("D = np.einsum('ij,jk->ik', A, B)")
    >>> half = Summand(spec=spec, coefficient=Fraction(1, 3), divisors=("n",))
    >>> one = Combination(source=spec.source, result="D", summands=(half,), adds=True)
    >>> found = statements_data(Statements(combinations=(one,)))["statements"][0]
    >>> found["result"], found["adds"], found["terms"][0]["coefficient"], found["terms"][0]["subscripts"]
    ('D', True, '1/3', 'ij,jk->ik')
    """
    return {
        "text": statements.text(),
        "statements": [combination_data(combination) for combination in statements.combinations],
        "temporaries": list(statements.temporaries),
    }


def combination_data(combination: Combination) -> dict[str, Fact]:
    """Return one statement: its result, whether it adds to it, its terms, and what names stand for."""
    return {
        "text": combination.text(),
        "result": combination.result,
        "target": combination.target,
        "adds": combination.adds,
        "terms": [summand_data(summand) for summand in combination.summands],
        "views": {**combination.texts},
        "notes": list(combination.notes),
    }


def summand_data(summand: Summand) -> dict[str, Fact]:
    """Return one term: the coefficient is a number, or a text such as '1/3' where none is exact."""
    return {
        "coefficient": coefficient_data(summand.coefficient),
        "subscripts": summand.spec.subscripts,
        "operands": list(summand.names),
        "factors": list(summand.factors),
        "divisors": list(summand.divisors),
    }


def coefficient_data(number: Coefficient) -> Fact:
    """Return a coefficient as JSON has it.

    >>> [coefficient_data(x) for x in (Fraction(4, 2), Fraction(1, 4), Fraction(1, 3), 0.1, 2j)]
    [2, 0.25, '1/3', 0.1, {'real': 0.0, 'imag': 2.0}]
    """
    if isinstance(number, complex):
        return {"real": number.real, "imag": number.imag}
    if not isinstance(number, Fraction):
        return number
    if number.denominator == 1:
        return number.numerator
    return f"{number.numerator}/{number.denominator}" if "/" in number_text(number) else float(number)
