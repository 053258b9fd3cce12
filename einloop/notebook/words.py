"""The line after `%einloop` in, the commands that it asks for out, each with its words as a shell would give them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from ..cli import COMMANDS, DEFAULT
from ..core.errors import OptionError

OF_MACHINES = ("cache", "page", "serve", "templates")
"""Commands that take no expression."""
FLAGGED = tuple(command.name for command in COMMANDS if command.name not in OF_MACHINES)
"""Commands that may also be given as flags after an expression: `--explain`."""
SPACED = ("show", "explain", "check", "why", "draw", "trace", "verify", "bench", "lift")
"""Commands of one expression, which may have blanks and quotes in it: it reaches up to the first option."""
OPTION = re.compile(r"-[a-zA-Z]|--[a-z]")
WORD = re.compile(r"\S+")
OPENING, CLOSING = "([{", ")]}"


def split_line(line: str) -> list[list[str]]:
    """Return the words of every command that a line asks for. Raises OptionError.

    An expression needs no quotes: it reaches up to the first option. Flags that are names of commands ask for these.

    >>> split_line("ij, jk -> ik --style scalar")
    [['show', 'ij, jk -> ik', '--style', 'scalar']]
    >>> split_line("explain 'ij->i' --lang ja")
    [['explain', 'ij->i', '--lang', 'ja']]
    >>> split_line("np.einsum('ij->i', A) --explain --draw")
    [['explain', "np.einsum('ij->i', A)"], ['draw', "np.einsum('ij->i', A)"]]
    """
    command, rest = _command(line.strip())
    words = _words(rest) if command in (None, *SPACED) else as_shell(rest)
    asked = flagged(words)
    words = [word for word in words if word.removeprefix("--") not in asked or not word.startswith("--")]
    if command is not None:
        asked = (command, *(name for name in asked if name != command))
    return [[name, *words] for name in asked or (DEFAULT.name,)]


def flagged(words: Sequence[str]) -> tuple[str, ...]:
    """Return the commands that are given as flags, each once.

    >>> flagged(["--check", "ij->i", "--explain", "--check", "--script"])
    ('check', 'explain')
    """
    names = [word[2:] for word in words if word.startswith("--") and word[2:] in FLAGGED]
    return tuple(dict.fromkeys(names))


def _command(line: str) -> tuple[str | None, str]:
    """Return the command that the first word names, if it names one, and the rest of the line."""
    first = WORD.match(line)
    if first is None or all(first[0] != command.name for command in COMMANDS):
        return None, line
    return first[0], line[first.end() :].strip()


def _words(line: str) -> list[str]:
    """Return the words of a line in which one expression stands as it is, up to the first option."""
    flags = []
    while (first := WORD.match(line)) is not None and flagged([first[0]]):
        flags.append(first[0])
        line = line[first.end() :].strip()
    if OPTION.match(line):
        return [*flags, *as_shell(line)]
    stop = _end(line)
    expression, options = line[:stop].strip(), line[stop:]
    quoted = as_shell(expression) if expression[:1] in ("'", '"') else [expression]
    return [*flags, *(quoted if expression else []), *as_shell(options)]


def _end(line: str) -> int:
    """Return where the first option of a line begins; what stands in quotes or brackets is none."""
    quote, depth = "", 0
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in ("'", '"'):
            quote = letter
        elif letter in OPENING or letter in CLOSING:
            depth += 1 if letter in OPENING else -1
        elif letter.isspace() and depth <= 0 and OPTION.match(line, place + 1):
            return place
    return len(line)


def as_shell(text: str) -> list[str]:
    """Return the words of a text as a shell reads them. Raises OptionError where a quote is not closed."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise OptionError("EL400", f"the line cannot be split into words: {error}", hint="close the quote") from None
