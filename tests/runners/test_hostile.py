"""Texts that mean harm to whoever runs them: what each costs, which is never more than its own process."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from einloop.core.errors import RunError
from einloop.runners import kin
from einloop.runners.frames import BrokenFrameError, answer, split
from einloop.runners.process import FOREIGN, Budget, ProcessRunner
from einloop.runners.replies import decoded
from einloop.runners.tasks import TextTask

LINUX = sys.platform.startswith("linux")
DEEP = "for _ in range(60):\n    c = [c, c]\n"
HOSTILE_CLASS = "class R:\n    def {method}(self, *given, **named):\n        {body}\nc = R()\n"


def runner(source: str, *, seconds: float = 60.0, budget: float = 600.0) -> ProcessRunner:
    text = TextTask(source=source, inputs=("a",), result="c")
    return ProcessRunner(text, seconds=seconds, budget=Budget(budget))


def refusal(source: str, *, most: int | None = 6, seconds: float = 60.0) -> RunError:
    with runner(source, seconds=seconds) as run, pytest.raises(RunError) as caught:
        run(np.ones((2, 3)), most=most)
    return caught.value


# what comes back is bounded by what is expected

TOO_MANY = "the result holds over 10,024 numbers, and np.einsum's 6"
LARGE = [
    ("c = range(3 * 10**8)\n", "EL645", TOO_MANY),
    (f"c = [0]\n{DEEP}", "EL645", TOO_MANY),
    (f"c = [0.5]\n{DEEP}", "EL645", TOO_MANY),
    (f"c = [None]\n{DEEP}", "EL645", TOO_MANY),
    (f"c = (0,)\n{DEEP.replace('[c, c]', '(c, c)')}", "EL645", TOO_MANY),
    (f"c = [np.ones(2)]\n{DEEP}", "EL645", TOO_MANY),
    ("c = [0] * 10**7\n", "EL645", TOO_MANY),
    ("c = [np.ones(5000)] * 3\n", "EL645", TOO_MANY),
    ("c = [1, [2] * 10**7]\n", "EL645", TOO_MANY),
    ("c = np.full(10**6, 1, object)\n", "EL645", TOO_MANY),
    ("c = [0]\nfor _ in range(70):\n    c = [c]\n", "EL629", "the result is a list of over 64 levels"),
    ("c = []\nc.append(c)\n", "EL629", "the result is a list of over 64 levels"),
    ("c = 10**50000\n", "EL623", "the result cannot be brought back: it holds a number of over 100,000 bits"),
    ("c = [10**50000]\n", "EL623", "the result cannot be brought back: it holds a number of over 100,000 bits"),
    (
        "from fractions import Fraction\nc = [Fraction(1, 10**50000)]\n",
        "EL623",
        "the result cannot be brought back: it holds a number of over 100,000 bits",
    ),
    ("c = [10**20000 + n for n in range(1000)]\n", "EL623", "its numbers take more than 1 MiB"),
    ("c = (x for x in iter(int, 1))\n", "EL629", "the result is a generator"),
    ("import itertools\nc = itertools.count()\n", "EL629", "the result is an itertools.count"),
    ("c = 'x' * 10**8\n", "EL629", "the result is a str"),
    ("c = np.array(['x' * 10**6])\n", "EL629", "the result is a numpy.ndarray"),
]


@pytest.mark.parametrize(("source", "id", "message"), LARGE)
def test_a_result_that_is_too_large_is_not_brought_back(source: str, id: str, message: str) -> None:
    error = refusal(source)
    assert (error.id, message in error.message) == (id, True), error.message


@pytest.mark.parametrize(
    ("made", "shape", "dtype"),
    [
        ("np.broadcast_to(np.ones(1), (10**9, 10**8))", (10**9, 10**8), "float64"),
        ("np.zeros((7, 10**6), 'i1')", (7, 10**6), "int8"),
        ("np.zeros(7, '>c16')", (7,), "complex128"),
        ("np.zeros(2, 'U100')", (2,), "<U100"),
        ("np.zeros((2, 3), 'i4,f8')", (2, 3), "|V12"),
    ],
)
def test_of_an_array_that_is_too_large_only_its_shape_comes_back(made: str, shape: tuple[int, ...], dtype: str) -> None:
    with runner(f"c = {made}\n") as run:
        got = run(0, most=6)
    assert isinstance(got, np.ndarray)
    assert (got.shape, got.dtype.newbyteorder("="), max(got.strides)) == (shape, np.dtype(dtype), 0)


# objects that act when they are looked at

ACTING = [
    (HOSTILE_CLASS.format(method="__array__", body="return np.zeros(10**12)"), "EL629", "the result is a R"),
    (HOSTILE_CLASS.format(method="__array__", body="raise SystemExit"), "EL623", "SystemExit"),
    (HOSTILE_CLASS.format(method="__len__", body="return 10**18"), "EL629", "the result is a R"),
    (HOSTILE_CLASS.format(method="__iter__", body="return iter(int, 1)"), "EL629", "the result is a R"),
    (HOSTILE_CLASS.format(method="__reduce__", body="import os; return os._exit, (0,)"), "EL629", "the result is a R"),
    (HOSTILE_CLASS.format(method="__getattr__", body="raise KeyboardInterrupt"), "EL623", "KeyboardInterrupt"),
    (HOSTILE_CLASS.format(method="__array__", body="import os; os._exit(0)"), "EL622", "exit code 0"),
    ("class E(Exception):\n    def __str__(self):\n        import os; os._exit(0)\nraise E\n", "EL622", "exit code 0"),
]


@pytest.mark.parametrize(("source", "id", "message"), ACTING)
def test_objects_act_in_the_child_alone(source: str, id: str, message: str) -> None:
    error = refusal(source)
    assert (error.id, message in error.message) == (id, True), error.message


# children that answer what no child answers

PIPES = """\
import os, stat
def say(data):
    for handle in range(3, 64):
        try:
            if stat.S_ISFIFO(os.fstat(handle).st_mode):
                os.write(handle, data)
        except OSError:
            pass
