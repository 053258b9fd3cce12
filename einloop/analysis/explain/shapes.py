"""The shape of every operand and of the result, numbers where they are known and names of extents elsewhere."""

from __future__ import annotations

from ...core.bind import show_shape
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.report import Fact, Section, Table
from ...core.spec import DOTS, Spec


def shapes(spec: Spec, names: Names) -> Section:
    """Return a table with a row for each operand and one for the result."""
    rows: list[tuple[Value, ...]] = []
    facts: list[Fact] = []
    for number, name in enumerate(names.operands):
        operand = spec.operands[number]
        shape = operand_shape(spec, names, number)
        rows.append((Code(name), Code(_labels(operand.labels, names)), Code(show_shape(shape))))
        facts.append({"name": name, "labels": list(operand.labels), "shape": [*shape]})
    result = result_shape(spec, names)
    rows.append((Code(names.result), Code(_labels(spec.output, names)), Code(show_shape(result))))
    heads = (Message("shapes.array"), Message("shapes.indices"), Message("shapes.shape"))
    return Section(
        id="shapes",
        parts=(Table(heads=heads, rows=tuple(rows)),),
        facts={"operands": facts, "result": {"name": names.result, "labels": list(spec.output), "shape": [*result]}},
    )


def operand_shape(spec: Spec, names: Names, number: int) -> tuple[int | str, ...]:
    """Return the shape of an operand; a stretched axis has size 1, an ellipsis of unknown rank stays `...`."""
    operand = spec.operands[number]
    return tuple(
        1 if axis in operand.stretched else extent(spec, names, label) for axis, label in enumerate(operand.labels)
    )


def result_shape(spec: Spec, names: Names) -> tuple[int | str, ...]:
    """Return the shape of the result.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("...ij->...j")
    >>> result_shape(spec, choose_names(spec))
    ('...', 'J')
    """
    return tuple(extent(spec, names, label) for label in spec.output)


def extent(spec: Spec, names: Names, label: str) -> int | str:
    """Return the length of an index: a number, or the name that the loops give it."""
    index = spec.by_label.get(label)
    if label == DOTS or index is None:
        return DOTS
    return index.extent if isinstance(index.extent, int) else names.extent[label]


def _labels(labels: tuple[str, ...], names: Names) -> str:
    return " ".join(names.index[label] if label in names.index and label != DOTS else label for label in labels)
