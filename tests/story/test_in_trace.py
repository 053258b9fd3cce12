"""The second story inside a trace has the arrays, the names and the numbers of the trace."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

import einloop
from einloop.core.trace import TracedRole
from einloop.views.trace.values import value_text

CASES = {
    "ij,jk->ik": {},
    "bimd,bind->bimn": {},
    "iij,jk,k->i": {},
    "...ij,j->...i": {},
    "ij,jk,kl->il": {"path": "auto"},
    "i,j->ij": {"style": "scalar"},
    "D[i,k] = A[i,j]*B[j,k] - C[i,k]/2": {},
    "y[i] = 2*A[i,j]*x[j] + b[i] + 1": {},
    "E[i,j] = a[i] + b[j]": {},
}


@pytest.mark.parametrize(
    ("text", "dtype"), [*((text, None) for text in CASES), *((text, "int8") for text in CASES if "=" not in text)]
)
def test_the_numbers_are_those_of_the_trace(text, dtype):
    trace = einloop.trace(text, **CASES[text], **({} if dtype is None else {"dtypes": [dtype]}))
    story = json.loads(trace.show("json"))["story"]
    result = trace.result
    wanted = [
        value_text(trace.value(result.name, at, trace.count), result.dtype)
        for at in product(*(range(size) for size in result.shape))
    ]
    last = story["steps"][-1]["stages"][-1]
    assert (last["name"], last["shape"], last["values"]) == (result.name, list(result.shape), wanted)
    given = {x["name"]: x["shape"] for step in story["steps"] for x in step["stages"] if x["kind"] == "given"}
    shapes = {array.name: list(array.shape) for array in trace.arrays}
    assert given.items() <= shapes.items() or CASES[text].get("path") or len(story["steps"]) > 1


@pytest.mark.parametrize("text", [text for text in CASES if "=" not in text])
def test_symbols_are_those_of_the_trace(text):
    trace = einloop.trace(text, **CASES[text], symbolic=True)
    last = json.loads(trace.show("json"))["story"]["steps"][-1]["stages"][-1]
    result = trace.result
    every = product(*(range(size) for size in result.shape))
    assert last["values"] == [trace.value(result.name, at, trace.count) for at in every]


def test_arrays_that_are_given_are_those_of_the_story():
    trace = einloop.trace("ij,j->i", np.array([[100, 1], [2, 3]], "int8"), np.array([2, 1], "int8"))
    stages = json.loads(trace.show("json"))["story"]["steps"][0]["stages"]
    assert [stage["values"] for stage in stages][-2:] == [["-56", "1", "4", "3"], ["-55", "7"]]
    assert "P = A * b1" in trace.story().show()


@pytest.mark.parametrize("text", [*(text for text in CASES if "=" not in text), "D[i,k] = A[i,j]*B[j,k] - C[i,k]/2"])
def test_without_shapes_the_lengths_are_those_of_the_trace(text):
    trace = einloop.trace(text, **CASES[text])
    story = trace.story()
    told = str(story)
    shapes = {f"({', '.join(map(str, array.shape))})" for array in trace.arrays if len(array.shape) > 1}
    assert all(shape in told for shape in shapes)
    assert told.endswith("\nSizes that were not given are examples.\n"), told
    given = {array.name: array.shape for array in trace.arrays if array.role is TracedRole.OPERAND}
    assert "examples" not in str(einloop.trace(text, shapes=given, **CASES[text]).story())
