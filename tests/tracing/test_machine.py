"""The steps of a trace are those of the emitted text, as Python itself runs it line by line."""

import os
import sys
from copy import deepcopy

import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from strategies import expressions, subscripts

import einloop
from einloop.core.errors import EinloopError
from einloop.core.options import LoadedArray, Options
from einloop.pipeline.expression import read_expression
from einloop.pipeline.trace import trace

FUZZ = int(os.environ.get("EINLOOP_FUZZ", "60"))
DTYPES = ("float64", "int8", "uint8", "float16", "float32", "bool", "complex64", "int64")
SCHEDULES = (
    "",
    "order(output)",
    "order(memory)",
    "tile({},2)",
    "tile({},3) tile({},2)",
    "accumulate",
    "order(output) accumulate",
)


def traced(text, arrays=None, **given):
    loaded = (
        ()
        if arrays is None
        else tuple((name, LoadedArray(shape=array.shape, dtype=array.dtype.str, array=array)) for name, array in arrays)
    )
    options = Options(loaded=loaded, **given)
    return trace(read_expression(text, options, whole=True), options)


def run_by_python(found, arrays):
    """Run the text and return every execution of a line that writes: line, loops' values, what the cell held after."""
    lines = {step.line for step in found.steps()} if found.count else set()
    names = {index.name for index in found.indices}
    made, waiting = [], []

    def watch(frame, event, _):
        if event in ("line", "return"):
            if waiting:
                line, indices = waiting.pop()
                if not indices or made[-1:] != [(line, indices)]:  # Python comes back to the first of several lines
                    made.append((line, indices))
            if event == "line" and frame.f_lineno in lines:
                waiting.append((frame.f_lineno, {n: int(v) for n, v in frame.f_locals.items() if n in names}))
        return watch

    space = {"np": np, **arrays}
    code = compile("\n".join(found.source), "<loops>", "exec")
    old = sys.gettrace()
    sys.settrace(lambda frame, event, arg: watch if frame.f_code is code else None)
    try:
        with np.errstate(all="ignore"):
            exec(code, space)
    finally:
        sys.settrace(old)
    return made, space


def check(found, arrays):
    made, space = run_by_python(found, deepcopy(arrays))
    steps = list(found.steps())
    rounding = {step.line for step in steps if not step.indices}
    looped = [(step.line, dict(step.indices)) for step in steps if step.line not in rounding]
    ran = [(line, indices) for line, indices in made if line not in rounding]
    if "_rows = " in "\n".join(found.source):  # loops along lists have no indices
        assert [line for line, _ in looped] == [line for line, _ in ran]
    else:
        scopes = {line: set(indices) for line, indices in looped}
        assert looped == [(line, {n: v for n, v in indices.items() if n in scopes[line]}) for line, indices in ran]
    for step in steps[:: max(len(steps) // 20, 1)]:
        writes = [one.number for one in steps if one.target == step.target]
        assert list(found.machine.writing(step.target)) == writes
        assert list(found.machine.writing(step.target, reverse=True)) == writes[::-1]
        assert found.machine.written(step.target, found.count) == len(writes)
        assert found.machine.written(step.target, step.number) == writes.index(step.number) + 1
        sums = {one.number: one.begun for one in steps if one.target == step.target}
        same = [number for number, begun in sums.items() if begun == step.begun]
        until = found.machine.until(step.target, step.number)
        assert max(same) <= until < min((n for n in sums if n > max(same)), default=found.count + 1)
        for cell in {cell for term in step.terms for cell, _ in term.factors}:
            assert list(found.machine.reading(cell)) == [one.number for one in steps if reads(one, cell)]
    result = space[found.result.name]
    for at in np.ndindex(*found.result.shape):
        value, wanted = found.value(found.result.name, at, found.count), result
        for place in at:
            wanted = wanted[place]
        wanted = wanted.item() if isinstance(wanted, np.generic) else wanted
        assert repr(value) == repr(wanted) or value == wanted, (at, value, wanted)


def reads(step, cell):
    return any(cell == one for term in step.terms for one, _ in term.factors)


def numbers(shape, dtype, seed):
    rng = np.random.default_rng(seed)
    whole = rng.integers(-100 if not dtype.startswith(("u", "b")) else 0, 101, shape)
    return whole.astype(dtype) if dtype[0] in "iub" else (whole / 8).astype(dtype)


@settings(max_examples=FUZZ, deadline=None)
@given(st.data())
def test_every_step_is_the_one_that_python_makes(data):
    expression = data.draw(expressions(most_operands=3))
    text = data.draw(subscripts(expression))
    style = data.draw(st.sampled_from(("article", "scalar", "lists", "fast")))
    dtype = data.draw(st.sampled_from(DTYPES))
    arrays = [numbers(shape, dtype, n) for n, shape in enumerate(expression.shapes)]
    labels = sorted({label for term in expression.terms for label in term if label.isalpha()}) or ["i"]
    schedule = data.draw(st.sampled_from(SCHEDULES)).format(*labels[:2], *labels[:1])
    given = {
        "style": style,
        "schedule": (schedule,) if schedule else (),
        "path": data.draw(st.sampled_from((None, None, "auto"))),
        "comments": data.draw(st.booleans()),
    }
    try:
        generated = einloop.generate(text, load=arrays, **given)
    except EinloopError:
        reject()
    found = traced(text, [(None, array) for array in arrays], **given)
    inputs = dict(zip(generated.inputs, arrays, strict=True))
    check(found, {name: array.tolist() for name, array in inputs.items()} if style == "lists" else inputs)
