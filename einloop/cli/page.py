"""`einloop page -o FILE`: the page of einloop as one HTML file."""

from __future__ import annotations

import argparse

from .files import write_file
from .output import Output
from .parser import Once, Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add("-o", "--output", action=Once, metavar="FILE", help="write the page to FILE")
    parser.examples(("einloop page -o einsum.html", "one file"))


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the page, or print it."""
    from ..web.building import Transport, build_page

    page = build_page(arguments.lang, Transport.NONE)
    if arguments.output is None:
        output.lines(page.rstrip("\n"))
    else:
        write_file(arguments.output, page)
    return 0
