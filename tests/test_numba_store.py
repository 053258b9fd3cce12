"""What Numba compiled, on disk: found by the next process, rebuilt where it is damaged, never in the way."""

import importlib.util
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

import einloop
from einloop.cli import main
from einloop.runners import numba_function, numba_store, store

needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="no Numba")

PROCESS = """
import numpy as np
import einloop

for text, shapes in ("ij,jk->ki", ((2, 3), (3, 2))), ("ij,ij->", ((2, 3),) * 2), ("ij,jk->ik", ((37, 300), (300, 41))):
    arrays = [np.arange(np.prod(shape)).reshape(shape) % 7.0 for shape in shapes]
    f = einloop.compile(text, target="numba")
    right = all(np.array_equal(f(*arrays), np.einsum(text, *arrays)) for _ in range(2))
    print(right, "@intrinsic" in f.source, f.decisions[1])
"""
NEW, OLD = "Compiled by Numba.", "It was compiled before."


def printed(note):
    return "".join(f"True {packed} {note}\n" for packed in (False, False, True))


def started(folder):
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "EINLOOP_CACHE_DIR": str(folder), "PYTHONPATH": root}
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True
    )


def output(process):
    out, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    return out


@needs_numba
def test_the_next_process_finds_it_and_what_is_damaged_is_compiled_again(monkeypatch, tmp_path):
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path))
    for process in [started(tmp_path) for _ in range(2)]:  # at once
        assert NEW in output(process)
    files = sorted(tmp_path.iterdir())
    assert [file.suffix for file in files] == [".numba"] * 3
    assert output(started(tmp_path)) == printed(OLD)
    sound = files[0].read_bytes()
    damages = sound[:-200], sound[:3000] + b"\x90" * 8 + sound[3008:], b""
    for file, damage in zip(files, damages, strict=True):
        file.write_bytes(damage)
    assert output(started(tmp_path)) == printed(NEW)
    assert all(store.recall(file.stem, store.NUMBA) is not None for file in files)


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """An empty folder, and nothing in memory."""
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    numba_function._overloads.clear()
    yield tmp_path / "cache"
    numba_function._overloads.clear()


def result(text="i,i->i"):
    """Compile and call a function; return the notes on where it came from."""
    function = einloop.compile(text, target="numba")
    a = np.array([2.0, 3.0])
    assert np.array_equal(function(a, a), np.einsum(text, a, a))
    return tuple(sentence for sentence in function.decisions if "ompiled" in sentence)


class Evil:
    """What must not be unpickled."""

    def __reduce__(self):
        return pytest.fail, ("unpickled",)


@needs_numba
def test_a_file_without_a_trailer_is_not_unpickled(fresh):
    assert result() == (NEW,)
    (file,) = fresh.iterdir()
    file.write_bytes(pickle.dumps(Evil()))
    numba_function._overloads.clear()
    assert result() == (NEW,)


@needs_numba
def test_what_cannot_be_rebuilt_is_compiled(fresh, monkeypatch):
    monkeypatch.setattr(numba_store, "recall", lambda key, suffix: b"no pickle")
    assert result() == (NEW,)
    monkeypatch.setattr(numba_store, "recall", lambda key, suffix: pickle.dumps((1, 2)))
    numba_function._overloads.clear()
    assert result() == (NEW,)


@needs_numba
def test_a_numba_that_hands_nothing_out(fresh, monkeypatch):
    from numba.core.compiler import CompileResult

    monkeypatch.delattr(CompileResult, "_reduce")
    trouble = "What was compiled is kept for this process only: Numba does not hand it out (AttributeError)."
    assert result() == (NEW, trouble)
    assert list(fresh.iterdir() if fresh.exists() else []) == []


@needs_numba
@pytest.mark.skipif(os.name != "posix", reason="no modes of files here")
def test_a_folder_that_others_may_write_is_left_alone(fresh):
    fresh.mkdir()
    fresh.chmod(0o777)
    assert result() == (NEW, f"What was compiled is kept for this process only: {fresh} may be written by others.")
    assert list(fresh.iterdir()) == []


@needs_numba
def test_loops_of_several_threads_are_not_kept(fresh):
    function = einloop.compile("ij->ji", target="numba", threads=2)
    a = np.arange(90000.0).reshape(300, 300)
    assert np.array_equal(function(a), a.T)
    assert "parallel=True" in function.source
    assert "What was compiled is kept for this process only: it holds addresses of this process." in function.decisions


def test_bytes_are_kept_shown_and_cleared(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    key = store.key_of(["text"])
    assert store.recall(key, store.NUMBA) is None
    assert store.keep(key, store.NUMBA, b"bytes") is None
    assert store.recall(key, store.NUMBA) == b"bytes"
    assert store.recall(store.key_of(["other"]), store.NUMBA) is None
    assert main(["cache"]) == 0
    assert main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out.startswith("1 compiled function, ")
    assert store.recall(key, store.NUMBA) is None
