"""An element of a sum written out without values. Reads no arrays."""

from __future__ import annotations

from math import prod

from ...core.joined import Joined
from ...core.message import Code, Message, Value, codes
from ...core.report import Block, Fact, Paragraph, Part, Section
from ..sums.formula import statement_formula
from ..sums.one import TermWriter, rows, signed
from ..sums.sentence import view_sentences


def sum_symbolic(joined: Joined, at: tuple[int, ...], top: int, chosen: tuple[str, ...]) -> tuple[Section, ...]:
    """Return an element of the last statement's result written out; every extent is known.

    `top`: products of a term that are shown. `chosen`: the indices whose extent nobody gave.
    """
    combination = joined.statements.combinations[-1]
    labels = combination.summands[0].spec.output if combination.summands else ()
    places = {label: str(place) for label, place in zip(labels, at, strict=True)}
    name = str(statement_formula(joined, combination, places).result)
    writers = [TermWriter(joined, combination, summand, places, top) for summand in combination.summands]
    terms = [
        signed(writer.text(), negative=writer.summand.negative, first=not number and not combination.adds)
        for number, writer in enumerate(writers)
    ]
    count = sum(writer.count for writer in writers) + combination.adds
    values: dict[str, Value] = {"element": Code(name), "count": count}
    lead = Message("why.sum_symbolic" if count else "one.empty", values)
    parts: list[Part] = [Paragraph(message=lead, lead=True)]
    written = [name, *terms] if combination.adds else terms
    if written:
        parts.append(Block(text=rows(f"{name} = ", written), language="math"))
    parts += [Paragraph(message=message) for message in view_sentences(combination)]
    if chosen:
        sized = codes([f"{joined.names.index[label]} = {joined.extents[label]}" for label in chosen])
        parts.append(Paragraph(message=Message("why.chosen", {"sizes": sized})))
    facts: dict[str, Fact] = {
        "element": name,
        "at": list(at),
        "terms": count,
        "written": [term.strip() for term in written],
        "products": [
            prod(n for x in summand.spec.summed if isinstance(n := joined.extents[x.label], int))
            for summand in combination.summands
        ],
        "sizes": {joined.names.index[label]: size for label, size in joined.extents.items()},
        "chosen": [joined.names.index[label] for label in chosen],
    }
    return (Section(id="element", parts=tuple(parts), facts=facts),)
