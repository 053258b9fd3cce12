"""What was found about an element as Sections: the sum written out, a table of terms, np.einsum's value, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any

from ...core.dtypes import summing_dtype
from ...core.message import Code, Message, Value, codes
from ...core.names import Names
from ...core.report import Block, Fact, Paragraph, Part, Section, Table
from ...core.spec import Spec
from ..elements import element, result_element
from .cause import cause, element_text, multiplied, reached, term_text
from .element import TermValue, Traced
from .factors import ElementKind, Factors, common_of
from .nonfinite import Finite, NonFinite
from .traps import bits_of, loops_differ, traps
from .values import exact, fact, is_finite, minus, size, text

SHOWN = 4
"""A sum written out shows so many terms; the table shows more."""

LINE = 84
DIGITS = 30
MOST_SHARE = 10
"""Where terms cancel, each is many times their sum: shares of it say nothing."""


def traced_sections(traced: Traced) -> tuple[Section, ...]:
    """Return an element written out, its terms, np.einsum's value beside their sum, and what its dtype does to it."""
    sections = [_written_out(traced), _terms(traced), _total(traced)]
    found = tuple(traps(traced))
    if found:
        sections.append(Section(id="traps", parts=found, facts={"ids": [finding.id for finding in found]}))
    return tuple(section for section in sections if section is not None)


def _written_out(traced: Traced) -> Section:
    factors = traced.factors
    name = element_text(factors)
    facts: dict[str, Fact] = {
        "element": name,
        "at": list(factors.at.values()),
        "value": fact(traced.value),
        "dtype": str(factors.common),
        "terms": factors.count,
    }
    parts: list[Part] = [Paragraph(message=_lead(traced, name), lead=True)]
    if traced.terms:
        parts.append(Block(text=_sum(traced, name), language="math"))
    if not _finite(traced):
        why = cause(traced)
        parts.append(Paragraph(message=why.message))
        if why.more > 0:
            parts.append(Paragraph(message=Message("why.cause.more", {"count": why.more})))
        facts |= {"cause": why.facts["cause"], "inputs": why.facts["inputs"]}
    return Section(id="element", parts=tuple(parts), facts=facts)


def _finite(traced: Traced) -> bool:
    return traced.factors.kind not in (ElementKind.REAL, ElementKind.COMPLEX) or is_finite(traced.value)


def _lead(traced: Traced, name: str) -> Message:
    """Return the sentence that says what the element is, and of how many terms."""
    factors = traced.factors
    if not factors.count:
        return Message("why.empty", {"element": Code(name), "value": Code(text(traced.value))})
    values: dict[str, Value] = {"element": Code(name), "value": Code(text(traced.value)), "count": factors.count}
    if factors.count == 1:
        one = "single" if len(factors.views) > 1 else "copied"
        return Message(f"why.{one}", values)
    values["over"] = codes([factors.names.index[label] for label in factors.summed])
    return Message("why.any" if factors.kind is ElementKind.LOGIC else "why.sum", values)


def _sum(traced: Traced, name: str) -> str:
    """Return the sum, once with the elements and once with their values."""
    factors, shown = traced.factors, traced.terms[:SHOWN]
    plus = " ∨ " if factors.kind is ElementKind.LOGIC else " + "
    dots = ["…"] if factors.count > len(shown) else []
    elements = [*(term_text(factors, term) for term in shown), *dots]
    values = [*(multiplied([_signed(value) for value in term.factors], factors.kind) for term in shown), *dots]
    left = " " * len(name)
    lines = [_line(f"{name} = ", elements, plus), _line(f"{left} = ", values, plus)]
    if factors.count > 1 or len(factors.views) > 1:
        lines.append(f"{left} = {text(traced.value)}")
    return "\n".join(lines)


def _line(start: str, terms: list[str], plus: str) -> str:
    """Return terms in a row, or below each other where they are long."""
    row = start + plus.join(terms)
    if len(row) <= LINE:
        return row
    return start + ("\n" + " " * (len(start) - len(plus.strip()) - 1) + plus.lstrip()).join(terms)


def _values(factors: Factors, term: TermValue) -> str:
    if len(term.factors) == 1:
        return text(term.factors[0])
    return multiplied([_signed(value) for value in term.factors], factors.kind)


def _signed(value: Any) -> str:
    shown = text(value)
    return f"({shown})" if shown.startswith("-") else shown


