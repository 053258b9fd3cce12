"""A process keeps so many compiled functions: others are unloaded when nobody calls them, and made again for a call."""

import gc
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import einloop
from einloop.core.layout import Layout
from einloop.pipeline.compile import c, function, numba
from einloop.pipeline.compile.loaded import LoadedObjects
from einloop.pipeline.contestants import compiled
from einloop.runners import numba_function, shared_object
from einloop.runners.caller import Entry, by_ctypes, by_extension, checked
from einloop.runners.compiler import SHARED, build, find_compiler, need_compiler
from einloop.runners.library import SharedLibrary

COMPILER = find_compiler()
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
needs_maps = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="mappings cannot be listed here")


def mapped(folder):
    """Return how many files of a folder this process has mapped."""
    gc.collect()
    with open("/proc/self/maps") as lines:
        return len({line.split()[-1] for line in lines if str(folder) in line and line.rstrip().endswith(".so")})


@pytest.fixture
def few(monkeypatch, tmp_path):
    """A process that keeps three compiled functions, in a folder of their own."""
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    loaded = LoadedObjects(3)
    monkeypatch.setattr(function, "loaded", loaded)
    return loaded


def right(f, n):
    """Call a function with arrays of an extent of their own."""
    a = np.arange(3.0 * n).reshape(n, 3)
    assert np.array_equal(f(a, a), np.einsum("ij,ij->i", a, a))


def headers(monkeypatch, there):
    """Have calls go through the extension, or through ctypes."""
    if not there:
        monkeypatch.setattr(np, "get_include", lambda: "/nowhere")


@needs_compiler
@pytest.mark.parametrize("extension", [True, False])
class TestBound:
    """So many stay, those used last, and the others come back when they are called."""

    @needs_maps
    def test_one_function_with_many_shapes(self, few, monkeypatch, tmp_path, extension):
        headers(monkeypatch, extension)
        f = einloop.compile("ij,ij->i", target="c")
        right(f, 1)
        other = mapped(tmp_path) - 1  # the extension
        for n in (*range(2, 8), *range(1, 8)):
            right(f, n)
            assert len(few) <= 3
            assert mapped(tmp_path) - other <= 3
        assert len(f._made) == 3
        del f
        assert mapped(tmp_path) == other
        assert len(few) == 0

    @needs_maps
    def test_many_functions(self, few, monkeypatch, tmp_path, extension):
        headers(monkeypatch, extension)
        functions = [einloop.compile("ij,ij->i", target="c", shapes=[f"{n}x3"] * 2) for n in range(1, 7)]
        assert mapped(tmp_path) <= 3 + extension
        told = [any("was unloaded since" in sentence for sentence in f.decisions) for f in functions]
        assert told == [True] * 3 + [False] * 3
        note = "It was unloaded since: this process keeps 3 compiled functions. The next call loads it again."
        assert note in functions[0].decisions
        assert functions[0].target == "c"
        assert "double" in functions[0].source
        for n, f in enumerate(functions, 1):
            right(f, n)
            assert note not in f.decisions
            assert "It was compiled before." in f.decisions
        assert mapped(tmp_path) <= 3 + extension

    def test_those_not_used_for_longest_go(self, few, monkeypatch, extension):
        headers(monkeypatch, extension)
        functions = [einloop.compile("ij,ij->i", target="c") for _ in range(6)]
        for n, f in enumerate(functions, 1):
            right(f, n)
            right(functions[0], 1)  # by its kernel, of which nobody else hears
        assert [len(f._made) for f in functions] == [1, 0, 0, 0, 1, 1]

    def test_functions_of_one_text_share_it(self, few, monkeypatch, extension):
        headers(monkeypatch, extension)
        functions = [einloop.compile("ij,ij->i", target="c") for _ in range(9)]
        for f in functions:
            right(f, 4)
        assert len(few) == 1
        assert all(len(f._made) == 1 for f in functions)
        for n in range(5, 9):
            right(functions[0], n)
        assert [len(f._made) for f in functions] == [3] + [0] * 8
        for f in functions:
            right(f, 4)

    def test_threads_call_while_others_load(self, few, monkeypatch, extension):
        headers(monkeypatch, extension)
        functions = [einloop.compile("ij,jk->ik", target="c") for _ in range(3)]
        together = threading.Barrier(4)

        def work(number):
            together.wait()
            for n in range(60):
                rows = 1 + (7 * n + number) % 5
                a = np.arange(rows * 40.0).reshape(rows, 40)
                b = np.arange(1600.0).reshape(40, 40)  # large enough for the interpreter to be left
                assert np.array_equal(functions[n % 3](a, b), a @ b)
            return True

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(work, range(4)))
        assert len(few) <= 3