def framed(header, body=b""):
    content = len(header).to_bytes(8, "big") + header + body
    say(len(content).to_bytes(8, "big") + content)
"""
GARBAGE = [
    "say(bytes(8))",
    "say(b'\\xff' * 8)",
    "say(b'\\xff' * 16)",
    "say(b'x' * 9)",
    "while True:\n    say(b'x' * 4096)",
    "say((10**6).to_bytes(8, 'big') + b'\\xff' * 4096)\nwhile True:\n    say(b'y' * 4096)",
    "framed(b'')",
    "framed(b'{}')",
    "framed(b'[')",
    "framed(b'[' * 10**5)",
    "framed(b'[1' + b'0' * 5000 + b']')",
    "framed(b'[]')",
    "framed(b'[\"ready\"]')",
    "framed(b'[\"result\"]')",
    "framed(b'[\"result\", []]')",
    "framed(b'[\"result\", [1, 2]]')",
    "framed(b'[\"result\", [1]]', b'and more')",
    'framed(b\'["result", [{"array": "O", "shape": [1], "scalar": false}]]\', b\'12345678\')',
    "framed(b'[\"raised\", 1, 2, 3, 4]')",
    'framed(b\'["refused", "EL000", "x", null]\')',
    "framed(b'[\"too many\", 1]')",
]


@pytest.mark.parametrize("said", GARBAGE)
def test_an_answer_that_is_none_is_refused(said: str) -> None:
    with runner(f"{PIPES}{said}\nc = a\n") as run:
        with pytest.raises(RunError) as caught:
            run(np.ones((2, 3)), most=6)
        assert (caught.value.id, caught.value.message) == ("EL622", FOREIGN)
        assert run._child is None


@pytest.mark.parametrize(
    "said",
    ["import time\ntime.sleep(1e4)", "say((50).to_bytes(8, 'big'))\nwhile True:\n    pass", "while True:\n    pass"],
)
def test_a_child_that_says_nothing_is_stopped(said: str) -> None:
    assert refusal(f"{PIPES}{said}\nc = a\n", seconds=0.3).id == "EL620"


def test_words_of_a_child_are_cut() -> None:
    said = "framed(b'[\"raised\", \"' + b'x' * 90_000 + b'\", \"\", null, false]')"
    assert len(refusal(f"{PIPES}{said}\nc = a\n").message) < 3000


NODES = [
    {"array": "<f8", "shape": [10**12], "scalar": False},
    {"array": "<f8", "shape": [10**12, 0, 1 << 62], "scalar": False},
    {"array": "<f8", "shape": [-1], "scalar": False},
    {"array": "<f8", "shape": [1.0], "scalar": False},
    {"array": "<f8", "shape": [True], "scalar": False},
    {"array": "<f8", "shape": [1] * 70, "scalar": False},
    {"array": "O", "shape": [1], "scalar": False},
    {"array": "<f9", "shape": [1], "scalar": False},
    {"array": "f8,f8", "shape": [1], "scalar": False},
    {"array": "U1000000000", "shape": [], "scalar": True},
    {"array": "<f8", "shape": [2]},
    {"hollow": "<f8", "shape": [2]},
    {"hollow": "<f8", "shape": [1 << 61, 1 << 61]},
    {"hollow": "U99999999", "shape": [2]},
    [{"hollow": "U9", "shape": [1 << 40]}],
    {"lists": "f8", "shape": []},
    {"lists": "f8", "shape": [0]},
    {"lists": "f8", "shape": [1 << 40]},
    {"lists": "O", "shape": [1]},
    {"objects": [1, 2], "shape": [3]},
    {"objects": [1], "shape": ["1"]},
    {"fraction": ["0x1", "0x0"]},
    {"fraction": [1, 2]},
    {"int": "0x" + "f" * 10**6},
    {"int": "one"},
    {"decimal": "one"},
    {"decimal": "1" * 10**6},
    {"complex": ["1", 2]},
    {"complex": [1]},
    {"tuple": 1},
    {"pickle": "x"},
    {},
    "x" * 10**4,
    ["x"],
]


@pytest.mark.parametrize("node", NODES, ids=lambda node: str(node)[:60])
def test_a_node_that_no_child_sends_is_refused(node: object) -> None:
    with pytest.raises(BrokenFrameError):
        decoded([node], b"", [6])


def test_nodes_that_nest_too_deeply_are_refused() -> None:
    node: object = 1
    for _ in range(100):
        node = [node]
    with pytest.raises(BrokenFrameError):
        decoded([node], b"", [6])


def test_bytes_that_nobody_asked_for_are_refused() -> None:
    with pytest.raises(BrokenFrameError):
        decoded([1], b"x", [6])
    with pytest.raises(BrokenFrameError):
        split(b"".join(answer(["x" * 100])), 50)


# what a child does not have

STATE = [
    ("sorted(set(os.listdir('/proc/self/fd')) - {'0', '1', '2'}).__len__() <= 4", True),
    ("os.getpgid(0) == os.getsid(0) == os.getpid()", True),
    ("os.listdir()", []),
    ("os.environ['TMPDIR'] == os.getcwd() == __import__('tempfile').gettempdir()", True),
    ("__import__('resource').getrlimit(4)", (0, 0)),
    ("__import__('resource').getrlimit(1)[0] <= 1 << 28", True),
    ("0 < __import__('resource').getrlimit(6)[0] < 1 << 16", True),
]


@pytest.mark.skipif(not LINUX, reason="/proc and the numbers of limits are Linux's")
@pytest.mark.parametrize(("asked", "told"), STATE)
def test_what_a_child_has(asked: str, told: object, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        with runner(f"import os\nc = {asked}\n") as run:
            assert run(0) == told


@pytest.mark.skipif(not LINUX, reason="network namespaces are Linux's")
def test_a_child_has_no_network_where_that_is_allowed() -> None:
    source = "import ctypes, socket\nc = [n for _, n in socket.if_nameindex()], ctypes.CDLL(None).unshare(0x40000000)\n"
    with runner(source.replace("n for _, n", "len(n) for _, n")) as run:
        names, refused = run(0)  # type: ignore[misc]
    if refused:
        pytest.skip("this user may make no network of his own")
    assert names == [len("lo")] or len(socket.if_nameindex()) <= 1


def test_its_folder_goes_with_the_child_however_deep_it_is() -> None:
    source = """
