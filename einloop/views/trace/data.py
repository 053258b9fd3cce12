"""A trace as data: what a program reads, and what its page embeds. Values are texts in their dtype."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from ...core.message import Code, Message
from ...core.plain_array import positions, strides_of
from ...core.trace import TracedArray, TracedCell, TracedLoops, TracedProduct, TraceStep
from .values import value_text

MAX_CELLS = 20_000
"""Elements of an array that are all given; of a larger one only those that the steps touch."""
Data = dict[str, Any]


def trace_data(trace: TracedLoops, first: int, last: int) -> Data:
    """Return a trace with the steps from `first` to `last`, as JSON has it."""
    steps = list(trace.steps(first, last))
    numbers = {array.name: number for number, array in enumerate(trace.arrays)}
    strides = {array.name: strides_of(array.shape) for array in trace.arrays}

    def place(cell: TracedCell) -> list[int]:
        flat = sum(at * stride for at, stride in zip(cell.at, strides[cell.array], strict=True))
        return [numbers[cell.array], flat]

    return {
        "kind": "trace",
        "expression": trace.expression,
        "formula": trace.formula,
        "code": list(trace.source),
        "indices": [
            {"name": x.name, "label": x.label, "extent": x.extent, "colour": x.colour, "summed": x.summed}
            for x in trace.indices
        ],
        "arrays": [_array(trace, array, steps, first - 1) for array in trace.arrays],
        "count": trace.count,
        "first": first,
        "steps": [_step(trace, step, place) for step in steps],
        "notes": [_message(note) for note in trace.notes],
    }


def _array(trace: TracedLoops, array: TracedArray, steps: Sequence[TraceStep], number: int) -> Data:
    """Return an array as it is after a step."""
    data: Data = {
        "name": array.name,
        "role": array.role.value,
        "axes": list(array.axes),
        "shape": list(array.shape),
        "dtype": array.dtype,
    }

    def text(at: Sequence[int]) -> str | None:
        value = trace.value(array.name, at, number)
        return None if value is None else value_text(value, array.dtype)

    if prod(array.shape) <= MAX_CELLS:
        return data | {"start": [text(at) for at in positions(array.shape)]}
    touched = {cell.at for step in steps for cell in _cells(step) if cell.array == array.name}
    strides = strides_of(array.shape)
    flat = {sum(n * stride for n, stride in zip(at, strides, strict=True)): at for at in touched}
    return data | {"cells": {str(place): text(flat[place]) for place in sorted(flat)}}


def _cells(step: TraceStep) -> list[TracedCell]:
    found = [step.target]
    for term in step.terms:
        found += [cell for cell, _ in (*term.factors, *(one for one in term.over if not isinstance(one, int)))]
    return found


def _step(trace: TracedLoops, step: TraceStep, place: Callable[[TracedCell], list[int]]) -> Data:
    dtypes = {array.name: array.dtype for array in trace.arrays}
    indices = {index.name: number for number, index in enumerate(trace.indices)}

    def own(value: Any) -> str | None:
        return None if value is None else value_text(value, step.dtype)

    def read(cell: TracedCell, value: Any) -> list[Any]:
        return [*place(cell), value_text(value, dtypes.get(cell.array))]

    def product(term: TracedProduct) -> Data:
        data: Data = {"factors": [read(*factor) for factor in term.factors], "value": own(term.value)}
        if term.times != 1:
            data["times"] = str(term.times)
        if term.over:
            data["over"] = [str(one) if isinstance(one, int) else read(*one) for one in term.over]
        return data | ({"negative": True} if term.negative else {})

    return {
        "line": step.line,
        "at": [[indices[name], value] for name, value in step.indices],
        "target": place(step.target),
        "terms": [product(term) for term in step.terms],
        "before": own(step.before),
        "after": own(step.after),
        "begun": step.begun,
        "why": [_message(reason) for reason in step.reasons],
    }


def _message(message: Message) -> list[Any]:
    """Return a sentence as its id and what its placeholders stand for."""
    return [
        message.id,
        {name: value.text if isinstance(value, Code) else value for name, value in message.values.items()},
    ]
