"""Why one element is nan or inf: the inputs, the terms or the overflow that made it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.message import Code, Message, Value
from ...core.report import Fact
from .blocks import blocks, first_where, is_odd, place_of, points_of
from .element import TermValue, Traced, term_at
from .factors import Factors, multiply
from .kinds import ElementKind
from .traps import exact_limit, limit
from .values import fact, size, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an element is not finite, as a sentence and as facts; `more`: how many more inputs of it are not finite."""

    message: Message
    facts: Mapping[str, Fact]
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Input:
    """One element of an operand: the operand's number, and a term that reads it."""

    number: int
    term: TermValue

    @property
    def value(self) -> Any:
        return self.term.factors[self.number]


def cause(traced: Traced) -> Cause:
    """Return why an element that is not finite is so."""
    factors = traced.factors
    values: dict[str, Value] = {"element": Code(factors.text), "value": Code(text(traced.value))}
    found, count = _inputs(factors)
    if not found:
        return _overflow(traced, values)
    chosen = next((item for item in found if np.isnan(item.value)), None)
    more = count - 1
    if chosen is None and np.isnan(traced.value):
        if factors.kind is ElementKind.COMPLEX:
            return _because("parts", factors, found[0], values, more)
        nan, plus, minus = _first_terms(factors)
        if nan is not None:
            return _zero(factors, nan, found[0], values, more)
        if plus is not None and minus is not None:
            return _minus(factors, plus, minus, values, more - 1)
    return _because("input", factors, chosen or found[0], values, more)


def reached(factors: Factors) -> Cause:
    """Return which input that is not finite goes into an element, where its terms are too many to add up."""
    found, count = _inputs(factors)
    return _because("reached", factors, found[0], {"element": Code(factors.text)}, count - 1)


def _inputs(factors: Factors) -> tuple[list[_Input], int]:
    """Return the first nan and the first other input that is not finite, by operand, and how many there are in all."""
    found: list[_Input] = []
    count = 0
    for number, view in enumerate(factors.views):
        if view.dtype.kind in "fc":
            places = (first_where(is_odd, view), first_where(np.isnan, view))
            found += [_Input(number, term_at(factors, place)) for place in dict.fromkeys(places) if place is not None]
            count += sum(int(np.count_nonzero(is_odd(view[piece]))) for piece in blocks(view.shape))
    return found, count


def _first_terms(factors: Factors) -> tuple[TermValue | None, TermValue | None, TermValue | None]:
    """Return the first term that is nan, the first that is inf, and the first that is -inf."""
    found: list[TermValue | None] = [None, None, None]
    done = 0
    with np.errstate(all="ignore"):
        for piece in blocks(factors.shape):
            flat = multiply([part.astype(factors.common) for part in factors.parts(piece)], piece)
            for number, mask in enumerate((np.isnan(flat), flat == np.inf, flat == -np.inf)):
                if found[number] is None and mask.any():
                    found[number] = term_at(factors, place_of(done + int(np.argmax(mask)), factors.shape))
            if found[0] is not None:
                break
            done += points_of(piece)
    return found[0], found[1], found[2]


def _because(kind: str, factors: Factors, item: _Input, values: dict[str, Value], more: int) -> Cause:
    name = factors.element(item.number, item.term.place)
    values |= {"input": Code(name), "content": Code(text(item.value))}
    return Cause(message=Message(f"why.cause.{kind}", values), facts=_facts(kind, factors, [item]), more=more)


def _facts(kind: str, factors: Factors, items: Sequence[_Input]) -> dict[str, Fact]:
    inputs: list[Fact] = [
        {
            "operand": factors.names.operands[item.number],
            "at": list(factors.coordinates(item.number, item.term.place)),
            "value": fact(item.value),
        }
        for item in items
    ]
    return {"cause": kind, "inputs": [item for place, item in enumerate(inputs) if item not in inputs[:place]]}


def _zero(factors: Factors, term: TermValue, first: _Input, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for 0 · inf within a term; that for an input where a product is 0 or inf by its size only."""
    zero = next((number for number, value in enumerate(term.factors) if value == 0), None)
    infinite = next((number for number, value in enumerate(term.factors) if np.isinf(value)), None)
    if zero is None or infinite is None:
        return _because("input", factors, first, values, more)
    values |= {
        "input": Code(factors.element(infinite, term.place)),
        "content": Code(text(term.factors[infinite])),
        "other": Code(factors.element(zero, term.place)),
    }
    facts = _facts("zero_times_inf", factors, [_Input(infinite, term), _Input(zero, term)])
    return Cause(message=Message("why.cause.zero", values), facts=facts, more=more)


def _minus(factors: Factors, plus: TermValue, minus: TermValue, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for inf - inf between two terms."""
    values |= {"first": Code(factors.product(plus.place)), "second": Code(factors.product(minus.place))}
    items = [
        _Input(number, term)
        for term in (plus, minus)
        for number, value in enumerate(term.factors)
        if not np.isfinite(value)
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
