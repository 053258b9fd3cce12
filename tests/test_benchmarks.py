"""The benchmarks run to their end and print their figures; what the figures are is no matter here."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from test_extension import headers as has_headers

from einloop.runners.compiler import find_compiler

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"


def run(script, *arguments, cwd, codes=(0,)):
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode in codes, done.stderr) == (True, "")
    return done.stdout


@pytest.mark.parametrize("rounds", ["1", "2"])
def test_startup(rounds, tmp_path):
    printed = run("startup.py", "--rounds", rounds, cwd=tmp_path)
    for setting in ("bytecode kept", "no bytecode written"):
        assert re.search(rf"^einloop 'ij,jk->ik', {setting}( +\d+\.\d){{2}}$", printed, re.MULTILINE)
        assert re.search(rf"^einloop over jinja2, {setting}: \d+\.\d\d \(minima\)", printed, re.MULTILINE)
    assert printed.endswith(f"again: python benchmarks/startup.py --rounds {rounds}\n")


def test_generation(tmp_path):
    printed = run("generation.py", "--rounds", "1", cwd=tmp_path)
    assert "40 expressions of 2 to 5 operands" in printed
    assert "63 operands, 52 indices" in printed
    for counts in ("1 2 4 8 16 32 63", "1 2 4 8 16 32 52"):
        assert re.search(counts.replace(" ", " +") + "$", printed, re.MULTILINE)
    assert printed.endswith("again: python benchmarks/generation.py --rounds 1\n")


def test_dropin(tmp_path):
    pytest.importorskip("numpy._core.tests.test_einsum")
    printed = run("dropin.py", "--rounds", "2", cwd=tmp_path)
    assert re.search(r"^  ij,jk->ik( +-?\d+\.\d\d){2}( +-?\d+){2}$", printed, re.MULTILINE)
    assert re.search(r"^[\d,]+ calls of numpy's suite, over np.einsum$", printed, re.MULTILINE)


@pytest.mark.skipif(find_compiler() is None or not has_headers(), reason="no C compiler, or no headers")
def test_exported(tmp_path):
    printed = run("exported.py", "--rounds", "1", "--only", "ij->j", cwd=tmp_path)
    assert re.search(r"^  ij->j 1000x1000 float32( +\d+\.\d\d){2}$", printed, re.MULTILINE)
    assert re.search(r"^  ij->j 512x512( +\d+\.\d\d){2}$", printed, re.MULTILINE)
    assert printed.endswith("again: python benchmarks/exported.py --rounds 1 --only ij->j\n")


def test_threads_busy(tmp_path):
    printed = run("threads_busy.py", "--rounds", "1", cwd=tmp_path, codes=(0, 1))
    if "two processors are needed" not in printed:
        assert len(re.findall(r"^  \S+( +\d+\.\d\d){3} +\d+\.\d\d to", printed, re.MULTILINE)) == 15
        assert printed.endswith("again: python benchmarks/threads_busy.py --rounds 1\n")


def test_the_expressions_are_distinct_and_of_2_to_5_operands(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    from expressions import EXPRESSIONS

    assert len(set(EXPRESSIONS)) == len(EXPRESSIONS) == 40
    assert {expression.count(",") + 1 for expression in EXPRESSIONS} == {2, 3, 4, 5}


@pytest.mark.parametrize("script", ["startup.py", "generation.py", "dropin.py", "exported.py"])
def test_readme_says_how_to_run(script):
    page = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
    assert f"python benchmarks/{script}\n" in page


def test_questions(tmp_path):
    printed = run("questions.py", "--only", "shapes-of-matrices", cwd=tmp_path)
    assert re.search(r"^yes  shapes +\d+\.\d\d s  shapes-of-matrices$", printed, re.MULTILINE)
    assert printed.endswith("begin without an einsum: 1 of 1\nanswered by one command: 1 of 1\n")


def test_there_are_forty_questions_and_seventeen_begin_without_an_einsum():
    questions = tomllib.loads((BENCHMARKS / "questions.toml").read_text(encoding="utf-8"))["questions"]
    assert len(questions) == len({question["id"] for question in questions}) == 40
    assert sum(question["form"] != "einsum" for question in questions) >= 17
    assert all(question["question"] and ("answer" in question or "says" in question) for question in questions)
