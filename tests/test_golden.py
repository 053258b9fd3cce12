"""Emitted code, byte for byte. Every file in golden/ is one case:

    # expression: ij,jk->ik
    # options: shapes=2x3;3x4 style=scalar comments
    # output
    the text that `einloop.generate` must return

An option is a parameter of `generate`: a bare word for True, `key=value` for a text, with these forms for
more: `shapes` one shape per operand, separated by `;`, as on the command line (`2x3`, `N,M`, `()`, nothing where it
is unknown); `dtypes` and `names` separated by `;`; `sizes` as `i=2,j=3`. Options are split as in a shell, so
quotes protect blanks; the expression is the rest of its line.

`pytest --update-golden` rewrites the files, and fails: what it wrote is to be read first.
"""

from __future__ import annotations

import ast
import shlex
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import black
import pytest

import einloop

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.golden"))
MARK = "# output\n"


@dataclass(frozen=True)
class Golden:
    """One case: the head of the file, the arguments in it, and the text that follows."""

    head: str
    expression: str
    options: dict[str, Any]
    text: str


def read_golden(path: Path) -> Golden:
    """Return the case in a file. Raises ValueError where the file is not written as it should be."""
    head, mark, text = path.read_text(encoding="utf-8").partition(MARK)
    fields = dict(line.removeprefix("# ").split(": ", 1) for line in head.splitlines())
    if not mark or not {"expression"} <= set(fields) <= {"known", "expression", "options"}:
        raise ValueError(f"{path.name}: the head has an expression, perhaps options, and ends in {MARK!r}")
    words = shlex.split(fields.get("options", ""))
    options = dict(_option(*word.split("=", 1)) for word in words)
    return Golden(head, fields["expression"], options, text)


def _option(key: str, value: str | None = None) -> tuple[str, Any]:
    if value is None:
        return key, True
    if key == "sizes":
        return key, {label: int(size) for label, size in (pair.split("=") for pair in value.split(","))}
    if key in ("shapes", "dtypes", "names"):
        return key, [part or None for part in value.split(";")]
    return key, value


def check_golden(path: Path, *, update: bool) -> einloop.Generated:
    """Return the emission of a case that has the text of its file; fail otherwise, and after writing the file."""
    case = read_golden(path)
    generated = einloop.generate(case.expression, **case.options)
    if update:
        path.write_text(case.head + MARK + generated.source, encoding="utf-8")
        pytest.fail(f"{path.name} is written anew" if generated.source != case.text else f"{path.name} stays")
    assert generated.source == case.text
    return generated


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_golden(path: Path, request: pytest.FixtureRequest) -> None:
    generated = check_golden(path, update=request.config.getoption("--update-golden"))
    once = black.format_str(generated.source, mode=black.Mode())
    assert once == generated.source
    assert black.format_str(once, mode=black.Mode()) == once
    ast.parse(generated.source)
    if generated.target == "numba" and find_spec("numba") is None:
        pytest.skip("no Numba")
    found = einloop.verify(generated)
    assert found, str(found)


def test_every_case_is_another() -> None:
    cases = [read_golden(path) for path in FILES]
    assert len({(case.expression, str(case.options)) for case in cases}) == len(cases) >= 60


def test_updating_ends_red(tmp_path: Path) -> None:
    path = tmp_path / "case.golden"
    head = "# expression: ij->ji\n# options: names=X result=r\n# output\n"
    path.write_text(f"{head}nothing like it\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        check_golden(path, update=False)
    for said in ("is written anew", "stays"):
        with pytest.raises(pytest.fail.Exception, match=said):
            check_golden(path, update=True)
    assert path.read_text(encoding="utf-8") == head + einloop.generate("ij->ji", names=["X"], result="r").source
    check_golden(path, update=False)


@pytest.mark.parametrize(
    "text", ["", "# output\n", "# expression: i->\nc = 0\n", "# shapes: 2\n# expression: i\n# output\n"]
)
def test_a_broken_case_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.golden"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"case\.golden|dictionary update|not enough"):
        read_golden(path)
