"""The child process behind `ProcessRunner`: takes values, runs a text on them, sends back what came of it.

In: frames on standard input, the first a pickled `Job`, every later one pickled calls, each the tuple of its values,
and how many elements each result should have. Out: one frame each, its header a list whose first element is an
`Answer`. Before the text runs, the pipes move away from descriptors 0 and 1, where printing and `input()` would meet
them.
Trusts its parent, is not trusted by it. Ends when the parent does.
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

from ..core.errors import EinloopError
from .confine import leave_network, limit
from .frames import answer, receive, send
from .results import LARGEST, Encoder, StrangeError, TooLargeError, TooManyError, most_header
from .tasks import Job, TextTask
from .untouched import change
from .work import FILENAME, Call, MissingError, Work, work

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OURS = "<einloop_"
"""How the names begin that texts have as files."""
GRACE = 5.0
"""Seconds after its deadline at which an orphan ends itself, though its code never lets another thread run."""
LONGEST = 1e6
"""Seconds above which no deadline is kept."""
LONGEST_WORDS = 2_000
"""Characters of a name or a message."""


class Answer(StrEnum):
    """What became of one call. The rest of the list stands behind."""

    READY = "ready"
    """nothing"""
    RESULT = "result"
    """the results, one a call, as nodes; the bytes of their arrays follow the header"""
    CHANGED = "changed"
    """name of an input that the text wrote into, how in words"""
    RAISED = "raised"
    """name of the exception, its message, line number in the text or None, whether it is a ValueError or TypeError"""
    REFUSED = "refused"
    """id, message and hint of an error of einloop's own: no compiler, a text that it does not take"""
    NOTHING = "nothing"
    """the result or function that the text does not define"""
    ABSENT = "absent"
    """the module that the text imports and that is not installed"""
    STRANGE = "strange"
    """the type of a result that is no array, number or list, and cannot be made an array"""
    TOO_MANY = "too many"
    """nothing: a result holds more numbers than could be right"""
    UNSENT = "unsent"
    """why the result cannot be sent"""
    UNREAD = "unread"
    """why the values cannot be read"""


Reply = tuple["ReadableBuffer", ...]


class _ChangedError(Exception):
    """The text wrote into an input: its name, and how."""


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
        faulthandler.dump_traceback_later(min(job.seconds, LONGEST) + GRACE, exit=True, file=silence)
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
        return answer([Answer.UNREAD, _words(error)])
    try:
        results = run(calls)
        for values, old in zip(calls, before, strict=False):
            _check_unchanged(job.task.inputs, watched, values, old)
    except MissingError as error:
        return answer([Answer.NOTHING, str(error)])
    except _ChangedError as error:
        return answer([Answer.CHANGED, *error.args])
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: the text raised them
        return _raised(error)
    return _packed(results, most, LARGEST if isinstance(job.task, TextTask) else None)


def _raised(error: BaseException) -> Reply:
    line = _line(error)
    if isinstance(error, EinloopError) and line is None:
        return answer([Answer.REFUSED, error.id, error.message[:LONGEST_WORDS], error.hint])
    if isinstance(error, ModuleNotFoundError) and error.name:
        return answer([Answer.ABSENT, str(error.name)[:LONGEST_WORDS]])
    refuses = isinstance(error, ValueError | TypeError)
    return answer([Answer.RAISED, type(error).__name__[:LONGEST_WORDS], _message(error), line, refuses])


def _check_unchanged(inputs: Sequence[str], watched: Sequence[str], values: Call, before: Call) -> None:
    for name, old, new in zip(inputs, before, values, strict=True):
        told = change(old, new) if name in watched else None
        if told is not None:
            raise _ChangedError(name, told[:LONGEST_WORDS])


def _packed(results: Sequence[object], most: Sequence[int | None], largest: int | None) -> Reply:
    """Return the parts of the frame that carries `results`, or says why none can."""
    encoder = Encoder(largest=largest)
    try:
        nodes = [encoder.encode(result, one) for result, one in zip(results, most, strict=True)]
        reply = answer([Answer.RESULT, nodes], encoder.body)
    except StrangeError as error:
        return answer([Answer.STRANGE, str(error)])
    except TooManyError:
        return answer([Answer.TOO_MANY])
    except TooLargeError as error:
        return answer([Answer.UNSENT, str(error)])
    except BaseException as error:
        return answer([Answer.UNSENT, _words(error)])
    allowed = most_header(most)
    if len(reply[1]) > allowed:
        return answer([Answer.UNSENT, f"its numbers take more than {allowed >> 20} MiB"])
    return reply


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
