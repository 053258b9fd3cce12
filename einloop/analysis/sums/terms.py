"""The table of terms: each with its einsum and its loop iterations, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...core.combination import Combination, Summand
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.report import Fact, Paragraph, Section, Table
from ...core.spec import Spec
from ...core.statement_data import summand_data
from ..called import recognise
from ..explain.counts import product_of
from ..explain.shapes import extent
from .formula import ones_of, term_text

MAX_NAMED = 12
"""Terms up to which it is told what each is called."""


def terms(joined: Joined) -> Section | None:
    """Return a table with a row for each term; nothing where there is no term. A number has no einsum.

    Facts: `terms`, each with its `statement` (from 0), `coefficient`, `subscripts`, `operands`, `factors`, `divisors`,
    `names` and `iterations`.
    """
    found = [
        (number, combination, summand)
        for number, combination in enumerate(joined.statements.combinations)
        for summand in combination.summands
    ]
    if not found:
        return None
    several = len(joined.statements.combinations) > 1
    rows, facts, said = [], list[Fact](), list[Paragraph]()
    for place, (number, combination, summand) in enumerate(found, start=1):
        names = joined.of(combination, summand)
        points = product_of(extent(joined.spec, joined.names, index.label) for index in summand.spec.indices)
        text = term_text(joined, combination, summand)
        rows.append(_row(place, combination, summand, text, points, several=several))
        called = (
            list(_called(summand.spec, names)) if len(found) <= MAX_NAMED and not ones_of(combination, summand) else []
        )
        said += [Paragraph(message=Message("sumterms.called", {"number": place, "name": name})) for name in called[:1]]
        facts.append(
            {
                "statement": number,
                **summand_data(summand),
                "names": [name.id.split(".")[1] for name in called],
                "iterations": points if isinstance(points, int) else getattr(points, "text", str(points)),
            }
        )
    heads = ("number", *(("result",) if several else ()), "term", "einsum", "iterations")
    table = Table(heads=tuple(Message(f"sumterms.{head}") for head in heads), rows=tuple(rows))
    return Section(id="sumterms", parts=(table, *said), facts={"terms": facts})


def _row(
    place: int, combination: Combination, summand: Summand, text: str, points: Value, *, several: bool
) -> tuple[Value, ...]:
    result = [Code(combination.result)] if several else []
    number = not any(op.labels and n not in ones_of(combination, summand) for n, op in enumerate(summand.spec.operands))
    return (place, *result, Code(text), Code("" if number else summand.spec.subscripts), points)


def _called(spec: Spec, names: Names) -> Iterator[Message]:
    """Yield the names of a term without its scalars, which the table shows; nothing for an array as it is."""
    kept = [number for number, operand in enumerate(spec.operands) if operand.labels]
    plain = replace(
        spec,
        operands=tuple(spec.operands[number] for number in kept),
        indices=tuple(
            replace(
                index,
                places=tuple(replace(place, operand=kept.index(place.operand)) for place in index.places),
            )
            for index in spec.indices
        ),
    )
    if plain.operands and not (len(kept) == 1 and plain.operands[0].labels == plain.output):
        yield from recognise(plain, replace(names, operands=tuple(names.operands[number] for number in kept)))
