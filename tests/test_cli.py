"""The command line: what it prints where, its exit codes, and that no mistake of a user ends in a traceback."""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.cli.bounded import read_text
from einloop.core.root import template_root
from einloop.schedule import PASSES
from einloop.targets.target import target_names

TARGETS = ", ".join(target_names())

PACKAGE = Path(einloop.__file__).parent

PRODUCT = """\
I, J = A.shape
J, K = B.shape
C = np.zeros((I, K))
for i in range(I):
    for j in range(J):
        for k in range(K):
            C[i, k] += A[i, j] * B[j, k]
"""
ROWS = """\
I, J = A.shape
c = np.zeros(I)
for i in range(I):
    for j in range(J):
        c[i] += A[i, j]
"""
VERIFIED_SOURCE = re.compile(
    r"verified against np\.einsum: \d+ cases equal \(float64, agreeing shapes; axes up to 1,031 long, "
    r"several at once up to \d+; (more would take too long; )?seed 0\)\n"
)
VERIFIED = re.compile(r"verified against np\.einsum: \d+ cases equal \(float64, agreeing shapes; seed 0\)\n")


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run the command line in this process, in an empty folder; give exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words, stdin="", **how):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            code = cli.main(list(words), **how)
        except SystemExit as stop:
            # --help and --version end in argparse
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


UNSET = ("NO_COLOR", "TERM", "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "PYTHONUTF8")
"""Settings that would change what a process prints or keeps."""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), "COLUMNS": "80", **more}


def spawn(*words, **how):
    """Start the command line in a process of its own."""
    how = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen([sys.executable, "-m", "einloop", *words], **how)


def finished(*words, **how):
    """Run the command line in a process of its own; return exit code and what it printed, as bytes."""
    process = spawn(*words, **how)
    out, err = process.communicate()
    return process.returncode, out, err


def shell(command, folder, **more):
    """Run a shell command line in which `einloop` is this one."""
    program = f'einloop() {{ {shlex.quote(sys.executable)} -m einloop "$@"; }}; '
    return subprocess.run(
        ["bash", "-c", program + command],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


def refused(result, text):
    """Assert that a run was refused with exactly this text, and nothing on standard output."""
    assert result == (2, "", text.removeprefix("\n"))


# The main example, exit codes, the ways in


def test_the_main_example(run):
    code, out, err = run("ij,jk->ik")
    assert (code, out) == (0, PRODUCT)
    assert VERIFIED.fullmatch(err)


def test_without_verification_nothing_is_on_standard_error(run):
    assert run("ij,jk->ik", "--no-verify") == (0, PRODUCT, "")


def test_show_is_the_long_form(run):
    assert run("show", "ij,jk->ik", "--no-verify") == (0, PRODUCT, "")


def test_a_note_goes_to_standard_error(run):
    code, out, err = run("ba", "--no-verify")
    assert code == 0
    assert out.startswith("n_b, n_a = A.shape\nC = np.zeros((n_a, n_b))\n")
    assert err == (
        "note: no '->', so the output is in alphabetical order, capitals first: 'ba->ab'; "
        "to get another order, write it\n"
    )


def test_an_illegal_expression_ends_with_2(run):
    refused(
        run("ij,jk->iz"),
        """
error EL106: output index 'z' is in no operand (they offer i, j, k)
  ij,jk->iz
          ^
hint: was 'k' meant? 'ij,jk->ik' is legal
""",
    )


def test_a_mismatch_ends_with_1_and_the_whole_story(run):
    Path("columns.py").write_text("r = A.sum(axis=0)\n", encoding="utf-8")
    code, out, err = run("verify", "ij->i", "--source", "columns.py")
    assert code == 1
    assert out == "shapes  dtypes   values          outcome\n2x3     float64  small integers  different\n"
    assert err == (
        "MISMATCH with np.einsum('ij->i'): shape (3,), np.einsum gives (2,)\n"
        "  inputs: (2, 3) float64 (small integers)\n"
        "  the code:\n"
        "     1 | r = A.sum(axis=0)\n"
        "  repeat with: einloop verify 'ij->i' --source columns.py --seed 0\n"
    )


def test_a_mismatch_names_the_first_element_both_values_and_its_terms(run):
    Path("short.py").write_text(ROWS.replace("range(J)", "range(J - 1)"), encoding="utf-8")
    code, _, err = run("verify", "ij->i", "--source", "short.py")
    assert code == 1
    assert re.search(
        r"first differing element: result\[0\]\n"
        r"    loops:     np\.float64\(.*\)\n"
        r"    np\.einsum: np\.float64\(.*\)\n"
        r"    A\[0, 0\] = .*\n    A\[0, 1\] = .*\n    A\[0, 2\] = .*\n"
        r"  the code:\n     1 \| I, J = A\.shape\n",
        err,
    )


def test_the_command_that_repeats_a_mismatch_repeats_it(run):
    Path("short.py").write_text(ROWS.replace("range(J)", "range(J - 1)"), encoding="utf-8")
    first = run("verify", "ij->i", "--source", "short.py", "--seed", "7")
    (command,) = re.findall(r"repeat with: einloop (.*)\n", first[2])
    assert run(*shlex.split(command)) == first


def test_right_loops_of_ones_own_end_with_0(run):
    Path("rows.py").write_text("r = A.sum(axis=1)\n", encoding="utf-8")
    code, out, err = run("verify", "ij->i", "--source", "rows.py")
    assert code == 0
    assert out.splitlines()[0].split() == ["shapes", "dtypes", "values", "outcome"]
    assert {line.split()[-1] for line in out.splitlines()[1:]} == {"equal"}
    assert VERIFIED_SOURCE.fullmatch(err)


LITERAL = "C = np.zeros((4, 5))\nfor i in range(4):\n    for k in range(5):\n        C[i, k] = A[i] @ B[:, k]\n"


def test_the_shapes_given_decide_over_a_source(run):
    Path("literal.py").write_text(LITERAL, encoding="utf-8")
    shapes = ("-s", "4x6", "-s", "6x5")
    code, out, err = run("verify", "ij,jk->ik", "--source", "literal.py", *shapes)
    assert code == 0
    assert out.splitlines()[1] == "4x6 6x5  float64  small integers                              equal"
    assert out.splitlines()[-1].split()[-1] == "different"
    assert err.startswith("verified against np.einsum for these shapes only (4x6 6x5): 20 cases equal (float64, ")
    assert "; at other sizes the loops differ: for 2x4 4x3, the loops failed: line 4 raised IndexError" in err
    code, out, err = run("verify", "ij,jk->ik", "--source", "literal.py", *shapes, "--shapes-only")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[1:]} == {"4x6"}
    assert err.endswith("no other sizes tried; seed 0)\n")
    code, _, err = run("verify", "ij,jk->ik", "--source", "literal.py", "-s", "4x6", "-s", "6x7", "--shapes-only")
    assert code == 1
    assert "repeat with: einloop verify ij,jk->ik --shape 4x6 --shape 6x7 --source literal.py --shapes-only" in (
        err.replace("'", "")
    )


def test_no_empty_axes_where_these_are_not_asked_for(run):
    source = "p = len(B[0])\nC = np.zeros((len(A), p))\nfor i in range(len(A)):\n    C[i] = A[i] @ B\n"
    Path("measured.py").write_text(source, encoding="utf-8")
    code, _, err = run("verify", "ij,jk->ik", "--source", "measured.py")
    assert code == 1
    assert "cases without an empty axis are equal; --no-empty or no_empty=True tries these only\n" in err
    code, _, err = run("verify", "ij,jk->ik", "--source", "measured.py", "--no-empty")
    assert code == 0
    assert "; no empty axes; seed 0)" in err


TOLD = [
    ("mul = lambda A, B: A @ B\n", (), "error EL628: the lambda 'mul' cannot be verified as it stands\n"),
    ("", (), "error EL619: the source is empty: there is nothing to verify\n"),
    ("A = np.eye(2)\nC = A @ A\n", (), "error EL616: the source makes its own inputs (A in line 1), so it cannot be "),
    ("C = A @ B\n", ("--shapes-only",), "error EL474: only the shapes given are to be tried, and not all of them are "),
    ("C = A @ A\n", ("--inputs", "A,A", "-s", "2x3"), "error EL403: 'i' is 2 and 'j' is 3, but they run over the same"),
]


@pytest.mark.parametrize(("source", "words", "told"), TOLD)
def test_a_source_that_cannot_be_verified_is_told_so(run, source, words, told):
    code, out, err = run("verify", "ij,jk->ik", "--source", "-", *words, stdin=source)
    assert (code, out) == (2, "")
    assert err.startswith(told)


@pytest.mark.parametrize(
    ("flag", "value"), [("--shapes-only", ()), ("--no-empty", ()), ("--inputs", ("A",)), ("--entry", ("f",))]
)
def test_what_to_try_is_for_sources(run, flag, value):
    refused(
        run("verify", "ij->i", flag, *value),
        f"error EL471: {flag} is for loops you wrote\nhint: name their file: --source FILE\n",
    )


