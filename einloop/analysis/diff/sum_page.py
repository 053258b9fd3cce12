"""The page of a comparison of sums: the verdict, what each computes, the terms side by side, inputs that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.combination import Coefficient, Combination
from ...core.formula import shown_number
from ...core.joined import Joined, join
from ...core.message import Code, Join, Message, Value, codes
from ...core.report import Block, Fact, Paragraph, Section, Table
from ...core.statement_data import coefficient_data
from ..sums import sum_sentence, view_sentences
from .sides import ComparedSide
from .sum_example import SumExample, sum_example
from .sums import ComparedSums, ResultPair, SumReason, TermPair
from .telling import EQUAL

MAX_ROWS = 24
"""Terms that are shown; of more, only those that differ."""

Write = Callable[[SumExample], str | None]
"""Gives an example as text to paste; None where it cannot be written."""


def sum_sections(compared: ComparedSums, write: Write) -> tuple[Section, ...]:
    """Return the sections of a comparison of sums; `write` writes the example."""
    differing = None if compared.same else compared.differing
    example = None if differing is None else sum_example(differing, compared.shapes)
    text = None if example is None else write(example)
    sections = [
        Section(id="diff", parts=(*_told(compared), *_for_shapes(compared, example)), facts=_facts(compared, example)),
        Section(id="computes", parts=tuple(_computes(compared.sides))),
    ]
    turned = compared.relation is not None and compared.relation.order
    if not compared.same and not turned and any(pair.terms for pair in compared.results):
        sections.append(Section(id="termwise", parts=tuple(_table(compared.results))))
    if text is not None:
        sections.append(Section(id="example", parts=(Block(text=text),)))
    return tuple(sections)


def _told(compared: ComparedSums) -> Iterator[Paragraph]:
    """Yield the verdict and what it rests on, the verdict first."""
    if compared.same:
        yield Paragraph(message=Message(f"diff.same.{compared.reason.name.lower()}"), lead=True)
        if compared.reason is not SumReason.TERMS:
            yield Paragraph(message=Message("diff.general", {"difference": _difference(compared)}))
        yield Paragraph(message=Message("diff.rounding"))
    else:
        yield Paragraph(message=_difference(compared), lead=True)
    if len(compared.results) > 1 and not compared.same:
        same = [pair.first for pair in compared.results if pair.same]
        other = [pair.first for pair in compared.results if not pair.same]
        if same:
            yield Paragraph(message=Message("diff.results.alike", {"names": codes(same), "count": len(same)}))
        yield Paragraph(message=Message("diff.results.apart", {"names": codes(other), "count": len(other)}))
    renamed = [f"{one} {EQUAL} {other}" for other, one in compared.matching.names.items()]
    if renamed:
        yield Paragraph(message=Message("diff.matched.arrays", {"pairs": codes(renamed, "comma")}))


def _for_shapes(compared: ComparedSums, example: SumExample | None) -> Iterator[Paragraph]:
    """Yield whether what differs in general differs for the shapes at hand."""
    if compared.shapes and not compared.same:
        sure = example is not None and example.at_hand
        yield Paragraph(message=Message("diff.shapes.differ" if sure else "diff.shapes.open"))


def _difference(compared: ComparedSums) -> Message:
    """Return what the difference is, as simply as was found."""
    relation = compared.relation
    if relation is not None and relation.factor is not None:
        return Message("diff.related.multiple", {"factor": Code(shown_number(relation.factor))})
    if relation is not None:
        return Message("diff.related.transpose", {"order": Code(", ".join(map(str, relation.order)))})
    if compared.reason is SumReason.RESULTS:
        one, two = (Message("diff.results.number", {"count": len(side.results)}) for side in compared.sides)
        return Message("diff.different.results", {"one": one, "two": two})
    if compared.reason is SumReason.RANKS and compared.at is not None:
        one, two = (_axes(side.ranks[compared.at]) for side in compared.sides)
        return Message("diff.different.ranks", {"array": Code(compared.at), "one": one, "two": two})
    if compared.reason is SumReason.AXES:
        ranks = next(pair.axes for pair in compared.results if pair.axes is not None)
        return Message("diff.different.axes", {"one": _axes(ranks[0]), "two": _axes(ranks[1])})
    return Message("diff.different.structure")


def _axes(count: int) -> Message:
    return Message("diff.axes.exact", {"count": count})


def _computes(sides: Sequence[ComparedSide]) -> Iterator[Paragraph]:
    for which, side in zip(("first", "second"), sides, strict=True):
        joined = join(side.statements)
        said = [message for one in joined.statements.combinations for message in _sentences(joined, one)]
        sentence: Value = said[0] if len(said) == 1 else Join(tuple(said), "space")
        yield Paragraph(message=Message(f"diff.computes.{which}", {"sentence": sentence}))


def _sentences(joined: Joined, combination: Combination) -> Iterator[Message]:
    yield sum_sentence(joined, combination)
    parts = [view for view in combination.views if not view.ones]
    yield from view_sentences(replace(combination, views=tuple(parts)))


def _table(results: Sequence[ResultPair]) -> Iterator[Table | Paragraph]:
    """Yield the table of terms, those that differ first, and how many more are the same."""
    several = len(results) > 1
    every = [(result, pair) for result in results for pair in result.terms]
    differing = [one for one in every if not one[1].same]
    same = [one for one in every if one[1].same]
    shown = [*differing, *(same if len(every) <= MAX_ROWS else [])][: max(MAX_ROWS, 1)]
    heads = (*(("result",) if several else ()), "term", "first", "second")
    rows = [
        (
            *([Code(result.first)] if several else []),
            Code(pair.term.text(result.free)),
            _number(pair.first),
            _number(pair.second),
        )
        for result, pair in shown
    ]
    yield Table(heads=tuple(Message(f"termwise.{head}") for head in heads), rows=tuple(rows))
    if len(shown) < len(differing):
        yield Paragraph(message=Message("diff.further", {"count": len(differing) - len(shown)}))
    hidden = sum(one not in shown for one in same)
    if hidden:
        yield Paragraph(message=Message("termwise.same", {"count": hidden}))


def _number(number: Coefficient) -> Value:
    return Code(shown_number(number)) if number else Message("termwise.none")


def _facts(compared: ComparedSums, example: SumExample | None) -> dict[str, Fact]:
    relation = compared.relation
    factor = None if relation is None else relation.factor
    order = () if relation is None else relation.order
    inputs: Mapping[str, Fact] = {} if example is None else {**example.inputs, **example.scalars}
    shown: Fact = None
    if example is not None:
        shown = {"inputs": dict(inputs), "first": _json(example.first), "second": _json(example.second)}
    return {
        "same": compared.same,
        "in_general": compared.reason is SumReason.TERMS,
        "reason": compared.reason.value,
        "relation": "multiple" if factor is not None else "transpose" if order else None,
        "factor": None if factor is None else coefficient_data(factor),
        "permutation": list(order) or None,
        "arrays": dict(compared.matching.names),
        "results": [_result_fact(result) for result in compared.results],
        "example": shown,
    }


def _result_fact(result: ResultPair) -> dict[str, Fact]:
    return {
        "first": result.first,
        "second": result.second,
        "same": result.same,
        "terms": [_term_fact(pair, result.free) for pair in result.terms],
    }


def _term_fact(pair: TermPair, free: Sequence[str]) -> dict[str, Fact]:
    return {
        "term": pair.term.text(free),
        "first": coefficient_data(pair.first),
        "second": coefficient_data(pair.second),
    }


def _json(value: object) -> Fact:
    """Return nested lists of numbers as JSON has them."""
    if isinstance(value, list):
        return [_json(one) for one in value]
    return coefficient_data(value) if isinstance(value, int | float | complex) else None
