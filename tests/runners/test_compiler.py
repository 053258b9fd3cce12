"""The compiler: which one, what it says, and the line that shows it at work."""

import ctypes
import io
import os
import sys

import pytest

from einloop.core.errors import RunError
from einloop.core.progress import ProgressLine
from einloop.runners import artefacts, compiler
from einloop.runners.compiler import (
    COMPILING,
    FAST,
    HELPFUL,
    SHARED,
    Compiler,
    _takes,
    build,
    find_compiler,
    need_compiler,
    processor,
)

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
needs_shell = pytest.mark.skipif(os.name != "posix", reason="no shell")
TEXT = "int f(void)\n{\n    return 3;\n}\n"


def test_cc_is_asked_first_with_its_arguments(monkeypatch, tmp_path):
    program = tmp_path / "my cc"
    program.write_text("#!/bin/sh\necho my compiler 1.0\n")
    program.chmod(0o755)
    monkeypatch.setenv("CC", f"'{program}' -m64")
    found = find_compiler()
    assert found.command == (str(program), "-m64")
    assert found.name == "my cc"
    assert found.version() == "my compiler 1.0"
    before = found.identity
    program.write_text("#!/bin/sh\necho my compiler 2.0, another one\n")
    compiler._found.cache_clear()
    assert find_compiler().identity != before


def test_one_that_is_not_there_is_none(monkeypatch):
    monkeypatch.setenv("CC", "/nowhere/cc")
    assert find_compiler() is None
    with pytest.raises(RunError, match="there is no C compiler here") as caught:
        need_compiler()
    assert caught.value.id == "EL630"


def test_the_processor_is_named():
    assert processor()
    assert processor({}).strip()


@needs_compiler
def test_a_shared_object_may_have_a_trailer(tmp_path):
    path = tmp_path / "f.so"
    path.write_bytes(build(need_compiler(), TEXT, SHARED) + b"trailer" * 100)
    assert ctypes.CDLL(str(path)).f() == 3


