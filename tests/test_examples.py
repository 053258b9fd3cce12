"""The examples run from any folder, and what lies in examples/article/ is what einloop prints."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from einloop.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
FILES = sorted((EXAMPLES / "article").glob("*.py"))
ARTICLE = (
    "ij->ji", "ab->ba", "i->i", "i->", "ij->", "ij->i", "ij->j", "i,i->", "i,i->i", "i,j->ij", "i,j,k->ijk",
    "i,j,k->ki", "md,nd->mn", "bimd,bind->bimn",
)  # fmt: skip


def run(script, *arguments, cwd):
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    """A copy of examples/ that a test may spoil."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples"))


def test_every_expression_of_the_article_has_a_file():
    commands = [path.read_text(encoding="utf-8").splitlines()[0] for path in FILES]
    assert tuple(shlex.split(command)[2] for command in commands) == ARTICLE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_first_line_is_the_command_that_prints_the_rest(path, capsys):
    first, loops = path.read_text(encoding="utf-8").split("\n", 1)
    mark, program, *words = shlex.split(first)
    assert (mark, program) == ("#", "einloop")
    assert main([*words, "--no-verify"]) == 0
    assert capsys.readouterr().out == loops


def test_the_files_are_up_to_date(tmp_path):
    done = run(EXAMPLES / "make.py", "--check", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_make_writes_the_same_files_again(copy):
    for path in (copy / "article").glob("*.py"):
        path.unlink()
    (copy / "article" / "15_left_over.py").write_text("", encoding="utf-8")
    assert run(copy / "make.py", "--check", cwd=copy).returncode == 1
    assert run(copy / "make.py", cwd=copy).returncode == 0
    made = sorted((copy / "article").glob("*.py"))
    assert [path.name for path in made] == [path.name for path in FILES]
    assert [path.read_bytes() for path in made] == [path.read_bytes() for path in FILES]


def test_run_prints_one_line_per_file(tmp_path):
    done = run(EXAMPLES / "run.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [path.name for path in FILES]
    assert [line.split()[1] for line in lines] == list(ARTICLE)
    assert "ij->i            (3, 4) -> (3,)" in done.stdout


def test_run_finds_a_wrong_loop(copy):
    path = copy / "article" / "06_row_sums.py"
    path.write_text(path.read_text(encoding="utf-8").replace("+=", "="), encoding="utf-8")
    done = run(copy / "run.py", cwd=copy)
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines() if "DIFFERENT" in line] == [path.name]


def test_attention(tmp_path):
    done = run(EXAMPLES / "attention.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^(\d)\. ", done.stdout, re.MULTILINE) == list("12345678")
    assert done.stdout.count("the loops agree with np.einsum") == 6
    assert "S[b, h, m, n] += Q[b, h, m, e] * K[b, h, n, e]" in done.stdout
    assert done.stdout.endswith("Every step agrees.\n")


def test_readme_lists_every_example(tmp_path):
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    lines = run(EXAMPLES / "run.py", cwd=tmp_path).stdout.splitlines()
    rows = re.findall(r"^\| \[(\S+)\]\(article/(\S+)\) \| `(\S+)` \| (.*) \|$", page, re.MULTILINE)
    assert [(a, c) for a, _, c, _ in rows] == [tuple(line.split()[:2]) for line in lines]
    assert all(a == b and line.endswith(f" {words}") for (a, b, _, words), line in zip(rows, lines, strict=True))
    assert {path.name for path in EXAMPLES.glob("*.py")} <= set(re.findall(r"`(\w+\.py)`", page))