def test_one_array_for_two_operands_of_a_source(run):
    code, _, err = run("verify", "ij,jk->ik", "--source", "-", "--inputs", "A,A", stdin="C = A @ A\n")
    assert code == 0
    assert "extents i = j = k" in err


def test_source_from_standard_input(run):
    code, _, err = run("verify", "ij->i", "--source", "-", stdin="r = A.sum(axis=1)\n")
    assert code == 0
    assert VERIFIED_SOURCE.fullmatch(err)


def test_the_seed_is_named_and_repeats(run):
    first = run("verify", "ij,jk->ik", "--seed", "5")
    assert first[2].endswith("; seed 5)\n")
    assert run("verify", "ij,jk->ik", "--seed", "5") == first
    assert run("verify", "ij,jk->ik", "--seed", "6")[1] != first[1]


@pytest.mark.parametrize("word", ["->", " ->", "-> ", "  ->  "])
@pytest.mark.parametrize("before", [(), ("show",), ("--no-verify",), ("--",)])
def test_an_expression_that_begins_with_an_arrow(run, word, before):
    code, out, _ = run(*before, word)
    assert (code, out) == (0, "c = a\n")


LARGE = ("ij,jk->ik", "--target", "c", "-s", "9000x9000", "-s", "9000x9000")


def zeros(run):
    Path("zero.py").write_text("r = a.dtype.type(0)\n", encoding="utf-8")
    np.save("ones.npy", np.ones(3000, "f2"))
    return run("verify", "i->", "--source", "zero.py", "--dtype", "float16", "--load", "a=ones.npy")


def endless(run):
    Path("endless.py").write_text("r = A[:, 0] * 0\nwhile True:\n    pass\n", encoding="utf-8")
    return run("verify", "ij->i", "--source", "endless.py")


def lost(run):
    Path("adds.py").write_text("r = np.add.accumulate(a)[-1] if a.size else a.dtype.type(0)\n", encoding="utf-8")
    np.save("tenths.npy", np.full(10_000_000, 0.1, "f4"))
    return run("verify", "i->", "--source", "adds.py", "--load", "a=tenths.npy")


def without_compiler(run, monkeypatch):
    monkeypatch.setenv("CC", "")
    monkeypatch.setenv("PATH", "")
    return run("verify", "ij->i", "--target", "c")


def refused_by_compiler(run, monkeypatch):
    monkeypatch.setenv("CC", "gcc -bogus")
    return run("verify", "ij->i", "--target", "c", "--style", "scalar")


UNVERIFIED = {
    "loops that do not end": (endless, "error EL620: stopped after 10 s: "),
    "rounding": (lost, "not verified: on the arrays given, "),
    "shapes that take too long": (lambda run: run("verify", *LARGE), "not verified: the text would run for about "),
    "no compiler": (without_compiler, "not verified: there is no C compiler here"),
}


@pytest.mark.parametrize("what", UNVERIFIED)
def test_what_could_not_be_verified_ends_verify_with_3(run, monkeypatch, what):
    act, words = UNVERIFIED[what]
    more = (monkeypatch,) if act is without_compiler else ()
    code, _, err = act(run, *more)
    assert (code, err[: len(words)]) == (3, words)


def test_a_compiler_that_fails_ends_verify_with_3(run, monkeypatch):
    code, out, err = refused_by_compiler(run, monkeypatch)
    assert (code, out) == (3, "")
    assert err.startswith("error EL63")


def test_what_was_printed_and_could_not_be_verified_is_printed_all_the_same(run):
    code, out, err = run(*LARGE)
    assert code == 0
    assert "void loops(" in out
    assert err.startswith("not verified: the text would run for about ")
    assert "above the 5 s allowed" in err


def test_a_wrong_program_within_a_wide_tolerance_ends_with_1(run):
    code, _, err = zeros(run)
    assert code == 1
    assert err.startswith("MISMATCH with np.einsum('i->'): 1 of 1 elements differ by up to 100.00% of the exact sum")


def test_the_help_of_verify_names_its_exit_codes(run):
    _, out, _ = run("verify", "--help")
    assert "exit codes: 0 verified, 1 different from np.einsum, 2 illegal input or options, 3 could not be" in out


def test_verify_takes_an_expression_that_begins_with_an_arrow(run):
    code, _, err = run("verify", "->")
    assert code == 0
    assert VERIFIED.fullmatch(err)


def test_a_wrong_expression_that_begins_with_an_arrow_keeps_its_caret(run):
    refused(
        run("->i"),
        """
error EL106: output index 'i' is in no operand (they have no index at all)
  ->i
    ^
hint: only an index of an operand can stand in the output; for a new axis write result[..., None]
""",
    )


@pytest.mark.parametrize("word", ["", " "])
def test_the_empty_expression_is_one_scalar(run, word):
    assert run(word, "--no-verify") == (0, "c = a\n", "")


def test_an_unquoted_arrow_gets_a_hint_about_quoting(tmp_path):
    done = shell("einloop ij,jk->ik", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "error EL101: the expression ends in '-' (character 5)\n"
        "  ij,jk-\n"
        "       ^\n"
        "hint: quote it: in a shell, an unquoted '>' sends the output to a file\n"
    )
    assert (tmp_path / "ik").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("command", ["show", "verify"])
def test_a_command_alone_hints_at_the_expression_of_its_letters(run, command):
    refused(
        run(command),
        f"""
error EL400: the following arguments are required: EXPR
hint: {command!r} is also a legal expression; its loops: einloop show {command}
""",
    )


@pytest.mark.parametrize("command", ["show", "verify", "templates"])
def test_the_name_of_a_command_is_an_expression(run, command):
    code, out, err = run("show", command, "--no-verify")
    assert code == 0
    assert ".shape\n" in out
    assert f"'{command}->" in err


def test_verify_verify_verifies(run):
    code, out, err = run("verify", "verify")
    assert code == 0
    assert out.splitlines()[1].split()[0].count("x") == 5
    assert VERIFIED.fullmatch(err)


# Help, version, other ways to start


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], ["show", "--help"], ["verify", "--help"], ["templates", "--help"]]
)
def test_help_shows_examples(run, words):
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    _, examples = out.split("\nexamples:\n")
    lines = [line for line in examples.splitlines() if line.startswith("  einloop ")]
    assert len(lines) >= 3
    assert max(map(len, out.split("examples:")[0].splitlines())) <= 80


def test_the_examples_in_the_help_work(run, tmp_path):
    for words in (["--help"], ["verify", "--help"], ["templates", "--help"]):
        _, out, _ = run(*words)
        for line in out.split("\nexamples:\n")[1].splitlines():
            command = re.split(r"\s{2,}", line.strip())[0]
            if line.startswith("  einloop "):
                (tmp_path / "expressions.txt").write_text("ij->i\n", encoding="utf-8")
                (tmp_path / "mine.py").write_text("Z = X @ Y\n", encoding="utf-8")
                names = command.replace("--source mine.py", "--source mine.py --inputs X,Y --result Z")
                done = shell(command if command.count("--inputs") else names, tmp_path)
                assert (done.returncode, done.stderr.count("error")) == (0, 0), f"{command}\n{done.stderr}"


def test_help_names_the_commands(run):
    _, out, _ = run("--help")
    for command in cli.COMMANDS:
        assert re.search(rf"^  {command.name} +{re.escape(command.about)}$", out, re.MULTILINE)
    assert "\n\na command's name is also a legal expression: einloop show verify\n\nexit codes: 0 fine, 1 " in out


def test_version(run):
    assert run("--version") == (0, f"einloop {einloop.__version__}\n", "")


def test_python_m_einloop():
    code, out, err = finished("ij,jk->ik")
    assert (code, out.decode()) == (0, PRODUCT)
    assert VERIFIED.fullmatch(err.decode())


def test_exit_codes_reach_the_shell():
    assert finished("ij->z", stdout=subprocess.DEVNULL)[0] == 2
    process = spawn("verify", "ij->i", "--source", "-", stdin=subprocess.PIPE)
    process.communicate(b"r = A.sum(axis=0)\n")
    assert process.returncode == 1


# Standard input


def test_expressions_from_standard_input(run):
    code, out, err = run("-", "--no-verify", stdin="ij->i\n\n  \t\nij,jk->ik\n")
    assert (code, err) == (0, "")
    assert out == f"# ij->i\n{ROWS}\n# ij,jk->ik\n{PRODUCT}"


def test_nothing_on_standard_input_prints_nothing(run):
    assert run("-", stdin="") == (0, "", "")
    assert run("-", stdin="\n \n") == (0, "", "")


def test_an_error_on_standard_input_is_reported_and_the_rest_goes_on(run):
    code, out, err = run("-", "--no-verify", stdin="ij->i\nij->z\nij,jk->ik\n")
    assert code == 2
    assert out == f"# ij->i\n{ROWS}\n# ij,jk->ik\n{PRODUCT}"
    assert err == (
        "line 2: error EL106: output index 'z' is in no operand (they offer i, j)\n  ij->z\n      ^\n"
        "hint: only an index of an operand can stand in the output; for a new axis write result[..., None]\n"
    )


