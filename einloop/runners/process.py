"""A person's Python text in, callable out: runs it in a child process with a deadline.

Whatever the text does (an endless loop, all the memory, `os._exit`, a crash, printing, closing descriptors) costs the
child, not the caller. Refusals: EL620 the deadline passed; EL621 the text raised; EL622 the child ended; EL623 the
result cannot be brought back; EL624 no child could be started; EL625 the inputs cannot be handed over; EL626 the text
does not define its result or function; EL627 the text wrote into an input; EL629 the result is no array; EL643 a
module is not installed. No sandbox: the text may do to files what
its owner may.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from ..core.errors import RunError
from ..core.source import Span
from .handover import packed
from .worker import LARGEST, LONGEST, Answer, Job, receive, send

START = "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]; from einloop.runners.worker import main; main()"
START_SECONDS = 60.0
"""Seconds that Python and numpy may take to start on a slow disk."""
FOREIGN = "the code answered in place of the process that it ran in"
SAFE = {
    "builtins": {"complex", "range"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "numpy": {"dtype", "ndarray"},
    "numpy._core._internal": {"_convert_to_stringdtype_kwargs"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
}
"""All that a result may be made of, beside Python's own numbers, texts and containers: unpickling can run anything."""


class ProcessRunner:
    """Runs `source` on one value per distinct name in `inputs` and returns `result`, or what `entry` returns.

    Values are numpy arrays and scalars, Python numbers and nested lists; the text gets copies. With `entry` the
    names are those of the function's parameters. `seconds` (above 0) is the time one call may take. One child
    serves all calls, each in a namespace of its own with numpy as `np`; a new one is started after it was stopped.
    `watched` are names of inputs that the text may not write into. Calls raise RunError. One thread at a time.

    >>> with ProcessRunner(source="c = a + 1", inputs=["a"], result="c") as run:
    ...     run(41), run(1)
    (42, 2)
    """

    def __init__(
        self,
        *,
        source: str,
        inputs: Sequence[str],
        result: str | None,
        entry: str | None = None,
        seconds: float = 10.0,
        watched: Sequence[str] = (),
    ) -> None:
        names = tuple(dict.fromkeys(inputs))
        self._job = Job(
            source=source, inputs=names, result=result, entry=entry, seconds=seconds, watched=tuple(watched)
        )
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the child and all it started. A later call starts a new one."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def __call__(self, *values: object) -> object:
        """Return the result for `values`, one per distinct input."""
        return self.repeated(values)[0]

    def repeated(self, *calls: Sequence[object]) -> tuple[object, ...]:
        """Return the results for several tuples of values: of one function, which keeps what it keeps between calls.

        They are brought back after the last call, as they are then.
        """
        job = self._job
        for values in calls:
            if len(values) != len(job.inputs):
                wanted = f"{len(job.inputs)} inputs wanted ({', '.join(job.inputs)})"
                raise RunError("EL602", f"{wanted}, {len(values)} given")
        try:
            frame = packed(tuple(tuple(values) for values in calls))
        except Exception as error:
            raise RunError("EL625", f"the inputs cannot be handed over: {error}") from None
        child = self._running()
        try:
            payload = child.ask(frame, job.seconds)
        except TimeoutError:
            self.close()
            reason = "the loops do not end, or are too slow for these sizes"
            raise RunError("EL620", f"stopped after {job.seconds:g} s: {reason}") from None
        except BaseException:
            self.close()
            raise
        results = self._outcome(child, payload)
        if not isinstance(results, tuple) or len(results) != len(calls):
            self.close()
            raise RunError("EL622", FOREIGN)
        return results

    def _running(self) -> _Child:
        if self._child is not None and self._child.process.poll() is not None:
            self.close()
        if self._child is None:
            self._child = _Child()
            weakref.finalize(self, self._child.stop)
            try:
                payload = self._child.ask(pickle.dumps(self._job), START_SECONDS)
            except BaseException as error:
                self.close()
                if isinstance(error, TimeoutError):
                    raise RunError("EL624", f"no child process was ready within {START_SECONDS:g} s") from None
                raise
            if payload is None or _unpacked(payload) != (Answer.READY.value,):
                ending = self._child.ending()
                self.close()
                raise RunError("EL624", f"no child process could be started ({ending})")
        return self._child

    def _outcome(self, child: _Child, payload: bytes | None) -> object:
        """Return the results that `payload` carries, or raise what it tells of."""
        if payload is None:
            ending = child.ending()
            self.close()
            raise RunError("EL622", f"the code ended the process that it ran in ({ending})")
        match _unpacked(payload):
            case (Answer.RESULT.value, results):
                return results
            case (Answer.CHANGED.value, str(name), str(how)):
                raise RunError("EL627", f"the loops write into their input {name}: {how}")
            case (Answer.RAISED.value, str(kind), str(message), int() | None as line):
                raise self._raised(f"{kind}: {message}" if message else kind, line)
            case (Answer.NOTHING.value, str(name)):
                raise RunError("EL626", f"the source ran and did not define {name!r}")
            case (Answer.ABSENT.value, str(name)):
                raise RunError("EL643", f"the source imports {name}, which is not installed")
            case (Answer.STRANGE.value, str(what)):
                raise RunError("EL629", f"the result is {what}: return an array, numbers or nested lists")
            case (Answer.UNSENT.value, str(reason)):
                raise RunError("EL623", f"the result cannot be brought back: {reason}")
            case (Answer.UNREAD.value, str(reason)):
                raise RunError("EL625", f"the inputs cannot be handed over: {reason}")
        self.close()
        raise RunError("EL622", FOREIGN)

    def _raised(self, what: str, line: int | None) -> RunError:
        """Return the error for an exception, its caret under the line that raised it."""
        text = self._job.source.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if line is None or not 1 <= line <= len(lines):
            return RunError("EL621", f"the code raised {what}")
        code = lines[line - 1]
        start = sum(len(earlier) + 1 for earlier in lines[: line - 1]) + len(code) - len(code.lstrip())
        span = Span(start=start, stop=start + max(1, len(code.strip())))
        return RunError("EL621", f"line {line} raised {what}", text=text, span=span)


