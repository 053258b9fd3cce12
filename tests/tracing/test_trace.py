"""Traces as people ask for them: sentences, numbers in their dtype, jumps, data, what is refused."""

import json
import subprocess
import sys

import numpy as np
import pytest

import einloop
from einloop.cli import main
from einloop.core.errors import EinloopError
from einloop.core.trace import UNKNOWN, TracedRole
from einloop.views.catalogue import load_catalogue

A, B = [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]]


def said(step, lang="en"):
    return [load_catalogue(lang).text(reason) for reason in step.reasons]


def test_the_sentences_of_a_product():
    found = einloop.trace("ij,jk->ik", A, B)
    assert said(found.step(1)) == [
        "The first step: the loops begin at 0.",
        "Term 1 of 3 of C[0,0].",
        "Next, k moves on to 1.",
    ]
    assert said(found.step(10)) == [
        "k turns fastest: it moves on to 1.",
        "The step before took B[1,0] with the same A[1,1].",
        "Term 2 of 3 of C[1,1].",
        "Next, j moves on to 2.",
    ]
    assert said(found.step(7)) == [
        "With j, k run through, i moves on to 1.",
        "Term 1 of 3 of C[1,0].",
        "Next, k moves on to 1.",
    ]
    assert said(found.step(12))[-2:] == [
        "That was the last of 3 terms: C[1,1] is complete.",
        "The last step: C is complete.",
    ]


