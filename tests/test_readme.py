"""The commands and Python sessions of README and docs/, run; the output on a page is the output they give."""

import doctest

import pytest
from console import BLOCK, ROOT, run, sessions

from einloop.runners.compiler import find_compiler

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = [(page.name, block) for page in PAGES for block in BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=lambda part: part.splitlines()[0][:42])
def test_console_block(page, block, tmp_path):
    if "--target c" in block and find_compiler() is None:
        pytest.skip("no C compiler")
    for command, output in sessions(block):
        assert run(command, tmp_path) == output, (page, command)


def test_there_are_console_blocks():
    assert len(BLOCKS) >= 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_session(page):
    found = doctest.testfile(str(page), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 5 or page.name != "README.md"
