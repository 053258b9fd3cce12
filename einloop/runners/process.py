"""Runs a text in a child process, with a deadline, and with what is cheap to keep from it.

Whatever the text does (an endless loop, all the memory, `os._exit`, a crash, printing, closing descriptors, a result
that has no end) costs the child, not the caller. Refusals: EL620 a call took too long; EL621 the text raised; EL622 the
child ended, or answered what no child answers; EL623 the result cannot be brought back; EL624 no child could be
started; EL625 the inputs cannot be handed over; EL626 the text does not define its result or function; EL627 the text
wrote into an input; EL629 the result is not an array; EL643 a module is not installed; EL644 all calls together took
too long; EL645 the result holds more numbers than could be right. This is not a sandbox: the text may do to files what
its owner may.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Self

from ..core.errors import RaisedError, RunError, wrong_count
from ..core.source import Span
from . import kin
from .frames import BrokenFrameError, packed, receive, send, split
from .place import remove, temporary_folder
from .replies import decoded, max_body_bytes
from .results import MAX_BYTES, MAX_PLAIN_HEADER_BYTES, max_header_bytes
from .tasks import Emitted, Job, Task
from .worker import MAX_DEADLINE_SECONDS, MAX_WORD_LETTERS, Answer

START = "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]; from einloop.runners.worker import main; main()"
START_SECONDS = 60.0
"""Seconds that Python and numpy may take to start on a slow disk, and a compiler for a text that templates made."""
CALL_SECONDS = 10.0
"""Seconds that one call may take."""
ALL_SECONDS = 60.0
"""Seconds that all calls of a verification may take together, starting included."""
FOREIGN = "the code answered in place of the process that it ran in"
TEMPORARY = ("TMPDIR", "TMP", "TEMP")
"""What says where temporary files go."""
OWN_IDS = re.compile(r"EL6\d\d", re.ASCII)
"""The errors of einloop's own that a child may tell of."""


def loading(*modules: str) -> str:
    """Return what Python runs in a child that loads modules, those that are there, before any call is timed.

    >>> from einloop.runners.tasks import TextTask
    >>> task = TextTask(source="c = a", inputs=("a",), result="c")
    >>> with ProcessRunner(task, start=loading("no_such_module")) as run:
    ...     run(2)
    2
    """
    loads = "".join(f"with suppress(ImportError): import {module}\n" for module in modules)
    path, main = START.split(" from ")
    return f"{path}\nfrom contextlib import suppress\n{loads}from {main}"


class Budget:
    """Seconds that are left for all children of one verification."""

    def __init__(self, seconds: float = ALL_SECONDS) -> None:
        self.seconds = self.left = seconds


class ProcessRunner:
    """Runs a task on one value per distinct input and returns its result.

    Values are numpy arrays and scalars, Python numbers and nested lists; the text gets copies. `seconds` (above 0) is
    the time one call may take, `budget` what is left for all of them. One child serves all calls; a new one is started
    after it was stopped. Calls raise RunError. One thread at a time. `start` is what Python runs in the child.

    >>> from einloop.runners.tasks import TextTask
    >>> with ProcessRunner(TextTask(source="c = a + 1", inputs=("a",), result="c")) as run:
    ...     run(41), run(1)
    (42, 2)
    """

    def __init__(
        self, task: Task, *, seconds: float = CALL_SECONDS, budget: Budget | None = None, start: str = START
    ) -> None:
        self._task = task
        self._seconds = seconds
        self._budget = Budget() if budget is None else budget
        self._start = start
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

    def __call__(self, *values: object, most: int | None = None) -> object:
        """Return the result for `values`, one per distinct input; `most` is how many elements it should have."""
        return self.repeated(values, most=[most])[0]

    def repeated(self, *calls: Sequence[object], most: Sequence[int | None] | None = None) -> tuple[object, ...]:
        """Return the results for several tuples of values: of one function, which keeps what it keeps between calls.

        They are brought back after the last call, as they are then. `most`: how many elements each should have; what
        holds more is brought back only as far as it takes to say so.
        """
        inputs = self._task.inputs
        for values in calls:
            if len(values) != len(inputs):
                raise wrong_count(inputs, len(values))
        bounds = [None] * len(calls) if most is None else list(most)
        try:
            frame = packed((tuple(tuple(values) for values in calls), tuple(bounds)))
        except Exception as error:
            raise RunError("EL625", f"the inputs cannot be handed over: {error}") from None
        return self._asked(self._running(), frame, bounds, self._seconds)

    def _running(self) -> _Child:
        """Return a child that is ready to be called."""
        if self._child is not None and self._child.process.poll() is not None:
            self.close()
        if self._child is not None:
            return self._child
        child = self._child = _Child(self._start)
        weakref.finalize(self, child.stop)
        job = pickle.dumps(Job(task=self._task, seconds=max(self._seconds, START_SECONDS)))
        try:
            ready = self._answer(child, job, START_SECONDS)
        except TimeoutError:
            raise RunError("EL624", f"no child process was ready within {START_SECONDS:g} s") from None
        if ready is None or ready[0] != [Answer.READY]:
            ending = child.ending()
            self.close()
            raise RunError("EL624", f"no child process could be started ({ending})")
        if isinstance(self._task, Emitted):
            self._asked(child, packed(((), ())), [], START_SECONDS)  # it is compiled and loaded
        return child

    def _asked(self, child: _Child, frame: bytes, most: Sequence[int | None], seconds: float) -> tuple[object, ...]:
        """Return the results that the child answers a frame with, or raise what it tells of."""
        header = max_header_bytes(most)
        try:
            found = self._answer(child, frame, seconds, header, max_body_bytes(most, MAX_BYTES))
        except TimeoutError:
            reason = "the loops do not end, or are too slow for these sizes"
            raise RunError("EL620", f"stopped after {seconds:g} s: {reason}") from None
        if found is None:
            ending = child.ending()
            self.close()
            raise RunError("EL622", f"the code ended the process that it ran in ({ending})")
        words, body = found
        try:
            if words[:1] == [Answer.RESULT] and len(words) == 2:
                return decoded(words[1], body, most)
        except BrokenFrameError:
            raise self._foreign() from None
        error = None if body else self._told(words)
        raise self._foreign() if error is None else error

    def _answer(
        self, child: _Child, frame: bytes, seconds: float, header: int = MAX_PLAIN_HEADER_BYTES, body: int = 0
    ) -> tuple[list[Any], bytes] | None:
        """Return the header and the bytes of an answer, None where the child ended; it is stopped on any trouble.

        Raises TimeoutError, and RunError where all calls took too long or something else than a child answered.
        """
        budget = self._budget
        start = monotonic()
        try:
            answer = child.ask(frame, min(seconds, max(budget.left, 0.0)), header + body)
            return None if answer is None else split(answer, header)
        except TimeoutError:
            self.close()
            if seconds <= budget.left:
                raise
            reason = f"all runs together took more than {budget.seconds:g} s"
            raise RunError("EL644", f"stopped: {reason}", hint="try fewer or smaller sizes") from None
        except BrokenFrameError:
            raise self._foreign() from None
        except BaseException:
            self.close()
            raise
        finally:
            budget.left -= monotonic() - start

    def _told(self, words: list[Any]) -> RunError | None:
        """Return the error that a header tells of, None where it tells of none."""
        words = [word[:MAX_WORD_LETTERS] if isinstance(word, str) else word for word in words]
        match words:
            case [Answer.RAISED, str(kind), str(message), int() | None as line, bool(refuses)]:
                return self._raised(f"{kind}: {message}" if message else kind, line, refuses=refuses)
            case [Answer.REFUSED, str(id), str(message), str() | None as hint] if OWN_IDS.fullmatch(id):
                return RunError(id, message, hint=hint)
        return None

    def _foreign(self) -> RunError:
        self.close()
        return RunError("EL622", FOREIGN)

    def _raised(self, what: str, line: int | None, *, refuses: bool) -> RunError:
        """Return the error for an exception, its caret under the line that raised it."""
        text = self._task.source.replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if line is None or not 1 <= line <= len(lines):
            error = RaisedError("EL621", f"the code raised {what}")
        else:
            code = lines[line - 1]
            start = sum(len(earlier) + 1 for earlier in lines[: line - 1]) + len(code) - len(code.lstrip())
            span = Span(start=start, stop=start + max(1, len(code.strip())))
            error = RaisedError("EL621", f"line {line} raised {what}", text=text, span=span)
        error.refuses = refuses
        return error