def test_the_sentences_of_a_running_total():
    found = einloop.trace("ij,j->i", A, [1, 1, 1], style="scalar")
    assert [step.line for step in found.steps(1, 5)] == [7, 7, 7, 8, 7]
    assert said(found.step(3))[-2:] == ["Term 3 of 3 of the total for c[0].", "Next, the total goes into c[0]."]
    assert said(found.step(5))[1] == "Term 1 of 3 of the total for c[1]."
    assert "c[0] = total = 1·1 + 2·1 + 3·1 = 6" in found.show(steps=4)
    assert said(found.step(4)) == ["With j run through, the sum is complete."]
    assert [(step.target.array, step.begun) for step in found.steps()] == [
        ("total", 0), ("total", 0), ("total", 0), ("c", 3), ("total", 4), ("total", 4), ("total", 4), ("c", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arrays", "number", "after", "sentence"),
    [
        (([100, 100], [2, 2]), 1, -56, "int8 holds −128 to 127: 200 wraps around to −56."),
        (([100, 100], [2, 2]), 2, -112, "int8 holds −128 to 127: 144 wraps around to −112."),
    ],
)
def test_integers_that_wrap_around(arrays, number, after, sentence):
    found = einloop.trace("i,i->", *(np.array(one, "int8") for one in arrays))
    assert found.step(number).after == after
    assert sentence in said(found.step(number))


@pytest.mark.parametrize(
    ("dtype", "values", "sentence"),
    [
        ("float32", [3e38, 3e38], "That is beyond the largest float32: it becomes inf."),
        ("float32", [2.0**24, 1], "1.0 is too small beside 16777216.0: in float32 the sum stays as it is."),
        ("float64", [1, np.nan], "a[1] is nan, and every sum that it enters becomes nan."),
        ("float64", [np.inf, -np.inf], "Infinity minus infinity is nan."),
        ("bool", [True, True], "For bool, a sum is OR and a product AND."),
    ],
)
def test_what_a_dtype_does(dtype, values, sentence):
    found = einloop.trace("i->", np.array(values, dtype))
    assert sentence in said(found.step(2)), said(found.step(2))


def test_zero_times_infinity():
    found = einloop.trace("i,i->", [0.0, 1.0], [np.inf, 1.0])
    assert "0 times infinity is nan." in said(found.step(1))
    assert found.first_nan() == 1


def test_rounding_in_the_end_is_told():
    found = einloop.trace("i->", np.array([1000.3, 1000.3, 1000.3], "float16"))
    assert (found.count, found.step(4).dtype, found.step(4).after) == (4, "float16", 3002.0)
    assert said(found.step(3))[1] == "That was the last of 3 terms: c is complete."
    assert said(found.step(4)) == ["3001.5 is rounded to float16: 3002.0.", "The last step: c is complete."]
    assert "c = float16(3001.5) = 3002" in found.show(steps=4)


@pytest.mark.parametrize(("dtype", "style"), [("float16", "article"), ("complex64", "fast"), ("complex64", "scalar")])
def test_a_conversion_in_the_end_is_no_term(dtype, style):
    found = einloop.trace("ij,jk->ik", dtypes=dtype, style=style)
    adding = [step for step in found.steps() if step.before is not None]
    assert all(sum("of 3" in sentence for sentence in said(step)) == 1 for step in adding)
    others = [step for step in found.steps() if step.before is None]
    assert others
    assert not any("of 3" in sentence for step in others for sentence in said(step))
    assert "38.0 becomes float16, exactly." in said(others[0]) or dtype != "float16"


@pytest.mark.parametrize("expression", [",ji->i", "jjj,ii,->", ",kik,l->li", "i,->i"])
@pytest.mark.parametrize("dtype", ["complex64", "complex128", "float16", "float32"])
def test_an_operand_without_axes_in_every_dtype(expression, dtype):
    found = einloop.trace(expression, dtypes=dtype, style="fast")
    assert found.show()
    assert found.show("json")
    assert found.show("svg", steps=1)


@pytest.mark.parametrize("style", ["article", "scalar"])
def test_what_the_result_holds_is_the_first_term_of_a_sum_onto_it(style):
    held = [[10, 20], [30, 40]]
    arrays = {"C": held, "A": A, "B": B}
    found = einloop.trace("C[i,k] += A[i,j]*B[j,k]", load=arrays, add=True, style=style)
    for step in found.steps():
        i, k = step.target.at if step.target.array == "C" else (0, 0)
        shown = found.show(steps=step.number)
        if step.target.array == "C" and len(step.terms[0].factors) == 2:
            terms = " + ".join(f"{A[i][j]}·{B[j][k]}" for j in range(3))
            assert f"C[{i},{k}] = {held[i][k]} + {terms}" in shown
            assert any("of 3 terms that are added" in one or "of 3 that are added" in one for one in said(step))
    if style == "article":
        assert f">{held[0][1]}</text>" in found.show("svg", steps=2)


def test_a_large_trace_opens_at_once_and_jumps():
    found = einloop.trace("ij,jk->ik", shapes=[(1000, 1000), (1000, 1000)])
    assert found.count == 10**9
    step = found.step(5 * 10**8)
    assert (str(step.target), step.after) == (
        "C[499,999]",
        sum((499_001.0 + j) * (1000 * j + 1000) for j in range(1000)),
    )
    assert found.first_step((700, 3)) == 700_000_004
    assert found.first_nan() is None
    assert next(found.machine.writing(found.step(700_000_004).target, reverse=True)) == 700_999_004


def test_what_would_take_too_long_is_unknown_and_said():
    found = einloop.trace("i->", shapes=[(10**7,)])
    step = found.step(10**7 // 2)
    assert (step.before, step.after) == (UNKNOWN, UNKNOWN)
    assert "? stands for what would take more than 100,000 steps to compute." in said(step)
    assert "?" in found.show(steps=10**7 // 2)


def test_symbols():
    found = einloop.trace("ij,jk->ik", shapes=[(2, 2), (2, 2)], symbolic=True)
    assert found.value("C", (0, 0), found.count) == "a·e + b·g"
    assert found.step(1).before == 0


@pytest.mark.parametrize(
    ("expression", "shapes", "roles"),
    [
        ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)], ["A", "B", "C", "T1", "D"]),
        ("y[i] = 2*A[i,j]*x[j] - x[i]/3", [(2, 2), (2,)], ["A", "x", "y"]),
    ],
)
def test_arrays_stand_in_order(expression, shapes, roles):
    found = einloop.trace(expression, shapes=shapes, **({"path": "auto"} if "->" in expression else {}))
    assert [array.name for array in found.arrays] == roles
    assert found.result.role is TracedRole.RESULT


def test_the_first_difference():
    wanted = np.einsum("ij,jk->ik", A, B)
    found = einloop.trace("ij,jk->ik", A, B)
    assert found.first_difference(wanted) is None
    wanted[1, 0] += 1
    assert found.first_difference(wanted) == 11
    with pytest.raises(EinloopError) as refused:
        found.first_difference(wanted.T[:1])
    assert refused.value.message == "the array to compare with has shape (1, 2), and the result (2, 2)"


