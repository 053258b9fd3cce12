"""What reaches a terminal: every character visible, wherever the words come from; streams that fail; interrupts."""

import ast
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_cli import ROWS, environment, failing, finished, on_terminal, run, shell

import einloop
from einloop import EinloopError, cli
from einloop.cli.lines import lines_of
from einloop.core.visible import columns, visible

__all__ = ["run"]

PACKAGE = Path(einloop.__file__).parent

HOSTILE = {
    "escape sequence": "\x1b[31m",
    "title of the window": "\x1b]0;owned\x07",
    "bell": "\x07",
    "backspaces": "safe\x08\x08\x08\x08",
    "carriage return": "\rverified",
    "delete": "\x7f",
    "C1": "\x9b2J",
    "right to left": "\u202egnp.\u202c",
    "isolates": "\u2066x\u2069",
    "line separator": "\u2028",
    "next line": "\x85",
    "no width": "a\u200bb\u2060\ufeff",
    "selectors": "\ufe0f\U000e0100",
    "tags": "\U000e0041",
    "filler": "\u3164",
    "surrogate": "\udcff",
}
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)  # fmt: skip
"""What must not be on a terminal; tabs, which source text may have, are shown as blanks."""

ALL = "".join(HOSTILE.values())
CONTROLS = ALL.replace(HOSTILE["selectors"], "").replace(HOSTILE["filler"], "")
"""Without what Python itself writes into a literal as it is: loops are printed as they are."""
NO_SURROGATE = ALL.replace(HOSTILE["surrogate"], "")
"""A file that is UTF-8 can hold it."""

hostile = pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)


def seen(result):
    """Assert that every character that a command printed can be seen, and that it did not fail; return all of it."""
    code, out, err = result
    found = UNSEEN.search(out + err)
    assert found is None, repr(found)
    assert "EL000" not in out + err
    return code, out + err


def told(words):
    """Return how hostile words are shown."""
    return visible(words, keep="")


@hostile
def test_every_hostile_text_is_one(words):
    assert UNSEEN.search(words)
    assert not UNSEEN.search(told(words))


