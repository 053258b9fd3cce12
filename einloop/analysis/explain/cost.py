"""What the loops cost: iterations, arithmetic, bytes. In names of extents where shapes are unknown."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.dtypes import common_dtype, item_bytes
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.report import Fact, Paragraph, Part, Section, Table
from ...core.spec import DOTS, Spec
from .counts import product_of, sum_of
from .shapes import extent, result_shape

DEFAULT_DTYPE = "float64"


def cost(spec: Spec, names: Names, dtypes: tuple[str, ...] | None = None) -> Section:
    """Return a table of what one evaluation by plain loops costs, and how it scales.

    `dtypes`: one per operand, float64 where none is known. Every array counts once as read, the result once as
    written: what would be left with a perfect cache.
    """
    every = [extent(spec, names, index.label) for index in spec.indices]
    points = product_of(every)
    multiplications = product_of(every, len(spec.operands) - 1) if len(spec.operands) > 1 else 0
    additions = points if spec.summed else 0
    read, written = _bytes(spec, names, dtypes)
    rows: list[tuple[str, Value]] = [
        ("iterations", points),
        ("multiplications", multiplications),
        ("additions", additions),
        ("read", _with_unit(read)),
        ("written", _with_unit(written)),
    ]
    facts: dict[str, Fact] = {name: _fact(value) for name, value in rows[:3]}
    facts |= {"bytes_read": _fact(read), "bytes_written": _fact(written), "scales_as": scaling(spec, names)}
    if all(isinstance(value, int) for value in (multiplications, additions, read, written)) and (
        multiplications or additions
    ):
        intensity = (int_of(multiplications) + int_of(additions)) / (int_of(read) + int_of(written))
        rows.append(("intensity", Message("cost.per_byte", {"number": intensity})))
        facts["arithmetic_intensity"] = intensity
    table = Table(
        heads=(Message("cost.what"), Message("cost.how_much")),
        rows=tuple((Message(f"cost.{name}"), value) for name, value in rows),
    )
    order = Message("cost.scales", {"order": Code(scaling(spec, names)), "count": len(spec.indices)})
    parts: tuple[Part, ...] = (Paragraph(message=order), table)
    if DOTS in spec.by_label:
        parts += (Paragraph(message=Message("cost.dots", {"dots": Code(DOTS)})),)
    return Section(id="cost", parts=parts, facts=facts)


def scaling(spec: Spec, names: Names) -> str:
    """Return how the number of iterations grows, in indices: `O(i·j·k)`."""
    return order_of(names, [index.label for index in spec.indices])


def order_of(names: Names, labels: Iterable[str]) -> str:
    """Return how loops over these indices grow."""
    return f"O({'·'.join(map(names.shown, labels)) or '1'})"


def _bytes(spec: Spec, names: Names, dtypes: tuple[str, ...] | None) -> tuple[Value, Value]:
    """Return bytes read (of each distinct array the elements that the loops touch, once) and bytes written."""
    dtypes = dtypes or (DEFAULT_DTYPE,) * len(spec.operands)
    widths: dict[tuple[str, ...], int] = {}
    for number, name in enumerate(names.operands):
        if name in names.operands[:number]:
            continue
        operand = spec.operands[number]
        axes = (label for axis, label in enumerate(operand.labels) if axis not in operand.stretched)
        touched = dict.fromkeys(label for label in axes if label in spec.by_label)
        widths[tuple(touched)] = widths.get(tuple(touched), 0) + item_bytes(dtypes[number])
    read = sum_of(
        [product_of((extent(spec, names, label) for label in labels), width) for labels, width in widths.items()]
    )
    return read, product_of(result_shape(spec, names), item_bytes(common_dtype(dtypes)))


def int_of(value: Value) -> int:
    """Return a value that is a number."""
    assert isinstance(value, int)
    return value


def _with_unit(value: Value) -> Message:
    return Message("cost.bytes", {"bytes": value})


def _fact(value: Value) -> Fact:
    return value.text if isinstance(value, Code) else int_of(value)
