"""EL762, EL763, EL765: terms that share a factor, that are repeated, that are stretched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...core.canonical import CanonicalForm, correspondence
from ...core.combination import Summand
from ...core.like_terms import added
from ...core.message import Code, Join, Message, Value, codes
from ...core.report import Finding, Severity
from ..sums.formula import ones_of
from .sum_case import SumCase

MAX_TERMS = 100
"""Terms of a sum in which squares and common factors are looked for."""
OTHER = "?"
"""Stands for the factor that differs."""


def repeated(case: SumCase) -> Iterator[Finding]:
    """Yield a note for each term that lacks an index of the result. A number lacks all, and nobody wonders."""
    combination = case.combination
    for number, summand in enumerate(combination.summands):
        ones = ones_of(combination, summand)
        names = case.joined.of(combination, summand)
        lacking = [
            names.index[x] for n in sorted(ones) for x in summand.spec.operands[n].labels if _only(summand, ones, x)
        ]
        if lacking and len(combination.summands) > 1 and not summand.constant(combination.ones):
            values: dict[str, Value] = {"term": case.said(number), "indices": codes(lacking), "count": len(lacking)}
            yield case.finding("EL762", Severity.NOTE, Message("sumcheck.repeated", values))


def _only(summand: Summand, ones: frozenset[int], label: str) -> bool:
    others = (op.labels for number, op in enumerate(summand.spec.operands) if number not in ones)
    return not any(label in labels for labels in others)


def stretched_between(case: SumCase) -> Iterator[Finding]:
    """Yield a warning for an axis of size 1 that is repeated because other terms are longer there."""
    combination = case.combination
    for number, summand in enumerate(combination.summands):
        spec, names = summand.spec, case.joined.of(combination, summand)
        for op, name in zip(spec.operands, names.operands, strict=True):
            for axis in op.stretched:
                label = op.labels[axis]
                places = spec.by_label[label].places if label in spec.by_label else ()
                if label in spec.output and all(place.stretched for place in places):
                    values: dict[str, Value] = {
                        "array": Code(name),
                        "axis": axis,
                        "index": Code(names.index[label]),
                        "size": Code(str(spec.by_label[label].extent)),
                        "term": case.said(number),
                    }
                    yield case.finding("EL765", Severity.WARNING, Message("sumcheck.stretched", values))


def common_factor(case: SumCase) -> Iterator[Finding]:
    """Yield a note where terms that sum products of two arrays share one of them: it can be taken out."""
    summands = case.combination.summands
    terms = [term_of_pair(case.called(summand)) for summand in summands]
    if len(terms) > MAX_TERMS:
        return
    seen: set[int] = set()
    for number, term in enumerate(terms):
        if term is None or number in seen:
            continue
        for place in (0, 1):
            group = [
                n
                for n, other in enumerate(terms)
                if n not in seen and other is not None and _shares(term, other, place)
            ]
            if len(group) > 1 and len(added([case.terms[n] for n in group])) == len(group):
                seen |= set(group)
                yield _factored(case, term, [(n, terms[n]) for n in group], place)
                break


def term_of_pair(summand: Summand) -> CanonicalForm | None:
    """Return the form of a term that sums products of two arrays, None for other terms."""
    spec = summand.spec
    kept = [number for number, op in enumerate(spec.operands) if op.labels]
    if len(kept) != 2 or not spec.summed or len(set(summand.names)) < len(summand.names):
        return None
    return CanonicalForm(
        arrays=tuple(summand.names[number] for number in kept),
        terms=tuple(spec.operands[number].labels for number in kept),
        output=spec.output,
    )


def _shares(one: CanonicalForm, other: CanonicalForm, place: int) -> bool:
    """Return whether a term has the array at a place of another in the same role; both may have it first or second."""
    return _partner(one, other, place) is not None


def _partner(one: CanonicalForm, other: CanonicalForm, place: int) -> int | None:
    """Return the place of the array that stands for the other one's partner, None where the roles differ."""
    shared = one.arrays[place]
    for here in (0, 1):
        if other.arrays[here] == shared and correspondence(_open(one, 1 - place), _open(other, 1 - here)) is not None:
            return 1 - here
    return None


def _open(form: CanonicalForm, place: int) -> CanonicalForm:
    return replace(form, arrays=tuple(OTHER if n == place else name for n, name in enumerate(form.arrays)))


def _factored(
    case: SumCase, first: CanonicalForm, group: Sequence[tuple[int, CanonicalForm | None]], place: int
) -> Finding:
    """Return the note, with the einsum of the sum in parentheses."""
    inside = ""
    for number, form in group:
        assert form is not None
        partner = _partner(first, form, place)
        assert partner is not None
        summand = case.called(case.combination.summands[number])
        text = summand.scaled(form.arrays[partner])
        sign = " - " if summand.negative else " + "
        inside += f"{sign}{text}" if inside else f"{'-' * summand.negative}{text}"
    summand = case.combination.summands[group[0][0]]
    operands = [first.arrays[n] if n == place else inside for n in (0, 1)]
    values: dict[str, Value] = {
        "terms": Join(tuple(case.said(number) for number, _ in group)),
        "array": Code(first.arrays[place]),
        "call": Code(f"np.einsum({summand.subscripts!r}, {', '.join(operands)})"),
        "count": len(group),
    }
    return case.finding("EL763", Severity.NOTE, Message("sumcheck.factor", values))
