"""`einloop find`: the einsums that fit an example, by the shapes of operands and result or by their values."""

from __future__ import annotations

import argparse

from ..core.errors import OptionError
from ..core.options import FindOptions
from ..notation.shapes import read_named_shape
from ..pipeline.find import SECONDS, TOP, Wanted, find, found
from .arguments import add_options, add_view, options_of
from .output import Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_options(parser, FindOptions)
    parser.add("--result", dest="wanted", metavar="2x4", help="shape of the result, or C=2x4; () is one number")
    parser.add("--result-file", metavar="c.npy", help="the result itself, or C=c.npy: find what gives its values")
    parser.add("--top", type=int, default=TOP, metavar="N", help=f"show the N simplest ({TOP})")
    seconds = f"how long to try values at most ({SECONDS:g})"
    parser.add("--seconds", type=float, default=SECONDS, metavar="S", help=seconds)
    add_view(parser)
    parser.examples(
        ("einloop find -s 100x4x4 -s 100x4 --result 100x4", "what fits these shapes"),
        ("einloop find -s B,L,H -s H,K --result B,L,K", "lengths may be names"),
        ("einloop find -s 4x4 -s 4x4 --result 4x4 --top 20", "more of what fits"),
        ("einloop find -s 5x5 --result '()'", "a result that is one number"),
        ("einloop find --load A=a.npy --load B=b.npy --result-file c.npy", "what gives these values"),
        notes="exit codes: 0 found, 1 nothing fits, 2 trouble",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the page; 1 where nothing fits."""
    options = options_of(arguments)
    report = find(options, _wanted(arguments), top=arguments.top, seconds=arguments.seconds)
    output.report(report, arguments.format, arguments.lang)
    return 0 if found(report) else 1


def _wanted(arguments: argparse.Namespace) -> Wanted:
    """Return the result that arguments describe. Raises OptionError."""
    if arguments.wanted is not None and arguments.result_file is not None:
        raise OptionError(
            "EL473", "--result and --result-file both say what the result is", hint="leave one of them out"
        )
    if arguments.result_file is not None:
        from ..pipeline.given import open_array  # numpy, or what stands for it

        name, equals, path = arguments.result_file.partition("=")
        array = open_array(path.strip() if equals else name, "")
        return Wanted(shape=array.shape, array=array, name=name.strip() if equals else None)
    if arguments.wanted is None:
        raise OptionError("EL474", "find needs the result", hint="--result 2x4, or --result-file c.npy")
    name, shape = read_named_shape(arguments.wanted)
    return Wanted(shape=shape, name=name)
