"""Commands in a Python that has no numpy: where values are certain they say what they say with it, word for word."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import einloop

BLOCKED = """
import json, sys
sys.modules["numpy"] = None
import einloop
from einloop import EinloopError

def told(name, arguments, keywords):
    try:
        found = getattr(einloop, name)(*arguments, **keywords)
    except EinloopError as error:
        return [error.id, error.message]
    return found if isinstance(found, bool) else found.show() if hasattr(found, "show") else str(found)

calls = json.load(sys.stdin)
print(json.dumps([told(*call) for call in calls]))
"""

Call = tuple[str, list[Any], dict[str, Any]]


def without(calls: list[Call]) -> list[Any]:
    """Return what calls give in an interpreter without numpy."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], input=json.dumps(calls), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def with_numpy(name: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
    try:
        found = getattr(einloop, name)(*arguments, **keywords)
    except einloop.EinloopError as error:
        return [error.id, error.message]
    return found if isinstance(found, bool) else found.show()


SAME: list[Call] = [
    ("diff", ["ij,jk->ik", "ij,kj->ik"], {}),
    ("diff", ["ij,jk->ik", "ab,bc"], {}),
    ("diff", ["np.einsum('ij,ij->', X, X)", "np.einsum('ij,ji->', X, X)"], {}),
    ("diff", ["abc,cde,efg,gh->abdfh", "abc,cde,efg,hg->abdfh"], {}),
    ("diff", ["a,b,c,d,e,f,g,h", "a,b,c,d,e,f,g,h->hgfedcba"], {}),
    ("diff", ["D = A @ B + 2 * C", "D = A @ B + 3 * C"], {"shapes": {"A": [2, 3], "B": [3, 4], "C": [2, 4]}}),
    ("diff", ["y[i] = A[i,j]*x[j]/2 - b[i]", "y[i] = A[i,j]*x[j] - b[i]"], {}),
    ("diff", ["y[1:] += x[1:]", "y[1:] += x[:-1]"], {"shapes": {"x": [4], "y": [4]}}),
    ("diff", ["ij->z", "ij"], {}),
    ("equivalent", ["ij,jk->ik", "jk,ij->ik"], {}),
    ("why", ["ij,jk->ik", [[1, 2], [3, 4]], [[5, 6], [7, 8]]], {"at": [1, 0]}),
    ("why", ["ij,jk->ik", [[1.0, 2.5], [3, 4]], [[5, 6], [7, 8]]], {"at": [1, 0]}),
    ("why", ["i->", list(range(30))], {"at": [], "top": 3}),
    ("why", ["i,i->", [2**62, 2**62, 5], [3, 3, 1]], {"at": []}),
    ("why", ["i->", [True, True, False]], {"at": []}),
    ("why", ["i,i->", [True, True, False], [True, True, True]], {"at": []}),
    ("why", ["ij->ji", [[0.1, 0.2]]], {"at": [1, 0]}),
    ("why", ["i,i->", [2**70, 1], [2, 3]], {"at": []}),
    ("why", ["i->", []], {"at": []}),
    ("why", ["i,j->ij", [0.5, 2], [3, 4]], {"at": [1, -1]}),
    ("why", ["i,i->", [2.0**30, 1.0], [2.0**20, 0.5]], {"at": []}),
    ("why", ["...i,i", [[1, 2], [3, 4]], [5, 6]], {"at": [1]}),
    ("why", ["ii", [[1, 2], [3, 4]]], {"at": []}),
    ("why", ["ij,jk->ik"], {"at": [0, 1]}),
    ("why", ["ij->i", [[1, 2], [3, 4]]], {"nonfinite": True}),
    ("why", ["ij->i", [[1, 2], [3, 4]]], {"at": [2]}),
    ("why", ["ij->i", [1, 2]], {"at": [0]}),
    ("why", ["ij->i", [[1, 2], [3, 4]], [1]], {"at": [0]}),
    ("why", ["i,i->", [1, 2], [1, 2, 3]], {"at": []}),
    ("why", ["i->", "missing.npy"], {"at": []}),
    (
        "why",
        ["D[i,k] = 2*A[i,j]*B[j,k] - C[i,k]", [[1, 2], [3, 4]], [[5, 6], [7, 8]], [[1, 1], [1, 1]]],
        {"at": [1, 0]},
    ),
    ("why", ["y[i] = 100*x[i]*x[i] + b[i]"], {"load": {"x": [3, 5], "b": [7, 9]}, "at": [1]}),
    ("why", ["y += A @ x"], {"load": {"A": [[1, 2], [3, 4]], "x": [5, 6], "y": [1, 1]}, "at": [0]}),
    (
        "why",
        ["T[i,k] = A[i,j]*A[j,k]; y[i] = T[i,k]*x[k] - x[i]"],
        {"load": {"A": [[1, 2], [3, 4]], "x": [5, 6]}, "at": [1]},
    ),
    ("why", ["y[i] = A[i,j]*x[j]/2 - b[i]"], {"at": [0]}),
    ("why", ["y[i] = A[i,j]*x[j]/2 - b[i]", [[1, 2]], [1, 2], [True]], {"at": [5]}),
]


