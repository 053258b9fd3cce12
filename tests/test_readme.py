"""README's commands and Python session, run; the output on the page is the output they give."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from einloop.runners.compiler import find_compiler

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
SHELL = f'einloop() {{ "{sys.executable}" -m einloop "$@"; }}; python() {{ "{sys.executable}" "$@"; }}; '


def sessions(block):
    """Yield each command of a console block with the output printed under it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command, folder):
    return subprocess.run(
        ["bash", "-c", SHELL + command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][2:42])
def test_console_block(block, tmp_path):
    if "--target c" in block and find_compiler() is None:
        pytest.skip("no C compiler")
    for command, output in sessions(block):
        assert run(command, tmp_path) == output, command


def test_there_are_console_blocks():
    assert len(BLOCKS) >= 8


def test_python_session():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert found.attempted > 5
    assert found.failed == 0