def test_every_emission_from_standard_input_is_verified(run):
    code, _, err = run("-", stdin="ij->i\nij,jk->ik\n")
    assert code == 0
    assert len(VERIFIED.findall(err)) == 2


def test_a_pasted_call_over_several_lines_on_standard_input(run):
    code, out, err = run("-", "--no-verify", stdin="out = np.einsum(\n    'ij->i',\n    m,\n)\nij->i\n")
    assert (code, err) == (0, "")
    first = ROWS.replace("c", "out").replace("A", "m")
    assert out == f"# ij->i\n{first}\n# ij->i\n{ROWS}"


def test_a_pasted_call_over_several_lines_as_an_argument(run):
    code, out, _ = run("out = np.einsum(\n    'ij->i',\n    m,\n)", "--no-verify")
    assert (code, out) == (0, ROWS.replace("c", "out").replace("A", "m"))


def test_an_unclosed_parenthesis_does_not_swallow_the_rest_of_standard_input(run):
    """Only a pasted call goes on on the next line; a stray '(' is an error of its own line."""
    code, out, err = run("-", "--no-verify", stdin="i->(\nij->i\n")
    assert code == 2
    assert out.endswith(ROWS)
    assert err.startswith(
        "line 1: error EL101: '(' cannot stand in subscripts; a label is one letter (character 3)\n  i->(\n     ^\n"
    )


def test_an_unclosed_call_at_the_end_of_standard_input_is_an_error(run):
    code, out, err = run("-", "--no-verify", stdin="ij->i\nnp.einsum('ij->i',\n")
    assert (code, out) == (2, f"# ij->i\n{ROWS}")
    assert err.startswith("line 2: error EL130: the call is not Python: '(' was never closed\n  np.einsum('ij->i',\n")


def test_a_program_on_standard_input_is_refused_once(run):
    code, out, err = run("-", "--no-verify", stdin="# A model.\nimport os\n\nx = os.listdir('.')\n")
    assert (code, out) == (2, "")
    assert err.startswith("line 4: error EL803: what os.listdir does is not known")
    assert err.count("error") == 1


def test_a_program_on_standard_input_is_one_expression(run):
    program = "y = np.zeros(n)\nfor i in range(n):\n    for j in range(m):\n        y[i] += A[i, j]\n"
    code, out, _ = run("-", "--no-verify", stdin=program)
    assert (code, out.splitlines()[-1]) == (0, "        y[i] += A[i, j]")


def test_a_file_is_not_an_expression(run):
    for command in ((), ("explain",), ("check",), ("verify",)):
        code, out, err = run(*command, "model.py")
        assert (code, out) == (2, "")
        said = "error EL138: 'model.py' is the name of a file, not an expression\nhint: `einloop lift FILE` reads"
        assert err.startswith(said)


def test_what_stands_around_a_call_is_refused_or_said_where_the_answer_is(run):
    text = "np.exp(np.einsum('ij,jk->ik', a, b))"
    for words in ((text,), ("verify", text), ("diff", text, "ij,jk->ik"), ("why", text, "--at", "0,0")):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert err.startswith("error EL160: only the einsum call is read, and it is part of more\n")
    for command in ("explain", "check"):
        code, out, err = run(command, text)
        assert (code, err) == (0, "")
        assert "note EL160: This is about the call alone" in out


def test_an_augmented_assignment_keeps_its_sign(run):
    code, out, err = run("C -= np.einsum('ij->i', a)")
    assert code == 0
    assert out.endswith("\nC -= C_\n")
    assert "note: the loops start from zeros; their last line changes what C holds\n" in err
    assert VERIFIED.search(err)


def test_windows_line_ends_on_standard_input(run):
    assert run("-", "--no-verify", stdin="ij->i\r\n") == (0, f"# ij->i\n{ROWS}", "")


def test_bytes_that_are_no_text_on_standard_input():
    process = spawn("-", "--no-verify", stdin=subprocess.PIPE)
    out, err = process.communicate(b"\xff\xfa\nij->i\n")
    assert process.returncode == 2
    assert b"Traceback" not in err
    assert out.decode().endswith(ROWS)


# JSON

MAYBE = type(None)
PLACE = {"operand": int, "axis": int, "span": (list, MAYBE), "stretched": bool}
INDEX = {"label": str, "extent": (int, str, MAYBE), "role": str, "flags": [str], "places": [PLACE]}
CASE = {"shapes": list, "dtypes": [str], "kind": str, "exact": bool, "outcome": str}
MISMATCH = {
    "reason": str,
    "case": CASE,
    "element": (list, MAYBE),
    "got": str,
    "expected": str,
    "exact": (str, MAYBE),
    "terms": [str],
    "hint": (str, MAYBE),
}
VERIFICATION = {
    "verified": bool,
    "skipped": (str, MAYBE),
    "seed": int,
    "contract": str,
    "only": (str, MAYBE),
    "equal": int,
    "refused": int,
    "cases": [CASE],
    "notes": [str],
    "mismatch": MAYBE,
}
EMISSION = {
    "source": str,
    "target": str,
    "style": str,
    "form": str,
    "entry": (str, MAYBE),
    "inputs": [str],
    "result": str,
    "expression": str,
    "notation": str,
    "subscripts": str,
    "implicit": bool,
    "operands": [{"name": str, "labels": [str], "shape": (list, MAYBE)}],
    "output": [str],
    "indices": [INDEX],
    "contract": {"dtypes": (list, MAYBE), "values": str, "checked": bool},
    "notes": [str],
    "verification": MAYBE,
}
ERROR = {
    "error": {
        "id": str,
        "message": str,
        "text": str,
        "span": (list, MAYBE),
        "operand": (int, MAYBE),
        "axis": (int, MAYBE),
        "line": (int, MAYBE),
        "hint": (str, MAYBE),
        "also": list,
        "fixes": list,
    }
}


def fits(value, schema, where="$"):
    """Assert that a value has exactly the keys and types of a schema."""
    if isinstance(schema, dict):
        assert isinstance(value, dict), where
        assert list(value) == list(schema), where
        for key, inner in schema.items():
            fits(value[key], inner, f"{where}.{key}")
    elif isinstance(schema, list):
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            fits(item, schema[0], f"{where}[{number}]")
    else:
        assert type(value) in (schema if isinstance(schema, tuple) else (schema,)), f"{where}: {value!r}"


def test_json_of_a_result(run):
    code, out, err = run("ij,jk->ik", "-s", "2x1", "-s", "3x4", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    data = json.loads(out)
    fits(data, {**EMISSION, "verification": VERIFICATION})
    assert data["source"].endswith("C[i, k] += A[i, 0] * B[j, k]\n")
    assert data["operands"] == [
        {"name": "A", "labels": ["i", "j"], "shape": [2, 1]},
        {"name": "B", "labels": ["j", "k"], "shape": [3, 4]},
    ]
    assert data["indices"][1] == {
        "label": "j",
        "extent": 3,
        "role": "summed",
        "flags": ["shared", "contracted", "stretched"],
        "places": [
            {"operand": 0, "axis": 1, "span": [1, 2], "stretched": True},
            {"operand": 1, "axis": 0, "span": [3, 4], "stretched": False},
        ],
    }
    assert data["verification"]["verified"] is True
    assert data["verification"]["equal"] == len(data["verification"]["cases"])


def test_json_without_verification_and_with_notes(run):
    code, out, err = run("ba", "--json", "--no-verify")
    assert (code, err) == (0, "")
    data = json.loads(out)
    fits(data, EMISSION)
    assert data["notes"] == [
        "no '->', so the output is in alphabetical order, capitals first: 'ba->ab'; to get another order, write it"
    ]


def test_json_of_a_function_with_named_axes(run):
    _, out, _ = run("--json", "--notation", "named", "rows columns -> rows", "--function", "f", "-s", "R,C")
    data = json.loads(out)
    fits(data, {**EMISSION, "verification": VERIFICATION})
    assert (data["entry"], data["form"], data["notation"]) == ("f", "function", "named")
    assert [index["extent"] for index in data["indices"]] == ["R", "C"]
    assert data["verification"]["refused"] > 0


def test_json_of_a_refusal(run):
    code, out, err = run("ij->z", "--json")
    assert (code, err) == (2, "")
    data = json.loads(out)
    fits(data, ERROR)
    assert data["error"] == {
        "id": "EL106",
        "message": "output index 'z' is in no operand (they offer i, j)",
        "text": "ij->z",
        "span": [4, 5],
        "operand": None,
        "axis": None,
        "line": None,
        "hint": "only an index of an operand can stand in the output; for a new axis write result[..., None]",
        "also": [],
        "fixes": [],
    }


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (["--json"], "EL400"),
        (["ij", "--json", "--nope"], "EL400"),
        (["ij", "-s", "2", "--json"], "EL202"),
        (["ij", "--load", "missing.npy", "--json"], "EL411"),
        (["verify", "ij->z", "--json"], "EL106"),
        (["ij", "--target", "none", "--json"], "EL502"),
        (["templates", "--json", "--templates", "none"], "EL502"),
    ],
)
def test_every_refusal_is_json_where_json_was_asked_for(run, words, id):
    code, out, err = run(*words)
    assert (code, err) == (2, "")
    fits(json.loads(out), ERROR)
    assert json.loads(out)["error"]["id"] == id


