"""A folder of templates is code: what its texts do when they are verified costs a process of their own, never ours.

Each row: the text around the loops, and the exit code and the verdict.
"""

from __future__ import annotations

import ctypes
import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import RunError
from einloop.core.generated import Generated
from einloop.core.root import template_root
from einloop.runners.compiler import find_compiler

LOOPS = "{{ body -}}\n"
WRONG = "{{ prepare -}}\n"
"""The result, all zeros."""
NEEDS_COMPILER = pytest.mark.skipif(find_compiler() is None, reason="there is no C compiler")
SAME_PROCESS = "builtins.einloop_was_here = True"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def verdict(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str]:
    """Return the exit code and what is said on standard error."""
    code = cli.main([*words, "--templates", str(folder)])
    return code, capsys.readouterr().err


ENDED = "the code ended the process that it ran in"
PYTHON = [
    (f"import os\nos._exit(0)\n{LOOPS}", 1, f"{ENDED} (exit code 0)"),
    (f"{LOOPS}import os\nos._exit(0)\n", 1, f"{ENDED} (exit code 0)"),
    (f"import sys\nsys.exit(0)\n{LOOPS}", 1, "raised SystemExit"),
    (f"{LOOPS}raise SystemExit\n", 1, "raised SystemExit"),
    (f"{LOOPS}exit()\n", 1, "raised SystemExit"),
    (f"{LOOPS}raise KeyboardInterrupt\n", 1, "raised KeyboardInterrupt"),
    (f"{LOOPS}raise MemoryError\n", 1, "raised MemoryError"),
    (f"{LOOPS}import os\nos.kill(os.getpid(), 9)\n", 1, f"{ENDED} (SIGKILL)"),
    (f"{LOOPS}import ctypes\nctypes.string_at(0)\n", 1, f"{ENDED} (SIGSEGV)"),
    (f"{LOOPS}import os\nos.abort()\n", 1, f"{ENDED} (SIGABRT)"),
    (f"{LOOPS}import os\nos.closerange(3, 256)\nos._exit(0)\n", 1, ENDED),
    (f"np.einsum = lambda *given, **named: c\n{WRONG}", 1, "elements differ"),
    (f"{WRONG}np.einsum = lambda *given, **named: np.zeros(len(A))\n", 1, "elements differ"),
    (f"{WRONG}np.asarray = np.array_equal = np.argwhere = lambda *given: []\n", 1, "elements differ"),
    (f"import einloop.proof.compare as p\np.difference = lambda *given: None\n{WRONG}", 1, "elements differ"),
    (f"import einloop.runners.worker as w\nw._packed = lambda *given: ()\n{LOOPS}", 1, "in place of the process"),
    (f"{LOOPS}c = range(3 * 10**8)\n", 1, "the result holds over"),
    (f"{LOOPS}c = [0]\nfor _ in range(60):\n    c = [c, c]\n", 1, "the result holds over"),
    (f"{LOOPS}c = np.zeros(10**7)\n", 1, "shape (10000000,), np.einsum gives (2,)"),
    (f"{LOOPS}c = 10**50000\n", 1, "over 100,000 bits"),
    (f"{LOOPS}c = (x for x in c)\n", 3, "the result is a generator"),
    (f"{LOOPS}c = 'right'\n", 1, "np.einsum gives"),
    (f"{LOOPS}del c\n", 1, "raised KeyError: 'c'"),
    (f"{LOOPS}x = [0] * 10**10\n", 1, "raised MemoryError"),
    (f"{LOOPS}def f():\n    f()\nf()\n", 1, "raised RecursionError"),
    (f"import no_such_module\n{LOOPS}", 3, "imports no_such_module, which is not installed"),
    (f"A.flags.writeable = True\n{LOOPS}A[...] = 7\nc[...] = 7\n", 1, "cannot set WRITEABLE flag"),
    (f"{LOOPS}import os\nif os.fork() == 0:\n    c = c + 1\n", 0, "verified"),
    (f"{LOOPS}import threading\nthreading.Thread(target=threading.Event().wait).start()\n", 0, "verified"),
    (f"{LOOPS}import subprocess\nsubprocess.Popen(['sleep', '1000'])\n", 0, "verified"),
    (f"{LOOPS}import os\nos.system('echo out; echo err >&2')\nprint('out')\n", 0, "verified"),
    (f"{LOOPS}import os\nos.chdir('/')\nopen(os.devnull, 'w').write('x')\n", 0, "verified"),
    (f"import builtins\n{SAME_PROCESS}\n{LOOPS}", 0, "verified"),
    (f"import os\nos.environ['EINLOOP_WAS_HERE'] = '1'\n{LOOPS}", 0, "verified"),
    (f"import sys\nsys.modules['json'] = sys.modules['numpy'] = None\n{LOOPS}", 3, "the result is a numpy.ndarray"),
]