import os
c = os.getcwd()
os.mkdir("locked")
open("locked/file", "w").close()
os.chmod("locked", 0)
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
"""
    with runner(source) as run:
        folder = run(0)
        assert isinstance(folder, str)
        assert os.path.isdir(folder)
    assert not os.path.exists(folder)


@pytest.mark.parametrize("leave", ["os.chdir('/')", "os.chdir('..'); os.rmdir(c)"])
def test_every_call_begins_in_the_folder_wherever_the_one_before_went(leave: str) -> None:
    with runner(f"import os\nc = os.getcwd()\n{leave}\n") as run:
        first = run(0)
        assert isinstance(first, str)
        assert "einloop-process" in first
        assert run(0) == first


ESCAPES = [
    "subprocess.Popen(['sh', '-c', loop], start_new_session=True)",
    "subprocess.Popen(['setsid', 'sh', '-c', f'({loop}) &'])",
    """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('sh', ['sh', '-c', loop])
    os._exit(0)
""",
]


@pytest.mark.skipif(not LINUX, reason="what left the process group is found in /proc")
@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("escape", ESCAPES)
def test_what_left_the_process_group_is_ended_too(escape: str, ends: bool, tmp_path: Path) -> None:
    fifo, flag = tmp_path / "alive", tmp_path / "up"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    loop = f"exec 9>{fifo}; : >{flag}; exec sleep 1000"
    begun = f"while not os.path.exists({str(flag)!r}):\n    pass\n"
    run = runner(f"import os, subprocess\nloop = {loop!r}\n{escape}\n{begun}{'os._exit(0)' * ends}\nc = 1\n")
    with run:
        if ends:
            with pytest.raises(RunError):
                run(0)
        else:
            run(0)
            with pytest.raises(BlockingIOError):
                os.read(reader, 1)
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_a_mark_is_found_in_the_environment_of_others_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kin._marked(f"{kin.VARIABLE}={kin.new_mark()}".encode()) == []


# time is for the whole run

LOOP = "total = 0\nfor n in range(4 * 10**6):\n    total += n\nc = total\n"


def test_the_time_is_for_all_calls_together() -> None:
    with runner(LOOP, seconds=1000.0, budget=4.0) as run, pytest.raises(RunError) as caught:
        run.repeated(*[(0,)] * 10_000)
    assert (caught.value.id, caught.value.message) == ("EL644", "stopped: all runs together took more than 4 s")


def test_children_that_are_started_anew_share_the_time() -> None:
    budget = Budget(30.0)
    for _ in range(2):
        with ProcessRunner(TextTask(source="c = 1\n", inputs=(), result="c"), budget=budget) as run:
            before = budget.left
            run()
            assert budget.left < before
    budget.left = 0.0
    with pytest.raises(RunError) as caught:
        ProcessRunner(TextTask(source="c = 1\n", inputs=(), result="c"), budget=budget)()
    assert caught.value.id == "EL644"


@pytest.mark.skipif(not LINUX, reason="address space is limited on Linux only")
@pytest.mark.parametrize("bomb", ["[0] * 10**10", "np.ones(10**10)", "'x' * 10**11", "list(range(10**9))"])
def test_memory_is_bounded(bomb: str) -> None:
    error = refusal(f"c = {bomb}\n")
    assert error.id == "EL621"
    assert "MemoryError" in error.message


@pytest.mark.skipif(not LINUX, reason="the size of files is limited on Linux here")
def test_files_are_bounded() -> None:
    error = refusal("with open('large', 'wb') as file:\n    file.truncate(1 << 30)\nc = 1\n")
    assert (error.id, "File too large" in error.message) == ("EL621", True)