def test_json_of_a_verification(run):
    code, out, err = run("verify", "ij->i", "--json")
    assert (code, err) == (0, "")
    fits(json.loads(out), VERIFICATION)


def test_json_of_a_mismatch(run):
    Path("short.py").write_text(ROWS.replace("range(J)", "range(J - 1)"), encoding="utf-8")
    code, out, err = run("verify", "ij->i", "--source", "short.py", "--json")
    assert (code, err) == (1, "")
    data = json.loads(out)
    fits(data, {**VERIFICATION, "mismatch": MISMATCH})
    assert data["verified"] is False
    assert data["mismatch"]["element"] == [0]
    assert len(data["mismatch"]["terms"]) == 3


def test_json_from_standard_input_is_one_line_an_expression(run):
    code, out, err = run("-", "--json", "--no-verify", stdin="ij->i\nij->z\n\nnp.einsum(\n'i->',\na)\n")
    assert (code, err) == (2, "")
    first, second, third = map(json.loads, out.splitlines())
    fits(first, EMISSION)
    fits(second, ERROR)
    assert second["error"]["line"] == 2
    fits(third, EMISSION)
    assert third["notation"] == "call"


def test_json_of_the_templates(run):
    code, out, err = run("templates", "--json")
    assert (code, err) == (0, "")
    listed = json.loads(out)
    fits(
        listed["python"],
        {
            "title": str,
            "forms": [str],
            "styles": {"article": str, "scalar": str, "lists": str, "fast": str},
            "files": [str],
        },
    )


# Files


def test_output_to_a_file(run):
    code, out, err = run("ij->i", "-o", "rows.py")
    assert (code, out) == (0, "")
    assert VERIFIED.fullmatch(err)
    assert Path("rows.py").read_text(encoding="utf-8") == ROWS


def test_output_to_a_file_and_json(run):
    code, out, _ = run("ij->i", "--output", "rows.py", "--json", "--no-verify")
    assert code == 0
    assert json.loads(out)["source"] == Path("rows.py").read_text(encoding="utf-8") == ROWS


def test_a_refused_expression_leaves_the_file_as_it_was(run):
    Path("kept.py").write_text("kept", encoding="utf-8")
    assert run("ij->z", "-o", "kept.py")[0] == 2
    assert Path("kept.py").read_text(encoding="utf-8") == "kept"


def test_a_program_written_to_a_file_runs(run):
    assert run("ij,jk->ik", "--script", "-o", "program.py")[0] == 0
    done = subprocess.run(
        [sys.executable, "program.py"], capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "equal to np.einsum\n", "")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["ij", "-o", "no/file.py"], "error EL412: 'no/file.py' cannot be written: there is no folder 'no'\n"),
        (["ij", "-o", "."], "error EL412: '.' cannot be written: Is a directory\n"),
        (
            ["-", "-o", "file.py"],
            "error EL472: -o takes one expression, - reads many\nhint: send standard output to a file\n",
        ),
        (["verify", "ij", "--source", "no.py"], "error EL412: 'no.py' cannot be read: No such file or directory\n"),
        (["verify", "ij", "--source", "."], "error EL412: '.' cannot be read: Is a directory\n"),
        (["verify", "ij", "--source", "bytes.py"], "error EL482: 'bytes.py' is not UTF-8 text\n"),
        (["templates", "--copy", "bytes.py"], "error EL412: 'bytes.py' cannot be written: File exists\n"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_files_that_cannot_be_read_or_written(run, words, text):
    Path("bytes.py").write_bytes(b"\xff")
    refused(run(*words), text)


HEADER = "{{'descr': '<f8', 'fortran_order': False, 'shape': {}, }}"


def npy(header, data=b"", version=b"\x01\x00"):
    text = header.ljust(117).encode() + b"\n"
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text + data


@pytest.fixture
def arrays(tmp_path):
    """Write arrays, and files that are none, into the folder."""
    np.save(tmp_path / "a.npy", np.arange(6.0).reshape(2, 3))
    np.save(tmp_path / "b.npy", np.arange(12, dtype="int32").reshape(3, 4))
    np.save(tmp_path / "empty.npy", np.zeros((0, 3)))
    np.save(tmp_path / "scalar.npy", np.array(3.0))
    np.save(tmp_path / "text.npy", np.array([["a", "b"]]))
    np.save(tmp_path / "objects.npy", np.array([1, "x", None], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "archive.npz", a=np.zeros(3))
    whole = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "nothing.npy").write_bytes(b"")
    (tmp_path / "cut.npy").write_bytes(whole[:-5])
    (tmp_path / "stump.npy").write_bytes(whole[:20])
    (tmp_path / "garbage.npy").write_bytes(whole[:10] + b"garbage!!" + whole[19:])
    (tmp_path / "words.npy").write_bytes(b"hello\n")
    (tmp_path / "version.npy").write_bytes(npy(HEADER.format("(1,)"), b"12345678", b"\x09\x00"))
    (tmp_path / "huge.npy").write_bytes(npy(HEADER.format("(99999999999, 99999999)"), b"12345678"))
    (tmp_path / "negative.npy").write_bytes(npy(HEADER.format("(-1, 2)"), b"12345678"))
    (tmp_path / "long.npy").write_bytes(npy(HEADER.format("(1,)") + " " * 20_000, b"12345678"))
    (tmp_path / "folder.npy").mkdir()
    return tmp_path


def test_arrays_give_shapes_dtypes_and_values(run, arrays):
    code, out, err = run("ij,jk->ik", "--load", "A=a.npy", "--load", "b.npy")
    assert (code, "B = np.asarray(B, dtype=np.float64)\n" in out) == (0, True)
    assert re.fullmatch(
        r"verified against np\.einsum: \d+ cases equal "
        r"\(A float64, B int32, agreeing shapes; the arrays given among them; seed 0\)\n",
        err,
    )


@pytest.mark.parametrize("file", ["empty.npy", "text.npy"])
def test_empty_arrays_and_text_are_transposed(run, arrays, file):
    code, _, err = run("ij->ji", "--load", file)
    assert code == 0
    assert "the arrays given among them" in err


def test_a_scalar_array(run, arrays):
    code, out, _ = run("->", "--load", "scalar.npy")
    assert (code, out) == (0, "c = a\n")


def test_a_program_loads_its_arrays(run, arrays):
    code, out, _ = run("ij->", "--load", "a.npy", "--script", "-o", "program.py")
    assert (code, out) == (0, "")
    assert 'A = np.load("a.npy", allow_pickle=False)' in Path("program.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("missing.npy", "'missing.npy' cannot be read: No such file or directory"),
        ("folder.npy", "'folder.npy' cannot be read: Is a directory"),
        ("nothing.npy", "'nothing.npy' is not a .npy file\nhint: write it with np.save"),
        ("words.npy", "'words.npy' is not a .npy file\nhint: write it with np.save"),
        ("objects.npy", "'objects.npy' holds Python objects, which are never unpickled"),
        ("archive.npz", "'archive.npz' is an archive of arrays (.npz)\nhint: save one array with np.save"),
    ],
)
def test_files_that_hold_no_array(run, arrays, file, text):
    refused(run("i", "--load", file), f"error EL411: {text}\n")


@pytest.mark.parametrize("file", ["cut", "stump", "garbage", "version", "huge", "negative", "long"])
def test_damaged_arrays_get_one_line(run, arrays, file):
    """The rest of the line is numpy's, in whatever words it has for it."""
    code, out, err = run("ij", "--load", f"{file}.npy")
    assert (code, out) == (2, "")
    assert err.startswith(f"error EL411: '{file}.npy' is damaged: ")
    assert err.count("\n") == 1


def test_a_damaged_array_prints_no_warning_of_numpy(arrays):
    code, out, err = finished("ij", "--load", "huge.npy", cwd=arrays)
    assert (code, out) == (2, b"")
    assert err.decode().startswith("error EL411: 'huge.npy' is damaged: ")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ["ij->", "--load", "text.npy"],
            "error EL301: operand 0 has dtype '<U1' (strings), for which np.einsum has no sums and products\n"
            "hint: where they are numbers: operand.astype(float)\n",
        ),
        (
            ["ij", "--load", "scalar.npy"],
            "error EL202: 'ij' names 2 axes but operand 0 has shape (), 0 axes\n  ij\n  ^^\n"
            "hint: was a size-1 axis squeezed away?\n",
        ),
        (
            ["ij,jk", "--load", "a.npy", "--load", "B=a.npy"],
            "error EL205: 'j' is 3 in operand 0 axis 1 but 2 in operand 1 axis 0\n  ij,jk\n   ^ ^\n"
            "hint: 'ij,kj->ik' would fit, giving shape (2, 2), or 'ji,jk->ik', giving shape (3, 3)\n",
        ),
        (["ij", "--load", "a.npy", "-s", "3x2"], "error EL480: shape (3, 2) for A, whose array has shape (2, 3)\n"),
        (
            ["ij->", "--load", "a.npy", "--dtype", "int8"],
            "error EL480: dtype int8 for an array that has dtype float64\n",
        ),
        (["ij", "--load", "A=a.npy", "--load", "A=a.npy"], "error EL480: two arrays for A\n"),
        (["ij,jk", "--load", "Q=a.npy"], "error EL404: an array for 'Q', but the operands are A, B\n"),
        (
            ["ij", "--load", "a.npy", "--load", "b.npy"],
            "error EL404: 2 arrays given for 1 operand (A)\nhint: einsum terms are separated by commas\n",
        ),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_arrays_that_do_not_fit(run, arrays, words, text):
    refused(run(*words), text)


