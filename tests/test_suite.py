"""The benchmark suite: its cases, its random expressions, its tables. What it measures is no matter here."""

import json
import os
import subprocess
import sys
from itertools import islice
from math import prod
from pathlib import Path

import numpy as np
import pytest

import einloop

ROOT = Path(einloop.__file__).parent.parent
BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def benchmarks_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)


def row(name, target=1.0, ready=0.1, over_blas=None, **rivals):
    from cases import case
    from measured_case import Row

    times = {"c": target, **rivals}
    return Row(
        case=case("ij,jk->ik", "i=1 j=1 k=1", name),
        times=times,
        medians=times,
        ready={"c": ready},
        over_blas={} if over_blas is None else {"c": over_blas},
        reasons={},
    )


def classes(*rows, id="tccg"):
    from table import Class

    return [Class(id=id, title=id, rows=rows)]


# Cases


def test_every_case_is_legal_and_its_class_is_named_once():
    from cases import GROUPS

    assert len({group.id for group in GROUPS}) == len(GROUPS)
    for group in GROUPS:
        for one in group.cases:
            arrays = [np.empty([1] * len(term)) for term in one.subscripts.split("->")[0].split(",")]
            np.einsum(one.subscripts, *arrays)
            assert set(one.sizes) == set(one.subscripts) - set(",->")
            assert one.dtype == "float32" or group.id != "float32"


def test_every_goal_is_of_a_class_and_about_something_measured():
    from cases import GROUPS
    from goals import GOALS, TITLES

    for goals in GOALS.values():
        assert set(goals) == {group.id for group in GROUPS}
        assert {goal.what for each in goals.values() for goal in each} <= set(TITLES)


# Random expressions


def test_the_same_seed_gives_the_same_cases():
    from random_cases import random_cases

    first, again, other = ([*islice(random_cases(seed), 20)] for seed in (1, 1, 2))
    assert first == again
    assert {one.subscripts for one in first} != {one.subscripts for one in other}


