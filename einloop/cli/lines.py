"""Standard input as expressions, one a line: what a command makes of each, and what went wrong in which line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from ..core.errors import EinloopError, NotationError, OptionError
from ..notation import looks_like_call
from ..notation.code import check_line
from .output import Output

REFUSED = 2
COMMENT, MARK = "#", "\ufeff"


def each_line(output: Output, run: Callable[[str], int], *, single: bool = False) -> int:
    """Run a command on every expression of standard input; return the worst of its exit codes.

    A refused expression is reported with the number of its line, and the rest goes on. `single`: the command's pages
    are whole files. Raises OptionError where more than one of these is asked for.
    """
    worst = 0
    found: Iterable[tuple[int, str]] = expressions(standard_input())
    if single:
        found = list(found)
        if len(found) > 1:
            raise OptionError("EL402", f"{len(found)} pages do not go into one file", hint="give one expression")
    for number, text in found:
        try:
            worst = max(worst, run(text))
            output.ahead[:] = () if output.json else "\n"
        except EinloopError as error:
            error.line = number
            output.error(error)
            worst = REFUSED
    return worst


def expressions(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the expressions in `lines` with the numbers of their lines; a call with open brackets goes on below.

    Blank lines and those that begin with `#` are left out. Raises NotationError where the lines are those of a program.

    >>> list(expressions(["ij->i\\n", "\\n", "# two\\n", "np.einsum('i->',\\n", "  a)\\n"]))
    [(1, 'ij->i'), (4, "np.einsum('i->',\\n  a)")]
    """
    held: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        words = line.removeprefix(MARK) if number == 1 else line
        try:
            check_line(words)
        except NotationError as error:
            error.line = number
            raise
        if words.lstrip().startswith(COMMENT) or not (held or words.strip()):
            continue
        first = first if held else number
        held.append(words.rstrip("\r\n"))
        text = "\n".join(held)
        if text.count("(") <= text.count(")") or not looks_like_call(text):
            yield first, text
            held = []
    if held:
        yield first, "\n".join(held)


def standard_input() -> Iterator[str]:
    """Yield the lines of standard input; bytes that are no UTF-8 come as characters that no notation takes.

    Raises OptionError where it cannot be read.
    """
    stream = sys.stdin
    try:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="surrogateescape")
        yield from stream
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OptionError("EL412", f"standard input cannot be read: {reason}") from None