# Malformed options

DTYPES = (
    "hint: one of bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, "
    "longdouble, complex64, complex128, clongdouble, object\n"
)
SHAPES = "hint: shapes look like 2x3, 2,3 or B,L,H; () is a scalar\n"
NAMES = "hint: letters, digits and _\n"
USAGE = "hint: einloop --help shows what there is\n"

MALFORMED = [
    ("", "error EL400: the following arguments are required: EXPR\n" + USAGE),
    ("-s 2x3", "error EL400: the following arguments are required: EXPR\n" + USAGE),
    ("ij -s", "error EL400: argument -s/--shape/--shapes: expected one argument\n" + USAGE),
    ("ij --nope", "error EL400: unrecognized arguments: --nope\n" + USAGE),
    (
        "ij --styl lists",
        "error EL400: unrecognized arguments: --styl lists\n" + USAGE.replace(": ", ": did you mean '--style'? "),
    ),
    ("ij kl", "error EL400: unrecognized arguments: kl\n" + USAGE),
    ("ij --seed x", "error EL400: argument --seed: invalid seed value: 'x'\n" + USAGE),
    ("ij --seed 1.5", "error EL400: argument --seed: invalid seed value: '1.5'\n" + USAGE),
    ("ij --no-verify=1", "error EL400: argument --no-verify: ignored explicit argument '1'\n" + USAGE),
    ("verify ij -o x", "error EL400: unrecognized arguments: -o x\nhint: einloop verify --help shows what there is\n"),
    ("templates ij", "error EL400: unrecognized arguments: ij\nhint: einloop templates --help shows what there is\n"),
    ("ij -s 2y3", "error EL405: '2y3' is not the length of an axis\n  2y3\n  ^^^\n" + SHAPES),
    ("ij -s 2X3", "error EL405: '2X3' is not the length of an axis\n  2X3\n  ^^^\n" + SHAPES),
    ("ij -s '2 3'", "error EL405: '2 3' is not the length of an axis\n  2 3\n  ^^^\n" + SHAPES),
    ("ij -s for,3", "error EL405: 'for' is not the length of an axis\n  for,3\n  ^^^\n" + SHAPES),
    ("ij -s -1x3", "error EL405: '-1x3' is not the length of an axis\n  -1x3\n  ^^^^\n" + SHAPES),
    ("ij --shape=-1x3", "error EL405: '-1x3' is not the length of an axis\n  -1x3\n  ^^^^\n" + SHAPES),
    ("ij -s A=B=3", "error EL405: 'B=3' is not the length of an axis\n  B=3\n  ^^^\n" + SHAPES),
    ("ij -s 2x", "error EL405: a length is missing in the shape '2x'\n" + SHAPES),
    ("ij -s x", "error EL405: a length is missing in the shape 'x'\n" + SHAPES),
    ("ij -s ''", "error EL405: a length is missing in the shape ''\n" + SHAPES),
    ("ij -s 2,,3", "error EL405: a length is missing in the shape '2,,3'\n" + SHAPES),
    (
        "ij -s 99999999999999999999x2",
        "error EL405: an axis of 99999999999999999999 elements is beyond what any array holds\n"
        "  99999999999999999999x2\n  ^^^^^^^^^^^^^^^^^^^^\n",
    ),
    (
        "ij --sizes i=9223372036854775808",
        "error EL405: an axis of 9223372036854775808 elements is beyond what any array holds\n"
        "  i=9223372036854775808\n    ^^^^^^^^^^^^^^^^^^^\n",
    ),
    (
        "ij -s ()",
        "error EL202: 'ij' names 2 axes but operand 0 has shape (), 0 axes\n  ij\n  ^^\n"
        "hint: was a size-1 axis squeezed away?\n",
    ),
    (
        "i->i -s 2x3",
        "error EL202: 'i' names 1 axis but operand 0 has shape (2, 3), 2 axes\n  i->i\n  ^\n"
        "hint: '...i->...i' would fit, giving shape (2, 3), or 'ij->i', giving shape (2,), "
        "or 'ji->i', giving shape (3,)\n",
    ),
    (
        "ij -s 2x3 -s 3",
        "error EL404: 2 shapes given for 1 operand (A)\nhint: einsum terms are separated by commas\n",
    ),
    ("ij,jk -s 2x3 -s 3x4 -s 4", "error EL404: 3 shapes given for 2 operands (A, B)\n"),
    ("ij,jk -s Q=2x3", "error EL404: a shape for 'Q', but the operands are A, B\n"),
    ("ij -s A=2x3 -s A=2x3", "error EL480: two shapes for A\n"),
    ("ij --sizes i", "error EL405: 'i' gives no size\n  i\n  ^\nhint: like i=2,j=3\n"),
    ("ij --sizes i=2,j", "error EL405: 'j' gives no size\n  i=2,j\n      ^\nhint: like i=2,j=3\n"),
    ("ij --sizes i=-1", "error EL405: '-1' is not the length of an axis\n  i=-1\n    ^^\n" + SHAPES),
    ("ij --sizes q=3", "error EL406: a size for 'q', which is not an index of the expression (it has i, j)\n"),
    ("ij --sizes i=2 --sizes i=3", "error EL480: two sizes for 'i': 2 and 3\n"),
    ("ij --sizes i=2,i=3", "error EL480: two sizes for 'i': 2 and 3\n"),
    (
        "ij -s 2x3 --sizes i=3",
        "error EL205: 'i' is 3 by the sizes given but 2 in operand 0 axis 0\n  ij\n  ^\n"
        "hint: 'ji->ij' would fit, giving shape (3, 2)\n",
    ),
    (
        "ij --dtype float23",
        "error EL301: dtype 'float23' is unknown or has no sums and products in np.einsum\n"
        + DTYPES.replace(": ", ": did you mean 'float32'? "),
    ),
    ("ij --dtype ''", "error EL301: dtype '' is unknown or has no sums and products in np.einsum\n" + DTYPES),
    ("ij --dtype U3", "error EL301: dtype 'U3' is unknown or has no sums and products in np.einsum\n" + DTYPES),
    ("ij --dtype Q=int8", "error EL404: a dtype for 'Q', but the operands are A\n"),
    (
        "ij --dtype int8 --dtype int8",
        "error EL404: 2 dtypes given for 1 operand (A)\nhint: einsum terms are separated by commas\n",
    ),
    ("ij --names 1", "error EL401: the operand name '1' is not a name Python can use\n" + NAMES),
    (
        "ij --names for",
        "error EL401: the operand name 'for' is not a name Python can use\nhint: it is a word of Python's own\n",
    ),
    ("ij --names 2x", "error EL401: the operand name '2x' is not a name Python can use\n" + NAMES),
    ("ij --names A,B", "error EL404: 2 names for 1 operand (A, B)\n"),
    (
        "ij,j --names X,X",
        "error EL403: 'X' stands for operand 0 with 2 axes and for operand 1 with 1: one array cannot have both\n"
        "hint: give the operands different names\n",
    ),
    ("ij --result 'x y'", "error EL401: the result name 'x y' is not a name Python can use\n" + NAMES),
    ("ij --result ''", "error EL401: the result name '' is not a name Python can use\n" + NAMES),
    ("ij --function 'a b'", "error EL401: the function name 'a b' is not a name Python can use\n" + NAMES),
    ("ij --function ''", "error EL401: the function name '' is not a name Python can use\n" + NAMES),
    (
        "ij --function np",
        "error EL401: a function called 'np' would hide what the loops use\nhint: choose another name\n",
    ),
    (
        "ij --style nope",
        "error EL469: target 'python' has no style 'nope'\nhint: it has article, scalar, lists, fast\n",
    ),
    (
        "ij --order z",
        "error EL408: order 'z' must name each index once: i, j\n"
        "hint: appearance, output, axes, or indices from the outermost loop to the innermost, like i,k,j\n",
    ),
    (
        "ij->i --style scalar --order j,i",
        "error EL409: a running total needs the free indices outside; in the order j,i the free 'i' runs inside the "
        "summed 'j'\nhint: --order output, or another style\n",
    ),
    (
        "ij,jk->ik --schedule 'order(j,i,k) accumulate'",
        "error EL409: a running total needs the free indices outside; in the order j,i,k the free 'i' runs inside the "
        "summed 'j'\n  order(j,i,k) accumulate\n               ^^^^^^^^^^\nhint: --order output, or another style\n",
    ),
    (
        "ij --style lists --dtype int8",
        "error EL410: style 'lists' computes on Python numbers, which have no dtype\nhint: leave --dtype out\n",
    ),
    (
        "...i --style lists",
        "error EL407: nested lists have no ellipsis: how deep they nest must be known\n"
        "hint: give the shapes of the operands\n",
    ),
    ("ij --target zz", f"error EL502: there is no target 'zz'\nhint: there are {TARGETS}\n"),
    (
        "ij --target ../pi",
        "error EL502: '../pi' is not a valid target name\nhint: use letters, digits, _ and - in the folder's name\n",
    ),
    (
        "ij --notation xx",
        "error EL469: there is no notation 'xx'\nhint: one of subscripts, call, formula, named, loops, numpy, c\n",
    ),
    ("ij --templates none", "error EL502: the template folder 'none' does not exist\n"),
    ("templates --templates none", "error EL502: the template folder 'none' does not exist\n"),
]


