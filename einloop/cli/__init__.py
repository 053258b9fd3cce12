"""The command line: finds the command, runs it, and turns what went wrong into one message and an exit code.

0: fine. 1: a verification mismatch. 2: an illegal expression or wrong options. 130: interrupted. 141: the reader of
standard output went away.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import Any

from ..core.console import close, is_terminal, prepare_streams, tell
from ..core.errors import OptionError
from ..core.near import MIN_LIKENESS, nearest
from ..core.refusal import refusal_of
from ..core.visible import visible
from .arguments import complete
from .output import REFUSED, Output, check_language
from .parser import UNKNOWN, Command, Parser, asked_language

COMMANDS: tuple[Command, ...] = (
    Command(name="show", about="print the loops for EXPR (the default)"),
    Command(name="lift", about="print the einsum that loops, array code, C or a formula compute"),
    Command(name="explain", about="say what EXPR means: sentence, formula, loops, tables, cost"),
    Command(name="check", about="warn about EXPR, with fixes that fit the shapes"),
    Command(name="diff", about="say whether two expressions compute the same, and what differs"),
    Command(name="why", about="show one element of the result term by term, and what made it nan or inf"),
    Command(name="trace", about="show EXPR's loops step by step, with values: as text, a page, or on the screen"),
    Command(name="draw", about="draw EXPR: cells that meet, the tensor diagram, the path, where axes go"),
    Command(name="find", about="find the einsum of an example, by its shapes or its values"),
    Command(name="verify", about="show every case EXPR's loops are compared on; check your own loops"),
    Command(name="bench", about="time EXPR's loops against numpy, opt_einsum and torch"),
    Command(name="page", about="write the page: all of einloop in a browser, as one types"),
    Command(name="serve", about="open the page on this machine, with your own arrays"),
    Command(name="cache", about="show what compiled functions left on the disk, or remove it"),
    Command(name="templates", about="list the targets and their templates, or copy them"),
)
"""One file in cli/ per command."""

FUNCTIONS = {
    "compile": "compile is a function of Python: einloop.compile({expression!r})",
    "einsum": "einsum is a function of Python: einloop.einsum({expression!r}, ...)",
    "equivalent": "the command is diff; equivalent is a function of Python",
    "generate": "the command is show; generate is a function of Python",
    "stages": "the command is show with --show-stages; stages is a function of Python",
}
"""What Python has and the command line has not, or calls otherwise, each with where to find it."""

DEFAULT = COMMANDS[0]
MIN_COMMAND_LETTERS = 3
"""Letters of the shortest command."""
MIN_LIKENESS_OF_COMMANDS = 0.75
"""How alike a word that stands alone and a command have to be to get a note; it may well be an expression."""
INTERRUPTED = 130
BROKEN_PIPE = 141


def module_of(command: str) -> ModuleType:
    """Return the module in cli/ that holds a command: `configure` adds its arguments, `run` runs it."""
    return import_module(f".{command}", __package__)


def main(argv: Sequence[str] | None = None, *, load: Callable[[str], Any] = module_of) -> int:
    """Run the command line and return its exit code. `load` gives what holds a command."""
    words = list(sys.argv[1:] if argv is None else argv)
    prepare_streams()
    try:
        return _run(words, load)
    except BrokenPipeError:
        return BROKEN_PIPE  # the reader went away: nobody is left to tell
    except KeyboardInterrupt:
        tell("\ninterrupted\n" if is_terminal(sys.stderr) else "interrupted\n")  # a terminal shows ^C in its line
        return INTERRUPTED
    finally:
        close()


def shell_parser() -> ArgumentParser:
    """Return the parser of the default command, for tools that make shell completions from one."""
    parser = Parser(command=DEFAULT, commands=COMMANDS, bare=True)
    module_of(DEFAULT.name).configure(parser)
    parser.format_help()  # gives the texts of the options the names that tables know
    return parser


def _run(words: list[str], load: Callable[[str], Any]) -> int:
    output = Output(json="--json" in words, lang=asked_language(words))
    try:
        return _run_command(words, output, load)
    except BrokenPipeError:
        raise
    except Exception as error:
        if "--debug" in words:
            from traceback import format_exc

            tell(visible(format_exc()))
        output.error(refusal_of(error))
    return REFUSED


def _run_command(words: list[str], output: Output, load: Callable[[str], Any]) -> int:
    module, arguments = prepared(words, output, load)
    return int(module.run(arguments, replace(output, path=getattr(arguments, "output", None))))


def prepared(words: list[str], output: Output, load: Callable[[str], Any] = module_of) -> tuple[Any, Namespace]:
    """Return what holds the command that words ask for, and its arguments, complete. Raises OptionError."""
    command, rest = _find(words)
    module = load(command.name)
    parser = Parser(command=command, commands=COMMANDS, bare=command is DEFAULT and words[:1] != [DEFAULT.name])
    module.configure(parser)
    arguments = _parse(parser, command, words, rest)
    check_language(arguments.lang)
    near = _near_command(words, MIN_LIKENESS_OF_COMMANDS) if command is DEFAULT else None
    if near is not None:
        output.note(f"{words[0]!r} is read as an expression; did you mean the command {near!r}?")
    if getattr(arguments, "output", None) is not None or getattr(arguments, "plot", None) is not None:
        from .outputs import settle  # a plain start writes no file

        settle(arguments)
    complete(arguments)
    return module, arguments


def _parse(parser: Parser, command: Command, words: list[str], rest: list[str]) -> Namespace:
    """Return the arguments; a command's name alone may have been meant as an expression."""
    try:
        return parser.parse(rest)
    except OptionError as error:
        stray = error.message.removeprefix(UNKNOWN) if error.message.startswith(UNKNOWN) else ""
        if stray and words[0] in FUNCTIONS and not stray.startswith("--"):
            expression = next((word for word in words[1:] if stray.startswith(word)), "EXPR")
            hint = FUNCTIONS[words[0]].format(expression=expression)
            raise OptionError(error.id, f"there is no command {words[0]!r}", hint=hint) from None
        near = _near_command(words, MIN_LIKENESS) if stray else None
        if near is not None:
            hint = f"did you mean {near!r}? einloop --help shows what there is"
            raise OptionError(error.id, f"there is no command {words[0]!r}", hint=hint) from None
        if rest or words != [command.name]:
            raise
        hint = f"{command.name!r} is also a legal expression; its loops: einloop show {command.name}"
        raise OptionError(error.id, error.message, hint=hint) from None


def _near_command(words: list[str], least: float) -> str | None:
    """Return the command that the first word was probably meant to be, None where it is one, or like none."""
    names = [command.name for command in COMMANDS]
    if not words or words[0] in names or not words[0].isalpha() or len(words[0]) < MIN_COMMAND_LETTERS:
        return None
    return nearest(words[0], names, least)


def _find(words: list[str]) -> tuple[Command, list[str]]:
    """Return the command that the first word names, else the default one, with the words left for it."""
    if words and any(words[0] == command.name for command in COMMANDS):
        return next(c for c in COMMANDS if c.name == words[0]), words[1:]
    return DEFAULT, words