@pytest.mark.parametrize(("text", "code", "said"), PYTHON)
def test_a_text_is_judged_from_outside(
    text: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"python/snippet.j2": text})
    einsum, environment = np.einsum, dict(os.environ)
    found = verdict(capsys, tmp_path, "ij->i")
    assert (found[0], said in found[1]) == (code, True), found[1]
    assert np.einsum is einsum
    assert dict(os.environ) == environment
    assert not hasattr(sys.modules["builtins"], "einloop_was_here")


@pytest.mark.parametrize("text", [f"while True:\n    pass\n{LOOPS}", f"{LOOPS}import time\ntime.sleep(10**6)\n"])
@pytest.mark.parametrize("command", ["show", "verify"])
def test_what_does_not_end_is_stopped(
    text: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einloop.runners.process.CALL_SECONDS", 0.5)
    write(tmp_path, {"python/snippet.j2": text})
    code, said = verdict(capsys, tmp_path, command, "ij->i")
    assert (code, said.startswith("error EL620: stopped after 0.5 s: the loops do not end")) == (3, True)


def test_of_many_expressions_the_others_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ij->i\ni->\n"))
    write(tmp_path, {"python/snippet.j2": f"{LOOPS}{{% if nest.result.rank %}}c = map(abs, c){{% endif %}}\n"})
    code = cli.main(["-", "--templates", str(tmp_path)])
    said = capsys.readouterr().err
    assert (code, "error EL629" in said, "verified against" in said) == (3, True, True)


FUNCTION = """\
import numpy as np
def {{ entry }}({{ inputs | join(", ") }}):
%s    return np.einsum({{ subscripts | quote }}, {{ arguments | join(", ") }})
"""
FUNCTIONS = [
    ("", 0, "outside the contract refused"),
    ("    A = A * 2\n", 1, "elements differ"),
    ("    import os; os._exit(0)\n", 1, ENDED),
    ("    raise ValueError('no')\n", 1, "raised ValueError: no"),
    ("    if np.ndim(A) != 2: return 0\n", 1, "were not refused"),
    ("    if np.ndim(A) != 2: import os; os._exit(0)\n", 1, "were not refused"),
    ("    if np.ndim(A) != 2: raise OSError\n", 1, "were not refused"),
]


@pytest.mark.parametrize(("line", "code", "said"), FUNCTIONS)
def test_what_a_function_refuses_is_told_from_what_ends_it(
    line: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"python/function.j2": FUNCTION % line})
    found = verdict(capsys, tmp_path, "ij->i", "--function", "f")
    assert (found[0], said in found[1]) == (code, True), found[1]


MAINS = [
    ("raise SystemExit(1)\n", 1, "the program says so"),
    ("import os\nos._exit(0)\n", 1, f"{ENDED} (exit code 0)"),
    ("1 / 0\n", 1, "ZeroDivisionError"),
    ("print('x' * 10**6)\nraise SystemExit(2)\n", 1, "the program says so"),
]


