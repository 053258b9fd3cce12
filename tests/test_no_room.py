"""No disk, no memory, no descriptors, no working directory: np.einsum computes then, or an EinloopError says why.

Each case is a process of its own, which takes away what it lacks.
"""

import os
import subprocess
import sys
import tempfile
import time

import pytest

import einloop
from einloop.runners import shelf, store
from einloop.runners.compiler import SHARED, build, find_compiler, need_compiler

resource = pytest.importorskip("resource")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="what a process has is not known here")
needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")

START = """
import os, resource, sys
import numpy as np
import einloop
import einloop.pipeline.compile.function, einloop.api.compile
a, b = np.arange(12.0).reshape(3, 4), np.arange(20.0).reshape(4, 5)
folder = sys.argv[1]

def limit(what, size):
    resource.setrlimit(what, (size, size))

def leave(mebibytes):
    pages = int(open("/proc/self/statm").read().split()[0])
    limit(resource.RLIMIT_AS, pages * resource.getpagesize() + (mebibytes << 20))

def exhaust():
    # every other page in another way, so that each is a mapping
    import ctypes
    map = ctypes.CDLL(None).mmap
    map.restype = ctypes.c_void_p
    map.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    count = 0
    while map(None, resource.getpagesize(), 1 + 2 * (count % 2), 0x22, -1, 0) != 2**64 - 1:
        count += 1
        assert count < 1 << 20, "there is no end"

def compiled(target):
    try:
        f = einloop.compile("ij,jk->ik", target=target)
        assert np.array_equal(f(a, b), a @ b)
        assert np.array_equal(f(a, b, out=np.empty((3, 5))), a @ b)
        print(f.target, "|", *f.decisions)
    except einloop.EinloopError as error:
        print(error.id, "|", error.message)

"""
"""What takes something away stands between this and the calls."""
LACKS = {
    "a file may hold 1,000 bytes": "limit(resource.RLIMIT_FSIZE, 1000)",
    "a file may hold nothing": "limit(resource.RLIMIT_FSIZE, 0)",
    "60 MiB of addresses": "leave(60)",
    "20 MiB of addresses": "leave(20)",
    "8 MiB of addresses": "leave(8)",
    "no descriptor more": "einloop.compile('ij->ji', target='python')(a); limit(resource.RLIMIT_NOFILE, 3)",
    "no mapping more": "einloop.compile('ij->ji', target='c')(a); exhaust()",
    "two descriptors more": "limit(resource.RLIMIT_NOFILE, 5)",
    "no working directory": "os.chdir(folder); os.rmdir(folder)",
    "a full temporary folder": "import tempfile; tempfile.tempdir = '/dev/full'",
    "a compiler that is killed": "os.environ['CC'] = sys.argv[2]",
    "a device for a folder": "os.environ['EINLOOP_CACHE_DIR'] = '/dev/null'",
}


def run(tmp_path, text, **environment):
    """Return what a process prints, which must end well."""
    folder, compiler = tmp_path / "gone", tmp_path / "killed-cc"
    folder.mkdir()
    compiler.write_text("#!/bin/sh\nkill -9 $$\n")
    compiler.chmod(0o755)
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    # Python would keep the part of a module that it can write
    kept_whole = {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}
    env = {**os.environ, "EINLOOP_CACHE_DIR": str(tmp_path / "cache"), **kept_whole, **environment}
    done = subprocess.run(
        [sys.executable, "-c", START + text, str(folder), str(compiler)],
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@needs_compiler
@needs_linux
@pytest.mark.parametrize("lack", LACKS)
def test_auto_never_raises_and_others_say_why(tmp_path, lack):
    auto, c, numpy = run(tmp_path, f"{LACKS[lack]}\ncompiled('auto')\ncompiled('c')\ncompiled('numpy')").splitlines()
    assert auto.partition(" | ")[0] in ("c", "numba", "numpy")
    assert c.partition(" | ")[0] in ("c", "EL630", "EL636", "EL640", "EL641", "EL503", "EL506")
    assert ("Not c: " in auto) == c.startswith("EL")
    assert numpy.partition(" | ")[0] in ("numpy", "EL503", "EL636", "EL640")
    left = os.listdir(tmp_path / "cache") if (tmp_path / "cache").exists() else []
    assert [name for name in left if not name.endswith((".so", ".numba"))] == []


@needs_compiler
@needs_linux
@pytest.mark.parametrize("lack", ["limit(resource.RLIMIT_FSIZE, 0)", "limit(resource.RLIMIT_NOFILE, 3)", "leave(8)"])
def test_what_is_there_is_used_all_the_same(tmp_path, lack):
    make = "f = einloop.compile('ij,jk->ik')\nassert np.array_equal(f(a, b), a @ b)\n"
    assert run(tmp_path, f"{make}g = f\n{lack}\n{make}assert np.array_equal(g(a, b), a @ b)\nprint(f.target)") == "c\n"


@needs_compiler
def test_a_disk_that_fills_up_and_is_emptied_again(tmp_path):
    fills = """
soft = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, soft[1]))
f = einloop.compile("ij,jk->ik")
assert np.array_equal(f(a, b), a @ b)
print(f.target, f.decisions[0])
resource.setrlimit(resource.RLIMIT_FSIZE, soft)
assert np.array_equal(f(a[:2], b), a[:2] @ b)
print(f.target)
"""
    first, second = run(tmp_path, fills).splitlines()
    assert first.endswith("Not c: there is no place to compile in: File too large.")
    assert second == "c"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB, where one can be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@needs_compiler
def test_a_full_file_system(small_disk, tmp_path):
    cache = small_disk / "cache"
    (small_disk / "fill").write_bytes(bytes(56 << 10))
    kept = "What was compiled is kept for this process only: {} cannot be written: No space left on device."
    assert kept.format(cache) in run(tmp_path, "compiled('c')", EINLOOP_CACHE_DIR=str(cache))
    assert os.listdir(cache) == []
    os.rmdir(tmp_path / "gone")
    printed = run(tmp_path, "compiled('c')\ncompiled('auto')", EINLOOP_CACHE_DIR=str(cache), TMPDIR=str(small_disk))
    c, auto = printed.splitlines()
    assert c.startswith(("EL636 | ", "EL641 | "))
    assert "No space left on device" in c
    assert auto.startswith(("numba | Not c: ", "numpy | Not c: "))
    assert sorted(os.listdir(small_disk)) == ["cache", "fill"]


@needs_compiler
def test_a_cache_that_reaches_its_limit_while_three_processes_write(tmp_path):
    text = """
import einloop, numpy as np, sys
f = einloop.compile("ij,jk->ik", target="c")
for n in range(1, 7):
    a = np.ones((n, 3 + int(sys.argv[1])))
    assert np.array_equal(f(a, a.T), a @ a.T)
"""
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "EINLOOP_CACHE_DIR": str(tmp_path), "EINLOOP_CACHE_LIMIT": "128K", "PYTHONPATH": root}
    started = [
        subprocess.Popen([sys.executable, "-c", text, str(n)], env=env, stderr=subprocess.PIPE, text=True)
        for n in (1, 1, 2)
    ]
    for process in started:
        assert (process.communicate()[1], process.returncode) == ("", 0)
    files = shelf.listed(str(tmp_path))
    assert not any(file.unfinished for file in files)
    sizes = [file.size for file in files]
    assert 0 < sum(sizes) <= (128 << 10) + 2 * max(sizes)  # the others may write one each when one has just looked


