"""The shape of every array and number that statements are given, of every part of an array, and of every result."""

from __future__ import annotations

from ...core.bind import show_shape
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.report import Fact, Section, Table
from ...core.spec import DOTS
from ..explain.shapes import extent


def sum_shapes(joined: Joined) -> Section:
    """Return a table with a row for each array or number, once, and for each result. Ones are nobody's array."""
    rows: dict[str, tuple[Value, ...]] = {}
    arrays: list[Fact] = []
    results: list[Fact] = []
    for combination in joined.statements.combinations:
        ones = combination.ones
        for summand in combination.summands:
            names = joined.of(combination, summand)
            for name, own, operand in zip(names.operands, summand.names, summand.spec.operands, strict=True):
                if name not in rows and own not in ones:
                    shape = tuple(
                        1 if axis in operand.stretched else extent(joined.spec, joined.names, label)
                        for axis, label in enumerate(operand.labels)
                    )
                    rows[name] = _row(joined, name, operand.labels, shape)
                    arrays.append({"name": name, "labels": list(operand.labels), "shape": [*shape]})
            for text in (*summand.factors, *summand.divisors):
                if text.isidentifier() and text not in rows:
                    rows[text] = _row(joined, text, (), ())
                    arrays.append({"name": text, "labels": [], "shape": []})
        output = combination.summands[0].spec.output if combination.summands else ()
        shape = tuple(extent(joined.spec, joined.names, label) for label in output)
        if combination.shape:
            output, shape = (), combination.shape
        name = combination.target or combination.result
        rows[name] = _row(joined, name, output, shape)
        results.append({"name": name, "labels": list(output), "shape": [*shape]})
    heads = (Message("shapes.array"), Message("shapes.indices"), Message("shapes.shape"))
    return Section(
        id="shapes",
        parts=(Table(heads=heads, rows=tuple(rows.values())),),
        facts={"operands": arrays, "results": results},
    )


def _row(joined: Joined, name: str, labels: tuple[str, ...], shape: tuple[int | str, ...]) -> tuple[Value, ...]:
    shown = " ".join(DOTS if label == DOTS else joined.names.index.get(label, label) for label in labels)
    return (Code(name), Code(shown), Code(show_shape(shape)))