@pytest.mark.parametrize(("line", "text"), MALFORMED, ids=[line or "nothing" for line, _ in MALFORMED])
def test_malformed_options(run, line, text):
    refused(run(*shlex.split(line)), text)


@pytest.mark.parametrize(
    "words", [["ij", "--seed", "-1"], ["verify", "ij", "--seed", "-1"], ["ij", "--seed=-1", "--json"]]
)
def test_a_negative_seed_is_refused_before_anything_is_printed(run, words):
    code, out, err = run(*words)
    assert code == 2
    assert "C[i, j]" not in out
    assert "EL000" not in out + err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["ij", "--result", "->"], "the result name '->' is not a name Python can use"),
        (["ij", "--order", "->"], "order '->' must name each index once: i, j"),
        (["ij", "--templates", "->"], "the template folder '->' does not exist"),
        (["ij", "--load", "->.npy"], "'->.npy' cannot be read: No such file or directory"),
        (["verify", "ij", "--source", "->"], "'->' cannot be read: No such file or directory"),
    ],
)
def test_an_arrow_as_the_value_of_an_option_is_only_a_word(run, words, shown):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert shown in err


def test_a_file_may_be_called_like_an_arrow(run):
    assert run("ij->i", "-o", "->x", "--no-verify") == (0, "", "")
    assert Path("->x").read_text(encoding="utf-8") == ROWS


def test_big_sizes_are_shrunk_and_said_so(run):
    code, out, err = run("ij,jk->ik", "-s", "100000x100000", "-s", "100000x100000")
    assert (code, out) == (0, PRODUCT)
    assert "; sizes shrunk to 1,500 loop points a case; seed 0)" in err


def test_one_array_under_two_ellipses_is_verified(run):
    """The axes that two ellipses of one array cover have to broadcast against each other in every case drawn."""
    code, out, err = run("np.einsum('...i,i...->...', x, x)")
    assert (code, out.count("np.broadcast_to(x, ")) == (0, 1)
    assert err.startswith("verified against np.einsum: ")


# What may never reach a user


def failing(act):
    """Return what loads commands that do `act` in place of their work."""
    return lambda name: SimpleNamespace(configure=cli.module_of(name).configure, run=lambda *_: act())


def test_a_failure_of_einloop_is_one_line(run):
    refused(
        run("ij->i", load=failing(lambda: 1 / 0)),
        """
error EL000: einloop itself failed: ZeroDivisionError: division by zero
hint: --debug shows where
""",
    )


def test_a_failure_after_the_loops_is_one_line(run):
    code, out, err = run("ij->i", load=failing(lambda: print(ROWS, end="") or {}["nothing"]))
    assert (code, out) == (2, ROWS)
    assert err == "error EL000: einloop itself failed: KeyError: 'nothing'\nhint: --debug shows where\n"


def test_a_failure_is_json_too(run):
    code, out, err = run("ij->i", "--json", load=failing(lambda: 1 / 0))
    assert (code, err) == (2, "")
    fits(json.loads(out), ERROR)
    assert json.loads(out)["error"]["id"] == "EL000"


def test_debug_shows_the_traceback_of_a_failure(run):
    code, out, err = run("ij->i", "--debug", load=failing(lambda: 1 / 0))
    assert (code, out) == (2, "")
    assert err.startswith("Traceback (most recent call last):\n")
    assert "ZeroDivisionError" in err


def test_debug_shows_where_a_refusal_comes_from():
    code, out, err = finished("ij->z", "--debug")
    assert (code, out) == (2, b"")
    assert b"Traceback" in err
    assert b"EL106" in err


def test_an_interrupt_ends_in_one_line(run):
    def interrupt():
        raise KeyboardInterrupt

    assert run("ij->i", load=failing(interrupt)) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    "words", [["ij,jk->ik"], ["verify", "ij,jk->ik"], ["--help"], ["templates"], ["ij", "--json"], ["--version"]]
)
def test_a_reader_that_goes_away_is_no_error(words):
    process = spawn(*words)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    assert b"error" not in err


def test_head_takes_one_byte(tmp_path):
    done = shell("einloop verify 'ij,jk->ik' | head -c 1", tmp_path)
    assert done.stdout == "s"
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("command", ["einloop ij", "einloop --version", "einloop ij --json", "einloop 'ij->z'"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", ">/dev/full"])
def test_streams_that_are_closed_or_full_give_no_traceback(tmp_path, command, closed):
    done = shell(f"{command} {closed}", tmp_path)
    assert "Traceback" not in done.stderr
    assert "itself failed" not in done.stderr


@pytest.mark.parametrize("command", ["einloop - --no-verify <&-", "einloop verify ij --source - <&-"])
def test_a_closed_standard_input_is_no_failure_of_einloop(tmp_path, command):
    done = shell(command, tmp_path)
    assert "Traceback" not in done.stderr
    assert "itself failed" not in done.stderr


def test_a_closed_standard_error_does_not_change_the_exit_code(tmp_path):
    done = shell("einloop 'ij->i' 2>&-", tmp_path)
    assert (done.returncode, done.stdout) == (0, ROWS)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_bytes_that_are_no_text_as_an_argument(more):
    code, out, err = finished(b"ij\xff", *more, env=environment(PYTHONIOENCODING="utf-8:strict"))
    assert code == 2
    assert b"EL101" in (out if more else err)
    assert b"Traceback" not in err


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_terminal_that_shows_ascii_only(more):
    code, out, err = finished("i→j", *more, env=environment(PYTHONIOENCODING="ascii"))
    assert code == 2
    assert b"EL101" in (out if more else err)
    assert b"Traceback" not in err


def test_loops_with_letters_that_standard_output_cannot_show():
    words = ("--notation", "named", "größe tiefe -> tiefe", "--no-verify")
    code, out, err = finished(*words, env=environment(PYTHONIOENCODING="ascii"))
    assert (code, out) == (2, b"")
    assert b"error EL414: standard output (ascii) cannot show " in err
    assert b"Traceback" not in err


# Terminals


def on_terminal(words, *, out=True, err=True, **more):
    """Run with standard output and error on a terminal of its own, or on pipes; return what each of them got."""
    leader, follower = os.openpty()
    streams = {"stdout": follower if out else subprocess.PIPE, "stderr": follower if err else subprocess.PIPE}
    process = spawn(*words, stdin=follower, env=environment(**more), **streams)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            # the terminal of a process that has ended reads as an error on Linux
            break
        if not part:
            break
        shown += part
    os.close(leader)
    piped = [stream.read() for stream in (process.stdout, process.stderr) if stream]
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
    return shown.decode().replace("\r\n", "\n"), [part.decode() for part in piped]


ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def test_a_terminal_shows_one_colour_per_index():
    shown, _ = on_terminal(["ij->i", "--no-verify"], TERM="xterm")
    assert ESCAPE.sub("", shown) == ROWS
    colours = {word: set(re.findall(rf"(\x1b\[\d+m){word}\x1b\[0m", shown)) for word in ("i", "I", "j", "J")}
    assert colours["i"] == colours["I"] != colours["j"] == colours["J"]
    assert all(len(found) == 1 for found in colours.values())
    assert not re.search(r"\x1b\[\d+mA\x1b", shown)


def test_a_verdict_and_an_error_have_colours_on_a_terminal():
    shown, _ = on_terminal(["ij->i"], TERM="xterm")
    assert re.search(r"\x1b\[32mverified against np\.einsum: .*\x1b\[0m\n", shown)
    shown, _ = on_terminal(["ij->z"], TERM="xterm")
    assert re.match(r"\x1b\[1;31merror EL106: .*\x1b\[0m\n  ij->z\n      \^\nhint: .*\n$", shown)


@pytest.mark.parametrize("setting", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}])
@pytest.mark.parametrize("words", [["ij->i"], ["ij->z"], ["verify", "ij->i"]])
def test_no_colours_where_they_are_not_wanted(setting, words):
    shown, _ = on_terminal(words, **setting)
    assert shown
    assert "\x1b" not in shown


