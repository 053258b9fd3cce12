"""The child process behind `ProcessRunner`: takes values, runs a person's text on them, sends back what came of it.

In: frames on standard input, the first a `Job`, every later one a pickled tuple of calls, each the tuple of its
values. Out: one frame each, a pickled tuple whose first element is an `Answer`. A frame is eight bytes of length and
the payload. Before the person's text runs, the pipes move away from descriptors 0 and 1, where printing and `input()`
would meet them.
Trusts its parent, is not trusted by it. Ends when the parent does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import inspect
import io
import math
import os
import pickle
import signal
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from types import CodeType
from typing import IO, TYPE_CHECKING, NoReturn

from .namespace import MODULE
from .results import StrangeError, plain
from .untouched import change

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FILENAME = f"<{MODULE}>"
MEMORY = 4 << 30
"""Bytes that a text may take beyond what the process has when it starts."""
LARGEST = 64 << 20
"""Bytes of the largest result."""
GRACE = 5.0
"""Seconds after its deadline at which an orphan ends itself, though its code never lets another thread run."""
LONGEST = 1e6
"""Seconds above which no deadline is kept."""


class Answer(StrEnum):
    """What became of one call. The rest of the tuple stands behind."""

    READY = "ready"
    """()"""
    RESULT = "result"
    """(the results, one a call)"""
    CHANGED = "changed"
    """(name of an input that the text wrote into, how in words)"""
    RAISED = "raised"
    """(name of the exception, its message, line number in the text or None)"""
    NOTHING = "nothing"
    """(the result or function that the text does not define)"""
    ABSENT = "absent"
    """(the module that the text imports and that is not installed)"""
    STRANGE = "strange"
    """(the type of a result that is no array, number or list, and cannot be made an array)"""
    UNSENT = "unsent"
    """(why the result cannot be sent)"""
    UNREAD = "unread"
    """(why the values cannot be read)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the child runs again and again: the text, the names of its inputs, its result or its function.

    `watched` are the inputs that it may not write into.
    """

    source: str
    inputs: tuple[str, ...]
    result: str | None
    entry: str | None
    seconds: float
    watched: tuple[str, ...] = ()


class TooLargeError(ValueError):
    """A result above `LARGEST`."""


class _Bounded(io.BytesIO):
    """Bytes that refuse to grow beyond `LARGEST`."""

    def write(self, data: ReadableBuffer, /) -> int:
        if self.tell() + memoryview(data).nbytes > LARGEST:
            raise TooLargeError
        return super().write(data)


class _MissingError(LookupError):
    """The text ran and does not define the name wanted."""


class _ChangedError(Exception):
    """The text wrote into an input: its name, and how."""


def send(stream: IO[bytes], payload: bytes) -> None:
    """Write one frame. Raises OSError where nobody reads."""
    rest = memoryview(len(payload).to_bytes(8, "big") + payload)
    while rest:
        rest = rest[stream.write(rest) :]


def receive(stream: IO[bytes], largest: int | None = None) -> bytes | None:
    """Return the payload of the next frame, None where the stream ends or the frame is above `largest` bytes."""
    head = _exactly(stream, 8)
    if head is None:
        return None
    size = int.from_bytes(head, "big")
    return None if largest is not None and size > largest else _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = stream.read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


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
    modules = _modules()
    _limit_memory()
    frames: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, frames), daemon=True).start()
    gc.freeze()  # collecting after every call costs little where only what the calls left is looked at
    send(replies, pickle.dumps((Answer.READY.value,)))
    while (frame := frames.get()) is not None:
        _silence(silence)  # the call before may have closed them
        faulthandler.dump_traceback_later(min(job.seconds, LONGEST) + GRACE, exit=True, file=silence)
        payload = _answer(job, modules, frame)
        gc.collect()
        faulthandler.cancel_dump_traceback_later()
        send(replies, payload)


def _modules() -> dict[str, object]:
    """Return the modules that a text may use without importing them."""
    modules: dict[str, object] = {"math": math}
    with contextlib.suppress(ImportError):
        import numpy

        modules |= {"np": numpy, "numpy": numpy}
    return modules


def _limit_memory() -> None:
    """Let a memory bomb raise MemoryError, where the system can; no core files."""
    try:
        import resource
    except ImportError:
        return
    pages = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    wanted = pages * resource.getpagesize() + MEMORY
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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


def _answer(job: Job, modules: Mapping[str, object], frame: bytes) -> bytes:
    """Return the payload that answers one call."""
    try:
        calls, before = pickle.loads(frame), pickle.loads(frame) if job.watched else ()
    except Exception as error:
        return pickle.dumps((Answer.UNREAD.value, _words(error)))
    try:
        results = _run(job, modules, calls)
        for values, old in zip(calls, before, strict=False):
            _check_unchanged(job, values, old)
    except _MissingError as error:
        return pickle.dumps((Answer.NOTHING.value, str(error)))
    except _ChangedError as error:
        return pickle.dumps((Answer.CHANGED.value, *error.args))
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: the person's text raised them
        return _raised(error)
    return _packed(results)


def _raised(error: BaseException) -> bytes:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return pickle.dumps((Answer.ABSENT.value, str(error.name)))
    return pickle.dumps((Answer.RAISED.value, type(error).__name__, _message(error), _line(error)))


def _check_unchanged(job: Job, values: tuple[object, ...], before: tuple[object, ...]) -> None:
    for name, old, new in zip(job.inputs, before, values, strict=True):
        told = change(old, new) if name in job.watched else None
        if told is not None:
            raise _ChangedError(name, told)


def _run(job: Job, modules: Mapping[str, object], calls: tuple[tuple[object, ...], ...]) -> tuple[object, ...]:
    """Return the results. A function is called again and again in one namespace; a snippet runs once a call."""
    if job.entry is None:
        return tuple(_run_once(job, modules, [values])[0] for values in calls)
    return tuple(_run_once(job, modules, calls))


def _run_once(job: Job, modules: Mapping[str, object], calls: Sequence[tuple[object, ...]]) -> list[object]:
    namespace: dict[str, object] = {"__name__": MODULE, **modules}
    if job.entry is None:
        namespace.update(zip(job.inputs, calls[0], strict=True))
    with _no_complaints(modules):
        exec(_compiled(job.source), namespace)
        wanted = job.entry or job.result or ""
        if wanted not in namespace:
            raise _MissingError(wanted)
        if job.entry is None:
            return [namespace[wanted]]
        return [_call(namespace[wanted], dict(zip(job.inputs, values, strict=True))) for values in calls]


def _call(function: object, given: dict[str, object]) -> object:
    """Call `function` by name where it has names: its parameters may stand in another order than the operands."""
    assert callable(function)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return function(*given.values())
    kinds = {parameter.kind for parameter in parameters}
    named = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    placed = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in given]
    by_name = {name: value for name, value in given.items() if name not in placed}
    if not named.issuperset(by_name) and inspect.Parameter.VAR_KEYWORD not in kinds:
        return function(*given.values())
    return function(*(given[name] for name in placed), **by_name)


@contextlib.contextmanager
def _no_complaints(modules: Mapping[str, object]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if "np" in modules:
            import numpy

            stack.enter_context(numpy.errstate(all="ignore"))
        yield


def _compiled(source: str) -> CodeType:
    return compile(source, FILENAME, "exec", dont_inherit=True)


def _packed(results: tuple[object, ...]) -> bytes:
    """Return the payload that carries `results`, or says why none can."""
    try:
        if (
            sum(getattr(result, "nbytes", 0) for result in results) > LARGEST
        ):  # a view of one number may stand for more than fits anywhere
            raise TooLargeError
        results = tuple(map(plain, results))
        payload = _Bounded()
        pickle.Pickler(payload, pickle.HIGHEST_PROTOCOL).dump((Answer.RESULT.value, results))
    except StrangeError as error:
        return pickle.dumps((Answer.STRANGE.value, str(error)))
    except TooLargeError:
        return pickle.dumps((Answer.UNSENT.value, f"it takes more than {LARGEST >> 20} MiB"))
    except BaseException as error:
        return pickle.dumps((Answer.UNSENT.value, _words(error)))
    return payload.getvalue()


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
    """Return the last line of the person's text that an exception passed through."""
    if isinstance(error, SyntaxError) and error.filename == FILENAME:
        return error.lineno
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == FILENAME]
    return lines[-1] if lines else None