def _terms(traced: Traced) -> Section | None:
    factors = traced.factors
    if factors.count < 2:
        return None
    shares = [_share(traced, term) for term in traced.terms]
    heads = [Message(f"why.head.{head}") for head in ("term", "values", "product", "share")]
    with_shares = all(share is not None and abs(share) <= MOST_SHARE for share in shares)
    rows: list[tuple[Value, ...]] = []
    for term, share in zip(traced.terms, shares, strict=True):
        row: tuple[Value, ...] = (
            Code(term_text(factors, term)),
            Code(_values(factors, term)),
            Code(text(term.product)),
        )
        rows.append((*row, Code(f"{100 * share:.3g}%")) if share is not None and with_shares else row)
    table = Table(heads=tuple(heads[: 4 if with_shares else 3]), rows=tuple(rows))
    facts: dict[str, Fact] = {
        "terms": [_term_fact(factors, term, share) for term, share in zip(traced.terms, shares, strict=True)],
        "left_out": traced.left_out,
        "rest": None if traced.rest is None else fact(traced.rest),
    }
    return Section(id="terms", parts=(table, *_left_out(traced)), facts=facts)


def _left_out(traced: Traced) -> Iterator[Part]:
    if not traced.left_out:
        return
    values: dict[str, Value] = {"count": traced.left_out}
    if traced.factors.kind is ElementKind.LOGIC:
        yield Paragraph(message=Message("why.left.true", values | {"true": traced.rest}))
    elif traced.rest is None:
        yield Paragraph(message=Message("why.left.out", values))
    else:
        yield Paragraph(message=Message("why.left.sum", values | {"rest": Code(text(traced.rest))}))


def _share(traced: Traced, term: TermValue) -> float | None:
    """Return which part of the sum a term is; nothing for a sum of 0, and for what is no real number."""
    if traced.factors.kind not in (ElementKind.INTEGER, ElementKind.REAL) or not traced.total:
        return None
    try:
        return float(Fraction(term.product) / Fraction(traced.total))
    except OverflowError:
        return None


def _term_fact(factors: Factors, term: TermValue, share: float | None) -> dict[str, Fact]:
    return {
        "at": {factors.names.index[label]: place for label, place in zip(factors.summed, term.place, strict=True)},
        "factors": [
            {
                "operand": name,
                "at": list(factors.coordinates(number, term.place)),
                "value": fact(term.factors[number]),
            }
            for number, name in enumerate(factors.names.operands)
        ],
        "product": fact(term.product),
        "share": share,
    }


def _total(traced: Traced) -> Section:
    """Return np.einsum's value beside the sum of the terms."""
    factors, total = traced.factors, traced.total
    how = "whole" if traced.whole else "slices"
    same = _same(traced)
    values: dict[str, Value] = {"value": Code(text(traced.value, full=True))}
    if total is None or factors.kind is ElementKind.OTHER or not factors.count:
        parts = [Paragraph(message=Message(f"why.total.only.{how}", values))]
    elif factors.kind is ElementKind.LOGIC:
        parts = [Paragraph(message=Message(f"why.total.any.{how}", values))]
    elif same:
        parts = [Paragraph(message=Message(f"why.total.same.{how}", values))]
    else:
        values["total"] = Code(text(total, full=True))
        parts = [Paragraph(message=Message(f"why.total.differs.{how}", values))]
        if not traced.precise:
            parts.append(Paragraph(message=Message("why.digits", {"digits": DIGITS})))
    told: dict[str, Fact] = {}
    if loops_differ(traced):
        parts.append(Paragraph(message=_loops(traced)))
        told["loops"] = fact(traced.loops)
    facts: dict[str, Fact] = {
        "sum": None if total is None else fact(bool(total) if factors.kind is ElementKind.LOGIC else total),
        "einsum": fact(traced.value),
        "from": how,
        "same": same,
        "exact": traced.precise,
        **told,
    }
    return Section(id="total", parts=tuple(parts), facts=facts)


def _loops(traced: Traced) -> Message:
    """Return the sentence that says what loops come to, and why."""
    dtype = traced.factors.common.name
    wide = summing_dtype(dtype)
    values: dict[str, Value] = {"value": Code(text(traced.loops, full=True)), "dtype": Code(dtype)}
    if wide != dtype:
        return Message("why.loops.once", values | {"wide": Code(wide)})
    error = size(minus(exact(traced.loops), traced.total)) / (size(traced.total) or traced.magnitude)
    return Message("why.loops.each", values | {"error": Code(f"{float(error):.2g}")})


def _same(traced: Traced) -> bool:
    """Return whether np.einsum's element is the sum of the terms, rounded once."""
    factors, total = traced.factors, traced.total
    if factors.kind is ElementKind.LOGIC:
        return bool(total) == bool(traced.value)
    if factors.kind not in (ElementKind.REAL, ElementKind.COMPLEX):
        return bool(total == traced.value) or bool(total != total and traced.value != traced.value)  # noqa: PLR0124
    if total is None or not is_finite(traced.value):
        return False
    return size(minus(exact(traced.value), total)) <= size(total) / (1 << bits_of(factors))