@pytest.mark.parametrize(("text", "code", "said"), MAINS)
def test_whole_programs_run_apart(
    text: str, code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    write(tmp_path, {"python/script.j2": f'{FUNCTION % ""}if __name__ == "__main__":\n{lines}'})
    found = verdict(capsys, tmp_path, "ij->i", "--script", "-s", "2x3")
    assert (found[0], said in found[1]) == (code, True), found[1]


IN_C = [
    ("__attribute__((constructor)) static void begin(void) { _exit(0); }", 1, f"{ENDED} (exit code 0)"),
    ("__attribute__((constructor)) static void begin(void) { abort(); }", 1, f"{ENDED} (SIGABRT)"),
    ("__attribute__((destructor)) static void end(void) { _exit(0); }", 0, "verified"),
    ('__attribute__((constructor)) static void begin(void) { setenv("EINLOOP_WAS_HERE", "1", 1); }', 0, "verified"),
    ("__attribute__((constructor)) static void begin(void) { fork(); }", 0, "verified"),
    ("#include <string.h>\n#define memset(to, value, size) memset(to, 64, size)", 1, "differ"),
    ("#define for while (1); for", 3, "stopped after 0.5 s"),
    ("#error no", 3, "refuses the text"),
    ('#include "/dev/zero"\n', 3, ""),
]


@NEEDS_COMPILER
@pytest.mark.parametrize(("line", "code", "said"), IN_C)
def test_c_is_loaded_and_run_apart(
    *,
    line: str,
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "while (1)" in line:
        monkeypatch.setattr("einloop.runners.process.CALL_SECONDS", 0.5)
    text = Path(template_root(), "c", "function.j2").read_text(encoding="utf-8")
    write(tmp_path, {"c/function.j2": f"#include <stdlib.h>\n#include <unistd.h>\n{line}\n{text}"})
    found = verdict(capsys, tmp_path, "ij->i", "--target", "c")
    assert (found[0], said in found[1]) == (code, True), found[1]
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    assert libc.getenv(b"EINLOOP_WAS_HERE") is None


def test_numba_texts_run_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("numba")
    text = Path(template_root(), "numba", "function.j2").read_text(encoding="utf-8")
    write(tmp_path, {"numba/function.j2": f"{text}import os\nos._exit(0)\n"})
    code, said = verdict(capsys, tmp_path, "ij->i", "--target", "numba")
    assert (code, ENDED in said) == (1, True), said


def test_own_templates_are_verified_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert einloop.verify("ij->i")


def test_a_text_that_a_person_runs_runs_in_his_process(tmp_path: Path) -> None:
    write(tmp_path, {"python/snippet.j2": f"import os\n{LOOPS}c[0] = os.getpid()\n"})
    generated = einloop.generate("ij->i", templates=tmp_path)
    assert isinstance(generated, Generated)
    assert generated.foreign
    result = generated.run(np.ones((1, 1)))
    assert isinstance(result, np.ndarray)
    assert result[0] == os.getpid()
    assert not einloop.generate("ij->i").foreign


def test_nothing_runs_that_is_not_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flag = tmp_path / "flag"
    write(tmp_path, {"python/snippet.j2": f"open({str(flag)!r}, 'w').close()\n{LOOPS}"})
    for words in (["ij->i", "--no-verify"], ["ij->i", "--show-stages"]):
        assert verdict(capsys, tmp_path, *words)[0] == 0
        assert not flag.exists()
    assert verdict(capsys, tmp_path, "ij->i")[0] == 0
    assert flag.exists()  # no sandbox: it may write files


def test_python_faces_raise_what_the_command_line_says(tmp_path: Path) -> None:
    write(tmp_path, {"python/snippet.j2": f"{LOOPS}c = map(abs, c)\n"})
    with pytest.raises(RunError) as caught:
        einloop.verify("ij->i", templates=tmp_path)
    assert caught.value.id == "EL629"


BUILT_IN = Path(template_root()) / "python"
MANIFEST = (BUILT_IN / "target.toml").read_text(encoding="utf-8")
BROKEN = {
    "a value that nests": (f"x={'[' * 900}{']' * 900}\n{MANIFEST}", "it nests too deeply"),
    "a key of many parts": (f"x{'.a' * 1_500}=1\n{MANIFEST}", "it has a line of more than 2,000 characters"),
    "a huge one": (MANIFEST + "#" * 79 + "\n" * 30_000, "it has more than 20,000 characters"),
    "a formatter that is none": (MANIFEST.replace('"black"', '"nonsense"'), "there is no formatter 'nonsense'"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_manifest_that_is_no_manifest_is_refused(what, tmp_path, capsys):
    text, why = BROKEN[what]
    write(tmp_path, {"python/target.toml": text})
    code, err = verdict(capsys, tmp_path, "ij->i")
    assert code == 2
    assert err.startswith("error EL503: target 'python': ")
    assert why in err


def test_a_huge_template_is_refused(tmp_path, capsys):
    write(tmp_path, {"python/target.toml": MANIFEST, "python/snippet.j2": ""})
    os.truncate(tmp_path / "python" / "snippet.j2", 3 << 30)
    code, err = verdict(capsys, tmp_path, "ij->i")
    assert (code, "which no template takes" in err) == (2, True)


def test_byte_order_marks_of_templates_are_read(tmp_path, capsys):
    snippet = (BUILT_IN / "snippet.j2").read_text(encoding="utf-8")
    write(tmp_path, {"python/target.toml": f"\ufeff{MANIFEST}", "python/snippet.j2": f"\ufeff{snippet}"})
    assert cli.main(["ij->i", "--templates", str(tmp_path), "--no-verify"]) == 0
    assert capsys.readouterr().out.startswith("I, J = A.shape\n")


def test_a_target_that_can_have_no_such_name_is_told_so(tmp_path, capsys):
    write(tmp_path, {"x y/target.toml": MANIFEST})
    code, err = verdict(capsys, tmp_path, "ij->i", "--target", "x y")
    assert (code, err.splitlines()[0]) == (2, "error EL502: 'x y' is not a valid target name")


def test_loops_of_a_users_templates_reach_a_terminal_without_control_characters(tmp_path, capsys, monkeypatch):
    snippet = (BUILT_IN / "snippet.j2").read_text(encoding="utf-8")
    write(tmp_path, {"python/target.toml": MANIFEST, "python/snippet.j2": f"{snippet}# \x1b]0;title\x07 \x9b\n"})
    monkeypatch.setattr("einloop.cli.output.is_terminal", lambda stream: True)
    assert cli.main(["ij->i", "--templates", str(tmp_path), "--no-verify"]) == 0
    printed = capsys.readouterr().out
    assert r"# \x1b]0;title\x07 \x9b" in printed
    assert "\x07" not in printed
