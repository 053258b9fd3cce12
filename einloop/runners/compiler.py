"""Finds the C compiler, and makes the bytes of shared objects with it. Keeps nothing and loads nothing."""

from __future__ import annotations

import errno
import os
import platform
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from types import FrameType

from ..core.errors import RunError
from ..core.machine import processor_facts
from ..core.progress import ProgressLine
from .place import temporary_folder

COMPILERS = ("cc", "gcc", "clang")
SHARED = ("-fPIC", "-shared", "-std=gnu11", "-Werror=implicit-function-declaration")
HELPFUL = ("-march=native", "-fno-loop-unroll-and-jam")
"""Flags that not every compiler knows, and that the text is right without. Where jamming pays the schedule jams; gcc 12
also jams rows that lie beside each other, and `ijk,ijk->ik` then takes 1.5 times as long."""
COMPILING = "compiling ..."
FAST = ("-O3", *HELPFUL, "-fno-math-errno", *SHARED)
"""Flags of compiled functions. Never -ffast-math: loaded, it would flush denormals to zero in the whole process."""
MAX_SECONDS = 120
"""Seconds that one compilation may take."""
TURN_SECONDS = 0.2
"""Seconds of one wait for a compiler."""
CIRCUMSTANCES = (
    *map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM, errno.EIO, errno.EROFS, errno.EMFILE)),
    "File size limit exceeded",
    "signal terminated program",
    "terminated with signal",
    "out of memory",
    "memory exhausted",
)
"""What a compiler complains about where the text is not at fault: the disk, the memory, who ended it."""
IDENTITY = ("vendor_id", "cpu family", "model", "model name", "flags", "CPU implementer", "CPU part", "Features")
"""What Linux says of a processor that tells it from others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """A C compiler: how it is called, and what tells it from every other.

    The identity is the program's path, size and time of change: asking for its version would cost a process at every
    start, and tells less.
    """

    command: tuple[str, ...]
    identity: str

    @property
    def name(self) -> str:
        """What people call it."""
        return os.path.basename(self.command[0])

    def version(self) -> str:
        """Return the first line of what it says of itself; its name where it says nothing."""
        return _version(self.command) or self.name


def find_compiler() -> Compiler | None:
    """Return the C compiler there is: what $CC says, with its arguments, or the first of the usual ones."""
    return _found(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@lru_cache(maxsize=8)
def _found(named: str, path: str) -> Compiler | None:
    """Return the compiler that a text names, or one of the usual ones; looked up once for a search path."""
    try:
        words = shlex.split(named)
    except ValueError:
        return None  # a quotation mark that is never closed names nothing
    for command in [words] if words else [[name] for name in COMPILERS]:
        program = shutil.which(command[0], path=path)
        if program is not None:
            try:
                real = os.path.realpath(program)
                known = os.stat(real)
            except OSError:
                continue  # it has just gone, or the working directory that it is in
            identity = f"{shlex.join([program, *command[1:]])} {real} {known.st_size} {known.st_mtime_ns}"
            return Compiler(command=(program, *command[1:]), identity=identity)
    return None


def need_compiler() -> Compiler:
    """Return the C compiler there is. Raises RunError where there is none."""
    found = find_compiler()
    if found is None:
        raise RunError("EL630", "there is no C compiler here", hint="install gcc or clang, or set CC")
    return found


def build(compiler: Compiler, text: str, flags: Sequence[str], *, seconds: float = MAX_SECONDS) -> bytes:
    """Return the shared object that a compiler makes of C text, as bytes.

    Flags in HELPFUL that it does not know are left out. Raises RunError where it refuses the text (with the text's
    lines numbered), where it takes longer than `seconds`, and where something else keeps it from its work: a full disk,
    too little memory, a signal.
    """
    try:
        with temporary_folder() as folder, ProgressLine(slow=COMPILING):
            return _build(compiler, text, flags, folder, seconds)
    except OSError as error:
        raise no_place(error) from None


def _build(compiler: Compiler, text: str, flags: Sequence[str], folder: str, seconds: float) -> bytes:
    """Return the shared object that a compiler makes in a folder. Raises RunError; OSError where there is no room."""
    target = os.path.join(folder, "text.so")
    with open(os.path.join(folder, "text.c"), "w", encoding="utf-8") as file:
        file.write(text)
    command = [*compiler.command, *flags, file.name, "-o", target, "-lm"]
    complaint = _run(compiler, command, folder, seconds)
    unknown = [flag for flag in HELPFUL if flag in flags and not _takes(compiler, flag)] if complaint else []
    if unknown:
        command = [word for word in command if word not in unknown]
        complaint = _run(compiler, command, folder, seconds)
    if complaint:
        raise RunError("EL632", f"{compiler.name} refuses the text: {complaint}\n{numbered(text)}")
    if not os.path.isfile(target):
        raise RunError("EL632", f"{compiler.name} made no shared object", hint="set CC to a C compiler")
    with open(target, "rb") as made:
        return made.read()


def no_place(error: OSError) -> RunError:
    """Return the refusal of a disk that does not take what is to be compiled."""
    return RunError("EL636", f"there is no place to compile in: {error.strerror or error}", hint="set TMPDIR")


def processor(facts: Mapping[str, str] | None = None) -> str:
    """Return what tells this processor from others: its model, and what it can do, of the `facts` that Linux gives."""
    facts = processor_facts() if facts is None else facts
    return " ".join(f"{name}: {facts[name]}" for name in IDENTITY if name in facts) or (
        f"{platform.machine()} {platform.processor()}"
    )


def _run(compiler: Compiler, command: Sequence[str], folder: str, seconds: float) -> str:
    """Return what the compiler complains about where it fails; nothing where it does not.

    Its own temporary files are in `folder`, so that they go with that. Raises RunError where it was not the text that
    it failed at.
    """
    process = None
    try:
        with _interrupts_wait():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                errors="replace", env={**os.environ, "LC_ALL": "C", "TMPDIR": folder}, start_new_session=True,
            )  # fmt: skip
        errors = _complaints(process, seconds)
    except subprocess.TimeoutExpired:
        raise RunError(
            "EL635", f"{compiler.name} was still compiling after {seconds:g} seconds", hint="try a plainer schedule"
        ) from None
    except OSError as error:
        raise RunError("EL630", f"{compiler.name} cannot be started: {error.strerror or error}") from None
    finally:
        if process is not None and process.returncode is None:
            _end(process)
    if not process.returncode:
        return ""
    complaint = errors.strip() or f"exit code {process.returncode}"
    if process.returncode < 0:
        raise RunError("EL641", f"{compiler.name} was ended by signal {-process.returncode}")
    telling = next((line for line in complaint.splitlines() if any(words in line for words in CIRCUMSTANCES)), None)
    if telling is not None:
        raise RunError("EL641", f"{compiler.name} was kept from its work: {telling.strip()}")
    return complaint


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Let an interrupt come at the end of the block: inside Popen it would lose the process."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda *interrupt: waiting.append(interrupt))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if waiting:
            handler(*waiting[0])


def _complaints(process: subprocess.Popen[str], seconds: float) -> str:
    """Return what a compiler writes on standard error until it ends. Raises TimeoutExpired.

    It waits in short turns, because a signal that arrives just before a wait is noticed only after it.
    """
    deadline = time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        try:
            return process.communicate(timeout=min(left, TURN_SECONDS))[1]
        except subprocess.TimeoutExpired:
            if left <= TURN_SECONDS:
                raise


def _end(process: subprocess.Popen[str]) -> None:
    """End a compiler and what it started: it leads a session of its own."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


@lru_cache(maxsize=32)
def _takes(compiler: Compiler, flag: str) -> bool:
    """Return whether a compiler makes a shared object with a flag. Raises RunError where that cannot be found out."""
    try:
        with temporary_folder() as folder:
            with open(os.path.join(folder, "text.c"), "w", encoding="utf-8") as file:
                file.write("int nothing;\n")
            command = [*compiler.command, flag, *SHARED, file.name, "-o", os.path.join(folder, "text.so")]
            return not _run(compiler, command, folder, MAX_SECONDS)
    except OSError as error:
        raise no_place(error) from None


@lru_cache(maxsize=8)
def _version(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            [*command, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            check=False, timeout=MAX_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0].strip()


def numbered(text: str) -> str:
    """Return a text with its lines numbered."""
    return "\n".join(f"  {number:3d} | {line}" for number, line in enumerate(text.splitlines(), start=1))
