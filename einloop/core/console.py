"""The one place that writes to standard output and standard error. What is written was made visible before.

Nothing else in the package prints; a test looks for it.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from .errors import OptionError

ERASE = "\r\x1b[2K"
"""Takes back the line that a terminal's cursor is in."""
DESCRIPTORS = 3
"""Standard input, standard output and standard error."""


def prepare_streams() -> None:
    """Give every closed stream somewhere to go, and let standard error show every letter somehow.

    A closed descriptor is filled: the next file that is opened would get its number, and all that is meant for the
    stream.
    """
    for number in range(DESCRIPTORS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    reconfigure = getattr(sys.stderr, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Write to standard output, at once.

    Raises BrokenPipeError where its reader went away, OptionError where it takes nothing or cannot show a letter.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError as error:
        raise OptionError(
            "EL414",
            f"standard output ({error.encoding}) cannot show {error.object[error.start : error.end]!r}",
            hint="write to a file with -o, or set PYTHONIOENCODING=utf-8",
        ) from None
    except BrokenPipeError:
        silence(sys.stdout)
        raise
    except (OSError, ValueError) as error:
        silence(sys.stdout)
        reason = getattr(error, "strerror", None) or error
        raise OptionError("EL414", f"standard output cannot be written: {reason}") from None


def tell(text: str, stream: TextIO | None = None) -> bool:
    """Write to standard error, or another stream, at once; return whether it took it.

    Where it is closed or full nobody is left to tell, and what was found still counts.
    """
    stream = sys.stderr if stream is None else stream
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def close() -> None:
    """At the end: what a stream cannot take is dropped, so that the interpreter does not complain about it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            silence(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal; one that is closed, or missing, is none."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def silence(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that the interpreter does not complain about it at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        return