def test_they_do_not_depend_on_the_hash_seed():
    code = (
        f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n"
        "from itertools import islice; from random_cases import random_cases\n"
        "print([(one.subscripts, one.sizes) for one in islice(random_cases(0), 10)])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_random_cases_are_legal_and_within_their_bounds():
    from random_cases import LEAST_POINTS, LONGEST, MOST_ELEMENTS, MOST_POINTS, random_cases

    drawn = [*islice(random_cases(3), 200)]
    for one in drawn:
        inputs, target = one.subscripts.split("->")
        terms = inputs.split(",")
        np.einsum(one.subscripts, *(np.empty([1] * len(term)) for term in terms))
        assert [target] != terms
        assert LEAST_POINTS <= prod(one.sizes.values()) <= MOST_POINTS
        assert sum(prod(one.sizes[x] for x in term) for term in (*terms, target)) <= MOST_ELEMENTS
        assert all(2 <= size <= LONGEST for size in one.sizes.values())
        for number, term in enumerate(terms[1:], start=1):
            assert set(term) & set("".join(terms[:number]))
    counts = [one.subscripts.count(",") + 1 for one in drawn]
    assert set(counts) == {1, 2, 3, 4}
    assert any(len(set(t)) < len(t) for one in drawn for t in one.subscripts.split("->")[0].split(","))


# BLAS


@pytest.mark.parametrize(
    ("subscripts", "sizes", "applies"),
    [
        ("ij,jk->ik", "i=2 j=3 k=4", True),
        ("ij,kj->ik", "i=2 j=3 k=4", True),
        ("ji,jk->ik", "i=2 j=3 k=4", True),
        ("bij,bjk->bik", "b=2 i=3 j=4 k=5", True),
        ("abcd,cdef->abef", "a=2 b=3 c=4 d=5 e=2 f=3", True),
        ("abcd,dcef->abef", "a=2 b=3 c=4 d=5 e=2 f=3", False),
        ("ij,jk->ki", "i=2 j=3 k=4", False),
        ("bihd,bjhd->bhij", "b=2 i=3 j=4 h=2 d=3", False),
        ("ij,j->i", "i=2 j=3", False),
        ("ij->ji", "i=2 j=3", False),
    ],
)
def test_blas_is_measured_where_the_arrays_are_matrices_as_they_lie(subscripts, sizes, applies):
    from cases import case
    from measured_case import matmul_views, problem_for

    problem = problem_for(case(subscripts, sizes))
    product = matmul_views(problem)
    assert (product is not None) == applies
    if product is not None:
        expected = np.einsum(subscripts, *problem.arrays)
        out = np.empty(expected.shape)
        product(out)()
        assert np.allclose(out, expected)


# Tables


def test_figures_are_geometric_means_over_those_who_took_part():
    found = classes(row("a", einsum=2.0, path=3.0, over_blas=0.5), row("b", target=2.0, path=1.0))[0]
    assert found.reached("einsum", "c") == pytest.approx(2)
    assert found.reached("path", "c") == pytest.approx((3 * 0.5) ** 0.5)
    assert found.reached("blas", "c") == 0.5
    assert found.reached("fastest", "c") == pytest.approx(1)
    assert found.reached("ahead", "c") == 0.5
    assert found.reached("worst", "c") == 0.5
    assert found.reached("torch", "c") is None
    assert found.reached("path", "numba") is None


def test_the_tables_name_goals_met_and_missed():
    from table import page

    text = page(classes(row("a", path=1.5, torch=1.0)), ["c"], ["Some machine."])
    assert "| tccg | 1 | - | 1.50 | - | - | 1.00 | - | 1.00 | 0 of 1 | 1.50: `ij,jk->ik` |" in text
    assert "| tccg | optimize=True | 1.3 | 1.50 | met |" in text
    assert "| tccg | torch | 1.9 | 1.00 | missed |" in text
    assert "| every case | optimize=True | 0.8 | 1.50 | met |" in text
    assert "Until a kernel is ready: 100 ms of processor time in the middle, 100 at most (goal 500 ms: met)." in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("| tccg | 1") or "cases" in line}
    assert len(widths) == 1


def test_the_time_of_the_smallest_call_has_a_goal():
    from table import goal_table

    fast, slow = (goal_table(classes(row("4 x 4 matrices", target=t), id="tiny"), "c") for t in (1e-7, 2e-7))
    assert "| at most 150 ns | 100 ns | met |" in fast
    assert "| at most 150 ns | 200 ns | missed |" in slow


def test_a_target_that_was_nowhere_says_so():
    from table import page

    assert "No case could be timed with numba." in page(classes(row("a", path=1.0)), ["numba"], [])


def test_only_the_text_between_the_markers_changes(tmp_path):
    from table import START, STOP, write

    path = tmp_path / "page.md"
    path.write_text(f"above\n{START}\nold\n{STOP}\nbelow\n", encoding="utf-8")
    for text in ("new", "newer"):
        write(path, text)
        assert path.read_text(encoding="utf-8") == f"above\n{START}\n\n{text}\n\n{STOP}\nbelow\n"
    path.write_text("no markers\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"page.md: no <!-- suite --> ... <!-- /suite -->"):
        write(path, "new")


# The script


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / "suite.py"), *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_suite_runs_to_its_end(tmp_path):
    words = ["--only", "tiny", "--target", "python", "--rounds", "1", "--seconds", "0.5", "--log", "log.jsonl"]
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "| tiny calls | 9 |" in done.stdout
    assert done.stdout.endswith(f"again: python benchmarks/suite.py {' '.join(words)}\n")
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(logged) == 9
    assert {"class", "case", "times", "medians", "ready", "over_blas", "reasons"} == set(logged[0])
    assert {"python", "einsum", "path"} <= set(logged[0]["times"])


def test_an_unknown_class_is_refused(tmp_path):
    done = run("--only", "huge", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no class 'huge'" in done.stderr
