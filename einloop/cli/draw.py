"""`einloop draw EXPR`: a picture of an expression, as SVG, PNG or PDF."""

from __future__ import annotations

import argparse
import os

from ..core.errors import OptionError
from ..core.options import DrawOptions
from ..notation.shapes import read_place
from ..pipeline.draw import FORMATS, SVG, Kind, draw
from ..pipeline.expression import read_expression
from .arguments import add_expression, options_of
from .files import write_bytes
from .output import Output
from .parser import Once, Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, DrawOptions)
    add = parser.add
    add("--kind", default=Kind.CELLS.value, metavar="NAME", help="what is drawn: {kinds} (default: cells)")
    add("--at", metavar="1,2", help="the element of the result that cells and stages show")
    add("--theme", default="auto", metavar="NAME", help="{themes} (default: auto, what the reader's system asks for)")
    add("-o", "--output", action=Once, metavar="FILE", help="write to FILE; its name says what: .svg, .png or .pdf")
    parser.examples(
        ("einloop draw 'ij,jk->ik' -o product.svg", "which cells meet"),
        ("einloop draw 'ij,jk->ik' -s 2x3 -s 3x4 --at 1,3 -o product.svg", "for one element of the result"),
        ("einloop draw 'bqhd,bkhd->bhqk' --kind axes -o axes.svg", "which axis goes where"),
        ("einloop draw 'ij,jk->ik' --kind stages -o stages.svg", "lined up, multiplied, summed: whole arrays"),
        ("einloop draw 'ij,jk,kl->il' --kind network -o network.svg", "the tensor diagram"),
        ("einloop draw 'ij,jk,kl->il' --kind path -s 2x90 -s 90x3 -s 3x80 -o path.svg", "the contraction tree"),
        ("einloop draw 'ij,jk->ik' --theme dark -o slide.png", "for a dark slide"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the picture to a file, or print it as SVG."""
    if arguments.expression == "-":
        from .lines import one_expression

        arguments.expression = one_expression("draw takes one expression")
    options = options_of(arguments)
    format = _format(arguments.output)
    drawing = draw(
        read_expression(arguments.expression, options, whole=True),
        options,
        kind=arguments.kind,
        at=None if arguments.at is None else read_place(arguments.at),
    )
    if arguments.output is None:
        output.drawing(drawing, arguments.lang, arguments.theme)
    else:
        write_bytes(arguments.output, drawing.image(format, arguments.lang, arguments.theme))
    return 0


def _format(path: str | None) -> str:
    """Return the format that the name of a file asks for. Raises OptionError where it is none of a picture's."""
    suffix = os.path.splitext(path or "")[1].lower().removeprefix(".")
    if path is not None and suffix and suffix not in FORMATS:
        *others, last = (f".{name}" for name in FORMATS)
        known = f"{', '.join(others)} or {last}"
        raise OptionError("EL465", f"{path!r} is no name for a picture", hint=f"a name that ends in {known}")
    return suffix or SVG