WAITS = """
int kernel(const double *flag, double *result)
{
    *(volatile double *)result = 1;
    while (!*(const volatile double *)flag)
        ;
    *result = 2;
    return 0;
}
"""


@needs_compiler
@needs_maps
@pytest.mark.parametrize("way", ["extension", "ctypes"])
def test_a_call_in_another_thread_keeps_what_it_runs_in(tmp_path, way):
    path = tmp_path / "waits.so"
    path.write_bytes(build(need_compiler(), WAITS, SHARED))
    one = Layout(shape=(1,), dtype="float64")
    entry = Entry(
        library=SharedLibrary(str(path)), name="kernel", operands=(one,), result=one, fallible=False, lengthy=True
    )
    kernel = checked(by_extension(c.caller(), entry).run) if way == "extension" else by_ctypes(entry)
    flag, result = np.zeros(1), np.zeros(1)
    thread = threading.Thread(target=kernel, args=(flag, result))
    thread.start()
    del kernel, entry
    while not result[0]:
        pass
    assert mapped(tmp_path) == 1
    flag[0] = 1
    thread.join()
    del thread
    assert result[0] == 2
    assert mapped(tmp_path) == 0


@needs_compiler
@needs_maps
def test_texts_that_are_verified_leave_nothing_mapped(monkeypatch, tmp_path):
    shared_object._function.cache_clear()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for n in range(3):
        assert einloop.verify("ij->i", target="c", function=f"sums_{n}")
    assert list(tmp_path.iterdir()) == []
    gc.collect()
    with open("/proc/self/maps") as lines:
        assert any(str(tmp_path) in line for line in lines)
    shared_object._function.cache_clear()
    gc.collect()
    with open("/proc/self/maps") as lines:
        assert not any(str(tmp_path) in line for line in lines)


FORKED = """
import os, sys
import numpy as np
import einloop
from einloop.pipeline.compile import function, loaded

function.loaded = loaded.loaded = few = loaded.LoadedObjects(2)
threads = int(sys.argv[1])
functions = [einloop.compile("ij,j->ij", target="c", threads=threads) for _ in range(4)]

def check():
    for n, f in enumerate([*functions, *functions], 300):
        a = np.arange(400.0 * n).reshape(n, 400)
        assert np.array_equal(f(a, a[0]), a * a[0])
        assert len(few) <= 2

check()
few._lock.acquire()  # as another thread would that loads just now
number = os.fork()
if number == 0:
    try:
        check()
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(1)
    os._exit(0)
assert os.waitpid(number, 0)[1] == 0
few._lock.release()
check()
print("right")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@needs_compiler
@pytest.mark.parametrize("threads", [1, 2])
def test_a_forked_child_unloads_and_loads_too(tmp_path, threads):
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "EINLOOP_CACHE_DIR": str(tmp_path), "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", FORKED, str(threads)], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "right\n", "")


@pytest.mark.skipif(numba.missing() is not None, reason="no Numba")
class TestNumba:
    """Numba unloads nothing: past a bound np.einsum computes."""

    @pytest.fixture
    def bound(self, monkeypatch):
        """Room for two more."""
        most = len(numba_function._overloads) + 2
        monkeypatch.setattr(numba, "MAX_FUNCTIONS", most)
        return f"this process has {most:,} functions that Numba compiled, and it can unload none"

    def test_np_einsum_takes_the_others_and_it_is_said(self, bound):
        f = einloop.compile("ij,ij->i", target="numba")
        for n in (71, 72):
            right(f, n)
            assert f.target == "numba"
        for n in (73, 74):
            right(f, n)
            assert (f.target, f.decisions[0]) == ("numpy", f"The target is numpy, not numba: {bound}.")
        right(f, 71)
        again = einloop.compile("ij,ij->i", target="numba", shapes=["72x3", "72x3"])
        assert again.target == "numba"  # what is there may be used

    def test_a_bench_does_not_take_one_for_the_other(self, bound):
        how = {"target": "numba", "dtypes": ("float64", "float64")}
        for n in (81, 82):
            compiled("ij,ij->i", shapes=((n, 3),) * 2, **how)
        with pytest.raises(einloop.EinloopError, match="The target is numpy, not numba: this process has") as caught:
            compiled("ij,ij->i", shapes=((83, 3),) * 2, **how)
        assert caught.value.id == "EL642"

    def test_where_nobody_asked_for_numba(self, bound, monkeypatch):
        monkeypatch.setenv("CC", "/nowhere/cc")
        functions = [einloop.compile("ij,ij->i", shapes=[f"{n}x3"] * 2) for n in (75, 76, 77)]
        assert [f.target for f in functions] == ["numba", "numba", "numpy"]
        assert functions[-1].decisions[1] == f"Not numba: {bound}."
        right(functions[-1], 77)
        right(functions[-1], 78)
