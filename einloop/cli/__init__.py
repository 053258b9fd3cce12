"""The command line: finds the command, runs it, and turns what went wrong into one message and an exit code.

0: fine. 1: a verification mismatch. 2: an illegal expression or wrong options. 130: interrupted. 141: the reader of
standard output went away.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from ..core.console import close, is_terminal, prepare_streams, tell
from ..core.errors import EinloopError, OptionError
from ..core.near import MIN_LIKENESS, nearest
from ..core.visible import visible
from .arguments import complete
from .output import Output, check_language
from .parser import UNKNOWN, Command, Parser, asked_language

COMMANDS: tuple[Command, ...] = (
    Command(name="show", module="show", about="print the loops for EXPR (the default)"),
    Command(name="explain", module="explain", about="say what EXPR means: sentence, formula, loops, tables, cost"),
    Command(name="check", module="check", about="warnings about EXPR, with fixes that fit the shapes"),
    Command(name="diff", module="diff", about="say whether two expressions compute the same, and what differs"),
    Command(name="why", module="why", about="one element of the result, term by term; what made it nan or inf"),
    Command(name="verify", module="verify", about="show every case EXPR's loops are compared on; check your own loops"),
    Command(name="bench", module="bench", about="time EXPR's loops beside numpy, opt_einsum and torch"),
    Command(name="cache", module="cache", about="show what compiled functions left on the disk, or remove it"),
    Command(name="templates", module="templates", about="list the targets and their templates, or copy them"),
)
"""One file in cli/ per command."""

DEFAULT = COMMANDS[0]
SHORTEST = 3
"""Letters of the shortest command."""
MIN_LIKENESS_OF_COMMANDS = 0.75
"""How alike a word that stands alone and a command have to be to get a note; it may well be an expression."""
REFUSED = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    prepare_streams()
    try:
        return _run(words)
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
    import_module(f".{DEFAULT.module}", __package__).configure(parser)
    return parser.arguments


def _run(words: list[str]) -> int:
    output = Output(json="--json" in words, lang=asked_language(words))
    try:
        return _run_command(words, output)
    except BrokenPipeError:
        raise
    except EinloopError as error:
        _trace(words)
        output.error(error)
    except OSError as error:
        _trace(words)
        place = "" if error.filename is None else f"{error.filename!r}: "
        output.error(OptionError("EL467", f"the system refuses: {place}{error.strerror or error}"))
    except MemoryError as error:
        _trace(words)
        output.error(OptionError("EL468", f"this takes more memory than there is{f': {error}' if str(error) else ''}"))
    except Exception as error:
        _trace(words)
        told = visible(f"{type(error).__name__}: {error}", keep="")
        output.error(EinloopError("EL000", f"einloop itself failed: {told}", hint="--debug shows where"))
    return REFUSED


def _run_command(words: list[str], output: Output) -> int:
    command, rest = _find(words)
    module = import_module(f".{command.module}", __package__)
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
    return int(module.run(arguments, replace(output, path=getattr(arguments, "output", None))))


def _trace(words: list[str]) -> None:
    """Print the traceback of the error in hand where the user asked for it."""
    if "--debug" in words:
        from traceback import format_exc

        tell(visible(format_exc()))


def _parse(parser: Parser, command: Command, words: list[str], rest: list[str]) -> Namespace:
    """Return the arguments; a command's name alone may have been meant as an expression."""
    try:
        return parser.parse(rest)
    except OptionError as error:
        near = _near_command(words, MIN_LIKENESS) if error.message.startswith(UNKNOWN) else None
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
    if not words or words[0] in names or not words[0].isalpha() or len(words[0]) < SHORTEST:
        return None
    return nearest(words[0], names, least)


def _find(words: list[str]) -> tuple[Command, list[str]]:
    """Return the command that the first word names, else the default one, with the words left for it."""
    if words and any(words[0] == command.name for command in COMMANDS):
        return next(c for c in COMMANDS if c.name == words[0]), words[1:]
    return DEFAULT, words