def test_floats_may_differ_in_their_last_digits():
    a = np.random.default_rng(0).normal(size=(20, 30))
    found = einloop.trace("ij->i", a)
    assert found.first_difference(a.sum(axis=1)) is None
    assert found.first_difference(a.sum(axis=1) + 1e-3) == 30


def test_a_nan_far_away():
    a = np.ones((300, 400))
    a[250, 7] = np.nan
    assert einloop.trace("ij->j", a).first_nan() == 250 * 400 + 8
    assert einloop.trace("ij->j", np.ones((300, 400), "int64")).first_nan() is None


def test_data():
    data = json.loads(einloop.trace("ij,jk->ik", A, B).show("json", steps=(10, 11)))
    assert data["first"] == 10
    assert data["count"] == 12
    assert data["code"][6].strip() == "C[i, k] += A[i, j] * B[j, k]"
    assert data["arrays"][2] == {
        "name": "C", "role": "result", "axes": ["i", "k"], "shape": [2, 2], "dtype": "int64",
        "start": ["22", "28", "19", "8"],
    }  # fmt: skip
    step = data["steps"][0]
    assert step["at"] == [[0, 1], [1, 1], [2, 1]]
    assert (step["line"], step["target"], step["before"], step["after"]) == (7, [2, 3], "8", "28")
    assert step["terms"] == [{"factors": [[0, 4, "5"], [1, 3, "4"]], "value": "20"}]
    assert step["why"][0] == ["trace.fastest", {"name": "k", "value": 1, "inner": ""}]
    assert [stage["kind"] for one in data["story"]["steps"] for stage in one["stages"]][-2:] == ["multiply", "sum"]


def test_of_a_large_array_the_data_has_what_is_touched():
    data = json.loads(einloop.trace("i->", shapes=[(50_000,)]).show("json", steps=(7, 8)))
    assert data["arrays"][0]["cells"] == {"6": "7", "7": "8"}


@pytest.mark.parametrize(
    ("call", "id", "message"),
    [
        (lambda: einloop.trace("ij->i").step(0), "EL439", "there is no step 0"),
        (lambda: einloop.trace("ij->i").show(steps=(3, 2)), "EL439", "3-2 are no steps: the first is after the last"),
        (
            lambda: einloop.trace("ij->i").show(at=(5,)),
            "EL422",
            "5 is out of range for axis 0 of the result, which has size 2",
        ),
        (lambda: einloop.trace("ij->i").show(at=(0, 0)), "EL421", "2 coordinates given, but the result has 1 axis"),
        (lambda: einloop.trace("ij->i").show("pdf"), "EL469", "there is no format 'pdf'"),
        (lambda: einloop.trace("i->", [1], symbolic=True), "EL471", "symbols have neither values nor a dtype"),
        (lambda: einloop.trace("i,i->", [1]), "EL201", None),
    ],
)
def test_what_is_refused(call, id, message):
    with pytest.raises(EinloopError) as refused:
        call()
    assert id in (None, refused.value.id), refused.value
    assert message in (None, refused.value.message)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["ij,jk->ik", "--steps", "3"], "step 3 of 24   i = 0  j = 0  k = 2"),
        (["ij,jk->ik", "-s", "2x3", "-s", "3x2", "--at", "1,1"], "C[1,1] = 64"),
        (["ij,jk->ik", "--json", "--steps", "2"], None),
        (
            ["ij,jk->ik", "-s", "2x3", "-s", "3x2", "--against", "[[22,28],[49,65]]"],
            "step 12 of 12   i = 1  j = 2  k = 1",
        ),
        (["ii->", "--story"], None),
    ],
)
def test_the_command(words, line, capsys):
    assert main(["trace", *words]) == 0
    printed = capsys.readouterr()
    assert line is None or line in printed.out.splitlines()
    assert printed.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ij->i", "--steps", "3", "--nan"], "--steps and --nan both say which steps"),
        (["ij->i", "--steps", "x"], "'x' are no steps"),
        (["ij->i", "--tui", "--format", "json"], "--tui and --format json are two formats"),
        (["ij->i", "--tui"], "is no terminal, and --tui takes up a whole one"),
        (["ij->i", "--against", "[[1]]"], "the array to compare with has shape (1, 1), and the result (2,)"),
        (["ij->i", "--against", "gone.npy"], "gone.npy"),
    ],
)
def test_what_the_command_refuses(words, message, capsys):
    assert main(["trace", *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "shapes", "sizes", "result"),
    [
        ("y = x[1:] + x[:-1]", {"x": (4,)}, {}, [3, 5, 7]),
        ("y = x[::-1] + x", {"x": (4,)}, {}, [5, 5, 5, 5]),
        ("s = x[0]*y[1]", {"x": (4,), "y": (4,)}, {}, 2),
        ("y = x.reshape(2,2) @ z", {"x": (4,), "z": (2,)}, {}, [5, 11]),
        ("y = x / x.shape[0]", {"x": (4,)}, {}, [0.25, 0.5, 0.75, 1]),
        ("y = x / np.sqrt(n)", {"x": (4,)}, {"n": 4}, [0.5, 1, 1.5, 2]),
        ("y[1:] = x[:-1]*2", {"x": (3,), "y": (3,)}, {}, [1, 2, 4]),
        ("x = x + A@x", {"x": (3,), "A": (3, 3)}, {}, [15, 34, 53]),
        ("m = x.mean(); v = ((x-m)*(x-m)).mean()", {"x": (4,)}, {}, 1.25),
    ],
)
@pytest.mark.parametrize("style", ["article", "scalar", "fast"])
def test_parts_of_arrays_and_sums(text, shapes, sizes, result, style):
    try:
        einloop.generate(text, shapes=shapes, sizes=sizes, style=style)
    except EinloopError:
        pytest.skip(f"no loops of style {style}")
    found = einloop.trace(text, shapes=shapes, sizes=sizes, style=style)
    values = [found.value(found.result.name, at, found.count) for at in np.ndindex(*found.result.shape)]
    assert values == (result if isinstance(result, list) else [result])


