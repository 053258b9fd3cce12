"""What the loops cost: iterations, arithmetic, bytes. In names of extents where shapes are unknown."""

from __future__ import annotations

from ...core.dtypes import common_dtype, item_bytes
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.report import Fact, Paragraph, Section, Table
from ...core.spec import Spec
from .counts import product_of, sum_of
from .shapes import extent, operand_shape, result_shape

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
    if all(isinstance(value, int) for value in (multiplications, additions, read, written)) and (read or written):
        intensity = (int_of(multiplications) + int_of(additions)) / (int_of(read) + int_of(written))
        rows.append(("intensity", Message("cost.per_byte", {"number": intensity})))
        facts["arithmetic_intensity"] = intensity
    table = Table(
        heads=(Message("cost.what"), Message("cost.how_much")),
        rows=tuple((Message(f"cost.{name}"), value) for name, value in rows),
    )
    order = Message("cost.scales", {"order": Code(scaling(spec, names)), "count": len(spec.indices)})
    return Section(id="cost", parts=(Paragraph(message=order), table), facts=facts)


def scaling(spec: Spec, names: Names) -> str:
    """Return how the number of iterations grows, in indices: `O(i·j·k)`."""
    return f"O({'·'.join(names.index[index.label] for index in spec.indices) or '1'})"


def _bytes(spec: Spec, names: Names, dtypes: tuple[str, ...] | None) -> tuple[Value, Value]:
    """Return bytes read (each distinct array once) and bytes written."""
    dtypes = dtypes or (DEFAULT_DTYPE,) * len(spec.operands)
    sizes = [item_bytes(dtype) for dtype in dtypes]
    first = {name: number for number, name in reversed(list(enumerate(names.operands)))}
    read = sum_of([product_of(operand_shape(spec, names, number), sizes[number]) for number in sorted(first.values())])
    written = product_of(result_shape(spec, names), item_bytes(common_dtype(dtypes)))
    return read, written


def int_of(value: Value) -> int:
    """Return a value that is a number."""
    assert isinstance(value, int)
    return value


def _with_unit(value: Value) -> Message:
    return Message("cost.bytes", {"bytes": value})


def _fact(value: Value) -> Fact:
    return value.text if isinstance(value, Code) else int_of(value)
