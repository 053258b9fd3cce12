"""The threads that take turns of shared loops: every turn once, nobody waits for who does not come."""

import ctypes
import hashlib
import os
import subprocess
import sys
import threading
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import einloop
from einloop.pipeline.compile import c
from einloop.runners import threads
from einloop.runners.compiler import find_compiler

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
pytestmark = needs_compiler

TURNS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_ssize_t)


@pytest.fixture(scope="module")
def share():
    """The function that shares turns: `share(turns, number, threads)`."""
    threads.start(c._threads_text())
    kind = ctypes.CFUNCTYPE(ctypes.c_int, TURNS, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int)
    function = kind(threads._threads[0].address(threads.NAME))
    return lambda turns, number, many: function(TURNS(turns), None, number, many)


@pytest.mark.parametrize("number", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_every_turn_is_taken_once(share, number, many):
    taken = []

    def turns(_, start, stop):
        taken.extend(range(start, stop))
        return 0

    for _ in range(5):
        taken.clear()
        assert share(turns, number, many) == 0
        assert sorted(taken) == list(range(number))


def test_a_failed_turn_is_told(share):
    assert share(lambda _, start, stop: start <= 70 < stop, 100, 2) == 1
    assert share(lambda _, start, stop: 0, 100, 2) == 0


def test_who_brings_a_loop_takes_the_turns_that_nobody_else_takes(share):
    """The other thread is kept in its first turn until all the others are done."""
    me, others_done, kept, taken = threading.get_ident(), threading.Event(), [], Counter()

    def turns(_, start, stop):
        who = threading.get_ident()
        taken[who] += stop - start
        if sum(taken.values()) == 160:  # the last to come, the kept one perhaps
            others_done.set()
        if who != me and not kept:
            kept.append(stop - start)
            assert others_done.wait(60)
        return 0

    assert share(turns, 160, 2) == 0
    assert sum(taken.values()) == 160
    assert taken[me] >= 160 - (kept[0] if kept else 0)


def test_after_a_long_wait_loops_run_on_one_thread(share):
    me, late, taken = threading.get_ident(), [], []

    def slow_elsewhere(_, start, stop):
        if threading.get_ident() != me and not late:
            late.append(hashlib.pbkdf2_hmac("sha256", b"", b"", 1_000_000))  # keeps nobody else from running
        return 0

    for _ in range(100):
        share(slow_elsewhere, 1000, 2)
        if late:  # the other thread came
            share(lambda _, start, stop: taken.append((start, stop, threading.get_ident())) or 0, 1000, 2)
            assert taken == [(0, 1000, me)]
            return


def test_a_second_loop_does_not_wait_for_the_first(share):
    inside, go_on, taken = threading.Event(), threading.Event(), []

    def slow(_, start, stop):
        inside.set()
        assert go_on.wait(60)
        return 0

    first = threading.Thread(target=lambda: share(slow, 2, 2))
    first.start()
    assert inside.wait(60)
    assert share(lambda _, start, stop: taken.append((start, stop, threading.get_ident())) or 0, 9, 2) == 0
    go_on.set()
    first.join()
    assert taken == [(0, 9, threading.get_ident())]


EXPRESSIONS = (
    ("ij,j->ij", (400, 300), (300,)),
    ("ij->j", (300, 1000)),
    ("ij->i", (1000, 300)),
    ("ij,jk->ik", (200, 64), (64, 97)),
    ("ij,jk->ik", (384, 40), (40, 384)),
    ("bij,bjk->bik", (1000, 8, 8), (1000, 8, 8)),
    ("bij,bjk->bik", (16, 40, 40), (16, 40, 40)),
    ("ij,jk,kl->il", (96, 96), (96, 96), (96, 96)),
    ("iij->j", (60, 60, 90)),
    ("i,j,k->kji", (50,), (40,), (30,)),
)


DTYPES = ("float64", "float32", "complex128", "int32", "bool", "float16")


@pytest.mark.parametrize("number", range(len(EXPRESSIONS)), ids=[case[0] for case in EXPRESSIONS])
def test_results_are_those_of_one_thread(monkeypatch, number):
    monkeypatch.setattr(threads, "processors", lambda: 4)
    rng = np.random.default_rng(3)
    text, *shapes = EXPRESSIONS[number]
    arrays = [rng.integers(0, 3, shape).astype(DTYPES[number % len(DTYPES)]) for shape in shapes]
    one = einloop.compile(text, target="c")(*arrays)
    for many in (2, 4):
        function = einloop.compile(text, target="c", threads=many)
        for _ in range(3):
            result = function(*arrays)
            assert result.dtype == one.dtype
            assert np.array_equal(result, one)


@pytest.mark.parametrize("case", [EXPRESSIONS[n] for n in (0, 2, 4, 5, 7)], ids=lambda case: case[0])
def test_long_loops_and_kernels_are_shared(monkeypatch, case):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    text, *shapes = case
    function = einloop.compile(text, target="c", threads=2, shapes=shapes)
    assert "einloop_share(" in function.source.partition(" kernel(")[2]


REFUSED = {
    (text, schedule)
    for text, summed in (("ij->i", "j"), ("ij->j", "i"), ("ij->", "ij"))
    for schedule in ("parallel(i)", "parallel(j)", "parallel(i,2)", "order(j,i) parallel(i)", "tile(i,8) parallel(i)")
    if schedule.partition("parallel(")[2][0] in summed
}


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from(["ij->ij", "ij->ji", "ij->i", "ij->j", "ij->"]))
def test_schedules_of_ones_own(rows, columns, text):
    array = np.arange(rows * columns * 1.0).reshape(rows, columns)
    for schedule in ("parallel(i)", "parallel(j)", "parallel(i,2)", "order(j,i) parallel(i)", "tile(i,8) parallel(i)"):
        if (text, schedule) in REFUSED:
            continue
        function = einloop.compile(text, target="c", threads=2, schedule=schedule)
        assert np.array_equal(function(array), np.einsum(text, array))


