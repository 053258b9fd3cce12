"""One element taken apart as Sections: the sum written out, and a table of its terms. Loads no numpy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ...core.message import Code, Message, Value, codes
from ...core.report import Block, Fact, Finding, Paragraph, Part, Section, Table
from .factors import Factors
from .kinds import ElementKind, added, multiplied
from .traced import TermValue, Traced
from .values import exact, fact, is_finite, minus, size, text

MAX_WRITTEN_OUT = 4
"""Terms that a sum written out shows; the table shows more."""
DIGITS = 30
"""How precise an exact sum is that is not exact to the last digit."""
MAX_SHARE = 10
"""The largest share of a sum that is told: where terms cancel, each is many times their sum."""

Caused = tuple[Sequence[Part], Mapping[str, Fact]]


def traced_sections(traced: Traced, caused: Caused, total: Section, found: tuple[Finding, ...]) -> tuple[Section, ...]:
    """Return an element written out, its terms, what was computed beside their sum, and what its dtype does to it.

    `caused`: why it is not finite, as parts and as facts.
    """
    sections = [_written_out(traced, caused), *_terms(traced), total]
    if found:
        sections.append(Section(id="traps", parts=found, facts={"ids": [finding.id for finding in found]}))
    return tuple(sections)


def _written_out(traced: Traced, caused: Caused) -> Section:
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
    return Section(id="element", parts=(*parts, *caused[0]), facts={**facts, **caused[1]})


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


def total_section(
    traced: Traced, same: bool, more: Sequence[Part] = (), facts: Mapping[str, Fact] = MappingProxyType({})
) -> Section:
    """Return np.einsum's value beside the sum of the terms, and what more there is to tell of it."""
    factors, total = traced.factors, traced.total
    how = "whole" if traced.whole else "slices"
    values: dict[str, Value] = {"value": Code(text(traced.value, full=True))}
    if total is None or factors.kind is ElementKind.OTHER or not factors.count:
        said = "only"
    elif factors.kind is ElementKind.LOGIC:
        said = "any"
    else:
        said = "same" if same else "differs"
        values |= {} if same else {"total": Code(text(total, full=True))}
    parts: list[Part] = [Paragraph(message=Message(f"why.total.{said}.{how}", values))]
    if said == "differs" and not traced.precise:
        parts.append(Paragraph(message=Message("why.digits", {"digits": DIGITS})))
    known: dict[str, Fact] = {
        "sum": sum_fact(traced),
        "einsum": fact(traced.value),
        "from": how,
        "same": same,
        "exact": traced.precise,
    }
    return Section(id="total", parts=(*parts, *more), facts={**known, **facts})


def sum_fact(traced: Traced) -> Fact:
    """Return the exact sum of the terms as JSON has it."""
    total = traced.total
    if total is None:
        return None
    return fact(bool(total) if traced.factors.kind is ElementKind.LOGIC else total)


def same_sum(traced: Traced, bits: int) -> bool:
    """Return whether the value is the sum of the terms, rounded once; floats to so many bits."""
    factors, total = traced.factors, traced.total
    if factors.kind is ElementKind.LOGIC:
        return bool(total) == bool(traced.value)
    if not factors.kind.rounds:
        return bool(total == traced.value) or bool(total != total and traced.value != traced.value)  # noqa: PLR0124
    if total is None or not is_finite(traced.value):
        return False
    return size(minus(exact(traced.value), total)) <= size(total) / (1 << bits)
