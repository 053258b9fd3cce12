"""Why one element is nan or inf: the inputs, the terms or the overflow that made it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.message import Code, Message, Value
from ...core.report import Fact
from .factors import Factors
from .kinds import ElementKind
from .traced import TermValue, Traced
from .traps import exact_limit, limit
from .values import fact, is_finite, is_nan, size, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an element is not finite, as a sentence and as facts; `more`: how many more inputs of it are not finite."""

    message: Message
    facts: Mapping[str, Fact]
    more: int = 0


@dataclass(frozen=True, slots=True)
class OddInput:
    """One element of an operand: the operand's number, and a term that reads it."""

    number: int
    term: TermValue

    @property
    def value(self) -> Any:
        """What it is."""
        return self.term.factors[self.number]


Inputs = tuple[list[OddInput], int]
FirstTerms = Callable[[Factors], tuple[TermValue | None, TermValue | None, TermValue | None]]


def cause(traced: Traced, inputs: Inputs, first_terms: FirstTerms) -> Cause:
    """Return why an element that is not finite is so.

    `inputs`: the first nan and the first other input that is not finite, by operand, and how many there are in all.
    `first_terms` finds the first term that is nan, the first that is inf, and the first that is -inf.
    """
    factors = traced.factors
    values: dict[str, Value] = {"element": Code(factors.text), "value": Code(text(traced.value))}
    found, count = inputs
    if not found:
        return _overflow(traced, values)
    chosen = next((item for item in found if is_nan(item.value)), None)
    more = count - 1
    if chosen is None and is_nan(traced.value):
        if factors.kind is ElementKind.COMPLEX:
            return _because("parts", factors, found[0], values, more)
        nan, plus, minus = first_terms(factors)
        if nan is not None:
            return _zero(factors, nan, found[0], values, more)
        if plus is not None and minus is not None:
            return _minus(factors, plus, minus, values, more - 1)
    return _because("input", factors, chosen or found[0], values, more)


def reached(factors: Factors, inputs: Inputs) -> Cause:
    """Return which input that is not finite goes into an element, where its terms are too many to add up."""
    found, count = inputs
    return _because("reached", factors, found[0], {"element": Code(factors.text)}, count - 1)


def _because(kind: str, factors: Factors, item: OddInput, values: dict[str, Value], more: int) -> Cause:
    name = factors.element(item.number, item.term.place)
    values |= {"input": Code(name), "content": Code(text(item.value))}
    return Cause(message=Message(f"why.cause.{kind}", values), facts=_facts(kind, factors, [item]), more=more)


def _facts(kind: str, factors: Factors, items: Sequence[OddInput]) -> dict[str, Fact]:
    inputs: list[Fact] = [
        {
            "operand": factors.names.operands[item.number],
            "at": list(factors.coordinates(item.number, item.term.place)),
            "value": fact(item.value),
        }
        for item in items
    ]
    return {"cause": kind, "inputs": [item for place, item in enumerate(inputs) if item not in inputs[:place]]}


def _zero(factors: Factors, term: TermValue, first: OddInput, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for 0 · inf within a term; that for an input where a product is 0 or inf by its size only."""
    zero = next((number for number, value in enumerate(term.factors) if value == 0), None)
    infinite = next(
        (number for number, value in enumerate(term.factors) if not is_finite(value) and not is_nan(value)), None
    )
    if zero is None or infinite is None:
        return _because("input", factors, first, values, more)
    values |= {
        "input": Code(factors.element(infinite, term.place)),
        "content": Code(text(term.factors[infinite])),
        "other": Code(factors.element(zero, term.place)),
    }
    facts = _facts("zero_times_inf", factors, [OddInput(infinite, term), OddInput(zero, term)])
    return Cause(message=Message("why.cause.zero", values), facts=facts, more=more)


def _minus(factors: Factors, plus: TermValue, minus: TermValue, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for inf - inf between two terms."""
    values |= {"first": Code(factors.product(plus.place)), "second": Code(factors.product(minus.place))}
    items = [
        OddInput(number, term)
        for term in (plus, minus)
        for number, value in enumerate(term.factors)
        if not is_finite(value)
    ]
    facts = _facts("inf_minus_inf", factors, items)
    told = facts["inputs"]
    assert isinstance(told, list)
    return Cause(message=Message("why.cause.minus", values), facts=facts, more=max(more + 2 - len(told), 0))


def _overflow(traced: Traced, values: dict[str, Value]) -> Cause:
    """Return the sentence for an overflow of finite inputs: of a product, of the sum, or on the way to it."""
    factors = traced.factors
    values |= {"dtype": Code(factors.common.name), "limit": Code(text(limit(factors)))}
    largest = max(traced.terms, key=lambda term: size(term.product))
    if size(largest.product) > exact_limit(factors):
        values |= {"term": Code(factors.product(largest.place)), "product": Code(text(largest.product))}
        kind = "product"
    else:
        kind = "sum" if size(traced.total) > exact_limit(factors) else "partial"
        values["total"] = Code(text(traced.total))
    return Cause(message=Message(f"why.cause.{kind}", values), facts=_facts(f"overflow_{kind}", factors, []))
