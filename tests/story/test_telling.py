"""What a story tells: lines, axes and shapes, word for word."""

from __future__ import annotations

import json

import numpy as np
import pytest

from einloop.core.errors import EinloopError
from einloop.core.options import LoadedArray, Options
from einloop.core.story_data import story_data
from einloop.pipeline.expression import read_expression
from einloop.pipeline.story import story_of


def told(text, shapes=(), **options):
    known = Options(shapes=tuple((None, shape) for shape in shapes), **options)
    return story_of(read_expression(text, known, whole=True), known)


def rows(story):
    """Return the line, the axes and the shape of every stage that makes something."""
    return [(stage.code, " ".join(stage.axes), stage.shape) for stage in story.stages if stage.code]


CASES = {
    ("ij,jk->ik",): [
        ("A1 = A[:, None, :]", "i k j", ("I", 1, "J")),
        ("B1 = B.T[None, :, :]", "i k j", (1, "K", "J")),
        ("P = A1 * B1", "i k j", ("I", "K", "J")),
        ("C = P.sum(axis=2)", "i k", ("I", "K")),
    ],
    ("ij,jk->ik", (2, 3), (3, 4)): [
        ("A1 = A[:, None, :]", "i k j", (2, 1, 3)),
        ("B1 = B.T[None, :, :]", "i k j", (1, 4, 3)),
        ("P = A1 * B1", "i k j", (2, 4, 3)),
        ("C = P.sum(axis=2)", "i k", (2, 4)),
    ],
    ("bimd,bind->bimn", (2, 2, 3, 4), (2, 2, 5, 4)): [
        ("A1 = A[:, :, :, None, :]", "b i m n d", (2, 2, 3, 1, 4)),
        ("B1 = B[:, :, None, :, :]", "b i m n d", (2, 2, 1, 5, 4)),
        ("P = A1 * B1", "b i m n d", (2, 2, 3, 5, 4)),
        ("C = P.sum(axis=4)", "b i m n", (2, 2, 3, 5)),
    ],
    ("ii->",): [("A1 = np.diagonal(A)", "i", ("I",)), ("c = A1.sum()", "", ())],
    ("ijij->ji",): [
        ("A1 = np.diagonal(A, axis1=0, axis2=2)", "j j i", ("J", "J", "I")),
        ("A2 = np.diagonal(A1)", "i j", ("I", "J")),
        ("C = A2.T", "j i", ("J", "I")),
    ],
    ("iii->i", (2, 2, 2)): [("A1 = np.diagonal(A)", "i i", (2, 2)), ("c = np.diagonal(A1)", "i", (2,))],
    ("ijk->kj",): [("A1 = A.sum(axis=0)", "j k", ("J", "K")), ("C = A1.T", "k j", ("K", "J"))],
    ("ij->ij",): [("C = A", "i j", ("I", "J"))],
    ("->",): [("c = a", "", ())],
    (",ij->ji",): [("B1 = B.T", "j i", ("J", "I")), ("C = a * B1", "j i", ("J", "I"))],
    ("i,j->ij", (0,), (3,)): [
        ("a1 = a[:, None]", "i j", (0, 1)),
        ("b1 = b[None, :]", "i j", (1, 3)),
        ("C = a1 * b1", "i j", (0, 3)),
    ],
    ("ij,i->i", (1, 3), (4,)): [
        ("b1 = b[:, None]", "i j", (4, 1)),
        ("P = A * b1", "i j", (4, 3)),
        ("c = P.sum(axis=1)", "i", (4,)),
    ],
    ("...ij,...jk->...ik",): [
        ("A1 = A[..., :, None, :]", "... i k j", ("...", "I", 1, "J")),
        ("B1 = B.mT[..., None, :, :]", "... i k j", ("...", 1, "K", "J")),
        ("P = A1 * B1", "... i k j", ("...", "I", "K", "J")),
        ("C = P.sum(axis=-1)", "... i k", ("...", "I", "K")),
    ],
    ("i...,j->i...j",): [
        ("A1 = np.moveaxis(A, 0, -1)[..., :, None]", "... i j", ("...", "I", 1)),
        ("b1 = b[None, :]", "i j", (1, "J")),
        ("P = A1 * b1", "... i j", ("...", "I", "J")),
        ("C = np.moveaxis(P, -2, 0)", "i ... j", ("I", "...", "J")),
    ],
    ("...i->...", (2, 3, 4)): [("C = A.sum(axis=2)", "e0 e1", (2, 3))],
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lines_axes_and_shapes(case):
    text, *shapes = case
    assert rows(told(text, shapes)) == CASES[case]


def test_every_step_of_a_path_is_a_story_and_makes_what_the_loops_call_it():
    story = told("ij,jk,kl->il", path="(1, 2), (0, 1)")
    assert [step.name for step in story.steps] == ["T1", "D"]
    assert [step.title.values["computes"].text for step in story.steps] == [
        "T1[j,l] = Σ_k B[j,k] · C[k,l]",
        "D[i,l] = Σ_j A[i,j] · T1[j,l]",
    ]
    assert rows(story) == [
        ("B1 = B[:, None, :]", "j l k", ("J", 1, "K")),
        ("C1 = C.T[None, :, :]", "j l k", (1, "L", "K")),
        ("P1 = B1 * C1", "j l k", ("J", "L", "K")),
        ("T1 = P1.sum(axis=2)", "j l", ("J", "L")),
        ("A1 = A[:, None, :]", "i l j", ("I", 1, "J")),
        ("T1_1 = T1.T[None, :, :]", "i l j", (1, "L", "J")),
        ("P2 = A1 * T1_1", "i l j", ("I", "L", "J")),
        ("D = P2.sum(axis=2)", "i l", ("I", "L")),
    ]
    assert [note.id for note in story.notes] == ["story.dtypes", "path.einsum"]


def test_an_axis_of_length_1_that_a_step_does_not_need_is_left_out():
    story = told("ij,jk,i->ik", [(1, 2), (2, 3), (4,)], path="(0, 1), (0, 1)")
    assert rows(story)[0] == ("A1 = A.squeeze(0)", "j", (2,))
    assert story.steps[1].stages[-1].shape == (4, 3)


def test_the_path_of_a_pasted_call_is_told():
    text = "np.einsum('ij,jk,k->i', A, B, c, optimize=['einsum_path', (1, 2), (0, 1)])"
    assert [step.name for step in told(text).steps] == ["T1", "d"]


def test_names_that_are_taken_are_left_alone():
    """`A1`, `P` and `T1` are operands here: what is made has other names."""
    story = told("C[i,l] = A1[i,j] * P[j,k] * T1[k,l]", path="(0, 1), (0, 1)")
    made = [stage.name for stage in story.stages if stage.code]
    assert len(set(made)) == len(made)
    assert not {"A1", "P", "T1"} & set(made)


DTYPES = {
    ("ij->i", "int8"): ['c = A.sum(axis=1, dtype="int8")'],
    ("ij->", "bool"): ["c = A.any()"],
    ("ij->i", "int64"): ["c = A.sum(axis=1)"],
    ("ij->i", "float32"): ["c = A.sum(axis=1)"],
    ("ij->", "uint32"): ['c = A.sum(dtype="uint32")'],
    ("ij->i", "float16"): ['A1 = A.astype("float64")', "A2 = A1.sum(axis=1)", 'c = A2.astype("float16")'],
    ("ij->ji", "float16"): ["C = A.T"],
    ("i,i->i", "int8", "int32"): ['a1 = a.astype("int32")', "c = a1 * b"],
}


@pytest.mark.parametrize("case", DTYPES, ids=str)
def test_lines_keep_the_dtype_of_np_einsum(case):
    text, *dtypes = case
    given = tuple((None, dtype) for dtype in dtypes)
    assert [code for code, _, _ in rows(told(text, dtypes=given))] == DTYPES[case]
    assert told(text, dtypes=given).notes == ()


def test_values_are_those_of_the_arrays_given():
    def loaded(array):
        return (None, LoadedArray(shape=array.shape, dtype=array.dtype.name, path=None, array=array))

    arrays = [np.array([[100, 1], [2, 3]], "int8"), np.array([2, 1], "int8")]
    story = told("ij,j->i", loaded=tuple(map(loaded, arrays)))
    assert [stage.values.tolist() for stage in story.stages] == [
        [[100, 1], [2, 3]], [2, 1], [[2, 1]], [[-56, 1], [4, 3]], [-55, 7],
    ]  # fmt: skip
    assert {stage.dtype for stage in story.stages} == {"int8"}


def test_large_arrays_and_extended_floats_have_no_values():
    assert all(stage.values is None for stage in told("ij,jk->ik", [(99, 99), (99, 99)]).stages)
    story = told("i,i->", [(2,), (2,)], dtypes=((None, "longdouble"),))
    assert all(stage.values is None for stage in story.stages)
    assert [stage.dtype for stage in story.stages] == ["longdouble"] * 4


def test_the_data_is_json_and_keeps_its_keys():
    data = story_data(told("ij,jk->ik", [(2, 3), (3, 2)]))
    assert json.loads(json.dumps(data)) == data
    assert list(data) == ["kind", "expression", "result", "steps", "notes"]
    (step,) = data["steps"]
    assert (step["number"], step["title"], step["name"]) == (1, None, "C")
    assert step["stages"][2] == {
        "kind": "line_up", "of": "A", "name": "A1", "from": ["A"], "axes": ["i", "k", "j"], "shape": [2, 1, 3],
        "about": ["k"], "code": "A1 = A[:, None, :]", "dtype": "int64", "values": ["1", "2", "3", "4", "5", "6"],
        "why": [["story.line_up.inserted", {"array": "A", "indices": "k", "count": 1}]],
    }  # fmt: skip
    assert step["stages"][-1]["values"] == ["22", "28", "49", "64"]


REFUSED = {
    "bfloat16": (
        "ij->i",
        {"dtypes": ((None, "bfloat16"),)},
        "EL305",
        "operand 0 has dtype bfloat16, which numpy does not have: nothing can be run with it",
    ),
    "bfloat16 in a sum": (
        "y[i] = A[i,j]*x[j] + b[i]",
        {"dtypes": ((None, "bfloat16"),)},
        "EL305",
        "A has dtype bfloat16, which numpy does not have: nothing can be run with it",
    ),
    "a path of a sum": (
        "y[i] = A[i,j]*B[j,k]*x[k] + b[i]",
        {"path": "auto"},
        "EL471",
        "path is for one einsum, and this is a sum of several",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case):
    text, options, id, message = REFUSED[case]
    with pytest.raises(EinloopError) as caught:
        told(text, **options)
    assert (caught.value.id, caught.value.message) == (id, message)
