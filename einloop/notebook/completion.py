"""The end of a line with `%einloop` in, what may stand there out: options, their values, commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from ..cli import COMMANDS, DEFAULT, module_of
from ..cli.parser import Parser
from ..core.errors import EinloopError
from ..pipeline.draw import KINDS, THEMES
from ..targets.target import target_names
from ..views.catalogue import languages
from .words import FLAGGED, split_line

MAGIC = re.compile(r"\s*(?:[^\s=]+\s*=\s*)?%%?einloop\s?")
VALUES: dict[str, Callable[[], Iterable[str]]] = {
    "--kind": lambda: KINDS,
    "--theme": lambda: THEMES,
    "--lang": lambda: (*languages(), "auto"),
    "--target": target_names,
}
"""Options whose values are few words, and what gives them."""


def complete(shell: Any, event: Any) -> list[str]:
    """Return what may stand where the cursor is, for IPython, which leaves out what does not begin alike."""
    line = MAGIC.sub("", event.line, count=1)
    words = line.split()
    begun = event.symbol
    before = words[:-1] if begun and words else words
    if before and before[-1] in VALUES:
        return [value for value in VALUES[before[-1]]() if value.startswith(begun)]
    if begun.startswith("-"):
        return [option for option in options_for(" ".join(before)) if option.startswith(begun)]
    return [] if before else [command.name for command in COMMANDS if command.name.startswith(begun)]


def options_for(line: str) -> list[str]:
    """Return the long options that the commands of a line take, and commands as flags.

    >>> [option for option in options_for("draw ij->i") if option in ("--theme", "--style", "--explain")]
    ['--theme', '--explain']
    """
    try:
        names = [words[0] for words in split_line(line)]
    except EinloopError:
        names = [DEFAULT.name]
    known = [option for name in names for option in _options(name)]
    return list(dict.fromkeys([*known, *(f"--{name}" for name in FLAGGED)]))


@cache
def _options(name: str) -> tuple[str, ...]:
    command = next(command for command in COMMANDS if command.name == name)
    parser = Parser(command=command, commands=COMMANDS, bare=False)
    module_of(name).configure(parser)
    return tuple(option for action in parser._actions for option in action.option_strings if option.startswith("--"))
