"""The arguments that describe an expression and its loops, made of the table of options, and the Options they mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from ..core.errors import OptionError
from ..core.options import (
    DiffOptions,
    GenerateOptions,
    LoadedArray,
    OptionRow,
    Options,
    StagesOptions,
    find_notation,
    rows,
    rows_of,
)
from ..core.spec import Extent
from ..notation.shapes import read_named_shape, read_sizes
from .output import Output
from .parser import Once, Parser

WHOLE = ("html", "latex")
"""Formats of which a file holds one page."""


def add_expression(
    parser: Parser,
    taken: type = DiffOptions,
    *,
    name: str = "expression",
    many: bool = False,
    useless: Mapping[str, str | None] | None = None,
) -> None:
    """Add EXPR and the options of a class of keywords. `many`: the command takes a `-` for the lines of standard input.

    `useless`: further options that it refuses, each with a hint that says why; no help shows these.
    """
    dash = "; - reads one per line" if many else ""
    parser.add(name, metavar="EXPR", help=f"subscripts, a pasted einsum call, or a formula{dash}")
    add_options(parser, taken)
    for row in rows_of(GenerateOptions):
        if row.keyword in (useless or {}):
            parser.add(*row.flags, action=Useless, const=(useless or {})[row.keyword], help=argparse.SUPPRESS)


def add_options(parser: Parser, taken: type) -> None:
    """Add the options of a class of keywords."""
    for row in rows_of(taken):
        parser.add(*row.flags, **_argument(row))


def _argument(row: OptionRow) -> dict[str, Any]:
    """Return what argparse has to know of an option; one that is not given leaves no trace."""
    how: dict[str, Any] = {"dest": row.keyword, "default": argparse.SUPPRESS}
    how["help"] = row.help.replace("{default}", str(row.default))
    if row.type == "bool":
        return {**how, "action": "store_true"}
    kind = {"type": int} if row.type.startswith("int") else {}
    return {**how, **kind, "metavar": row.metavar, "action": "append" if row.many else "store"}


class Useless(argparse.Action):
    """An option that a command takes only to say that it has no use for it."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, flag: str | None = None
    ) -> None:
        """Refuse."""
        raise OptionError("EL471", f"{parser.prog.split()[-1]} has no use for {flag}", hint=self.const)


def add_view(parser: Parser) -> None:
    """Add how a report is shown."""
    add = parser.add
    add("--format", metavar="NAME", help="{formats} (default: text, or by FILE's name)")
    add("--json", action="store_true", help="the same as --format json")
    add("-o", "--output", action=Once, metavar="FILE", help="write the page to FILE")


def complete(arguments: argparse.Namespace) -> None:
    """Fill in the format that neither options nor the name of a file chose. Raises OptionError."""
    if hasattr(arguments, "format"):
        if getattr(arguments, "json", False) and arguments.format not in (None, "json"):
            raise OptionError("EL473", f"--json and --format {arguments.format} are two formats", hint="leave one out")
        arguments.format = "text" if arguments.format is None else arguments.format


def each(arguments: argparse.Namespace, output: Output, run: Callable[[str], int]) -> int:
    """Run a command that makes pages on its expression, or on every line of standard input; return the exit code."""
    if arguments.expression != "-":
        return run(arguments.expression)
    from .lines import each_line

    return each_line(output, run, single=arguments.format in WHOLE)


def options_of(arguments: argparse.Namespace, **more: Any) -> Options:
    """Return the Options that parsed arguments mean, with `more` of them. Raises OptionError."""
    given = vars(arguments)
    asked = {row.name: _read(row.keyword, given[row.keyword]) for row in rows() if row.keyword in given}
    return Options(**asked, **more)


def _read(keyword: str, value: Any) -> Any:
    return READERS[keyword](value) if keyword in READERS else value


def repeat_command(arguments: argparse.Namespace) -> str:
    """Return the command line that verifies the same expression on the same inputs."""
    from shlex import join

    words = ["einloop", "verify", arguments.expression]
    for row in rows_of(StagesOptions):
        value = getattr(arguments, row.keyword, row.default)
        flag = next(flag for flag in row.flags if flag.startswith("--"))
        words += [] if value == row.default else _written(flag, value)
    for name in ("source", "inputs", "entry", "shapes_only", "no_empty", "seed"):  # of `verify` alone
        words += _written(f"--{name.replace('_', '-')}", getattr(arguments, name, None))
    return join(words)


def _written(flag: str, value: Any) -> list[str]:
    """Return the words that give an option a value: of a list the flag before each, of a switch the flag alone."""
    if value is None or value is False:
        return []
    if value is True:
        return [flag]
    return [word for one in (value if isinstance(value, list) else [value]) for word in (flag, str(one))]


def _sizes(texts: list[str]) -> dict[str, Extent]:
    sizes: dict[str, Extent] = {}
    for text in texts:
        for label, extent in read_sizes(text).items():
            if sizes.setdefault(label, extent) != extent:
                raise OptionError("EL480", f"two sizes for {label!r}: {sizes[label]} and {extent}")
    return sizes


def _named(text: str) -> tuple[str | None, str]:
    name, equals, value = text.partition("=")
    return (name.strip(), value.strip()) if equals else (None, text.strip())


def _load(text: str | tuple[str | None, LoadedArray]) -> tuple[str | None, LoadedArray]:
    """Return the array of a file, with the name before it; a notebook gives arrays that are open already."""
    if not isinstance(text, str):
        return text
    from ..pipeline.given import open_array  # numpy, or what stands for it

    name, path = _named(text)
    return name, open_array(path, "")


READERS: Mapping[str, Callable[[Any], Any]] = {
    "notation": find_notation,
    "shapes": lambda texts: tuple(map(read_named_shape, texts)),
    "sizes": _sizes,
    "load": lambda texts: tuple(map(_load, texts)),
    "dtypes": lambda texts: tuple(map(_named, texts)),
    "names": lambda text: tuple(name.strip() or None for name in text.split(",")),
    "schedule": tuple,
}
"""What the texts of an option mean, by keyword, where it is not what they say."""
