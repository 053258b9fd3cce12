"""One element of a sum of einsums as Sections: the sum written out, its terms, each of them, and numpy's value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from numbers import Integral
from typing import Any

from ...core.dtypes import SIGNED, UNSIGNED
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.report import Block, Fact, Finding, Paragraph, Part, Section, Severity, Table
from ...core.statement_data import coefficient_data
from ..sums import view_sentences
from .sum_traced import SumSource, TracedSum, is_number, traced_sum
from .told import term_table
from .traps import cancellation
from .values import NUMPY_BOOLS, fact, is_finite, minus, size, text

MAX_WRITTEN_OUT = 12
"""Terms of a sum that is written out."""


def sum_element(joined: Joined, source: SumSource, at: tuple[int, ...]) -> tuple[Section, ...]:
    """Return what makes an element of the last statement's result, which `source` computes."""
    found = traced_sum(joined, source, at)
    sections = [
        _written_out(found, source, view_sentences(joined.statements.combinations[-1])),
        _addends(found),
        *_products(found),
        _total(found, source),
    ]
    said = tuple(_traps(found, source))
    if said:
        sections.append(Section(id="traps", parts=said, facts={"ids": [finding.id for finding in said]}))
    return tuple(sections)


def _written_out(found: TracedSum, source: SumSource, views: Iterable[Message]) -> Section:
    """Return the sum, once with the formulas and once with the values of its terms, and what names stand for."""
    values: dict[str, Value] = {"element": Code(found.element), "value": Code(text(found.value))}
    values["count"] = len(found.terms)
    lead = Message("why.sum_of_terms" if found.terms else "why.empty", values)
    parts: list[Part] = [Paragraph(message=lead, lead=True)]
    if 0 < len(found.terms) <= MAX_WRITTEN_OUT:
        left = " " * len(found.element)
        formulas = _row([(term.formula, term.negative) for term in found.terms])
        numbers = _row([(text(term.value), term.negative) for term in found.terms])
        lines = [f"{found.element} = {formulas}", f"{left} = {numbers}"]
        lines += [f"{left} = {text(found.value)}"] if len(found.terms) > 1 or found.terms[0].negative else []
        parts.append(Block(text="\n".join(lines), language="math"))
    parts += [Paragraph(message=message) for message in views]
    facts: dict[str, Fact] = {
        "element": found.element,
        "at": list(found.at),
        "value": fact(found.value),
        "dtype": source.dtype,
        "terms": len(found.terms),
    }
    if not _finite(found.value):
        causes = list(_causes(found, source))
        parts += [Paragraph(message=message) for message, _ in causes]
        facts["causes"] = [dict(told) for _, told in causes]
    return Section(id="element", parts=tuple(parts), facts=facts)


def _row(terms: Sequence[tuple[str, bool]]) -> str:
    """Return terms with their signs; a value that is negative itself stands in parentheses after a sign."""
    row = ""
    for shown, negative in terms:
        inner = f"({shown})" if shown.startswith("-") and (row or negative) else shown
        sign = "−" if negative else "+"
        row += f" {sign} {inner}" if row else f"{'−' * negative}{inner}"
    return row


def _finite(value: Any) -> bool:
    return not is_number(value) or is_finite(value)


def _causes(found: TracedSum, source: SumSource) -> Iterator[tuple[Message, Mapping[str, Fact]]]:
    """Yield which terms are not finite and why; else that finite terms overflow together."""
    told = False
    for term in found.terms:
        if _finite(term.value):
            continue
        told = True
        shown: dict[str, Value] = {"term": Code(term.formula), "value": Code(text(term.value))}
        yield Message("why.cause.term", shown), {"term": term.formula, "value": fact(term.value)}
        if term.traced is not None and not _finite(term.traced.value) and term.traced.factors.kind.rounds:
            why = source.cause(term.traced)
            if why is not None:
                yield Message("sumcheck.term", {"term": Code(term.formula), "said": why.message}), why.facts
    if not told:
        yield Message("why.cause.terms", {"element": Code(found.element)}), {"cause": "overflow_terms"}