class _Child:
    """One child process, the pipes to it, and the empty folder that it works in."""

    def __init__(self, code: str) -> None:
        root = str(Path(__file__).absolute().parents[2])
        path = _search_path()
        command = [sys.executable, "-P", "-c", code, *([] if root in path else [root]), *path]
        self._mark = kin.new_mark()
        self._stopped = False
        try:
            self._folder = temporary_folder()
        except OSError as error:
            raise RunError("EL624", f"no folder for a child process could be made ({error})") from None
        environment = {**os.environ, **dict.fromkeys(TEMPORARY, self._folder.name), kin.VARIABLE: self._mark}
        try:
            self.process = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True, cwd=self._folder.name, env=environment,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            self._folder.cleanup()
            raise RunError("EL624", f"no child process could be started ({error})") from None
        self._thread: threading.Thread | None = None

    def ask(self, payload: bytes, seconds: float, largest: int) -> bytes | None:
        """Return the answer to `payload`, None where the child ended.

        Raises TimeoutError, and BrokenFrameError for an answer above `largest` bytes. A thread reads and writes,
        because only so a pipe has a deadline on every system.
        """
        answers: SimpleQueue[bytes | BrokenFrameError | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._exchange, args=(payload, largest, answers), daemon=True)
        self._thread.start()
        try:
            answer = answers.get(timeout=min(seconds, MAX_DEADLINE_SECONDS))
        except Empty:
            raise TimeoutError from None
        if isinstance(answer, BrokenFrameError):
            raise answer
        return answer

    def _exchange(self, payload: bytes, largest: int, answers: SimpleQueue[bytes | BrokenFrameError | None]) -> None:
        answer: bytes | BrokenFrameError | None = None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            send(self.process.stdin, payload)
            answer = receive(self.process.stdout, largest)
        except (BrokenFrameError, MemoryError):
            answer = BrokenFrameError()
        except (OSError, ValueError):
            pass
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
        """Kill the child and all it started; close the pipes; remove its folder. Does nothing the second time."""
        if self._stopped:
            return
        self._stopped = True
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        kin.end(self.process.pid, self._mark)
        self.process.kill()
        self.process.wait()
        if self._thread is not None:
            self._thread.join(timeout=1)
        self.process.stdin.close()
        self.process.stdout.close()
        with contextlib.suppress(OSError, RecursionError):
            self._folder.cleanup()
        remove(self._folder.name)


def _search_path() -> list[str]:
    """Return where this process looks for modules, as another finds it that works elsewhere."""
    found: list[str] = []
    for entry in sys.path:
        if isinstance(entry, str):
            with contextlib.suppress(OSError):  # of a working directory that was removed
                found.append(os.path.abspath(entry))
    return found
