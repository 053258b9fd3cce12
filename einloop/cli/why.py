"""`einloop why EXPR`: one element of the result, term by term; the first nan or inf, and what caused it."""

from __future__ import annotations

import argparse

from ..core.options import CheckOptions
from ..notation.shapes import read_place
from ..pipeline.expression import read_expression
from ..pipeline.why import TOP, why
from .arguments import add_expression, add_view, options_of
from .output import Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, CheckOptions)
    parser.add("--at", metavar="1,2", help="coordinates of the element; negative ones count from the end")
    parser.add("--top", type=int, default=TOP, metavar="N", help=f"show the N largest terms ({TOP})")
    parser.add("--nonfinite", action="store_true", help="find the first nan or inf and the inputs that caused it")
    add_view(parser)
    parser.examples(
        ("einloop why 'ij,jk->ik' --at 1,2", "which elements meet"),
        ("einloop why 'ij,jk->ik' --at 1,2 -s 2x3 -s 3x4", "for these shapes"),
        ("einloop why 'ij,jk->ik' --at 1,2 --load A=a.npy --load B=b.npy", "with their values, largest first"),
        ("einloop why 'i,i->' --load a.npy --load b.npy --top 3", "one number needs no coordinates"),
        ("einloop why 'ij,jk->ik' --load a.npy --load b.npy --nonfinite", "where nan and inf come from"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the page."""
    if arguments.expression == "-":
        from .lines import one_expression  # a plain start reads no lines

        arguments.expression = one_expression("why takes one expression")
    options = options_of(arguments)
    report = why(
        read_expression(arguments.expression, options, whole=True),
        options,
        at=None if arguments.at is None else read_place(arguments.at),
        top=arguments.top,
        nonfinite=arguments.nonfinite,
    )
    output.report(report, arguments.format, arguments.lang)
    return 0