def test_an_element_that_is_written_whole_is_not_traced():
    with pytest.raises(EinloopError) as refused:
        einloop.trace("y[1] = x[0] * z[1]", shapes={"x": (3,), "z": (3,), "y": (3,)})
    assert refused.value.id == "EL438"


def test_lengths_without_a_value():
    with pytest.raises(EinloopError) as refused:
        einloop.trace("y = x / np.sqrt(n)", shapes={"x": (4,)})
    assert (refused.value.id, refused.value.message) == ("EL420", "n, a length, has no value")


def test_divided_symbols():
    found = einloop.trace("y_i = 2 A_ij x_j - b_i / 3", symbolic=True)
    assert found.step(1).after == "−(1 / 3)·j"
    with pytest.raises(EinloopError) as refused:
        einloop.trace("y_i = x_i / a", symbolic=True).step(1)
    assert refused.value.id == "EL471"


def test_without_numpy():
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "import einloop\n"
        "found = einloop.trace('ij,jk->ik', [[1, 2], [3, 4]], [[1, 2], [3, 4]])\n"
        "assert found.step(3).after == 7 and found.first_difference([[7, 10], [15, 23]]) == 8\n"
        "assert len(found.show('html')) > len(found.show(steps=3)) and found.story().show()\n"
        "assert 'black' not in sys.modules and 'rich' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "dtypes", "options", "made"),
    [
        ("i,i->", ["int8", "int8"], {"style": "scalar"}, {"c": "int8"}),
        ("i,i->", ["int8", "float32"], {}, {"c": "float32"}),
        (",->", ["float32", "float32"], {}, {"c": "float32"}),
        ("i,,->", ["complex64"] * 3, {"path": "(0,1),(0,1)"}, {"T1": "complex64", "d": "complex64"}),
    ],
)
def test_a_scalar_that_is_made_has_its_dtype(text, dtypes, options, made):
    spans = {"shapes": [(3,) if "i" in term else () for term in text[:-2].split(",")]}
    found = einloop.trace(text, dtypes=dtypes, **spans, **options)
    assert {array.name: array.dtype for array in found.arrays if array.name in made} == made
    symbolic = einloop.trace(text, symbolic=True, **options)
    assert {array.dtype for array in symbolic.arrays} == {None}
