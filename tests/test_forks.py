"""Functions in a forked child: they must neither wait for threads nor for locks that only its parent has."""

import os
import subprocess
import sys

import pytest

import einloop
from einloop.runners.compiler import find_compiler
from einloop.runners.threads import processors

COMPILER = find_compiler()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler")
needs_threads = pytest.mark.skipif(COMPILER is None or processors() == 1, reason="no C compiler, or one processor")

START = """
import os, sys
import numpy as np
import einloop
from einloop.pipeline.compile import loaded
from einloop.runners import caller, store

a = np.arange(160000.0).reshape(400, 400)
f = einloop.compile("ij,j->ij", target=sys.argv[1], threads=int(sys.argv[2]))

def check(function):
    assert np.array_equal(function(a, a[0]), a * a[0])
    assert np.array_equal(function(a, a[0], out=np.empty_like(a)), a * a[0])

def in_child(work):
    number = os.fork()
    if number == 0:
        try:
            work()
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    assert os.waitpid(number, 0)[1] == 0
"""

THREADS = """
def child():
    check(f)
    print([note for note in f.decisions if "One thread" in note], flush=True)
    new = einloop.compile("ij,j->ji", target=sys.argv[1], threads=2)
    assert np.array_equal(new(a, a[0]), (a * a[0]).T)
    in_child(lambda: check(f))  # and a child of the child

check(f)
assert not any("One thread" in note for note in f.decisions)
in_child(child)
check(f)
assert not any("One thread" in note for note in f.decisions)
"""
COUNTED = """
def count():
    return len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 2

def counted():
    check(f)
    print(count(), end=" ", flush=True)

in_child(counted)
print(2 if count() >= 2 else count())
"""
ONE = "One thread, not 2: this process was forked from one that used threads, and lacks them."

NOT_USED = """
def child():
    check(f)
    assert not any("One thread" in note for note in f.decisions)

in_child(child)
"""

LOCKED = """
check(f)
shelf = store._shelf(store.cache_folder())
for lock in (f._made._lock, f._made._building, store._locks_lock, shelf._lock, loaded.loaded._lock, caller._loading):
    lock.acquire()  # as another thread would that compiles just now

def child():
    check(f)
    small = a[:3]
    assert np.array_equal(f(small, a[0]), small * a[0])

in_child(child)
"""


def run(folder, text, target, threads):
    """Return what a process prints; one that waits for ever fails."""
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "EINLOOP_CACHE_DIR": str(folder), "PYTHONPATH": root}
    env["PYTHONWARNINGS"] = "ignore:This process:DeprecationWarning"  # to fork with threads is the test
    done = subprocess.run(
        [sys.executable, "-c", START + text, target, str(threads)],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@needs_threads
def test_the_child_of_a_process_with_threads_gets_its_own(tmp_path):
    assert run(tmp_path, THREADS + COUNTED, "c", 2) == "[]\n2 2\n"


def test_the_child_of_a_process_with_threads_of_numba_has_one(tmp_path):
    pytest.importorskip("numba")
    assert run(tmp_path, THREADS, "numba", 2) == f"{[ONE]}\n"


@needs_threads
def test_the_child_of_a_process_that_has_used_none_may_use_threads(tmp_path):
    assert run(tmp_path, NOT_USED, "c", 2) == ""


@needs_compiler
def test_locks_of_the_parent_are_not_the_childs(tmp_path):
    assert run(tmp_path, LOCKED, "c", 1) == ""