def test_an_empty_no_color_is_none():
    """https://no-color.org: only a value that is not empty counts."""
    shown, _ = on_terminal(["ij->i"], TERM="xterm", NO_COLOR="")
    assert "\x1b" in shown


def test_each_stream_decides_for_itself():
    shown, (err,) = on_terminal(["ij->i"], err=False, TERM="xterm")
    assert "\x1b" in shown
    assert VERIFIED.fullmatch(err)
    shown, (out,) = on_terminal(["ij->i"], out=False, TERM="xterm")
    assert "\x1b" in shown
    assert out == ROWS


def test_json_and_files_have_no_colours_on_a_terminal(tmp_path):
    shown, _ = on_terminal(["ij->i", "--json"], TERM="xterm")
    fits(json.loads(shown), {**EMISSION, "verification": VERIFICATION})
    on_terminal(["ij->i", "-o", str(tmp_path / "rows.py")], TERM="xterm")
    assert (tmp_path / "rows.py").read_text(encoding="utf-8") == ROWS


def test_pipes_have_no_colours():
    _, out, err = finished("ij->i", env=environment(TERM="xterm", FORCE_COLOR="1", CLICOLOR_FORCE="1"))
    assert b"\x1b" not in out + err


# Several at once


@pytest.fixture
def copy(tmp_path):
    """Return the folder of a copy of einloop that has compiled nothing yet."""
    skip = shutil.ignore_patterns("__pycache__", "*.j2c", "_compiled")
    shutil.copytree(PACKAGE, tmp_path / "copy" / "einloop", ignore=skip)
    if not (PACKAGE / "_templates").is_dir():
        shutil.copytree(template_root(), tmp_path / "copy" / "templates", ignore=skip)
        (tmp_path / "copy" / "pyproject.toml").touch()
    return tmp_path / "copy"


def test_several_processes_at_once_share_one_cache(copy):
    how = {"env": environment(PYTHONPATH=str(copy)), "cwd": copy}
    processes = [spawn("ij,jk->ik", "--no-verify", **how) for _ in range(6)]
    results = [(*process.communicate(), process.returncode) for process in processes]
    assert results == [(PRODUCT.encode(), b"", 0)] * 6
    assert list(copy.rglob("*.j2c"))
    assert not list(copy.rglob("*.j2c.*"))
    assert finished("ij,jk->ik", "--no-verify", **how) == (0, PRODUCT.encode(), b"")


@pytest.mark.parametrize("damage", [b"", b"\x00" * 100, b"nonsense"])
def test_a_damaged_cache_is_only_slow(copy, damage):
    how = {"env": environment(PYTHONPATH=str(copy)), "cwd": copy}
    assert finished("ij,jk->ik", "--no-verify", **how)[0] == 0
    for path in copy.rglob("*.j2c"):
        path.write_bytes(damage)
    assert finished("ij,jk->ik", "--no-verify", **how) == (0, PRODUCT.encode(), b"")


def test_the_same_bytes_under_every_hash_seed():
    words = ("bimd,bind->bimn", "--function", "f", "--comments", "--json")
    outputs = {finished(*words, env=environment(PYTHONHASHSEED=seed))[1] for seed in ("0", "1", "2", "random")}
    assert len(outputs) == 1


# Templates


def test_the_listing_of_templates(run):
    code, out, err = run("templates")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "c: C"
    lines = lines[lines.index("python: Python") :]
    assert [line.split(":")[0] for line in lines[1:5]] == [
        f"  style {name}" for name in ("article", "scalar", "lists", "fast")
    ]
    files = [Path(line.strip()) for line in lines[5:]]
    assert {"target.toml", "numpy.j2", "snippet.j2"} <= {file.name for file in files}
    assert all(file.is_file() for file in files)


def test_copied_templates_are_the_built_in_ones(run):
    code, out, err = run("templates", "--copy", "mine")
    assert (code, err) == (0, "")
    copied = [Path(line) for line in out.splitlines()]
    assert Path("mine/python/numpy.j2") in copied
    assert all(path.is_file() for path in copied)
    assert not list(Path("mine").rglob("*.j2c"))
    for path in copied:
        assert path.read_bytes() == (Path(template_root()) / path.relative_to("mine")).read_bytes()
    assert run("ij,jk->ik", "--templates", "mine", "--no-verify") == (0, PRODUCT, "")


def test_copying_does_not_overwrite(run):
    Path("mine/python").mkdir(parents=True)
    Path("mine/python/numpy.j2").write_text("mine", encoding="utf-8")
    refused(
        run("templates", "--copy", "mine"),
        "error EL484: 'mine/python/numpy.j2' exists already\nhint: copy into an empty folder\n",
    )
    assert Path("mine/python/numpy.j2").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in Path("mine").rglob("*") if path.is_file()] == ["numpy.j2"]


@pytest.fixture
def override(run, tmp_path):
    """Return a function that writes one file of the python target into DIR and runs with it."""

    def with_file(name, text, *words):
        (tmp_path / "python").mkdir(exist_ok=True)
        (tmp_path / "python" / name).write_text(text, encoding="utf-8")
        return run(*(words or ["ij->i"]), "--templates", str(tmp_path))

    return with_file


def built_in(name):
    return (Path(template_root()) / "python" / name).read_text(encoding="utf-8")


def test_one_overridden_file_is_enough(override):
    text = built_in("numpy.j2").replace("{{ access(node.target) }} {{", "{{ access(node.target) }}  {{")
    assert text != built_in("numpy.j2")
    code, out, err = override("numpy.j2", text)
    # black runs over what a foreign template wrote
    assert (code, out) == (0, ROWS)
    assert VERIFIED.fullmatch(err)


def test_an_overridden_form(override):
    code, out, _ = override("snippet.j2", "# mine\n{{ body -}}\n")
    assert (code, out) == (0, "# mine\n" + ROWS)


def test_a_wrong_overridden_file_is_a_mismatch(override, tmp_path):
    text = built_in("numpy.j2").replace('"+="', '"-="')
    assert text != built_in("numpy.j2")
    code, out, err = override("numpy.j2", text)
    assert (code, out) == (1, ROWS.replace("+=", "-="))
    assert err.startswith("MISMATCH with np.einsum('ij->i'): ")
    assert f"  repeat with: einloop verify 'ij->i' --templates {tmp_path} --seed 0\n" in err


def test_an_overridden_file_is_listed(override, run, tmp_path):
    override("numpy.j2", built_in("numpy.j2"))
    _, out, _ = run("templates", "--templates", str(tmp_path))
    assert f"  {tmp_path}/python/numpy.j2\n" in out
    assert out.count("numpy.j2") == 1


BROKEN = [
    (
        "{% macro extents(node) %}{% endmacro %}",
        "error EL505: target 'python' has no block 'alloc' in python/numpy.j2, and these loops need it\n"
        "hint: add {% macro alloc(node, ...) %} to the file\n",
    ),
    (
        "\n{% macro extents(node) %}",
        "error EL506: target 'python': python/numpy.j2, line 2: TemplateSyntaxError: Unexpected end of template. Jinja "
        "was looking for the following tags: 'endmacro'. The innermost block that needs to be closed is 'macro'.\n",
    ),
    (
        "{{ missing }}",
        "error EL506: target 'python': python/numpy.j2, line 1: UndefinedError: 'missing' is undefined\n",
    ),
    (
        "{% macro extents(node) %}\n{{ missing }}\n{% endmacro %}",
        "error EL506: target 'python': python/numpy.j2, line 2: UndefinedError: 'missing' is undefined\n",
    ),
    (
        "{% macro extents(node) %}\n\n{{ node.__class__.__mro__ }}{% endmacro %}",
        "error EL506: target 'python': python/numpy.j2, line 3: SecurityError: access to attribute '__class__' of "
        "'Extents' object is unsafe.\n",
    ),
    (
        "{% macro extents(node) %}{{ ''.__class__ }}{% endmacro %}",
        "error EL506: target 'python': python/numpy.j2, line 1: SecurityError: access to attribute '__class__' of "
        "'str' object is unsafe.\n",
    ),
    (
        "{% include '../../secret' %}",
        "error EL506: target 'python': python/numpy.j2, line 1: TemplateNotFound: ../../secret\n",
    ),
    (
        "{% macro extents(node) %}{{ 1 / 0 }}{% endmacro %}",
        "error EL506: target 'python': python/numpy.j2, line 1: ZeroDivisionError: division by zero\n",
    ),
]


@pytest.mark.parametrize(("text", "shown"), BROKEN, ids=[text for text, _ in BROKEN])
def test_broken_templates_name_target_file_and_line(override, text, shown):
    refused(override("numpy.j2", text), shown)


def test_a_broken_form(override):
    refused(
        override("snippet.j2", "x = 1\n{{ missing }}\n"),
        "error EL506: target 'python': python/snippet.j2, line 2: UndefinedError: 'missing' is undefined\n",
    )


