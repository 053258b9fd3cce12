"""Why one element is nan or inf: the inputs, the terms or the overflow that made it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from ...core.message import Code, Message, Value
from ...core.report import Fact
from ..elements import result_element
from .blocks import blocks, place_of, points_of
from .element import TermValue, Traced, term_at
from .factors import ElementKind, Factors, piece_of
from .nonfinite import first_nonfinite
from .traps import exact_limit, limit
from .values import fact, size, text

MOST_FACTORS = 8
"""A product of more factors is shown in part."""


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
    values: dict[str, Value] = {"element": Code(element_text(factors)), "value": Code(text(traced.value))}
    found, count = _inputs(factors)
    if not found:
        return _overflow(traced, values)
    chosen = next((item for item in found if _is_nan(item.value)), None)
    more = count - 1
    if chosen is None and _is_nan(traced.value):
        if factors.kind is ElementKind.COMPLEX:
            return _because("parts", factors, found[0], values, more)
        telling = _first_terms(factors)
        if telling[0] is not None:
            return _zero(factors, telling[0], found[0], values, more)
        if telling[1] is not None and telling[2] is not None:
            return _minus(factors, telling[1], telling[2], values, more - 1)
    return _because("input", factors, chosen or found[0], values, more)


def reached(factors: Factors) -> Cause:
    """Return which input that is not finite goes into an element, where its terms are too many to add up."""
    found, count = _inputs(factors)
    return _because("reached", factors, found[0], {"element": Code(element_text(factors))}, count - 1)


def element_text(factors: Factors) -> str:
    """Return the element of the result as text."""
    return result_element(factors.spec, factors.names, {label: str(place) for label, place in factors.at.items()})


def _is_nan(value: Any) -> bool:
    import numpy as np

    return bool(np.isnan(value))


def _inputs(factors: Factors) -> tuple[list[_Input], int]:
    """Return the first nan and the first other input that is not finite, by operand, and how many there are in all."""
    import numpy as np

    found: list[_Input] = []
    count = 0
    for number, view in enumerate(factors.views):
        if view.dtype.kind not in "fc":
            continue
        place = first_nonfinite(view)
        if place is None:
            continue
        found.append(_Input(number, term_at(factors, place)))
        count += sum(int(np.count_nonzero(~np.isfinite(view[piece]))) for piece in blocks(view.shape))
        nan = _first_nan(view)
        if nan is not None and nan != place:
            found.append(_Input(number, term_at(factors, nan)))
    return found, count


def _first_nan(view: Any) -> tuple[int, ...] | None:
    import numpy as np

    done = 0
    for piece in blocks(view.shape):
        nan = np.isnan(view[piece])
        if nan.any():
            return place_of(done + int(np.argmax(nan.reshape(-1))), view.shape)
        done += points_of(piece)
    return None


def _first_terms(factors: Factors) -> tuple[TermValue | None, TermValue | None, TermValue | None]:
    """Return the first term that is nan, the first that is inf, and the first that is -inf."""
    import numpy as np

    found: list[TermValue | None] = [None, None, None]
    done = 0
    with np.errstate(all="ignore"):
        for piece in blocks(factors.shape):
            parts = [np.asarray(piece_of(view, piece)).astype(factors.common) for view in factors.views]
            shape = tuple(part.stop - part.start for part in piece)
            flat = np.broadcast_to(reduce(lambda one, two: one * two, parts), shape).reshape(-1)
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
    facts: dict[str, Fact] = {"cause": kind, "inputs": [_input_fact(factors, item)]}
    return Cause(message=Message(f"why.cause.{kind}", values), facts=facts, more=more)


def _input_fact(factors: Factors, item: _Input) -> dict[str, Fact]:
    return {
        "operand": factors.names.operands[item.number],
        "at": list(factors.coordinates(item.number, item.term.place)),
        "value": fact(item.value),
    }


def _zero(factors: Factors, term: TermValue, first: _Input, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for 0 · inf within a term; that for an input where a product is 0 or inf by its size only."""
    import numpy as np

    zeros = [number for number, value in enumerate(term.factors) if value == 0]
    infinite = [number for number, value in enumerate(term.factors) if np.isinf(value)]
    if not zeros or not infinite:
        return _because("input", factors, first, values, more)
    values |= {
        "input": Code(factors.element(infinite[0], term.place)),
        "content": Code(text(term.factors[infinite[0]])),
        "other": Code(factors.element(zeros[0], term.place)),
    }
    inputs: list[Fact] = [_input_fact(factors, _Input(number, term)) for number in (infinite[0], zeros[0])]
    return Cause(
        message=Message("why.cause.zero", values), facts={"cause": "zero_times_inf", "inputs": inputs}, more=more
    )


def _minus(factors: Factors, plus: TermValue, minus: TermValue, values: dict[str, Value], more: int) -> Cause:
    """Return the sentence for inf - inf between two terms."""
    import numpy as np

    values |= {"first": Code(term_text(factors, plus)), "second": Code(term_text(factors, minus))}
    inputs: list[Fact] = [
        _input_fact(factors, _Input(number, term))
        for term in (plus, minus)
        for number, value in enumerate(term.factors)
        if not np.isfinite(value)
    ]
    unique = [item for place, item in enumerate(inputs) if item not in inputs[:place]]
    return Cause(
        message=Message("why.cause.minus", values),
        facts={"cause": "inf_minus_inf", "inputs": unique},
        more=max(more + 2 - len(unique), 0),
    )


def term_text(factors: Factors, term: TermValue) -> str:
    """Return a term as the product of the elements that it reads."""
    return multiplied([factors.element(number, term.place) for number in range(len(factors.views))], factors.kind)


def multiplied(texts: list[str], kind: ElementKind) -> str:
    """Return factors in a row; of many, those at both ends.

    >>> multiplied(["a[0]", "b[0]"], ElementKind.REAL)
    'a[0]·b[0]'
    """
    if len(texts) > MOST_FACTORS:
        texts = [*texts[: MOST_FACTORS // 2], "…", texts[-1]]
    return ("∧" if kind is ElementKind.LOGIC else "·").join(texts)


def _overflow(traced: Traced, values: dict[str, Value]) -> Cause:
    """Return the sentence for an overflow of finite inputs: of a product, of the sum, or on the way to it."""
    factors = traced.factors
    values |= {"dtype": Code(factors.common.name), "limit": Code(text(limit(factors)))}
    largest = max(traced.terms, key=lambda term: size(term.product))
    if size(largest.product) > exact_limit(factors):
        values |= {"term": Code(term_text(factors, largest)), "product": Code(text(largest.product))}
        kind = "product"
    else:
        kind = "sum" if size(traced.total) > exact_limit(factors) else "partial"
        values["total"] = Code(text(traced.total))
    facts: dict[str, Fact] = {"cause": f"overflow_{kind}", "inputs": []}
    return Cause(message=Message(f"why.cause.{kind}", values), facts=facts)