def symbolic_sections(
    spec: Spec, names: Names, at: tuple[int, ...], top: int, chosen: tuple[str, ...], *, logic: bool
) -> tuple[Section, ...]:
    """Return an element written out without values: which elements meet.

    `chosen`: the indices whose extent nobody gave. `logic`: the operands are booleans, whose product is AND and sum OR.
    """
    kind, plus = (ElementKind.LOGIC, " ∨ ") if logic else (ElementKind.REAL, " + ")
    places = dict(zip(spec.output, at, strict=True))
    fixed = {label: str(place) for label, place in places.items()}
    name = result_element(spec, names, fixed)
    summed = [index for index in spec.summed if isinstance(index.extent, int)]
    sizes = [index.extent for index in summed if isinstance(index.extent, int)]
    count = prod(sizes)
    terms = []
    for place in islice(product(*map(range, sizes)), top):
        texts = fixed | {index.label: str(number) for index, number in zip(summed, place, strict=True)}
        factors = [element(spec, names, number, texts) for number in range(len(spec.operands))]
        terms.append(multiplied(factors, kind))
    parts: list[Part] = [Paragraph(message=_symbolic_lead(spec, names, name, count, kind), lead=True)]
    if terms:
        dots = ["…"] if count > len(terms) else []
        parts.append(Block(text=_line(f"{name} = ", [*terms, *dots], plus), language="math"))
    if count > len(terms):
        parts.append(Paragraph(message=Message("why.left.unknown", {"count": count - len(terms)})))
    if chosen:
        sized = codes([f"{names.index[label]} = {spec.by_label[label].extent}" for label in chosen])
        parts.append(Paragraph(message=Message("why.chosen", {"sizes": sized})))
    facts: dict[str, Fact] = {
        "element": name,
        "at": list(at),
        "terms": count,
        "first": [*terms],
        "sizes": {names.index[index.label]: _size(index.extent) for index in spec.indices},
        "chosen": [names.index[label] for label in chosen],
    }
    return (Section(id="element", parts=tuple(parts), facts=facts),)


def _size(extent: object) -> Fact:
    return extent if isinstance(extent, int | str) else None


def _symbolic_lead(spec: Spec, names: Names, name: str, count: int, kind: ElementKind) -> Message:
    values: dict[str, Value] = {"element": Code(name), "count": count}
    if count == 0:
        return Message("one.empty", {"element": Code(name)})
    if count == 1:
        return Message("why.symbolic.single", values)
    over = [names.index[index.label] for index in spec.summed if index.extent != 1]
    return Message(f"why.symbolic.{'any' if kind is ElementKind.LOGIC else 'sum'}", values | {"over": codes(over)})


def reached_section(factors: Factors) -> Section:
    """Return which input makes an element nan or inf, where its terms are too many to add up."""
    why = reached(factors)
    parts = [Paragraph(message=why.message)]
    if why.more > 0:
        parts.append(Paragraph(message=Message("why.cause.more", {"count": why.more})))
    facts: dict[str, Fact] = {"element": element_text(factors), "terms": factors.count, **why.facts}
    return Section(id="element", parts=tuple(parts), facts=facts)


def nonfinite_section(found: NonFinite, spec: Spec, names: Names, arrays: Sequence[Any]) -> Section:
    """Return where the first nan or inf stands, or why there is none."""
    dtype = str(common_of(spec, arrays)[0].name)
    if found.place is None:
        assert found.finite is not None
        values: dict[str, Value] = {"dtype": Code(dtype)}
        if found.finite is Finite.BOUND:
            values |= {"bound": Code(f"{found.bound:.2g}"), "limit": Code(f"{found.limit:.2g}")}
        if found.finite is Finite.NEAR:
            values["count"] = found.checked
        message = Message(f"why.finite.{found.finite.value}", values)
        sure = found.finite not in (Finite.NEAR, Finite.UNSURE)
        facts: dict[str, Fact] = {"found": False, "reason": found.finite.value, "sure": sure}
        return Section(id="nonfinite", parts=(Paragraph(message=message, lead=True),), facts=facts)
    places = dict(zip(spec.output, map(str, found.place), strict=True))
    name = Code(result_element(spec, names, places))
    parts = [Paragraph(message=Message("why.first" if spec.output else "why.only", {"element": name}), lead=True)]
    if found.unsure:
        parts.append(Paragraph(message=Message("why.unsure", {"dtype": Code(dtype)})))
    elif found.checked:
        doubt: dict[str, Value] = {"dtype": Code(dtype), "count": found.checked}
        parts.append(Paragraph(message=Message("why.near", doubt)))
    if found.sliced:
        parts.append(Paragraph(message=Message("why.sliced", {"element": name})))
    sure = not (found.unsure or found.checked or found.sliced)
    facts = {"found": True, "element": name.text, "at": list(found.place), "sure": sure}
    return Section(id="nonfinite", parts=tuple(parts), facts=facts)
