"""EL711, EL722: intermediates and results that take far more memory than the inputs, or more than there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from ...core.dtypes import common_dtype, item_bytes
from ...core.message import Code, Message, Value, codes
from ...core.path import Step
from ...core.report import Finding, Severity
from ..blas import steps_of
from .case import CheckCase, amount

MIN_TIMES_LARGER = 10
"""How many times larger than every input, an intermediate also than the output, an array is worth a note."""
MIN_ELEMENTS = 10**6
"""Elements below which no intermediate is worth a note: 8 MB of float64."""
MIN_RESULT_BYTES = 10**9
"""Bytes below which no result is worth a note: outer products are meant to be larger than what they are made of."""
UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
STEP = 1000
DEFAULT_DTYPE = "float64"

Sizes = Mapping[str, int]


def large_arrays(case: CheckCase) -> Iterator[Finding]:
    """Yield what the result and the largest intermediate take, where that is much and the extents are known."""
    spec, sizes = case.spec, case.sizes
    if 0 in sizes.values() or not set(spec.output) <= sizes.keys():
        return
    dtypes = [dtype or DEFAULT_DTYPE for dtype in case.dtypes] or [DEFAULT_DTYPE] * len(spec.operands)
    dtype = case.computed or common_dtype(dtypes)
    result = prod(sizes[label] for label in spec.output)
    if len(sizes) < len(spec.indices):
        yield from _result(case, dtype, result * item_bytes(dtype), None)
        return
    inputs = [
        prod(1 if axis in op.stretched else sizes[label] for axis, label in enumerate(op.labels) if label in sizes)
        for op in spec.operands
    ]
    largest = max(count * item_bytes(own) for count, own in zip(inputs, dtypes, strict=True))
    yield from _result(case, dtype, result * item_bytes(dtype), largest)
    yield from _intermediate(case, dtype, sizes, max(*inputs, result))


def size_words(count: int) -> Message:
    """Return a number of bytes as people write it: in three digits, with a decimal unit.

    >>> size_words(1_520_000_000_000), size_words(512).id
    (Message(id='diagnose.bytes.TB', values={'number': 1.52}), 'diagnose.bytes.B')
    """
    power = min((len(str(count)) - 1) // 3, len(UNITS))
    if not power:
        return Message("diagnose.bytes.B", {"count": count})
    number = float(f"{count / STEP**power:.3g}")
    if number >= STEP and power < len(UNITS):
        number, power = number / STEP, power + 1
    return Message(f"diagnose.bytes.{UNITS[power - 1]}", {"number": number})


def _result(case: CheckCase, dtype: str, size: int, largest: int | None) -> Iterator[Finding]:
    """EL722. A warning where the result does not fit the memory; a view takes none.

    `largest`: bytes of the largest input, None where they are not known.
    """
    if case.spec.is_view:
        return
    values: dict[str, Value] = {"bytes": size_words(size), "dtype": Code(dtype)}
    values |= {} if largest is None else {"largest": size_words(largest)}
    if case.memory is not None and size > case.memory:
        values["memory"] = size_words(case.memory)
        kind = "beyond_alone" if largest is None else "beyond"
        yield case.finding("EL722", Severity.WARNING, Message(f"diagnose.memory.{kind}", values))
    elif largest is not None and size >= MIN_RESULT_BYTES and size >= MIN_TIMES_LARGER * largest:
        yield case.finding("EL722", Severity.NOTE, Message("diagnose.memory.larger", values))


def _intermediate(case: CheckCase, dtype: str, sizes: Sizes, ends: int) -> Iterator[Finding]:
    """EL711: even the best path makes a large one.

    A note: np.einsum makes none that is larger than inputs and output (the limit of its `optimize`), and none at all
    without a path.
    """
    path: tuple[Step, ...] = steps_of(case.spec)
    elements, indices = max(((step.elements(sizes), step.output) for step in path[:-1]), default=(0, ()))
    size = elements * item_bytes(dtype)
    beyond = case.memory is not None and size > case.memory and elements > ends
    if not beyond and (elements < MIN_TIMES_LARGER * ends or elements < MIN_ELEMENTS):
        return
    values: dict[str, Value] = {
        "elements": amount(elements),
        "bytes": size_words(size),
        "dtype": Code(dtype),
        "indices": codes(list(indices)),
        "largest": amount(ends),
        "call": Code("optimize=True"),
    }
    kind = "intermediate"
    if beyond and case.memory is not None:
        values["memory"] = size_words(case.memory)
        kind = "intermediate_beyond"
    yield case.finding("EL711", Severity.NOTE, Message(f"diagnose.memory.{kind}", values))
