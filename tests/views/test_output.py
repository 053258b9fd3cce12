"""Reports on the command line: formats, languages, files, colours on a terminal only."""

import json
import sys
from io import StringIO

import pytest
from samples import sample

from einloop.cli import main
from einloop.cli.output import Output, columns

EXPLAIN = ["explain", "ij,jk->ik"]


class Terminal(StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Return what puts a terminal in place of standard output (pytest sets its own at the start of a test)."""
    for name in ("NO_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def start():
        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        return stream

    return start


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("text", "ij,jk->ik\n\nFor every i and k, "),
        ("markdown", "# `ij,jk->ik`\n\nFor every `i` and `k`, "),
        ("html", "<!DOCTYPE html>\n"),
        ("fragment", '<div class="einloop" lang="en">\n'),
        ("latex", "\\documentclass{article}\n"),
        ("json", '{"kind": "explain", "subject": "ij,jk->ik", "language": "en", '),
        ("comment", "# For every i and k, multiply A[i,j] by B[j,k] and add up over j.\n"),
    ],
)
def test_formats(format, start, capsys, tmp_path):
    assert main([*EXPLAIN, "--format", format]) == 0
    page = capsys.readouterr().out
    assert page.startswith(start)
    path = tmp_path / "page"
    assert main([*EXPLAIN, "--format", format, "-o", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert path.read_text(encoding="utf-8") == page


def test_json_is_a_format_and_a_switch(capsys, tmp_path):
    assert main([*EXPLAIN, "--json"]) == 0
    page = capsys.readouterr().out
    assert main([*EXPLAIN, "--json", "--output", str(tmp_path / "page.json")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "page.json").read_text(encoding="utf-8") == page
    assert json.loads(page)["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["--format", "pdf"],
            "error EL469: there is no format 'pdf'\nhint: one of text, markdown, html, latex, json, comment\n",
        ),
        (["--lang", "xx"], "error EL469: there is no language 'xx'\nhint: one of en, ja\n"),
        (["-o", "no/page"], "error EL412: 'no/page' cannot be written: there is no folder 'no'\n"),
        (["-o", "."], "error EL412: '.' cannot be written: Is a directory\n"),
    ],
)
def test_refusals(arguments, error, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*EXPLAIN, *arguments]) == 2
    assert capsys.readouterr() == ("", error)


def test_a_terminal_shows_colours(terminal):
    stream = terminal()
    assert main(EXPLAIN) == 0
    page = stream.getvalue()
    assert page.startswith("\x1b[36mi\x1b[0m\x1b[35mj\x1b[0m,")
    assert "\x1b[1mShapes\x1b[0m" in page


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_shows_none(terminal, monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = terminal()
    assert main(EXPLAIN) == 0
    assert stream.getvalue().startswith("ij,jk->ik\n")
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("format", ["markdown", "html", "latex", "json", "comment"])
def test_only_text_is_coloured(terminal, format):
    stream = terminal()
    assert main([*EXPLAIN, "--format", format]) == 0
    assert stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_file_is_never_coloured(terminal, tmp_path):
    stream = terminal()
    assert main([*EXPLAIN, "-o", str(tmp_path / "page")]) == 0
    assert "\x1b" not in (tmp_path / "page").read_text(encoding="utf-8")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("given", "used"), [("60", 60), ("20", 40), ("500", 100), ("0", 80), ("", 80), ("x", 80)])
def test_the_width_of_a_terminal(terminal, monkeypatch, given, used):
    monkeypatch.setenv("COLUMNS", given)
    assert columns(terminal()) == used


def test_a_page_takes_the_width_of_its_terminal(terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = terminal()
    Output().report(sample())
    assert "\nadd up over \x1b[35mj\x1b[0m and \x1b[33mk\x1b[0m.\n" in stream.getvalue()


def test_json_where_the_output_has_few_letters(monkeypatch):
    from io import BytesIO, TextIOWrapper

    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="ascii"))
    Output(json=True).report(sample())
    assert json.loads(raw.getvalue())["sections"][0]["text"][1].startswith("c[i] = Σ_j")
