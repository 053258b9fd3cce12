"""Sums of einsums are told term by term: the lines, run by numpy, give what the statements give."""

from __future__ import annotations

import re

import numpy as np
import pytest

from einloop.core.options import Options
from einloop.evaluate import of_array
from einloop.pipeline.expression import read_expression
from einloop.pipeline.story import story_of


def array(*shape, first=1):
    return np.arange(first, first + int(np.prod(shape)), dtype="int64").reshape(shape)


ARRAYS = {
    "A": array(2, 3), "B": array(3, 4), "C": array(2, 4), "M": array(4, 4), "x": array(3), "b": array(2), "v": array(4),
    "w": array(5), "t": array(1, first=7), "s": np.int64(3), "D": array(2, 4, first=5),
}  # fmt: skip

TEXTS = {
    "D[i,k] = A[i,j]*B[j,k] - C[i,k]/2": ["T1", "D"],
    "y[i] = 2*A[i,j]*x[j] + b[i] + 1": ["T1", "y"],
    "y[i] = A[i,j]*x[j] - A[i,j]*B[j,k]*v[k]": ["T1", "T2", "y"],
    "z = M[i,i] + M[i,i]*2": ["T1", "z"],
    "E[i,j] = b[i] + x[j]": ["E"],
    "E[i,j] = M[j,i] + M[i,j]": ["T1", "E"],
    "y = A @ x + b": ["T1", "y"],
    "y = x @ x + b.sum()\nz = 2 * y": ["T1", "T2", "z"],
    "y = A @ x\nz = (y * b).sum() + y.sum()": ["T1", "T2", "z"],
    "D += A @ B": ["T1", "D"],
    "E = A @ B\nE[1:] -= C[:1] * 2": ["T1", "E", "E[1:]"],
    "y = np.zeros(4)\nfor i in range(1, 4):\n    y[i] = v[i - 1] + 2 * v[i] * w[i]": None,
    "y = s * (A @ x) + t": ["T1", "y"],
    "y = M.T @ v + np.trace(M)": None,
    "y = np.mean(A, axis=1) - b": None,
}


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize("text", TEXTS)
def test_lines_give_what_the_statements_give(text, values):
    shapes = tuple((name, np.shape(ARRAYS[name])) for name in ARRAYS if name in _names(text))
    found = read_expression(text, Options(shapes=shapes), whole=True)
    arrays = {name: of_array(np.asarray(value)) for name, value in ARRAYS.items() if name in _names(text)}
    story = story_of(found, Options(shapes=shapes), arrays if values else None)
    if TEXTS[text]:
        assert [step.name for step in story.steps] == TEXTS[text]
    copies = {name: np.array(value) for name, value in ARRAYS.items()}
    space, wanted = {"np": np, **copies}, {"np": np, **{name: np.array(value) for name, value in ARRAYS.items()}}
    for stage in story.stages:
        if stage.code:
            exec(stage.code, space)
        made = eval(stage.name, space)
        assert np.shape(made) == stage.shape, stage
        if values:
            assert stage.values.tolist() == np.asarray(made).tolist(), stage
    statements = getattr(found, "text", None)
    exec(statements() if statements else text, wanted)
    assert np.array_equal(space[story.result], wanted[story.result])


def test_zeros_in_an_array_have_its_shape_where_it_is_given():
    found = read_expression("for i in range(n): C[i] = 0", Options(), whole=True)
    ((stage,),) = [step.stages for step in story_of(found, Options()).steps]
    assert (stage.code, stage.axes, stage.shape) == ("C[...] = 0", ("...",), ("...",))
    arrays = {"C": of_array(np.ones((5, 2))), "n": of_array(np.int64(5))}
    ((stage,),) = [step.stages for step in story_of(found, Options(), arrays).steps]
    assert (stage.axes, stage.shape, set(stage.values.values)) == (("", ""), (5, 2), {0.0})


def _names(text):
    return set(re.findall(r"[A-Za-z_]\w*", text))
