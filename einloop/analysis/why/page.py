"""What was found about an element as Sections: the sum written out, a table of terms, np.einsum's value, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ...core.dtypes import summing_dtype
from ...core.message import Code, Message, Value, codes
from ...core.names import Names
from ...core.report import Block, Fact, Paragraph, Part, Section, Table
from ...core.spec import Spec
from ..elements import result_element
from .cause import Cause, cause, reached
from .element import MAX_TERMS, USUAL, Limits, TermValue, Traced, trace
from .factors import Factors, common_of, factors_of
from .kinds import ElementKind, added, multiplied
from .nonfinite import Finite, NonFinite, locate
from .traps import bits_of, loops_differ, traps
from .values import exact, fact, is_finite, minus, size, text

MAX_WRITTEN_OUT = 4
"""Terms that a sum written out shows; the table shows more."""

DIGITS = 30
"""How precise an exact sum is that is not exact to the last digit."""
MAX_SHARE = 10
"""The largest share of a sum that is told: where terms cancel, each is many times their sum."""


def element_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], at: tuple[int, ...], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return what makes the element at some coordinates, with its `top` largest terms."""
    return _traced(trace(factors_of(spec, names, arrays, at), top, limits or USUAL))


def nonfinite_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return where the first nan or inf stands with what makes that element, or why there is none."""
    limits = limits or USUAL
    found = locate(spec, names, arrays, limits)
    first = _first(found, spec, names, arrays)
    if found.place is None:
        return (first,)
    factors = factors_of(spec, names, arrays, found.place)
    if factors.count > MAX_TERMS:
        return (first, _reached(factors))
    return (first, *_traced(trace(factors, top, limits)))


def _traced(traced: Traced) -> tuple[Section, ...]:
    """Return an element written out, its terms, np.einsum's value beside their sum, and what its dtype does to it."""
    sections = [_written_out(traced), *_terms(traced), _total(traced)]
    found = tuple(traps(traced))
    if found:
        sections.append(Section(id="traps", parts=found, facts={"ids": [finding.id for finding in found]}))
    return tuple(sections)


def _written_out(traced: Traced) -> Section:
    factors = traced.factors
    facts: dict[str, Fact] = {
        "element": factors.text,
        "at": list(factors.at.values()),
        "value": fact(traced.value),
        "dtype": str(factors.common),
        "terms": factors.count,
    }
    parts: list[Part] = [Paragraph(message=_lead(traced), lead=True)]
    if traced.terms:
        parts.append(Block(text=_sum(traced), language="math"))
    if factors.kind.rounds and not is_finite(traced.value):
        why = cause(traced)
        parts += _caused(why)
        facts |= {"cause": why.facts["cause"], "inputs": why.facts["inputs"]}
    return Section(id="element", parts=tuple(parts), facts=facts)


def _caused(why: Cause) -> Iterator[Part]:
    yield Paragraph(message=why.message)
    if why.more > 0:
        yield Paragraph(message=Message("why.cause.more", {"count": why.more}))


def _lead(traced: Traced) -> Message:
    """Return the sentence that says what the element is, and of how many terms."""
    factors = traced.factors
    values: dict[str, Value] = {"element": Code(factors.text), "value": Code(text(traced.value))}
    if not factors.count:
        return Message("why.empty", values)
    values["count"] = factors.count
    if factors.count == 1:
        return Message("why.single" if len(factors.views) > 1 else "why.copied", values)
    values["over"] = codes([factors.names.index[label] for label in factors.summed])
    return Message("why.any" if factors.kind is ElementKind.LOGIC else "why.sum", values)


def _sum(traced: Traced) -> str:
    """Return the sum, once with the elements and once with their values."""
    factors, shown = traced.factors, traced.terms[:MAX_WRITTEN_OUT]
    dots = ["…"] if factors.count > len(shown) else []
    elements = [*(factors.product(term.place) for term in shown), *dots]
    values = [*(multiplied([_signed(value) for value in term.factors], factors.kind) for term in shown), *dots]
    left = " " * len(factors.text)
    lines = [added(f"{factors.text} = ", elements, factors.kind), added(f"{left} = ", values, factors.kind)]
    if factors.count > 1 or len(factors.views) > 1:
        lines.append(f"{left} = {text(traced.value)}")
    return "\n".join(lines)


