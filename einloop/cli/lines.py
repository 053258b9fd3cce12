"""Standard input as expressions, one per line: what a command makes of each, and what went wrong in which line."""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from ..core.errors import EinloopError, NotationError, OptionError
from ..core.source import MAX_TEXT
from ..notation import looks_like_call
from ..pipeline.recognise import begins_program
from .output import REFUSED, Output

COMMENT = "#"
TAIL = re.compile(r"\s#.*")
"""A comment after an expression. In a call Python knows what is one."""
MAX_LINES = 10_000
"""Lines that are read: at 10 to 20 milliseconds an expression, minutes of work."""
MAX_BYTES = 1_000_000
"""Bytes of a file on standard input, whose size is known before anything is read."""
SPLIT_HINT = "split it into several files"
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and what is read with them; UTF-16's begins UTF-32's."""


def each_line(output: Output, run: Callable[[str], int], *, single: bool = False) -> int:
    """Run a command on every expression of standard input; return the worst of its exit codes.

    A refused expression is reported with the number of its line, and the rest goes on. `single`: the command's pages
    are whole files. Raises OptionError where more than one of these is asked for.
    """
    worst = 0
    found: Iterable[tuple[int, str]] = expressions(lines_of(sys.stdin))
    if single:
        found = list(found)
        if len(found) > 1:
            raise OptionError("EL472", f"{len(found)} pages do not go into one file", hint="give one expression")
    for number, text in found:
        try:
            worst = max(worst, run(text))
            output.ahead[:] = () if output.json else "\n"
        except EinloopError as error:
            error.input_line = number if error.line is None else number - 1 + error.line
            output.error(error)
            worst = REFUSED
    return worst


def expressions(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the expressions in `lines` with the numbers of their lines; a call with open brackets goes on below.

    Blank lines and those that begin with `#` are left out. From a line that begins a program on, all is one expression.

    >>> list(expressions(["ij->i\\n", "\\n", "# two\\n", "np.einsum('i->',\\n", "  a)\\n"]))
    [(1, 'ij->i'), (4, "np.einsum('i->',\\n  a)")]
    >>> list(expressions(["for i in range(n):\\n", "    y[i] = x[i]\\n"]))
    [(1, 'for i in range(n):\\n    y[i] = x[i]\\n')]
    """
    held: list[str] = []
    first = opened = size = 0
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        if not held and begins_program(line):
            yield number, line + "".join(rest for _, rest in numbered)
            return
        if line.lstrip().startswith(COMMENT) or not (held or line.strip()):
            continue
        first = first if held else number
        held.append(line.rstrip("\r\n") if looks_like_call(line) or held else TAIL.sub("", line.rstrip("\r\n")))
        opened += line.count("(") - line.count(")")
        size += len(line)
        if opened > 0 and size <= MAX_TEXT and looks_like_call("\n".join(held)):
            continue
        yield first, "\n".join(held)
        held, opened, size = [], 0, 0
    if held:
        yield first, "\n".join(held)


def one_expression(refusal: str) -> str:
    """Return the one expression on standard input. Raises OptionError, with `refusal`, where there are none or more."""
    found = list(expressions(lines_of(sys.stdin)))
    if len(found) != 1:
        raise OptionError("EL472", refusal)
    return found[0][1]


def lines_of(stream: TextIO | None) -> Iterator[str]:
    """Yield the lines of standard input as they come.

    Raises NotationError for a line that is not an expression by its length alone (EL166), and for a file or a number of
    lines that is too large (EL167); OptionError for bytes that are not text (EL482) or cannot be read (EL412).
    """
    if stream is None:
        return
    _check_size(stream)
    try:
        _heed_mark(stream)
        for number in range(MAX_LINES + 1):
            line = stream.readline(MAX_TEXT + 1)
            if not line:
                return
            if len(line) > MAX_TEXT:
                message = f"line {number + 1} has more than {MAX_TEXT:,} characters, which no expression takes"
                raise NotationError("EL166", message, hint="give one expression a line")
            yield line
    except UnicodeDecodeError as error:
        encoding = error.encoding.upper()
        message = f"standard input is not {encoding} text: byte {error.object[error.start]:#04x} cannot stand in it"
        raise OptionError("EL482", message, hint="save it as UTF-8") from None
    except UnicodeError as error:
        raise OptionError("EL482", f"standard input is not text: {error}", hint="save it as UTF-8") from None
    except OSError as error:
        raise OptionError("EL412", f"standard input cannot be read: {error.strerror or error}") from None
    raise NotationError(
        "EL167", f"standard input has more than {MAX_LINES:,} lines; the rest is not read", hint=SPLIT_HINT
    )


def _check_size(stream: TextIO) -> None:
    """Refuse a large file before it is read. How much a pipe will give is not known."""
    try:
        known = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return
    if stat.S_ISREG(known.st_mode) and known.st_size > MAX_BYTES:
        message = f"standard input is a file of {known.st_size:,} bytes; at most {MAX_BYTES:,} are read"
        raise NotationError("EL167", message, hint=SPLIT_HINT)


def _heed_mark(stream: TextIO) -> None:
    """Read what follows in the encoding that a byte order mark says."""
    peek = getattr(getattr(stream, "buffer", None), "peek", None)
    reconfigure = getattr(stream, "reconfigure", None)
    if peek is None or reconfigure is None:
        return
    first = peek(4)[:4]
    encoding = next((name for mark, name in ENCODINGS if first.startswith(mark)), None)
    if encoding is not None:
        reconfigure(encoding=encoding)