def test_endless_ranges_are_stopped_by_the_sandbox(override):
    code, out, err = override("numpy.j2", "{% for i in range(1000000000) %}{% endfor %}")
    assert (code, out) == (2, "")
    assert err.startswith("error EL506: target 'python': python/numpy.j2, line ")
    assert "Range too big" in err


def test_templates_that_make_no_python(override):
    text = built_in("numpy.j2").replace('{{ "|=" if node.logic else "-=" if minus else "+=" }}', "plus")
    code, out, err = override("numpy.j2", text)
    assert (code, out) == (2, "")
    assert err.startswith("error EL507: the templates made text that is not Python: ")
    assert "     5 |         c[i] plus A[i, j]\n" in err


def test_a_template_that_is_no_text(run, tmp_path):
    (tmp_path / "other" / "python").mkdir(parents=True)
    (tmp_path / "other" / "python" / "numpy.j2").write_bytes(b"\xff\xfe")
    code, out, err = run("ij->i", "--templates", str(tmp_path / "other"))
    assert (code, out) == (2, "")
    assert err.startswith("error EL506: target 'python': python/numpy.j2: UnicodeDecodeError: ")


SNIPPET = '[forms]\nsnippet = "snippet.j2"\n'
ARTICLE = '[styles.article]\nblocks = "numpy.j2"\n'
MANIFESTS = [
    ("", "error EL503: target 'python': DIR/python/target.toml: it lacks 'forms'\n"),
    (SNIPPET, "error EL503: target 'python': DIR/python/target.toml: it lacks 'styles'\n"),
    ("forms = 1\n", "error EL503: target 'python': DIR/python/target.toml: 1 should be a table\n"),
    (
        'reserved = "np"\n' + SNIPPET + ARTICLE,
        "error EL503: target 'python': DIR/python/target.toml: 'np' should be a list of strings\n",
    ),
    (SNIPPET + "[styles.article]\n", "error EL503: target 'python': DIR/python/target.toml: it lacks 'blocks'\n"),
    (
        SNIPPET + ARTICLE + 'schedule = ["nope"]\n',
        "error EL504: the schedule has a step 'nope'; there are auto, canonicalise, "
        + ", ".join(one.name for one in PASSES if one.name != "canonicalise")
        + "\n",
    ),
    (
        'runner = "java"\n' + SNIPPET + ARTICLE,
        "error EL503: target 'python' asks for a runner 'java'\nhint: there is python, c, numba\n",
    ),
    (
        '[forms]\nsnippet = "none.j2"\n' + ARTICLE,
        "error EL506: target 'python': python/none.j2: TemplateNotFound: 'python/none.j2' not found in search paths: "
        f"'DIR', '{template_root()}'\n",
    ),
    (
        '[forms]\nsnippet = "../../secret"\n' + ARTICLE,
        "error EL506: target 'python': python/../../secret: TemplateNotFound: python/../../secret\n",
    ),
]


@pytest.mark.parametrize(("text", "shown"), MANIFESTS, ids=[text or "empty" for text, _ in MANIFESTS])
def test_broken_manifests(override, tmp_path, text, shown):
    refused(override("target.toml", text), shown.replace("DIR", str(tmp_path)))


def test_a_manifest_that_is_no_toml(override, tmp_path):
    code, out, err = override("target.toml", "x")
    assert (code, out) == (2, "")
    assert err.startswith(f"error EL503: target 'python': {tmp_path}/python/target.toml cannot be read: ")


def test_a_form_that_one_target_has_is_shown_with_it(run):
    refused(
        run("ij->i", "--extension"),
        "error EL469: target 'python' has no extension form\nhint: --target c has it\n",
    )


def test_a_target_without_the_form_that_was_asked_for(override):
    refused(
        override("target.toml", SNIPPET + ARTICLE, "ij->i", "--function", "f"),
        "error EL469: target 'python' has no function form\nhint: it has snippet\n",
    )


def test_a_target_without_a_runner_is_not_verified(override):
    code, out, err = override("target.toml", SNIPPET + ARTICLE)
    assert (code, out) == (0, ROWS)
    assert err == "not verified: target 'python' has no runner, so its text cannot be run here\n"


@pytest.mark.parametrize(
    "text",
    [
        "{% include '../secret' %}",
        "{% include 'python/../../secret' %}",
        "{{ cycler.__init__.__globals__.os.popen('cat secret').read() }}",
        "{{ nest.__init__.__globals__ }}",
        "{{ (nest | attr('__class__')).__mro__ }}",
        "{{ '%s' % nest['__class__']['__mro__'] }}",
        "{{ '{0.__class__.__mro__}'.format(nest) }}",
        "{{ blocks.extents.__call__.__globals__ }}",
        "{% import 'os' as os %}",
        "{{ nest.inputs.append(1) }}",
    ],
)
def test_a_foreign_template_reaches_neither_files_nor_modules(override, tmp_path, text):
    (tmp_path.parent / "secret").write_text("the secret", encoding="utf-8")
    code, out, err = override("snippet.j2", text)
    assert (code, out) == (2, "")
    assert err.startswith("error EL506: target 'python': python/snippet.j2, line 1: ")
    assert "the secret" not in err


def test_templates_that_change_are_read_again(tmp_path, monkeypatch):
    """One who writes templates in a notebook changes a file and calls again."""
    snippet = tmp_path / "python" / "snippet.j2"
    snippet.parent.mkdir()
    for text in ("# one\n", "# two\n"):
        snippet.write_text(text + "{{ body -}}\n", encoding="utf-8")
        assert einloop.generate("ij->i", templates=tmp_path).source == text + ROWS
        monkeypatch.chdir(tmp_path)
        assert einloop.generate("ij->i", templates=".").source == text + ROWS


def test_a_relative_folder_of_templates_is_that_of_the_working_directory(tmp_path, monkeypatch):
    for name in ("one", "two"):
        (tmp_path / name / "mine" / "python").mkdir(parents=True)
        (tmp_path / name / "mine" / "python" / "snippet.j2").write_text(
            f"# {name}\n{{{{ body -}}}}\n", encoding="utf-8"
        )
        monkeypatch.chdir(tmp_path / name)
        assert einloop.generate("ij->i", templates="mine").source == f"# {name}\n{ROWS}"


# explain on several lines


def test_explain_reads_one_expression_a_line(run):
    code, out, err = run("explain", "-", "--format", "comment", stdin="ij->ji\nij->z\ni,i->\n")
    assert code == 2
    assert out.startswith("# For every j and i, take A[i,j].\n")
    assert "\n\n# Multiply a[i] by b[i] and add up over i.\n" in out
    assert "error EL106" in err


def test_several_pages_do_not_go_into_one_file(run):
    assert run("explain", "-", "--format", "html", stdin="ij->ji\ni,i->\n") == (
        2,
        "",
        "error EL472: 2 pages do not go into one file\nhint: give one expression\n",
    )


# sources that never end, that nobody writes, that are too long

TOO_LONG = (
    "error EL646: the source is longer than 262,144 characters, which is all that is read\nhint: give the loops alone\n"
)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="devices are POSIX")
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "long.py", "long_in_other_letters.py"])
def test_a_source_that_is_too_long_is_refused(run, tmp_path, path):
    (tmp_path / "long.py").write_text("x = A\n" * 300_000, encoding="utf-8")
    (tmp_path / "long_in_other_letters.py").write_text("é = A\n" * 300_000, encoding="utf-8")
    assert run("verify", "ij->i", "--source", path) == (2, "", TOO_LONG)


def test_standard_input_is_read_so_far_only(run):
    assert run("verify", "ij->i", "--source", "-", stdin="x = A\n" * 300_000) == (2, "", TOO_LONG)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_a_pipe_that_nobody_writes_to_is_refused(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    refused = "error EL412: 'pipe' cannot be read: it is a pipe that nobody writes to\n"
    assert run("verify", "ij->i", "--source", "pipe") == (2, "", refused)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_a_pipe_that_says_nothing_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    silent = os.open(tmp_path / "pipe", os.O_RDWR)
    with pytest.raises(OSError, match=r"nothing came from it for 0\.05 s"):
        read_text(str(tmp_path / "pipe"), 10, seconds=0.05)
    os.close(silent)


def test_a_source_may_come_through_a_pipe(run, tmp_path):
    command = "printf 'r = A.sum(axis=1)' | \"$0\" -m einloop verify 'ij->i' --source /dev/stdin"
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, VERIFIED_SOURCE.fullmatch(done.stderr) is not None) == (0, True)


def test_a_folder_is_no_source(run, tmp_path):
    assert run("verify", "ij->i", "--source", ".") == (2, "", "error EL412: '.' cannot be read: Is a directory\n")


def test_help_says_what_is_code_and_what_is_no_sandbox(run):
    code, out, _ = run("verify", "--help")
    assert (code, "This is not a sandbox" in out, "10 s per\ncall, 60 s in all" in out) == (0, True, True)
    for words in (["templates", "--help"], ["--help"]):
        assert "code, like a Makefile" in " ".join(run(*words)[1].split())