def _signed(value: Any) -> str:
    shown = text(value)
    return f"({shown})" if shown.startswith("-") else shown


def _terms(traced: Traced) -> Iterator[Section]:
    """Yield the table of terms, where there are several."""
    if traced.factors.count > 1:
        parts, facts = term_table(traced)
        yield Section(id="terms", parts=parts, facts=facts)


def term_table(traced: Traced) -> tuple[tuple[Part, ...], dict[str, Fact]]:
    """Return the table of terms with what is left out, and the same as facts."""
    factors = traced.factors
    shares = [_share(traced, term) for term in traced.terms]
    with_shares = all(share is not None and abs(share) <= MAX_SHARE for share in shares)
    heads = ("term", "values", "product", *(("share",) if with_shares else ()))
    rows: list[tuple[Value, ...]] = []
    for term, share in zip(traced.terms, shares, strict=True):
        one = len(term.factors) == 1
        values = text(term.factors[0]) if one else multiplied([_signed(value) for value in term.factors], factors.kind)
        row = [factors.product(term.place), values, text(term.product)]
        row += [f"{100 * share:.3g}%"] if share is not None and with_shares else []
        rows.append(tuple(map(Code, row)))
    table = Table(heads=tuple(Message(f"why.head.{head}") for head in heads), rows=tuple(rows))
    facts: dict[str, Fact] = {
        "terms": [_term_fact(factors, term, share) for term, share in zip(traced.terms, shares, strict=True)],
        "left_out": traced.left_out,
        "rest": None if traced.rest is None else fact(traced.rest),
    }
    return (table, *_left_out(traced)), facts


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
    """Return which part of the sum a term is; nothing for a sum of 0, and for what is not a real number."""
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
        said = "only"
    elif factors.kind is ElementKind.LOGIC:
        said = "any"
    else:
        said = "same" if same else "differs"
        values |= {} if same else {"total": Code(text(total, full=True))}
    parts = [Paragraph(message=Message(f"why.total.{said}.{how}", values))]
    if said == "differs" and not traced.precise:
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
    if not factors.kind.rounds:
        return bool(total == traced.value) or bool(total != total and traced.value != traced.value)  # noqa: PLR0124
    if total is None or not is_finite(traced.value):
        return False
    return size(minus(exact(traced.value), total)) <= size(total) / (1 << bits_of(factors))


def _reached(factors: Factors) -> Section:
    """Return which input makes an element nan or inf, where its terms are too many to add up."""
    why = reached(factors)
    facts: dict[str, Fact] = {"element": factors.text, "terms": factors.count, **why.facts}
    return Section(id="element", parts=tuple(_caused(why)), facts=facts)


def _first(found: NonFinite, spec: Spec, names: Names, arrays: Sequence[Any]) -> Section:
    """Return where the first nan or inf stands, or why there is none."""
    dtype = Code(str(common_of(spec, arrays)[0].name))
    if found.place is None:
        assert found.finite is not None
        values: dict[str, Value] = {"dtype": dtype}
        if found.finite is Finite.BOUND:
            values |= {"bound": Code(f"{found.bound:.2g}"), "limit": Code(f"{found.limit:.2g}")}
        if found.finite is Finite.NEAR:
            values["count"] = found.checked
        message = Message(f"why.finite.{found.finite.value}", values)
        sure = found.finite not in (Finite.NEAR, Finite.UNSURE)
        facts: dict[str, Fact] = {"found": False, "reason": found.finite.value, "sure": sure}
        return Section(id="nonfinite", parts=(Paragraph(message=message, lead=True),), facts=facts)
    name = Code(result_element(spec, names, dict(zip(spec.output, map(str, found.place), strict=True))))
    parts = [Paragraph(message=Message("why.first" if spec.output else "why.only", {"element": name}), lead=True)]
    if found.unsure:
        parts.append(Paragraph(message=Message("why.unsure", {"dtype": dtype})))
    elif found.checked:
        parts.append(Paragraph(message=Message("why.near", {"dtype": dtype, "count": found.checked})))
    if found.sliced:
        parts.append(Paragraph(message=Message("why.sliced", {"element": name})))
    sure = not (found.unsure or found.checked or found.sliced)
    facts = {"found": True, "element": name.text, "at": list(found.place), "sure": sure}
    return Section(id="nonfinite", parts=tuple(parts), facts=facts)
