"""The compiler: which one, what it says, and the line that shows it at work."""

import io
import subprocess
import sys

import pytest

from einloop.core.errors import RunError
from einloop.runners import artefacts, compiler
from einloop.runners.compiler import FAST, HELPFUL, SHARED, build, find_compiler, need_compiler, processor
from einloop.runners.progress import Progress

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
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
    assert compiler._processor("/nowhere").strip()


@needs_compiler
def test_a_shared_object_may_have_a_trailer(tmp_path):
    import ctypes

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


@needs_compiler
def test_one_that_never_ends_is_stopped(monkeypatch):
    def never(*arguments, **keywords):
        raise subprocess.TimeoutExpired("cc", keywords["timeout"])

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(RunError, match="still compiling after 3 seconds") as caught:
        build(need_compiler(), TEXT, SHARED, seconds=3)
    assert caught.value.id == "EL635"


@needs_compiler
def test_what_cannot_be_loaded_is_tried_in_another_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    opened = []

    def picky(path):
        opened.append(path)
        if path.startswith(str(tmp_path)):
            raise OSError("failed to map segment from shared object")
        return path

    path, found, _ = artefacts.loaded(TEXT, SHARED, picky)
    assert path == opened[1]
    assert found.trouble == "nothing can be loaded from there: failed to map segment from shared object"

    def never(path):
        raise OSError("no")

    with pytest.raises(RunError, match="cannot be loaded") as caught:
        artefacts.loaded(TEXT, SHARED, never)
    assert caught.value.id == "EL636"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TestProgress:
    """A line on terminals, for what takes long."""

    def test_it_appears_and_goes(self, monkeypatch):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress(seconds=0) as progress:
            progress.timer.join()
            assert terminal.getvalue() == "compiling ..."
        assert terminal.getvalue() == "compiling ...\r\x1b[K"

    def test_what_is_quick_leaves_no_trace(self, monkeypatch):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress(seconds=1000) as progress:
            pass
        progress.show()
        assert terminal.getvalue() == ""

    def test_files_get_nothing(self, monkeypatch):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        with Progress(seconds=0):
            pass
        assert stream.getvalue() == ""
        monkeypatch.setattr(sys, "stderr", None)
        with Progress(seconds=0):
            pass

    def test_a_terminal_that_goes_away_harms_nothing(self, monkeypatch):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress(seconds=0) as progress:
            progress.timer.join()
            terminal.close()