FORGED = """
#include <stdio.h>
static void __attribute__((constructor)) evil(void) { fclose(fopen(MARK, "w")); }
int kernel(const double *a, const double *b, double *c) { c[0] = 0; return 0; }
"""


@needs_compiler
@pytest.mark.parametrize("forge", ["owner", "mode", "folder", "above"])
def test_what_somebody_else_could_have_forged_is_not_loaded(tmp_path, monkeypatch, forge):
    if os.name != "posix" or (forge == "owner" and os.getuid()):
        pytest.skip("only the superuser gives files away")
    place = tmp_path / "above"
    place.mkdir(mode=0o700)
    cache = place / "cache"
    assert run(tmp_path, "compiled('c')", EINLOOP_CACHE_DIR=str(cache)).startswith("c | ")
    mark = tmp_path / "mark"
    evil = build(need_compiler(), FORGED.replace("MARK", f'"{mark}"'), SHARED)
    for path in cache.iterdir():
        path.write_bytes(evil + shelf.trailer(evil, path.stem))
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(cache))
    assert store.recall(path.stem, store.SHARED) == evil  # the forgery is one that would be loaded
    for path in cache.iterdir():
        path.chmod(0o666 if forge == "mode" else 0o644)
        if forge == "owner":
            os.chown(path, 12345, 12345)
    if forge in ("folder", "above"):
        (cache if forge == "folder" else place).chmod(0o777)
    os.rmdir(tmp_path / "gone")
    printed = run(tmp_path, "compiled('c')", EINLOOP_CACHE_DIR=str(cache))
    assert printed.startswith("c | The target is c, as asked. Compiled by ")
    assert ("may be written by others" in printed) == (forge in ("folder", "above"))
    assert not mark.exists()


def test_a_killed_compile_leaves_nothing_for_long(tmp_path):
    killed = """
import signal, threading
os.environ["CC"] = sys.argv[2]
open(sys.argv[2], "w").write("#!/bin/sh\\ntouch $TMPDIR/text.s\\nkill -9 $PPID\\n")
compiled("c")
"""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    with pytest.raises(AssertionError, match="-9"):
        run(tmp_path, killed, TMPDIR=str(scratch))
    (left,) = scratch.iterdir()
    os.utime(left, (0, 0))
    os.rmdir(tmp_path / "gone")
    run(tmp_path, "compiled('auto')", TMPDIR=str(scratch))
    assert list(scratch.iterdir()) == []
    assert tempfile.gettempdir() != str(scratch)


@needs_compiler
def test_an_interrupted_compile_ends_what_it_started(tmp_path):
    interrupted = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # what was started in the background may ignore it
os.environ["CC"] = sys.argv[2]
open(sys.argv[2], "w").write("#!/bin/sh\\nexec 3<>$PIPE\\nkill -2 $PPID\\nsleep 1000 &\\nwait\\n")
try:
    compiled("c")
except KeyboardInterrupt:
    pass
"""
    scratch, pipe = tmp_path / "tmp", tmp_path / "pipe"
    scratch.mkdir()
    os.mkfifo(pipe)
    assert run(tmp_path, interrupted, TMPDIR=str(scratch), PIPE=str(pipe)) == ""
    assert list(scratch.iterdir()) == []
    deadline = time.monotonic() + 20  # what was killed takes a moment to go
    while time.monotonic() < deadline:
        try:
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody has the other end open
            return
        time.sleep(0.01)
    pytest.fail("what the compiler started still runs")
