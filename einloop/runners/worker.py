"""The child process of a `ProcessRunner`: takes values, runs a text on them, sends back what came of it.

It reads frames on standard input: first a pickled `Job`, then pickled calls, each the tuple of its values, with how
many elements each result should have. It answers each with a frame whose header is a list that begins with an `Answer`.
Before the text runs, the pipes move away from descriptors 0 and 1, where printing and `input()` would meet them. The
child trusts its parent and is not trusted by it. It ends when the parent does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import math
import os
import pickle
import signal
import threading
import traceback
import warnings
from collections.abc import Sequence
from enum import StrEnum
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, NoReturn

from ..core.errors import EinloopError, RunError
from .confine import leave_network, limit
from .frames import answer, receive, send
from .namespace import FILENAME
from .results import MAX_BYTES, Encoder, max_header_bytes, unsent
from .tasks import Job, TextTask
from .untouched import change
from .work import Call, Work, work

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OURS = "<einloop_"
"""How the names begin that texts have as files."""
GRACE_SECONDS = 5.0
"""Seconds after its deadline at which an orphan ends itself, though its code never lets another thread run."""
MAX_DEADLINE_SECONDS = 1e6
"""Seconds above which no deadline is kept."""
MAX_WORD_LETTERS = 2_000
"""Letters of a name or a message."""


class Answer(StrEnum):
    """What became of a frame, and what follows in the list."""

    READY = "ready"
    """nothing: the child waits for calls"""
    RESULT = "result"
    """the results, one a call, as nodes; the bytes of their arrays follow the header"""
    RAISED = "raised"
    """name of the exception, its message, line number in the text or None, whether it is a ValueError or TypeError"""
    REFUSED = "refused"
    """id, message and hint of an error of einloop's own"""


Reply = tuple["ReadableBuffer", ...]


def main() -> NoReturn:
    """Answer frames until the parent ends."""
    try:
        requests, replies, silence = _claim_pipes()
        _serve(requests, replies, silence)
    finally:
        os._exit(1)  # threads of the person's text must not keep the process


def _claim_pipes() -> tuple[IO[bytes], IO[bytes], int]:
    """Return the pipes to and from the parent on descriptors of their own, and the null device now on 0, 1 and 2."""
    requests, replies = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    silence = os.open(os.devnull, os.O_RDWR)
    _silence(silence)
    if hasattr(os, "register_at_fork"):  # a fork that the text makes must not answer too
        os.register_at_fork(after_in_child=requests.close)
        os.register_at_fork(after_in_child=replies.close)
    return requests, replies, silence


def _silence(silence: int) -> None:
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)


def _serve(requests: IO[bytes], replies: IO[bytes], silence: int) -> None:
    warnings.simplefilter("ignore")
    job = pickle.loads(receive(requests) or b"")
    assert isinstance(job, Job)
    leave_network()
    modules = _modules()
    limit()
    frames: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, frames), daemon=True).start()
    gc.freeze()  # collecting after every call costs little where only what the calls left is looked at
    send(replies, *answer([Answer.READY]))
    run = work(job.task, modules)
    while (frame := frames.get()) is not None:
        _silence(silence)  # the call before may have closed them
        deadline = min(job.seconds, MAX_DEADLINE_SECONDS) + GRACE_SECONDS
        faulthandler.dump_traceback_later(deadline, exit=True, file=silence)
        reply = _answer(job, run, frame)
        gc.collect()
        faulthandler.cancel_dump_traceback_later()
        send(replies, *reply)


def _modules() -> dict[str, object]:
    """Return the modules that a text may use without importing them."""
    modules: dict[str, object] = {"math": math}
    with contextlib.suppress(ImportError):
        import numpy

        modules |= {"np": numpy, "numpy": numpy}
    return modules


def _listen(requests: IO[bytes], frames: SimpleQueue[bytes | None]) -> None:
    """Pass frames on; end the process and all it started when the parent's end of the pipe closes.

    None follows the last frame where the text itself closed the pipe.
    """
    try:
        while (frame := receive(requests)) is not None:
            frames.put(frame)
    except (OSError, ValueError, MemoryError):
        frames.put(None)
        return
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _answer(job: Job, run: Work, frame: bytes) -> Reply:
    """Return the parts of the frame that answers the calls of another."""
    watched = job.task.watched if isinstance(job.task, TextTask) else ()
    try:
        (calls, most), before = pickle.loads(frame), pickle.loads(frame)[0] if watched else ()
    except Exception as error:
        return _refused(RunError("EL625", f"the inputs cannot be handed over: {_words(error)}"))
    try:
        results = run(calls)
        for values, old in zip(calls, before, strict=False):
            _check_unchanged(job.task.inputs, watched, values, old)
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: the text raised them
        return _raised(error)
    return _packed(results, most, MAX_BYTES if isinstance(job.task, TextTask) else None)


def _refused(error: EinloopError) -> Reply:
    return answer([Answer.REFUSED, error.id, error.message[:MAX_WORD_LETTERS], error.hint])


def _raised(error: BaseException) -> Reply:
    line = _line(error)
    if isinstance(error, EinloopError) and line is None:
        return _refused(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _refused(RunError("EL643", f"the source imports {error.name}, which is not installed"))
    refuses = isinstance(error, ValueError | TypeError)
    return answer([Answer.RAISED, type(error).__name__[:MAX_WORD_LETTERS], _message(error), line, refuses])


def _check_unchanged(inputs: Sequence[str], watched: Sequence[str], values: Call, before: Call) -> None:
    """Raise RunError where the text wrote into an input."""
    for name, old, new in zip(inputs, before, values, strict=True):
        told = change(old, new) if name in watched else None
        if told is not None:
            raise RunError("EL627", f"the loops write into their input {name}: {told}")


def _packed(results: Sequence[object], most: Sequence[int | None], largest: int | None) -> Reply:
    """Return the parts of the frame that carries `results`, or says why none can."""
    encoder = Encoder(largest=largest)
    try:
        nodes = [encoder.encode(result, one) for result, one in zip(results, most, strict=True)]
        reply = answer([Answer.RESULT, nodes], encoder.body)
    except RunError as error:
        return _refused(error)
    except BaseException as error:
        return _refused(unsent(_words(error)))
    allowed = max_header_bytes(most)
    return reply if len(reply[1]) <= allowed else _refused(unsent(f"its numbers take more than {allowed >> 20} MiB"))


def _words(error: BaseException) -> str:
    message = _message(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _message(error: BaseException) -> str:
    """Return the message of an exception in one line, even of one that cannot be printed."""
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        return " ".join(text.split())[:300]
    except BaseException:
        return ""


def _line(error: BaseException) -> int | None:
    """Return the last line of the text that an exception passed through."""
    if isinstance(error, SyntaxError) and error.filename == FILENAME:
        return error.lineno
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename.startswith(OURS)]
    return lines[-1] if lines else None
