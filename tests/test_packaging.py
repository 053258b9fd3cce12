"""What `.ci/run` reads: the lowest versions, the quick tests, the newest Python."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import EXHAUSTIVE

ROOT = Path(__file__).parent.parent
CI = ROOT / ".ci"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

if not CI.is_dir():
    pytest.skip("this is not a checkout", allow_module_level=True)


def printed(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def test_every_requirement_has_a_lowest_version():
    extras = [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
    names = [re.match(r"[\w.-]+", one)[0] for one in (*PROJECT["dependencies"], *extras)]
    lines = printed(sys.executable, str(CI / "lowest.py"))
    assert [line.partition("==")[0] for line in lines] == names
    assert f"black=={re.search('black>=([0-9.]+)', str(PROJECT['dependencies']))[1]}" in lines


@pytest.mark.parametrize(
    ("requirement", "constraint"),
    [
        ("numpy>=2", "numpy==2"),
        ("opt_einsum>=3.4,<4", "opt_einsum==3.4"),
        ("torch[cuda] >= 2.1", "torch==2.1"),
        ("numpy", None),
        ("numpy<3", None),
        ("numpy>=", None),
    ],
)
def test_constraints(requirement, constraint, monkeypatch):
    monkeypatch.syspath_prepend(CI)
    from lowest import lowest

    if constraint is None:
        with pytest.raises(SystemExit, match="has no lower bound"):
            lowest(requirement)
    else:
        assert lowest(requirement) == constraint


def test_the_quick_tests_exist():
    lines = (CI / "quick.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(lines)) == len(lines) > 20
    assert [line for line in lines if not (ROOT / "tests" / line).is_file()] == []


def test_the_newest_python_starts():
    found = printed("bash", str(CI / "newest"))
    assert len(found) <= 1
    for python in found:
        assert printed(python, "-c", "import sys; print(sys.version_info >= (3, 12))") == ["True"]


def test_every_row_of_exhaustive_tests_is_about_a_test():
    for row in EXHAUSTIVE:
        file, *names = row.split("::")
        defined = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8")).body
        for name in names:
            (node,) = [node for node in defined if getattr(node, "name", None) == name]
            defined = node.body


def test_the_default_command_leaves_out_what_is_exhaustive():
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/test_other_suites.py", "tests/test_c.py"]
    without, with_all = (printed(*words, "-m", mark, "--rootdir", str(ROOT)) for mark in ("not exhaustive", ""))
    assert not any("test_other_suites" in line for line in without)
    assert any("test_other_suites" in line for line in with_all)
    assert 10 < len(without) < len(with_all) / 3
