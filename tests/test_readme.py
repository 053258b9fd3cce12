"""README and docs/: commands and sessions are run, and what a page shows is what they print; links lead somewhere."""

import doctest
import re
from itertools import count

import pytest
from console import BLOCK, ROOT, run, sessions

from einloop.runners.compiler import find_compiler
from einloop.views.catalogue import FALLBACK, read_entries

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = [
    *PAGES,
    ROOT / "CONTRIBUTING.md",
    *(ROOT / room / "README.md" for room in ("templates", "examples", "benchmarks")),
]
BLOCKS = [(page.name, block) for page in PAGES for block in BLOCK.findall(page.read_text(encoding="utf-8"))]
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=lambda part: part.splitlines()[0][:42])
def test_console_block(page, block, tmp_path):
    if "--target c" in block and find_compiler() is None:
        pytest.skip("no C compiler")
    for command, output in sessions(block):
        assert run(command, tmp_path) == output, (page, command)


def test_there_are_console_blocks():
    assert len(BLOCKS) >= 90


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_session(page):
    found = doctest.testfile(str(page), module_relative=False)
    assert found.failed == 0
    assert found.attempted > 5 or page.name != "README.md"


def anchors(page):
    """Return what GitHub calls the headings of a page."""
    found = []
    for title in re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        base = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        found.append(next(name for n in count() if (name := f"{base}-{n}" if n else base) not in found))
    return found


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for groups in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = "".join(groups).partition("#")
        if not path.startswith("https://"):
            target = page.parent / path if path else page
            assert target.exists(), path
            assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_every_finding_has_an_example():
    pages = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("check.md", "why.md", "dropin.md"))
    shown = set(re.findall(r"^(?:warning |note |error )?(EL7\d\d)", "".join(FENCE.findall(pages)), re.MULTILINE))
    named = {
        id
        for path in (ROOT / "einloop" / "analysis").rglob("*.py")
        for id in re.findall(r'"(EL7\d\d)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 40
    assert named <= shown


def test_readme_is_short():
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) <= 200


def test_the_glossary_says_what_pages_say():
    meanings = [text for key, text in read_entries(FALLBACK).items() if key.startswith("glossary.")]
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert len(meanings) > 8
    assert [text for text in meanings if f"| {text} |" not in page] == ["What these words mean"]