def _addends(found: TracedSum) -> Section:
    """Return the table of terms with what each comes to."""
    heads = ("addend", "adds_up", "contributes")
    rows = []
    facts: list[Fact] = []
    for term in found.terms:
        products = 1 if term.traced is None else term.traced.factors.count
        value = _negated(term.value) if term.negative else term.value
        rows.append((Code(f"{'−' * term.negative}{term.formula}"), products, Code(text(value))))
        facts.append(
            {
                "term": f"{'−' * term.negative}{term.formula}",
                "coefficient": None if term.summand is None else coefficient_data(term.summand.coefficient),
                "products": products,
                "value": fact(value),
                "exact": None if term.total is None else fact(term.total),
                "before": term.old,
            }
        )
    table = Table(heads=tuple(Message(f"why.head.{head}") for head in heads), rows=tuple(rows))
    return Section(id="addends", parts=(table,), facts={"addends": facts})


def _negated(value: Any) -> Any:
    """Return a value with the other sign; integers without their dtype, which may not hold it."""
    kind = type(value)
    whole = kind.__module__ == "numpy" and (isinstance(value, Integral) or kind.__name__ in NUMPY_BOOLS)
    return -value.item() if whole else -value


def _products(found: TracedSum) -> Iterator[Section]:
    """Yield the products of every term that sums several."""
    parts: list[Part] = []
    facts: list[Fact] = []
    for term in found.terms:
        if term.traced is not None and term.traced.factors.count > 1:
            tables, told = term_table(term.traced)
            values: dict[str, Value] = {"term": Code(term.formula), "value": Code(text(term.traced.value))}
            parts.append(Paragraph(message=Message("why.of_term", values)))
            parts += tables
            facts.append({"term": term.formula, **told})
    if parts:
        yield Section(id="products", parts=tuple(parts), facts={"terms": facts})


def _total(found: TracedSum, source: SumSource) -> Section:
    """Return the value beside the exact sum, and whether it is numpy's or that of loops."""
    same = found.total is not None and _same(found, source)
    said = "only" if found.total is None else "same" if same else "differs"
    values: dict[str, Value] = {"value": Code(text(found.value, full=True))}
    if said == "differs":
        values["total"] = Code(text(found.total, full=True))
    facts: dict[str, Fact] = {
        "sum": None if found.total is None else fact(found.total),
        "numpy": fact(found.value) if source.sure else None,
        "same": same,
    }
    if source.sure:
        return Section(id="numpy", parts=(Paragraph(message=Message(f"why.sum_total.{said}", values)),), facts=facts)
    facts["loops"] = fact(found.value)
    return Section(id="added", parts=(Paragraph(message=Message(f"why.plain.{said}", values)),), facts=facts)


def _same(found: TracedSum, source: SumSource) -> bool:
    """Return whether the value is the exact sum, rounded once."""
    if not is_number(found.value) or not is_finite(found.value) or found.total is None:
        return False
    off = size(minus(source.exact(found.value), found.total))
    return off <= size(found.total) / (1 << source.bits) if source.bits else off == 0


def _traps(found: TracedSum, source: SumSource) -> Iterator[Finding]:
    """Yield what dtypes do to the terms, and whether the terms cancel each other."""
    for term in found.terms:
        for finding in source.findings(term.traced) if term.traced is not None else ():
            message = Message("sumcheck.term", {"term": Code(term.formula), "said": finding.message})
            yield replace(finding, message=message, text="")
    if found.total is None or not _finite(found.value) or not is_number(found.value):
        return
    if source.bits:
        magnitude = sum((term.magnitude for term in found.terms), Fraction(0))
        known = found.total, magnitude, found.value
        said = cancellation(*known, dtype=source.dtype, bits=source.bits, count=len(found.terms))
        if said is not None:
            yield Finding(id="EL753", severity=Severity.WARNING, message=said)
    elif source.dtype in (*SIGNED, *UNSIGNED) and not _same(found, source):
        told: dict[str, Value] = {
            "true": Code(text(found.total)),
            "dtype": Code(source.dtype),
            "value": Code(text(found.value)),
        }
        yield Finding(id="EL751", severity=Severity.WARNING, message=Message("why.sum_wraps", told))