@needs_compiler
@pytest.mark.parametrize("unknown", HELPFUL)
def test_flags_that_a_compiler_does_not_know_are_left_out(monkeypatch, tmp_path, unknown):
    log = tmp_path / "log"
    program = tmp_path / "picky"
    real = " ".join(need_compiler().command)
    refusal = f'case "$*" in *{unknown}*) echo unknown option {unknown} >&2; exit 1;; esac'
    program.write_text(f'#!/bin/sh\n{refusal}\necho "$*" >> {log}\nexec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("CC", str(program))
    assert build(need_compiler(), TEXT, FAST)
    others = [flag for flag in FAST if flag != unknown]
    assert all(flag in log.read_text() for flag in others)
    with pytest.raises(RunError, match="return x;"):
        build(need_compiler(), "int f(void)\n{\n    return x;\n}\n", FAST)


@needs_compiler
def test_complaints_come_with_numbered_lines():
    with pytest.raises(RunError) as caught:
        build(need_compiler(), "int f(void)\n{\n    return x;\n}\n", SHARED)
    assert caught.value.id == "EL632"
    assert "  3 |     return x;" in caught.value.message
    assert "error" in caught.value.message


def script(monkeypatch, tmp_path, text):
    """Let the compiler be a script."""
    program = tmp_path / "my-cc"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    monkeypatch.setenv("CC", str(program))
    return need_compiler()


@needs_shell
def test_one_that_never_ends_is_stopped_with_all_that_it_started(monkeypatch, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    never = script(monkeypatch, tmp_path, f"exec 3<>{pipe}\nsleep 1000 &\nwait")
    with pytest.raises(RunError, match=r"my-cc was still compiling after 0\.5 seconds") as caught:
        build(never, TEXT, SHARED, seconds=0.5)
    assert caught.value.id == "EL635"
    with pytest.raises(OSError, match="No such device"):  # nobody has the other end open
        os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)


ELSEWHERE = [
    ("kill -9 $$", "my-cc was ended by signal 9"),
    ("kill -25 $$", "my-cc was ended by signal 25"),
    ("echo 'cc: fatal error: Killed signal terminated program cc1' >&2; exit 1", "my-cc was kept from its work: cc: "),
    ("echo 'text.c:1:1: fatal error: No space left on device' >&2; exit 4", "my-cc was kept from its work: text.c:1:1"),
    (
        "echo 'cc1: out of memory allocating 65536 bytes' >&2; exit 1",
        "my-cc was kept from its work: cc1: out of memory",
    ),
]


@needs_shell
@pytest.mark.parametrize(("text", "message"), ELSEWHERE)
def test_what_is_not_the_texts_fault_is_not_said_to_be(monkeypatch, tmp_path, text, message):
    with pytest.raises(RunError) as caught:
        build(script(monkeypatch, tmp_path, text), TEXT, FAST)
    assert caught.value.id == "EL641"
    assert caught.value.message.startswith(message)
    assert "return 3" not in caught.value.message


@needs_shell
def test_a_flag_is_not_held_for_unknown_when_the_compiler_is_kept_from_its_work(monkeypatch, tmp_path):
    once = tmp_path / "once"
    real = " ".join(find_compiler().command) if find_compiler() else "true"
    failing = script(monkeypatch, tmp_path, f'if [ ! -e {once} ]; then touch {once}; kill -9 $$; fi; exec {real} "$@"')
    with pytest.raises(RunError):
        _takes(failing, "-O3")
    assert _takes(failing, "-O3") in (True, False)


@needs_shell
def test_its_temporary_files_are_in_a_folder_that_goes(monkeypatch, tmp_path):
    with pytest.raises(RunError, match=r"refuses the text: /.*einloop-process-"):
        build(script(monkeypatch, tmp_path, "touch $TMPDIR/left; echo $TMPDIR >&2; exit 1"), TEXT, SHARED)


def test_no_temporary_folder(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiler, "temporary_folder", full)
    for work in (lambda: build(Compiler(command=("cc",), identity=""), TEXT, SHARED), lambda: _takes(OTHER, "-O3")):
        with pytest.raises(RunError, match="there is no place to compile in: No space left on device") as caught:
            work()
        assert caught.value.id == "EL636"


OTHER = Compiler(command=("other",), identity="")


@needs_compiler
def test_what_cannot_be_loaded_is_tried_in_another_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    opened = []

    def picky(path):
        opened.append(path)
        if len(opened) == 1:
            raise OSError("failed to map segment from shared object")
        return ctypes.CDLL(path)

    library, found, _ = artefacts.loaded(TEXT, SHARED, picky)
    assert library.f() == 3
    assert opened[0] != opened[1]
    assert found.trouble == "nothing can be loaded from there: failed to map segment from shared object"

    def never(path):
        raise OSError("no")

    with pytest.raises(RunError, match="nothing can be loaded from there: no; nothing can") as caught:
        artefacts.loaded(TEXT, SHARED, never)
    assert caught.value.id == "EL636"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestProgress:
    """A line on terminals, for what takes long."""

    def test_it_appears_and_goes(self):
        terminal = Terminal()
        with ProgressLine(terminal, slow=COMPILING, seconds=0) as progress:
            progress.timer.join()
            assert terminal.getvalue() == "\r\x1b[2Kcompiling ..."
        assert terminal.getvalue() == "\r\x1b[2Kcompiling ...\r\x1b[2K"

    def test_what_is_quick_leaves_no_trace(self):
        terminal = Terminal()
        with ProgressLine(terminal, slow=COMPILING, seconds=1000) as progress:
            pass
        progress.tell(COMPILING)
        assert terminal.getvalue() == ""

    def test_files_get_nothing(self, monkeypatch):
        stream = io.StringIO()
        with ProgressLine(stream, slow=COMPILING, seconds=0):
            pass
        assert stream.getvalue() == ""
        monkeypatch.setattr(sys, "stderr", None)
        with ProgressLine(slow=COMPILING, seconds=0):
            pass

    def test_a_terminal_that_goes_away_harms_nothing(self):
        terminal = Terminal()
        with ProgressLine(terminal, slow=COMPILING, seconds=0) as progress:
            progress.timer.join()
            terminal.close()
