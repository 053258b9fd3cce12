"""Arguments: argparse, made to accept expressions that begin with `->` and to complain in one line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from ..core.console import write
from ..core.errors import OptionError
from ..core.frozen import dataclass
from ..core.near import meant
from ..core.options import check_seed
from ..core.version import __version__
from ..core.visible import visible
from .output import columns

GUARD = "\0"
"""Stands before a word like `->` while argparse looks at it: it is an expression, not an option."""

UNKNOWN = "unrecognized arguments: "
"""How argparse begins its refusal of options and words that it has no place for."""

LANG = "--lang"

LIKE_AN_OPTION = re.compile(r" *->|-\d+[x,]")
"""Expressions that begin with an arrow, and shapes that begin with a negative number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: its name, which is that of its module in cli/ too, and what it is for."""

    name: str
    about: str


class Parser(argparse.ArgumentParser):
    """The parser of one command. `bare`: the command was not named, so help speaks of einloop as a whole."""

    def __init__(self, *, command: Command, commands: tuple[Command, ...], bare: bool) -> None:
        whole = "Print the explicit nested loops that an einsum expression stands for."
        super().__init__(
            prog="einloop" if bare else f"einloop {command.name}",
            description=whole if bare else command.about,
            formatter_class=_formatter,
            allow_abbrev=False,
        )
        if bare:
            self.add("--version", action="version", version=f"einloop {__version__}")
        self._commands = commands if bare else ()
        self.add(
            LANG,
            default="en",
            metavar="LANG",
            help="language of pages and errors: {languages}, or auto: what $LANG asks for (default: en)",
        )
        self.add("--debug", action="store_true", help="show a traceback where something goes wrong")

    def add(self, *names: str, **how: Any) -> None:
        """Add one argument."""
        self.add_argument(*names, **how)

    def examples(self, *lines: tuple[str, str], notes: str = "") -> None:
        """Set what closes the help: examples (command line, what it does), and notes."""
        width = max(len(line) for line, _ in lines)
        beside = width + max(len(what) for _, what in lines) + 4 <= columns(sys.stdout)
        row = "  {line:{width}}  {what}" if beside else "  {line}\n      {what}"
        text = ["examples:", *(row.format(line=line, width=width, what=what) for line, what in lines)]
        if self._commands:
            names = max(len(command.name) for command in self._commands)
            text += ["", "commands:", *(f"  {c.name.ljust(names)}  {c.about}" for c in self._commands)]
            text += ["", "a command's name is also a legal expression: einloop show verify"]
        self.epilog = "\n".join([*text, *(["", notes] if notes else [])])

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the parsed arguments. Raises OptionError."""
        parsed = self.parse_args([GUARD + word if LIKE_AN_OPTION.match(word) else word for word in words])
        return argparse.Namespace(**{name: _plain(value) for name, value in vars(parsed).items()})

    def error(self, message: str) -> NoReturn:
        """Refuse in one line, as for every other mistake."""
        known = [name for name in self._option_string_actions if name.startswith("--")]
        stray = next((word for word in message.removeprefix(UNKNOWN).split() if word.startswith("--")), "")
        hint = f"{self.prog} --help shows what there is"
        if message.startswith(UNKNOWN):
            hint = meant(stray.partition("=")[0], known, hint)
        plain = message.replace(GUARD, "").replace(repr(GUARD)[1:-1], "")
        raise OptionError("EL400", visible(plain, keep=""), hint=hint)

    def format_help(self) -> str:
        """Return the help, with the names in it that tables know."""
        for action in self._actions:
            action.help = with_names(action.help or "")
        return super().format_help()

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the value of an option; argparse drops `--` from it, as if it stood alone, and gives a list."""
        if action.option_strings:
            arg_strings = [GUARD + word if word == "--" else word for word in arg_strings]
        return super()._get_values(action, arg_strings)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a help text or the version where all else is printed."""
        write(message)


class Once(argparse.Action):
    """Stores the value of an option that may be given once: of two files to write, one would be missing."""

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: str | None = None
    ) -> None:
        """Store; refuse a second value."""
        if getattr(namespace, self.dest) is not None:
            parser.error(f"argument {option_string}: given twice, {getattr(namespace, self.dest)!r} and {values!r}")
        setattr(namespace, self.dest, values)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return a help formatter that knows the terminal's width; argparse would import shutil (3 ms) to ask."""
    return argparse.RawDescriptionHelpFormatter(prog, width=columns(sys.stdout) - 2)


TABLES: Mapping[str, tuple[str, Callable[[Any], Iterable[str]]]] = {
    "styles": ("targets.target", lambda found: found.load_target("python").styles),
    "targets": ("targets.target", lambda found: found.target_names()),
    "orders": ("schedule.order", lambda found: found.ORDERS),
    "paths": ("notation.paths", lambda found: found.NAMES),
    "formats": ("pipeline.page", lambda found: [name for name in found.VIEWS if name != found.FRAGMENT]),
    "traced": ("pipeline.steps", lambda found: found.FORMATS),
    "kinds": ("pipeline.draw", lambda found: found.KINDS),
    "themes": ("pipeline.draw", lambda found: found.THEMES),
    "dialects": ("analysis.dialects", lambda found: [dialect.name for dialect in found.DIALECTS]),
    "languages": ("views.catalogue", lambda found: found.languages()),
}
"""What a help asks for by name, as `{styles}`: the module that has the table, and its names."""


def with_names(help: str) -> str:
    """Return the help of an option with the names that tables know.

    >>> with_names("of the loops: {orders}, or like i,k,j")
    'of the loops: appearance, output, axes, or like i,k,j'
    """

    def names(found: re.Match[str]) -> str:
        module, names_in = TABLES[found[1]]
        return ", ".join(names_in(import_module(f"..{module}", __package__)))

    return re.sub(r"\{(\w+)\}", names, help)


def asked_language(words: Sequence[str]) -> str:
    """Return what the last `--lang` of a command line says, also of one that cannot be parsed.

    >>> asked_language(["--lang", "ja", "ij->"]), asked_language(["--lang=ja"]), asked_language(["ij->", "--lang"])
    ('ja', 'ja', 'en')
    """
    said = "en"
    for place, word in enumerate(words):
        if word == LANG:
            said = words[place + 1] if place + 1 < len(words) else said
        elif word.startswith(f"{LANG}="):
            said = word.removeprefix(f"{LANG}=")
    return said


def seed(word: str) -> int:
    """Return a seed; argparse reports what is not a number, and what is negative is refused."""
    return check_seed(int(word))


def _plain(value: Any) -> Any:
    """Return a value as the user wrote it."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.removeprefix(GUARD) if isinstance(value, str) else value
