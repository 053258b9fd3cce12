"""Contraction paths as people and libraries write them."""

import numpy as np
import pytest

import einloop
from einloop.core.errors import EinloopError, OptionError
from einloop.core.path import einsum_path
from einloop.notation.paths import path_argument, read_path

A, B, C = np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 5))
CHAIN = "ij,jk,kl->il"
FIRST, LAST = ((0, 1), (0, 1)), ((1, 2), (0, 1))
NUMPYS = np.einsum_path(CHAIN, A, B, C, optimize="optimal")

TEXTS = (
    ("(0,1),(0,1)", FIRST),
    (" ( 0 , 1 ) ( 0 , 1 ) ", FIRST),
    ("[(0, 1), (0, 1)]", FIRST),
    ("[[0, 1], [0, 1]]", FIRST),
    ("['einsum_path', (0, 1), (0, 1)]", FIRST),
    ('["einsum_path", [1, 2], [0, 1]]', LAST),
    ("('einsum_path', (1, 2), (0, 1))", LAST),
    (str(NUMPYS[0]), FIRST),
    (repr(NUMPYS), FIRST),
    ("(0,1,2)", ((0, 1, 2),)),
    ("['einsum_path', (0, 1, 2)]", ((0, 1, 2),)),
    ("(2,),(0,1),(0,1)", ((2,), (0, 1), (0, 1))),
)
VALUES = (
    (NUMPYS, FIRST),
    (NUMPYS[0], FIRST),
    ([(0, 1), (0, 1)], FIRST),
    ([[1, 2], [0, 1]], LAST),
    (((1, 2), (0, 1)), LAST),
    (("einsum_path", (1, 2), (0, 1)), LAST),
    ([(np.int64(1), np.int64(2)), (0, 1)], LAST),
    ("(1,2),(0,1)", LAST),
    ((0, 1, 2), ((0, 1, 2),)),
)
NO_PATHS = (
    "", "best", "()", "[]", "['einsum_path']", "einsum_path", "(0,1", "(0,1),(a,b)", "(0,1),x", "0,1;0,1",
    "((0,1),(0,1.0))", "['einsum_path', 0, 1]",
    "(True,1),(0,1)", "[" * 9000, "(0,1)," * 9000, "{(0,1)}", "['greedy', 200]",
)  # fmt: skip


@pytest.mark.parametrize(("text", "steps"), TEXTS)
def test_texts(text, steps):
    assert read_path(text, 3) == steps
    assert einloop.generate(CHAIN, path=text).source == einloop.generate(CHAIN, path=einsum_path(steps)).source


@pytest.mark.parametrize(("value", "steps"), VALUES)
def test_python_values(value, steps):
    assert read_path(path_argument(value), 3) == steps
    assert einloop.generate(CHAIN, path=value).source == einloop.generate(CHAIN, path=einsum_path(steps)).source
    assert einloop.stages(CHAIN, path=value).facts


def test_what_opt_einsum_gives_is_a_path():
    opt_einsum = pytest.importorskip("opt_einsum")
    found = opt_einsum.contract_path(CHAIN, A, B, C)
    assert read_path(path_argument(found), 3) == read_path(path_argument(found[0]), 3) == FIRST


def test_a_schedule_takes_the_list_too():
    for text in ("path(['einsum_path', (1, 2), (0, 1)])", "path((1,2),(0,1))"):
        assert einloop.generate(CHAIN, schedule=text).source == einloop.generate(CHAIN, path=LAST).source


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_no_path_is_refused(text):
    with pytest.raises(OptionError, match="is not a path") as caught:
        read_path(text, 3)
    assert caught.value.id == "EL431"
    assert len(caught.value.message) < 80


