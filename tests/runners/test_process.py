"""What a person's text may do in its child process, and what it may not do to its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import einloop
from einloop.core.errors import RunError
from einloop.runners.process import ProcessRunner
from einloop.runners.tasks import TextTask

ROOT = Path(einloop.__file__).resolve().parents[1]
LOOPS = """\
C = np.zeros((A.shape[0], B.shape[1]), dtype=A.dtype)
for i in range(A.shape[0]):
    for k in range(B.shape[1]):
        for j in range(A.shape[1]):
            C[i, k] += A[i, j] * B[j, k]
"""


def runner(
    source: str, inputs: str = "a", result: str | None = "c", entry: str | None = None, seconds: float = 30.0
) -> ProcessRunner:
    """Return a runner; the deadline is far off unless a test wants to meet it."""
    names = tuple(inputs.split())
    text = TextTask(source=source, inputs=tuple(dict.fromkeys(names)), result=None if entry else result, entry=entry)
    return ProcessRunner(text, seconds=seconds)


def refusal(run: ProcessRunner, *values: object) -> RunError:
    with run, pytest.raises(RunError) as caught:
        run(*values)
    return caught.value


def test_one_child_serves_many_calls() -> None:
    with runner(LOOPS, "A B", "C") as run:
        for rows in range(4):
            a, b = np.arange(rows * 3).reshape(rows, 3), np.arange(12).reshape(3, 4)
            got = run(a, b)
            assert isinstance(got, np.ndarray)
            assert got.dtype == a.dtype
            assert np.array_equal(got, a @ b)


def test_every_call_has_a_namespace_of_its_own() -> None:
    with runner("c = 'seen' in globals()\nseen = a\n") as run:
        assert [run(1), run(2)] == [False, False]


VALUES = [
    5,
    2.5,
    1 + 2j,
    10**40,
    True,
    None,
    "text",
    [[1, 2], [3, 4]],
    [[0.5], [], [Fraction(1, 3)]],
    np.float32(1.5),
    np.bool(True),
    np.int8(-3),
    np.arange(6).reshape(2, 3),
    np.arange(6.0).reshape(2, 3).T,
    np.arange(10)[::3],
    np.zeros((0, 3)),
    np.array(7),
    np.arange(3, dtype=">f4"),
    np.array([1, 10**30, Fraction(1, 2)], dtype=object),
    np.array([1, 2], dtype="M8[s]"),
]


@pytest.fixture(scope="module")
def unchanged() -> Iterator[ProcessRunner]:
    with runner("c = a\n") as run:
        yield run


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_were(value: object, unchanged: ProcessRunner) -> None:
    got = unchanged(value)
    assert type(got) is type(value)
    if isinstance(value, np.ndarray | np.generic):
        assert isinstance(got, np.ndarray | np.generic)
        assert got.dtype == value.dtype
        assert got.shape == value.shape
    assert np.array_equal(got, value) if isinstance(value, np.ndarray) else got == value  # type: ignore[arg-type]


def test_read_only_arrays_stay_read_only() -> None:
    array = np.zeros(3)
    array.flags.writeable = False
    with runner("c = a.flags.writeable\n") as run:
        assert run(array) is False
        assert run(np.zeros(3)) is True


def test_the_parents_arrays_are_not_written_to() -> None:
    array = np.zeros(3)
    with runner("a[:] = 9\nc = a\n") as run:
        assert np.array_equal(run(array), np.full(3, 9.0))  # type: ignore[arg-type]
    assert not array.any()


def test_arrays_keep_their_strides() -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    views = [array[:, ::2, ::-1], array.T[::-1], array[::-1, 1], np.broadcast_to(array[0, 0], (3, 4))]
    with runner("c = a.strides, a.tolist(), a.flags.writeable\n") as run:
        for view in views:
            assert run(view) == (view.strides, view.tolist(), view.flags.writeable)


def test_a_function_called_again_keeps_what_it_keeps() -> None:
    with runner("def f(a, seen=[]):\n    seen.append(a)\n    return len(seen)\n", entry="f") as run:
        assert run.repeated((1,), (2,), (3,)) == (1, 2, 3)
        assert run(1) == 1
    with runner("seen = globals().get('seen', 0) + a\nc = seen\n") as run:
        assert run.repeated((1,), (2,)) == (1, 2)


WRITTEN = [
    ("a[1] = 7\n", [1, 2], "the loops write into their input a: [1] was 2 and is 7 afterwards"),
    ("a[0][1] += 1\n", [[1, 2]], "the loops write into their input a: [0, 1] was 2 and is 3 afterwards"),
    ("a.append(3)\n", [1, 2], "the loops write into their input a: it had 2 elements and has 3 afterwards"),
    ("a[0] = [1]\n", [1, 2], "the loops write into their input a: [0] was 1 and is [1] afterwards"),
    ("a[0] = 1\n", [[1], 2], "the loops write into their input a: [0] was a list and is an int afterwards"),
    ("a *= 2\n", np.ones((1, 2)), "the loops write into their input a: [0, 0] was 1.0 and is 2.0 afterwards"),
    ("a *= -1\n", np.zeros(2), "the loops write into their input a: [0] was 0.0 and is -0.0 afterwards"),
    ("a[0] = 3\n", np.ones(1, object), "the loops write into their input a: [0] was 1 and is 3 afterwards"),
    (
        "a.shape = 4\n",
        np.ones((2, 2)),
        "the loops write into their input a: it was float64 of shape (2, 2) and is float64 of shape (4,) afterwards",
    ),
    ("a = a * 2\n", np.ones(2), None),
    ("a = np.sort(a)\n", np.array([2.0, np.nan, 1.0]), None),
    ("b = a.copy()\nb[:] = 0\n", np.ones(2), None),
    ("a += 1\n", 1, None),
]


@pytest.mark.parametrize(("source", "value", "message"), WRITTEN)
def test_what_is_written_into_an_input_is_told(source: str, value: object, message: str | None) -> None:
    text = TextTask(source=f"c = 0\n{source}", inputs=("a",), result="c", watched=("a",))
    with ProcessRunner(text) as run:
        if message is None:
            assert run(value) == 0
            return
        with pytest.raises(RunError) as caught:
            run(value)
    assert str(caught.value) == f"error EL627: {message}"


FUNCTIONS = [
    ("def f(a, b):\n    return a - b\n", "a b", 3),
    ("def f(b, a):\n    return a - b\n", "a b", 3),
    ("def f(b, a, n=7):\n    return a - b\n", "a b", 3),
    ("def f(b, /, a):\n    return a - b\n", "a b", 3),
    ("def f(*, b, a):\n    return a - b\n", "a b", 3),
    ("def through(g):\n    return lambda *x: g(*x)\n@through\ndef f(a, b):\n    return a - b\n", "a b", 3),
    ("def through(g):\n    return lambda *x, **k: g(*x, **k)\n@through\ndef f(b, a):\n    return a - b\n", "a b", 3),
    ("f = divmod\n", "a b", (2, 1)),
    ("def f(a):\n    return a - 2\nif __name__ == '__main__':\n    f = None\n", "a", 3),
    ("def f(a):\n    return np.sum([a, math.floor(1.5)])\n", "a", 6),
]


@pytest.mark.parametrize(("source", "inputs", "expected"), FUNCTIONS)
def test_functions_take_the_inputs_by_name(source: str, inputs: str, expected: object) -> None:
    with runner(source, inputs, entry="f") as run:
        assert run(*[5, 2][: len(inputs.split())]) == expected


def test_a_name_given_twice_takes_one_value() -> None:
    with runner("c = a + a\n", "a a") as run:
        assert run(4) == 8


SILENT = [
    "print(a)\n",
    "import sys\nsys.stderr.write('x')\nsys.__stdout__.write('x')\nsys.stdout.flush()\n",
    "import os\nos.write(1, b'x' * 99)\nos.write(2, b'x')\n",
    "import os\nos.system('echo x; echo y >&2')\n",
    "import os\nos.close(0)\nos.close(1)\nos.close(2)\n",
    "import sys\nsys.stdout.close()\nsys.stdin.close()\n",
    "import warnings\nwarnings.warn('x')\n",
    "import warnings\nwarnings.simplefilter('error')\n",
    "np.float32(1e38) * np.float32(1e38)\nnp.int8(100) * np.int8(100)\nnp.array([1.0]) / 0\n",
    "np.log(np.zeros(1))\n",
    "import os, sys\nif os.fork() == 0:\n    c = 'from the fork'\n" if hasattr(os, "fork") else "",
    "import os\npid = os.fork()\nif pid == 0:\n    os._exit(3)\nos.waitpid(pid, 0)\n" if hasattr(os, "fork") else "",
]


@pytest.mark.parametrize("source", SILENT)
def test_what_the_text_prints_goes_nowhere(source: str, capfd: pytest.CaptureFixture[str]) -> None:
    with runner(f"c = a\n{source}") as run:
        assert [run(1), run(2)] == [1, 2]
    assert capfd.readouterr() == ("", "")


RAISING = [
    ("c = a\nc[3]\n", [1], "line 2 raised IndexError: list index out of range", "c[3]"),
    ("for i in a:\n\n    c = b  # é\n", [1], "line 3 raised NameError: name 'b' is not defined", "    c = b  # é"),
    (
        "\r\nc = np.zeros(a)[a]\r\n",
        1,
        "line 2 raised IndexError: index 1 is out of bounds for axis 0 with size 1",
        "c = np.zeros(a)[a]",
    ),
    (
        "c = np.linalg.inv(np.zeros((2, 2)))\n",
        1,
        "line 1 raised LinAlgError: Singular matrix",
        "c = np.linalg.inv(np.zeros((2, 2)))",
    ),
    ("import sys\nsys.exit()\n", 1, "line 2 raised SystemExit", "sys.exit()"),
    ("raise KeyboardInterrupt\n", 1, "line 1 raised KeyboardInterrupt", "raise KeyboardInterrupt"),
    ("raise ValueError('1\\n2')\n", 1, "line 1 raised ValueError: 1 2", "raise ValueError('1\\n2')"),
    ("c = input()\n", 1, "line 1 raised EOFError: EOF when reading a line", "c = input()"),
    ("c = (\n", 1, "line 1 raised SyntaxError: '(' was never closed", "c = ("),
    (
        "def f(n):\n    return f(n)\nf(a)\n",
        1,
        "line 2 raised RecursionError: maximum recursion depth exceeded",
        "    return f(n)",
    ),
    ("class E(Exception):\n    def __str__(self):\n        raise E\nraise E\n", 1, "line 4 raised E", "raise E"),
]


@pytest.mark.parametrize(("source", "value", "message", "line"), RAISING)
def test_what_the_text_raises_comes_back_with_its_line(source: str, value: object, message: str, line: str) -> None:
    error = refusal(runner(source), value)
    code = line.lstrip()
    carets = " " * (len(line) - len(code)) + "^" * len(code)
    assert (error.id, error.message) == ("EL621", message)
    assert str(error) == f"error EL621: {message}\n  {line}\n  {carets}"


def test_exceptions_leave_the_child_alive() -> None:
    with runner("import os\nc = (os.getpid(), 1 // a)\n") as run:
        before = run(1)
        with pytest.raises(RunError):
            run(0)
        assert run(1) == before


def test_the_deadline_stops_a_loop_that_does_not_end() -> None:
    with runner("while a:\n    pass\nc = a\n", seconds=0.5) as run:
        with pytest.raises(RunError) as caught:
            run(1)
        assert str(caught.value) == (
            "error EL620: stopped after 0.5 s: the loops do not end, or are too slow for these sizes"
        )
        assert run(0) == 0


@pytest.mark.parametrize(
    "source",
    [
        "c = a ** 10 ** 10\n",
        "import time\ntime.sleep(1000)\n",
        "def f():\n    try:\n        while True:\n            pass\n    except BaseException:\n        f()\nf()\n",
    ],
)
def test_the_deadline_needs_no_help_from_the_code(source: str) -> None:
    assert refusal(runner(source, seconds=0.2), 7).id == "EL620"


def test_inputs_larger_than_a_pipe_do_not_block() -> None:
    with runner("c = a[-1]\n") as run:
        assert run(np.arange(1_000_000)) == 999_999


ENDING = [
    ("import os\nos._exit(3)\n", "exit code 3"),
    ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "SIGSEGV"),
    ("import os\nos.abort()\n", "SIGABRT"),
    ("import os\nos.closerange(0, 256)\n", "exit code 1"),
]


@pytest.mark.parametrize(("source", "ending"), ENDING)
def test_a_child_that_ends_is_told_of_and_replaced(source: str, ending: str) -> None:
    with runner(f"if a:\n{textwrap.indent(source, '    ')}c = a\n") as run:
        with pytest.raises(RunError) as caught:
            run(1)
        assert str(caught.value) == f"error EL622: the code ended the process that it ran in ({ending})"
        assert run(0) == 0


def test_a_child_killed_between_calls_is_replaced() -> None:
    with runner("import os\nc = os.getpid()\n") as run:
        first = run(0)
        assert isinstance(first, int)
        os.kill(first, signal.SIGKILL)
        assert run._child is not None
        run._child.process.wait()
        assert run(0) != first


def test_pipes_closed_by_code_that_goes_on_are_told_of() -> None:
    source = "import os\nos.closerange(0, 256)\nwhile True:\n    pass\n"
    assert refusal(runner(source), 1).message == "the code ended the process that it ran in (its pipes are closed)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux only")
def test_a_memory_bomb_raises_in_the_child() -> None:
    with runner("c = len(bytearray(a << 33))\n") as run:
        with pytest.raises(RunError) as caught:
            run(1)
        assert (caught.value.id, caught.value.message) == ("EL621", "line 1 raised MemoryError")
        assert run(0) == 0


UNSENT = [
    ("c = np.zeros(9_000_000)\n", "it takes more than 64 MiB"),
    ("c = [np.zeros(9_000_000)]\n", "it holds over 1,000,000 numbers"),
    ("c = [0] * 1_000_001\n", "it holds over 1,000,000 numbers"),
    ("c = np.broadcast_to(np.zeros(1), (10**9, 10**6))\n", "it takes more than 64 MiB"),
    ("c = 10**50000\n", "it holds a number of over 100,000 bits"),
    ("c = np.array([1, 10**50000], object)\n", "it holds a number of over 100,000 bits"),
    ("from decimal import Decimal\nc = Decimal('1' * 30_000)\n", "it holds a number of over 25,000 digits"),
]


@pytest.mark.parametrize(("source", "reason"), UNSENT)
def test_results_that_cannot_be_brought_back(source: str, reason: str) -> None:
    error = refusal(runner(source), [1])
    assert str(error) == f"error EL623: the result cannot be brought back: {reason}"


TENSORS = "import torch\nA = torch.tensor(a, dtype=torch.float64)\n"
CONVERTED = [
    ("c = range(len(a))\n", [0, 1]),
    ("c = np.matrix(a)\n", [[1.0, 2.0]]),
    ("c = np.ma.masked_array(a, [False, False])\n", [1.0, 2.0]),
    ("class V:\n    def __array__(self, dtype=None, copy=None):\n        return np.array(a)\nc = V()\n", [1.0, 2.0]),
    ("class R(list):\n    pass\nc = [R(a), R(a)]\n", [[1.0, 2.0], [1.0, 2.0]]),
    ("class F(float):\n    pass\nc = F(a[1])\n", 2.0),
    (TENSORS + "c = A\n", [1.0, 2.0]),
    (TENSORS + "c = [A, A]\n", [[1.0, 2.0], [1.0, 2.0]]),
    (TENSORS + "c = A.requires_grad_().sum()\n", 3.0),
    ("import jax.numpy as jnp\nc = jnp.array(a)\n", [1.0, 2.0]),
]


@pytest.mark.parametrize(("source", "expected"), CONVERTED)
def test_results_of_other_libraries_become_arrays(source: str, expected: object) -> None:
    for library in ("torch", "jax"):
        if library in source:
            pytest.importorskip(library)
    with runner(source) as run:
        got = run([1.0, 2.0])
    assert isinstance(got, np.ndarray | list)
    assert np.asarray(got).tolist() == expected


STRANGE = [
    ("c = (x for x in a)\n", "a generator"),
    ("c = map(abs, a)\n", "a map"),
    ("class R:\n    pass\nc = R()\n", "a R"),
    ("c = [map(abs, a)]\n", "a list of objects that are not numbers"),
    ("c = ['x', 'y']\n", "a list of objects that are not numbers"),
    ("c = {'x': 1}\n", "a dict"),
    ("c = b'1'\n", "a bytes"),
    ("c = [c for c in [0]]\nc.append(c)\n", "a list of over 64 levels"),
    ("c = np.ma.masked_array([1, 2], [True, False])\n", "a numpy.ma.MaskedArray"),
    ("import collections\nc = collections.Counter\n", "a type"),
]


@pytest.mark.parametrize(("source", "what"), STRANGE)
def test_results_that_are_no_arrays(source: str, what: str) -> None:
    error = refusal(runner(source), [1])
    assert str(error) == f"error EL629: the result is {what}: return an array, numbers or nested lists"


ABSENT = ["import no_such_module\nc = a\n", "from no_such_module.part import x\nc = x\n"]


@pytest.mark.parametrize("source", ABSENT)
def test_modules_that_are_not_installed(source: str) -> None:
    error = refusal(runner(source), [1])
    assert str(error) == "error EL643: the source imports no_such_module, which is not installed"


def test_an_import_error_of_another_kind_is_the_codes_own() -> None:
    assert refusal(runner("from math import no_such_name\nc = a\n"), [1]).id == "EL621"


@pytest.mark.parametrize(("source", "entry", "name"), [("d = a\n", None, "c"), ("f = 0\n", "g", "g")])
def test_results_that_are_not_there(source: str, entry: str | None, name: str) -> None:
    error = refusal(runner(source, entry=entry), 1)
    assert str(error) == f"error EL626: the source ran and did not define {name!r}"


def test_inputs_that_cannot_be_handed_over() -> None:
    error = refusal(runner("c = a\n"), lambda: None)
    assert error.id == "EL625"
    assert error.message.startswith("the inputs cannot be handed over: ")


def test_the_count_of_inputs_is_checked() -> None:
    error = refusal(runner("c = a\n", "a b"), 1)
    assert str(error) == "error EL602: expected 2 inputs (a, b), got 1"


def test_no_python_to_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    error = refusal(runner("c = a\n"), 1)
    assert error.id == "EL624"
    assert error.message.startswith("no child process could be started (")


def test_a_child_that_cannot_import_einloop() -> None:
    run = ProcessRunner(TextTask(source="c = a\n", inputs=("a",), result="c"), start="raise SystemExit(5)")
    assert str(refusal(run, 1)) == "error EL624: no child process could be started (exit code 5)"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
def test_what_the_text_started_is_stopped_with_it(tmp_path: Path) -> None:
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    source = "import subprocess\nsubprocess.Popen(['sh', '-c', f'exec 9>{a}; echo up >&9; exec sleep 1000'])\nc = 1\n"
    with runner(source) as run:
        run(str(fifo))
        with fifo.open() as pipe:
            assert pipe.readline() == "up\n"
            run.close()
            assert pipe.read() == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a FIFO tells when the child is gone")
def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    loop = f"pipe = open({str(fifo)!r}, 'w', buffering=1)\npipe.write('up\\n')\nwhile True:\n    pass\n"
    call = f"ProcessRunner(TextTask(source={loop!r}, inputs=(), result='c'), seconds=1000, budget=Budget(1000))()"
    imports = "from einloop.runners.process import Budget, ProcessRunner\nfrom einloop.runners.tasks import TextTask\n"
    script = f"{imports}{call}\n"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as parent, fifo.open() as pipe:
        assert pipe.readline() == "up\n"
        parent.kill()
        assert pipe.read() == ""


def test_einloop_is_found_wherever_it_came_from(tmp_path: Path) -> None:
    archive = tmp_path / "elsewhere.zip"
    with zipfile.ZipFile(archive, "w") as pack:
        for file in (ROOT / "einloop").rglob("*.py"):
            pack.write(file, file.relative_to(ROOT))
    script = textwrap.dedent(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        from einloop.runners import process
        sys.path.remove(sys.argv[1])
        assert process.__file__.startswith(sys.argv[1])
        from einloop.runners.tasks import TextTask
        text = TextTask(source="import einloop; c = einloop.__file__", inputs=(), result="c")
        with process.ProcessRunner(text) as run:
            assert run().startswith(sys.argv[1])
        """
    )
    (tmp_path / "json.py").write_text("raise SystemError('shadowed')")
    command = [sys.executable, "-P", "-c", script, str(archive)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_runner_left_open_stops_its_child_without_a_warning() -> None:
    run = runner("import os\nc = os.getpid()\n")
    run(1)
    child = run._child
    assert child is not None
    del run
    assert child.process.returncode is not None
