"""Writes docs/errors.md from the registry of ids: `python docs/make_errors.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from einloop.core.registry import RETIRED, TABLES, rows

DOCS = Path(__file__).parent
HEAD = """\
# Errors and findings

<!-- made by docs/make_errors.py from einloop/core/registry.py -->

Every error has an id with one meaning: in `error.id`, in the first line of its text and in JSON. Its class is the one
that its section is named after, and every class is an `EinloopError`, which is a `ValueError`. Findings are not raised:
[`check`](check.md) and the other commands print them, and `report.findings` has them.
"""
SECTIONS = {
    "EinloopError": "the root of all errors",
    "NotationError": "the expression cannot be read",
    "ShapeError": "shapes and expression do not fit",
    "DtypeError": "a dtype that cannot be computed with",
    "OptionError": "options, names and files",
    "TemplateError": "targets and templates",
    "RunError": "running and verifying",
    "Finding": "warnings and notes on what is legal",
}
OLD = """\
## Retired and split ids

Some ids once had several meanings. For the meaning in the second column, code that compares with the first id must now
compare with the third. No longer in use: {retired}.

| id | meaning | now |
|---|---|---|
"""
HEADING = re.compile(r"^#+ (.*EL\d{3}.*)$", re.MULTILINE)


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *_sections(), OLD.format(retired=", ".join(RETIRED)) + "\n".join(_old()), ""])


def _sections() -> Iterator[str]:
    links = dict(_links())
    for kind, said in SECTIONS.items():
        yield f"## {kind}: {said}\n\n| id | meaning |\n|---|---|"
        for row in TABLES[kind]:
            shown = f"[{row.id}]({links[row.id]})" if row.id in links else row.id
            yield f"| {shown} | {row.meaning} |"
        yield ""


def _links() -> Iterator[tuple[str, str]]:
    """Yield every id that check.md explains, with the address of its heading."""
    for heading in HEADING.findall((DOCS / "check.md").read_text(encoding="utf-8")):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        yield from ((id, f"check.md#{anchor}") for id in re.findall(r"EL\d{3}", heading))


def _old() -> Iterator[str]:
    """Yield a row for every meaning that an id had and another one has now."""
    moved = sorted((old, row.id, row.meaning) for _, row in rows() for old in row.were)
    yield from (f"| {old} | {meaning} | {id} |" for old, id, meaning in moved)


if __name__ == "__main__":
    (DOCS / "errors.md").write_text(page(), encoding="utf-8")