@pytest.mark.parametrize(
    "value",
    [3, 0.5, True, [], (), [[]], [(0, 1), 3], {(0, 1)}, {"a": 1}, b"(0,1)", ["greedy", 9], np.array([[0, 1]] * 2)],
)
def test_values_that_are_no_path_are_refused(value):
    with pytest.raises(EinloopError, match="is not a path"):
        einloop.generate(CHAIN, path=value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(0,1)", "the path leaves 2 arrays of 3; its last step must leave one"),
        ("(0,3),(0,1)", "step 1 of the path takes (0,3), but there are 3 arrays left, in places 0 to 2"),
        (
            "['einsum_path', (0, 1), (0, 2)]",
            "step 2 of the path takes (0,2), but there are 2 arrays left, in places 0 to 1",
        ),
        (
            "['einsum_path', (-1, -2), (0, 1)]",
            "step 1 of the path takes (-1,-2), but there are 3 arrays left, in places 0 to 2",
        ),
        ("(0,0),(0,1)", "step 1 of the path takes (0,0), but there are 3 arrays left, in places 0 to 2"),
        ("(0,1,2),(0,1)", "step 2 of the path takes (0,1), but there is 1 array left, in place 0"),
    ],
)
def test_a_path_that_does_not_fit_is_refused(text, message):
    with pytest.raises(OptionError) as caught:
        read_path(text, 3)
    assert (caught.value.id, caught.value.message) == ("EL431", message)


# A pasted call


def pasted(path, call="np.einsum"):
    return f"{call}('{CHAIN}', A, B, C, optimize={path})"


@pytest.mark.parametrize("call", ["np.einsum", "opt_einsum.contract", "jnp.einsum"])
@pytest.mark.parametrize("path", [["einsum_path", (1, 2), (0, 1)], ("einsum_path", [1, 2], [0, 1]), [(1, 2), (0, 1)]])
def test_the_loops_of_a_pasted_call_take_its_path(path, call):
    generated = einloop.generate(pasted(path, call), result="D")
    assert generated.source == einloop.generate(CHAIN, path=LAST).source
    assert generated.notes == ()
    assert einloop.verify(pasted(path, call))
    assert np.array_equal(generated.run(A, B, C), A @ B @ C)


def test_a_formula_of_sublists_takes_it_too():
    text = "np.einsum(A, [0, 1], B, [1, 2], C, [2, 3], [0, 3], optimize=['einsum_path', (1, 2), (0, 1)])"
    assert "T1[j, l] += B[j, k] * C[k, l]" in einloop.generate(text).source


@pytest.mark.parametrize("more", [{"path": "(0,1),(0,1)"}, {"schedule": "order(output)"}])
def test_what_is_asked_for_goes_before_the_path_of_the_call(more):
    generated = einloop.generate(pasted(["einsum_path", (1, 2), (0, 1)]), result="D", **more)
    assert generated.source == einloop.generate(CHAIN, **more).source
    assert generated.notes == ("optimize=['einsum_path', (1, 2), (0, 1)] is not part of the loops",)


@pytest.mark.parametrize("value", ["True", "'greedy'", "('greedy', 200)", "path", "[path[0], (0, 1)]", "[]"])
def test_other_values_of_optimize_are_still_noted(value):
    generated = einloop.generate(pasted(value))
    assert generated.notes == (f"optimize={value} is not part of the loops",)
    assert "T1" not in generated.source


def test_a_path_of_a_call_that_does_not_fit_has_its_place():
    text = pasted(["einsum_path", (1, 2)])
    with pytest.raises(OptionError) as caught:
        einloop.check(text)
    assert caught.value.id == "EL431"
    start, stop = caught.value.span
    assert caught.value.text[start:stop] == "['einsum_path', (1, 2)]"


def test_explain_shows_the_path_of_the_call():
    facts = einloop.explain(pasted([(1, 2), (0, 1)])).facts["steps"]
    assert facts["path"] == ["einsum_path", [1, 2], [0, 1]]
    assert "This is the path that the call gives to optimize=." in str(einloop.explain(pasted([(1, 2), (0, 1)])))