class _Child:
    """One child process and the pipes to it."""

    def __init__(self) -> None:
        root = str(Path(__file__).absolute().parents[2])
        path = [entry for entry in sys.path if isinstance(entry, str)]
        command = [sys.executable, "-P", "-c", START, *([] if root in path else [root]), *path]
        try:
            self.process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise RunError("EL624", f"no child process could be started ({error})") from None
        self._thread: threading.Thread | None = None

    def ask(self, payload: bytes, seconds: float) -> bytes | None:
        """Return the answer to `payload`, None where the child ended. Raises TimeoutError.

        A thread reads and writes, because only so a pipe has a deadline on every system.
        """
        answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._exchange, args=(payload, answers), daemon=True)
        self._thread.start()
        try:
            return answers.get(timeout=min(seconds, LONGEST))
        except Empty:
            raise TimeoutError from None

    def _exchange(self, payload: bytes, answers: SimpleQueue[bytes | None]) -> None:
        answer = None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            send(self.process.stdin, payload)
            answer = receive(self.process.stdout, LARGEST)
        answers.put(answer)

    def ending(self) -> str:
        """Return in words how the child ended."""
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "its pipes are closed"
        if code >= 0:
            return f"exit code {code}"
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"

    def stop(self) -> None:
        """Kill the child and its process group; close the pipes. Does nothing the second time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if self.process.stdin.closed:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        if self._thread is not None:
            self._thread.join(timeout=1)
        self.process.stdin.close()
        self.process.stdout.close()


class _Results(pickle.Unpickler):
    """Unpickles what `SAFE` allows."""

    def find_class(self, module: str, name: str, /) -> Any:
        if name not in SAFE.get(module, ()):
            raise pickle.UnpicklingError(f"it holds a {module}.{name}")
        return super().find_class(module, name)


def _unpacked(payload: bytes) -> object:
    """Return the tuple that the child sent; one that says so where it cannot be read here."""
    try:
        return _Results(io.BytesIO(payload)).load()
    except Exception as error:
        return (Answer.UNSENT.value, str(error))