def test_a_loop_inside_another_runs_on_one_thread_and_that_is_said(monkeypatch):
    monkeypatch.setattr(threads, "processors", lambda: 2)
    function = einloop.compile("ij,k->ijk", target="c", threads=2, schedule="parallel(j)")
    assert np.array_equal(function(np.eye(3), np.arange(4.0)), np.einsum("ij,k->ijk", np.eye(3), np.arange(4.0)))
    assert "One thread runs the loop over j, as it stands inside another loop." in function.decisions


@pytest.mark.parametrize("name", ["share_1", "share_from", "share_arrays", "einloop_share", "einloop_turns", "failed"])
def test_names_do_not_clash(name):
    function = einloop.compile("ij,j->ij", target="c", threads=2, names=[name, f"{name}_1"], result=f"{name}_2")
    array = np.arange(90000.0).reshape(300, 300)
    assert np.array_equal(function(array, array[0]), array * array[0])


def test_the_text_of_a_person_still_says_what_runs_in_parallel():
    generated = einloop.generate("ij,j->ij", target="c", schedule="parallel(i,2)")
    assert "#pragma omp parallel for num_threads(2)" in generated.source
    assert "einloop_share" not in generated.source


SIGNALS = """
import os, signal, numpy as np, einloop
from einloop.runners import threads
threads.processors = lambda: 2
a = np.ones((600, 600))
f = einloop.compile("ij,j->ij", target="c", threads=2)
f(a, a[0])
blocked = []
for task in os.listdir("/proc/self/task"):
    with open(f"/proc/self/task/{task}/status") as file:
        mask = next(line for line in file if line.startswith("SigBlk")).split()[1]
    blocked.append((task, int(mask, 16) >> (signal.SIGINT - 1) & 1))
print(sum(one for task, one in blocked), dict(blocked)[str(os.getpid())])
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="no /proc")
def test_signals_go_to_the_programs_own_threads(tmp_path):
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "PYTHONPATH": root, "EINLOOP_CACHE_DIR": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", SIGNALS], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1 0\n")