def test_pages_are_those_that_numpy_gives():
    for call, found in zip(SAME, without(SAME), strict=True):
        assert found == with_numpy(*call), call


@pytest.mark.parametrize(
    ("arguments", "keywords", "wanted"),
    [
        (
            ["i->", [1e16, 1.0, -1e16]],
            {"at": []},
            "The terms sum to 1; loops that add one after another come to 0. numpy is not installed\n"
            "here; it may add in another order.",
        ),
        (
            ["i,i->", [0.1, 0.2, 0.3], [3.0, 1.0, 7.0]],
            {"at": []},
            "The terms sum to 2.6, and loops that add one after another come to that too. numpy is\n"
            "not installed here; it may add in another order.",
        ),
        (
            ["i->", [1e308, 1e308]],
            {"at": []},
            "c is inf although every term is finite: their sum 2e+308 is beyond float64, whose\n"
            "largest value is 1.79769e+308.",
        ),
        (
            ["ij,jk->ik", [[1.0, float("inf")], [3.0, 4]], [[0.0, 0], [0.0, 1.0]]],
            {"nonfinite": True},
            "C[0,0] is nan because A[0,1] is inf and B[1,0] is 0: 0 · inf is nan.",
        ),
        (
            ["i->", [float("inf"), 1.0, float("-inf")]],
            {"nonfinite": True},
            "c is nan because a[0] is inf and a[2] is -inf: inf - inf is nan.",
        ),
        (
            ["y[i] = A[i,j]*x[j]/2 - b[i]", [[1.0, 2.0]], [5.0, 6.0], [1.0]],
            {"at": [0]},
            "The terms sum to 7.5, and loops that add one after another come to that too.",
        ),
        (
            ["y[i] = A[i,j]*x[j]/2 - b[i]", [[1.0, 2.0]], [5.0, float("inf")], [1.0]],
            {"nonfinite": True},
            "is inf because x[1] is inf",
        ),
        (["y[i] = x[i]/2 - b[i]", [1.0], [5.0]], {"nonfinite": True}, "Every element is finite: loops that add"),
        (["i->", [0.5, 1.5]], {"nonfinite": True}, "Every element is finite: loops that add one term after another"),
    ],
)
def test_where_rounding_depends_on_the_order_the_page_says_who_added(arguments, keywords, wanted):
    (page,) = without([("why", arguments, keywords)])
    assert wanted in page
    assert "np.einsum gives" not in page
    assert "np.einsum's" not in page


def test_narrow_floats_print_with_their_digits_from_a_file(tmp_path):
    np.save(tmp_path / "a.npy", np.array([0.1, 0.2], "f4"))
    np.save(tmp_path / "b.npy", np.array([2, 4], "f2"))
    call: Call = ("why", ["i,i->i"], {"load": [str(tmp_path / "a.npy"), str(tmp_path / "b.npy")], "at": [1]})
    (page,) = without([call])
    assert page == with_numpy(*call)
    assert "0.2·4" in page


def test_random_whole_numbers_give_the_same_pages():
    generator = np.random.default_rng(5)
    calls: list[Call] = []
    for text, shapes, at in (
        ("ij,jk->ik", [(3, 4), (4, 2)], [2, 1]),
        ("iij,j->", [(3, 3, 2), (2,)], []),
        ("ij->j", [(5, 2)], [1]),
    ):
        for _ in range(3):
            arrays = [generator.integers(-9, 9, shape).tolist() for shape in shapes]
            halves = [(generator.integers(-9, 9, shape) / 4).tolist() for shape in shapes]
            calls += [("why", [text, *arrays], {"at": at}), ("why", [text, *halves], {"at": at, "top": 2})]
    for call, found in zip(calls, without(calls), strict=True):
        assert found == with_numpy(*call), call


EVALUATED = "verified against einloop's own evaluation: "
MISSING = "not verified: numpy, which computes what the loops are compared with, is not installed"