@pytest.mark.parametrize("text", ["ij,jk->ik", "größe ∑ 添字", "e\u0301", "a\nb", "🙂", ""])
def test_what_is_seen_stays(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    "command",
    [
        ["{}"], ["ij->i", "{}"], ["ij->i", "--{}"], ["ij->i", "--names", "{}"], ["ij->i", "--names", "{},b,c"],
        ["ij->i", "--result", "{}"], ["ij->i", "--function", "{}"], ["ij->i", "--style", "{}"],
        ["ij->i", "--target", "{}"], ["ij->i", "--templates", "{}"], ["ij->i", "--order", "{}"],
        ["ij->i", "--path", "{}"], ["ij->i", "--schedule", "tile({})"], ["ij->i", "--schedule", "{}"],
        ["ij->i", "--sizes", "{}=2"], ["ij->i", "--sizes", "i={}"], ["ij->i", "-s", "{}"], ["ij->i", "-s", "{}=2x3"],
        ["ij->i", "--dtype", "{}"], ["ij->i", "--dtype", "{}=int8"], ["ij->i", "--load", "{}"],
        ["ij->i", "--notation", "{}"], ["ij->i", "--notation", "named", "{}"], ["ij->i", "--seed", "{}"],
        ["--notation", "named", "a {} -> a"], ["explain", "ij->i", "--format", "{}"],
        ["explain", "ij->i", "--lang", "{}"], ["check", "ij->i", "--dialect", "{}"],
        ["check", "ij->i", "--expect", "{}"],
        ["why", "ij->i", "--at", "{}"], ["why", "ij->i", "--top", "{}"], ["diff", "ij->i", "{}"],
        ["bench", "ij->i", "-s", "2x3", "--targets", "{}"], ["bench", "ij->i", "--rounds", "{}"],
        ["bench", "ij->i", "--plot", "{}"], ["bench", "ij->i", "--plot", "no/{}.svg"],
        ["verify", "ij->i", "--source", "{}"], ["ij->i", "-o", "no/{}"], ["explain", "ij->i", "-o", "no/{}.md"],
        ["templates", "--templates", "{}"],
        ["ij->i", "-o", "{}.md"], ["C[{}] = A[i]"], ["C[i] = A{}[i]"], ["np.einsum('ij->{}', a)"],
        ["np.einsum('ij->i', a, optimize='{}')"], ["np.einsum('ij->i', a['{}'])"],
        ["explain", "np.einsum('ij->i', a['{}'])"],
        ["check", "np.einsum('i,j->', a['{}'], b)"], ["x = '{}'\nnp.einsum('ij->i', a)"],
        ["np.einsum('ij->i', a) + '{}'"], ["explain", "np.einsum('ij->i', a) + '{}'"], ["# {}\nnp.einsum('ij->i', a)"],
        ["diff", "np.einsum('ij->i', a['{}'])", "np.einsum('ij->i', b['{}'])"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_argument_reaches_a_terminal_raw(run, command):
    words = [word.replace("{}", CONTROLS) for word in command]
    if command[0] not in [row.name for row in cli.COMMANDS]:
        words.append("--no-verify")
    seen(run(*words))
    seen(run(*words, "--json"))


@hostile
def test_no_hostile_text_reaches_a_terminal_raw(run, words):
    for command in (["ij->i", words], [f"ij->{words}"], ["ij->i", "--names", words], ["ij->i", "--load", words]):
        seen(run(*command))
        assert UNSEEN.search(run(*command, "--debug")[2]) is None
        seen(run(*command, "--json"))


@pytest.mark.parametrize("command", [["--no-verify"], ["explain"], ["check"]])
def test_no_line_of_standard_input_reaches_a_terminal_raw(run, command):
    seen(run(*command, "-", stdin=f"ij->{ALL}\nij->i\nnp.einsum('ij->i', a['{CONTROLS}'])\n"))


@pytest.mark.parametrize(
    "source",
    ["c = A.sum(axis=0)  # {}", "c = '{}'", "raise ValueError(*)", "import {}", "{}"],
)
def test_no_line_of_a_source_reaches_a_terminal_raw(run, source):
    text = source.replace("{}", NO_SURROGATE).replace("*", repr(NO_SURROGATE))
    Path("mine.py").write_text(text, encoding="utf-8")
    seen(run("verify", "ij->i", "--source", "mine.py"))


def test_an_exception_that_draws_a_verdict_draws_none(run):
    forged = "\\nverified against np.einsum: 99 cases equal\\x1b[2K\\r"
    Path("mine.py").write_text(f"c = A.sum(axis=1)\nif len(A) > 2: raise ValueError('{forged}')\n")
    code, text = seen(run("verify", "ij->i", "--source", "mine.py"))
    assert code in (1, 3)
    assert not re.search(r"^verified", text, re.MULTILINE)


def test_tabs_of_a_source_are_blanks(run):
    Path("mine.py").write_text("if True:\n\tc = A.sum(axis=0)\nc = c\n")
    _, text = seen(run("verify", "ij->i", "--source", "mine.py"))
    assert "     2 |         c = A.sum(axis=0)\n" in text


@pytest.mark.parametrize("words", [NO_SURROGATE, HOSTILE["surrogate"], "new\nline"])
def test_no_name_of_a_file_reaches_a_terminal_raw(run, words):
    name = f"f{words}.npy"
    np.save("a.npy", np.ones((2, 3)))
    os.rename("a.npy", name)
    os.mkdir(f"t{words}")
    for command in (
        ["ij->i", "--no-verify", "--load", name],
        ["ij->i", "--load", name, "-s", "5x5"],
        ["ij->i", "--load", name, "-o", name],
        ["why", "ij->i", "--at", "0", "--load", name],
        ["explain", "ij->i", "--load", name],
        ["ij->i", "--load", f"no/{name}"],
        ["ij->i", "--no-verify", "--templates", f"t{words}"],
        ["templates", "--copy", f"t{words}"],
        ["templates", "--templates", f"t{words}"],
        ["templates", "--copy", f"t{words}"],
    ):
        seen(run(*command))


@pytest.mark.parametrize(
    "name", ["EINLOOP_CACHE_DIR", "EINLOOP_CACHE_LIMIT", "XDG_CACHE_HOME", "HOME", "LANG", "TERM", "COLUMNS"]
)
def test_no_value_of_the_environment_reaches_a_terminal_raw(run, name, monkeypatch):
    if name == "HOME":
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if name in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv("EINLOOP_CACHE_DIR", raising=False)
    for value in (ALL, f"/tmp/{ALL}"):
        monkeypatch.setenv(name, value.replace("\0", ""))
        seen(run("cache"))
        seen(run("cache", "--json"))
        seen(run("explain", "ij->i", "--lang", "auto"))


def test_colours_do_not_let_controls_through():
    for words in (["ij\x1b[31m->i"], ["ij->i", "--names", "a\x9b,b"], ["explain", "np.einsum('ij->i', a['\x1b[5m'])"]):
        shown, _ = on_terminal(words, TERM="xterm")
        assert not UNSEEN.search(re.sub(r"\x1b\[[\d;]*m", "", shown))
        assert "\x1b[5m" not in shown
        assert shown.count("\x1b[31m") == 0


def test_json_says_the_same_in_escapes(run):
    code, out, _ = run("ij\x7f\u202e\U000e0041->i", "--json")
    assert code == 2
    assert json.loads(out)["error"]["text"] == "ij\x7f\u202e\U000e0041->i"
    assert "\\u007f\\u202e\\udb40\\udc41" in out
    code, out, _ = run("--notation", "named", "größe tiefe -> tiefe", "--json", "--no-verify")
    assert "größe" in out


@pytest.mark.parametrize(
    ("text", "shown", "carets"),
    [
        ("ij->z", "ij->z", "    ^"),
        ("i\u200bj->i", "i\\u200bj->i", " ^^^^^^"),
        ("ij\x1b[31m->i", "ij\\x1b[31m->i", "  ^^^^"),
        ("添j->i", "添j->i", "^^"),
        ("i\tj->i", "i j->i", " ^"),
        ("i\u0301j->i", "i\\u0301j->i", " ^^^^^^"),
        ("i\udcffj->i", "i\\udcffj->i", " ^^^^^^"),
    ],
)
def test_carets_stand_under_what_they_mark(run, text, shown, carets):
    lines = run(text)[2].splitlines()
    assert lines[1:3] == [f"  {shown}", f"  {carets}"]


def test_carets_after_wide_letters(run):
    lines = run("C[i] = 添字[i] / x[i]")[2].splitlines()
    line, carets = lines[1], lines[2]
    assert columns(line[: line.index("x[i]")]) == len(carets) - len(carets.lstrip())


@hostile
def test_python_s_own_errors_are_visible_too(words):
    for call in (
        lambda: einloop.generate(f"ij->{words}"),
        lambda: einloop.generate("ij->i", names=[f"{words}-"]),
        lambda: einloop.explain("ij->i", style=words),
        lambda: einloop.generate("ij->i", load=[words]),
    ):
        with pytest.raises(EinloopError) as caught:
            call()
        assert not UNSEEN.search(str(caught.value))


# One place prints

WRITERS = {"core/console.py"}
"""Modules that may write to standard output and standard error."""


def printing(path):
    """Return the calls in a module that write to a stream of the process."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in ("print", "input", "pprint", "print_exc", "print_exception") or re.fullmatch(
                r"(sys\.)?(__)?std(out|err)(__)?(\.buffer)?\.\w*(write|writelines)", name
            ):
                yield f"{path.name}:{node.lineno}: {name}"
            if name == "os.write" and node.args and ast.unparse(node.args[0]) in ("1", "2"):
                yield f"{path.name}:{node.lineno}: {name}"


def test_one_place_prints():
    found = [
        call
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).as_posix() not in WRITERS
        for call in printing(path)
    ]
    assert found == []


# Options


VALUES = ["--", "-", "", "\udc80", "9" * 23, "nan", "-1", "\0", "="]


@pytest.mark.parametrize("command", [row.name for row in cli.COMMANDS])
def test_no_value_of_an_option_is_a_failure_of_einloop(run, command):
    from importlib import import_module

    from einloop.cli.parser import Parser

    expressions = {"cache": [], "templates": [], "diff": ["ij->i", "ab->a"]}
    (row,) = (row for row in cli.COMMANDS if row.name == command)
    parser = Parser(command=row, commands=cli.COMMANDS, bare=False)
    import_module(f"einloop.cli.{row.name}").configure(parser)
    words = [command, *expressions.get(command, ["ij->i"])]
    words += {"show": ["--no-verify"], "why": ["--at", "0"], "verify": ["--source", "no.py"]}.get(command, [])
    for action in parser._actions:
        if not action.option_strings or action.nargs is not None or action.dest == "copy":
            continue
        flag = action.option_strings[-1]
        for value in VALUES:
            seen(run(*words, f"{flag}={value}"))
            seen(run(*words, flag, value))


# Streams


COMMANDS = [
    "einloop 'ij->i'", "einloop explain 'ij->i'", "einloop check 'ij,kl->il'", "einloop verify 'ij->i'",
    "einloop cache", "einloop templates", "einloop --help", "einloop --version", "einloop 'ij->i' --json --no-verify",
    "einloop 'ij->z' --json",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_standard_output_is_said(tmp_path, command):
    done = shell(f"{command} >/dev/full", tmp_path)
    assert done.returncode == 2
    assert "error EL414: standard output cannot be written: No space left on device\n" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("einloop 'ij->i'", 0), ("einloop 'ij->z'", 2), ("einloop verify 'ij->i'", 0), ("einloop diff ij ji", 1),
        ("einloop 'ij->i' --nope", 2), ("einloop explain 'ij->i'", 0), ("einloop - < /dev/null", 0),
        ("einloop verify 'ij->i' --source wrong.py", 1), ("einloop 'ij->i' --debug --order x", 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", ["2>/dev/full", "2>&-", "2</dev/null"])
def test_a_standard_error_that_takes_nothing_changes_no_exit_code(tmp_path, command, code, stream):
    (tmp_path / "wrong.py").write_text("c = A.sum(axis=0)\n")
    assert shell(f"{command} {stream}", tmp_path).returncode == code


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", "<&- 2>&-", "<&-", "2>&-"])
def test_a_file_never_gets_what_is_meant_for_a_closed_stream(tmp_path, closed):
    shell(f"einloop 'ij->i' -o rows.py {closed}", tmp_path)
    assert (tmp_path / "rows.py").read_text() == ROWS


def test_a_standard_input_that_cannot_be_read_is_said():
    class Broken(io.StringIO):
        def readline(self, limit):
            raise OSError(5, "Input/output error")

    with pytest.raises(EinloopError) as caught:
        list(lines_of(Broken()))
    assert (caught.value.id, caught.value.message) == ("EL412", "standard input cannot be read: Input/output error")


def test_an_error_of_the_system_names_its_file(run):
    def fail():
        raise PermissionError(13, "Permission denied", "some\x1bfile")

    found = run("ij->i", load=failing(fail))
    assert found == (2, "", "error EL467: the system refuses: 'some\\x1bfile': Permission denied\n")

    def exhaust():
        raise MemoryError

    assert run("ij->i", load=failing(exhaust)) == (2, "", "error EL468: this takes more memory than there is\n")


@pytest.mark.parametrize(
    "command", ["einloop 'ij->i'", "einloop cache", "einloop check 'ij->i'", "einloop verify 'ij->i'"]
)
@pytest.mark.parametrize("cache", ["", "EINLOOP_CACHE_DIR=relative "])
def test_a_working_directory_that_is_gone(tmp_path, command, cache):
    (tmp_path / "gone").mkdir()
    done = shell(f"cd gone; rmdir ../gone; {cache}{command}", tmp_path)
    assert "Traceback" not in done.stderr
    assert "EL000" not in done.stderr
    assert done.returncode == (2 if cache and "cache" in command.split()[-1] else 0)


@pytest.mark.parametrize(
    "settings",
    [
        {"COLUMNS": "0", "HOME": "/nonexistent", "TMPDIR": "/nonexistent", "PATH": ""},
        {"COLUMNS": "1", "HOME": "", "TERM": "", "PYTHONWARNINGS": "error"},
        {"COLUMNS": "x", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"COLUMNS": "9" * 30},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("words", [["ij->i"], ["--help"], ["verify", "ij->i"], ["ij->z"]], ids=" ".join)
def test_strange_surroundings(settings, words):
    code, _, err = finished(*words, env=environment(**settings))
    assert code == (2 if words == ["ij->z"] else 0), err
    assert b"Traceback" not in err
    assert b"EL000" not in err


# Interrupts

AT = """
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
sys.argv = ["einloop", "verify", "ij->i"]
from einloop.__main__ import run
run()
"""


@pytest.mark.parametrize(
    "name", ["einloop.cli", "argparse", "einloop.cli.verify", "einloop.pipeline.show", "jinja2", "numpy", "rich"]
)
def test_an_interrupt_at_any_moment_is_one_line(name):
    """A module that is being loaded is as good as a moment; rich is not needed here, and nothing interrupts."""
    process = spawn_python(AT.format(name=name))
    out, err = process.communicate()
    if name == "rich":
        assert (process.returncode, err.count(b"\n")) == (0, 1)
    else:
        assert (process.returncode, out, err) == (130, b"", b"interrupted\n")


def spawn_python(text):
    return subprocess.Popen(
        [sys.executable, "-c", text], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
