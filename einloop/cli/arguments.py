"""The arguments that describe an expression and its loops, shared by the commands, and the Options they mean."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

from ..core.errors import OptionError
from ..core.generated import form_of
from ..core.options import NOTATIONS, LoadedArray, Options, find_notation
from ..core.spec import Extent
from ..notation.shapes import read_named_shape, read_sizes
from .output import Output
from .parser import Once, Parser

WHOLE = ("html", "latex")
"""Formats of which a file holds one page."""


def add_expression(
    parser: Parser, *, name: str = "expression", many: bool = False, useless: tuple[str, ...] = ()
) -> None:
    """Add EXPR and what is known of its operands. `many`: the command takes a `-` for the lines of standard input.

    `useless`: options that it takes only to say why it has no use for them; no help shows these.
    """
    add = parser.add
    dash = "; - reads one a line" if many else ""
    add(name, metavar="EXPR", help=f"subscripts, a pasted einsum call, or a formula{dash}")
    names = f"{{{','.join(NOTATIONS)}}}"
    add("--notation", metavar=names, help="how EXPR is written, where its form does not show it (named axes)")
    add(
        "-s",
        "--shape",
        "--shapes",
        action="append",
        default=[],
        metavar="2x3",
        help="the next operand's shape (2x3, B,L,H or ()), or A=2x3",
    )
    add("--sizes", action="append", default=[], metavar="i=2,j=3", help="extents by index")
    add("--load", action="append", default=[], metavar="A=a.npy", help="shape, dtype and values of a real array")
    add(
        "--dtype",
        "--dtypes",
        action="append",
        default=[],
        metavar="float32",
        help=argparse.SUPPRESS if "--dtype" in useless else "the dtype of all operands, or A=int8",
    )
    add("--names", metavar="A,B", help="names of the operands")
    add("--result", metavar="C", help=argparse.SUPPRESS if "--result" in useless else "name of the result")


def add_emission(parser: Parser) -> None:
    """Add how the loops are written."""
    add = parser.add
    add(
        "--style",
        default="article",
        metavar="NAME",
        help="article (default), scalar (a running total), lists (no numpy) or fast (walks over rows)",
    )
    add("--order", metavar="ORDER", help="of the loops: appearance, output, axes (last axes inside), or like i,k,j")
    add("--schedule", action="append", default=[], metavar="PASSES", help="like 'order(i,k,j) tile(i,32) accumulate'")
    add(
        "--path",
        metavar="PATH",
        help="two operands at a time: auto, greedy, optimal, cotengra, or places like (0,1),(0,1)",
    )
    add("--function", metavar="NAME", help="a function, right for every dtype, that refuses what it is not for")
    add("--script", action="store_true", help="a whole program that compares itself with np.einsum")
    add("--extension", action="store_true", help="C as a Python module, which checks its arrays (--target c)")
    add("--comments", action="store_true", help="say above each line what it does")
    add("--checks", action="store_true", help="let a snippet refuse what it is not for")
    add("--target", metavar="NAME", help="python (default), or another that einloop templates lists; -o x.c means c")
    add("--templates", metavar="DIR", help="a folder of your own templates; it is code, as a Makefile is")


def add_view(parser: Parser) -> None:
    """Add how a report is shown."""
    add = parser.add
    add("--format", metavar="NAME", help="text (default), markdown, html, latex, json or comment; else by FILE's name")
    add("--json", action="store_true", help="the same as --format json")
    add("-o", "--output", action=Once, metavar="FILE", help="write the page to FILE")


def complete(arguments: argparse.Namespace) -> None:
    """Fill in the format and the target that neither options nor the name of a file chose. Raises OptionError."""
    if hasattr(arguments, "format"):
        if getattr(arguments, "json", False) and arguments.format not in (None, "json"):
            raise OptionError("EL473", f"--json and --format {arguments.format} are two formats", hint="leave one out")
        arguments.format = "text" if arguments.format is None else arguments.format
    if hasattr(arguments, "target"):
        arguments.target = "python" if arguments.target is None else arguments.target


def each(arguments: argparse.Namespace, output: Output, run: Callable[[str], int]) -> int:
    """Run a command that makes pages on its expression, or on every line of standard input; return the exit code."""
    if arguments.expression != "-":
        return run(arguments.expression)
    from .lines import each_line

    return each_line(output, run, single=arguments.format in WHOLE)


def operand_options_of(arguments: argparse.Namespace) -> Options:
    """Return what parsed arguments say of an expression and its operands. Raises OptionError."""
    return Options(
        notation=find_notation(arguments.notation),
        shapes=tuple(read_named_shape(text) for text in arguments.shape),
        sizes=_sizes(arguments.sizes),
        dtypes=tuple(_named(text) for text in arguments.dtype),
        loaded=tuple(_load(text) for text in arguments.load),
        names=() if arguments.names is None else tuple(name.strip() or None for name in arguments.names.split(",")),
        result=arguments.result,
    )


def options_of(arguments: argparse.Namespace) -> Options:
    """Return the Options that parsed arguments mean. Raises OptionError."""
    form = form_of(script=arguments.script, extension=arguments.extension, function=arguments.function)
    return replace(
        operand_options_of(arguments),
        target=arguments.target,
        style=arguments.style,
        order=arguments.order,
        path=arguments.path,
        schedule=tuple(arguments.schedule),
        form=form,
        function=arguments.function,
        comments=arguments.comments,
        checks=arguments.checks,
        templates=arguments.templates,
    )


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


def _load(text: str) -> tuple[str | None, LoadedArray]:
    from ..runners.arrays import open_array

    name, path = _named(text)
    return name, open_array(path, "")