def test_loops_on_lists_and_plain_arrays_are_run_and_others_are_not():
    calls: list[Call] = [
        ("verify", [text], {"style": "lists"})
        for text in ("ij,jk->ik", "ii->i", "ij->", "i,i->i", "i,j,k->kji", "->", "iij,jk,k->i")
    ]
    calls += [
        ("verify", ["ij,jk->ik"], {"style": "lists", "shapes": [[2, 1], [3, 4]]}),
        ("verify", ["ij,j->i"], {"style": "lists", "load": [[[1, 2], [3, 4]], [5, 6]]}),
        ("verify", ["ij,j->i"], {"style": "lists", "arrays": [[[0.1, 2], [3, 4]], [5, 6]]}),
    ]
    calls += [
        ("verify", [text], {"style": style})
        for text in ("ij,jk->ik", "ii->i", "ij->", "i,j,k->kji", "->", "iij,jk,k->i", "np.einsum('ij,j', A, x)")
        for style in ("article", "scalar")
    ]
    calls += [
        ("verify", [text], {"style": style})
        for text in (
            "y[i] = A[i,j]*x[j]/3 - b[i]",
            "for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]",
            "T[i,j] = 0.5 * A[i,j] + 0.5 * A[j,i]",
            "y_i = \\frac{1}{n} \\sum_j A_{ij}",
            "s = alpha * x[i] * y[i] + beta",
        )
        for style in ("article", "scalar")
    ]
    calls += [
        ("verify", ["ij,jk->ik"], {"schedule": "tile(i,2)", "comments": True}),
        ("verify", ["ij,jk->ik"], {"shapes": [[2, 1], [3, 4]]}),
        ("verify", ["ij,j->i"], {"arrays": [[[1.5, 2], [3, 4]], [5.0, 6]]}),
    ]
    found = without(calls)
    assert all(one.startswith(EVALUATED) for one in found), found
    assert all("on plain arrays" in one for one in found[10:])
    assert "the arrays given are not compared" in found[9]
    assert "the arrays given are not compared" in found[-1]
    others: list[Call] = [
        ("verify", ["ij,jk->ik"], {"function": "f"}),
        ("verify", ["ij,jk->ik"], {"dtypes": "float32"}),
        ("verify", ["...ij->...ji"], {}),
        ("verify", ["ij,jk->ik"], {"target": "c"}),
        ("verify", ["ij->i"], {"source": "r = A.sum(axis=1)"}),
        ("verify", ["y[i] = A[i,j]*x[j]; z[i] = y[i]*2"], {}),
        ("verify", ["y = x[1:] - x[:-1]"], {}),
    ]
    assert without(others) == [MISSING] * 7


def test_loops_on_lists_that_are_wrong_are_told():
    from einloop.pipeline.verify_plain import verify_plain

    made = einloop.generate("ij,jk->ik", style="lists")
    wrong = replace(made, runner=lambda a, b: [[0] * len(b[0]) for _ in a])
    found = verify_plain(wrong)
    assert not found
    assert "MISMATCH with einloop's own evaluation of 'ij,jk->ik': the values differ" in str(found)
    failing = replace(made, runner=lambda a, b: a[99])
    assert "the loops raise IndexError: list index out of range" in str(verify_plain(failing))


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("y[i] = A[i,j]*x[j]/3 - b[i]", (("-b[i]", "b[i]"), ("/ 3", "/ 3.001"), ("x[j]", "x[0]"))),
        ("for i in range(n):\n    y[i] += 2 * x[i]", (("2", "3"), ("+=", "="), ("x[i]", "x[i - 1]"))),
    ],
)
def test_loops_of_sums_that_are_wrong_are_told(text, changes):
    from einloop.pipeline.verify_plain import verify_plain

    made = einloop.generate(text)
    assert verify_plain(made)
    for old, new in changes:
        source = made.source.replace(old, new)
        assert source != made.source
        found = verify_plain(replace(made, source=source, program=replace(made.program, text=source)))
        assert not found
        assert "the values differ" in str(found)


def test_loops_on_plain_arrays_that_are_wrong_are_told():
    from einloop.pipeline.verify_plain import verify_plain

    made = einloop.generate("ij,jk->ik")
    for old, new, said in (
        ("B[j, k]", "B[j, k] * 2", "the values differ"),
        ("A[i, j] *", "A[i, 99] *", "the loops raise IndexError: index 99 is out of bounds for axis 1"),
        ("C[i, k]", "C[k, i]", "MISMATCH"),
        ("np.zeros((I, K))", "np.zeros((K, I))", "MISMATCH"),
        ("+=", "=", "the values differ"),
    ):
        source = made.source.replace(old, new)
        assert source != made.source
        found = verify_plain(replace(made, source=source, program=replace(made.program, text=source)))
        assert not found
        assert found.skipped is None
        assert said in str(found)


CLI = """
import sys
sys.modules["numpy"] = None
from einloop.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ij,jk->ik"], 0, EVALUATED),
        (["...ij->...ji"], 0, MISSING),
        (["ij,jk->ik", "--style", "lists"], 0, EVALUATED),
        (["verify", "ij,jk->ik"], 0, EVALUATED),
        (["verify", "...ij->...ji"], 3, ""),
        (["diff", "ij->i", "ij->j"], 1, ""),
        (["why", "i->", "--load", "a.npy", "--at", ""], 0, ""),
        (["lift", "for i in range(n): y[i] = x[i]"], 0, "numpy, with which both are run, is not installed"),
        (["bench", "ij,jk->ik"], 2, "error EL485: this needs numpy, which is not installed\nhint: pip install numpy"),
    ],
)
def test_the_command_line_has_no_traceback(arguments, code, said, tmp_path):
    np.save(tmp_path / "a.npy", np.arange(3))
    done = subprocess.run(
        [sys.executable, "-c", CLI, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr
