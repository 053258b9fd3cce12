"""`einloop explain EXPR`: what it means, in a sentence, a formula, loops, tables."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from ..core.errors import EinloopError, OptionError
from ..pipeline.explaining import explain
from ..pipeline.reading import read_spec
from .arguments import add_expression, add_view, operand_options_of
from .lines import lines_of
from .output import Output
from .parser import Parser
from .show import expressions

WHOLE = ("html", "latex")
"""Formats of which a file holds one page."""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, many=True)
    parser.add("--style", default="article", metavar="NAME", help="of the loops: article (default), scalar or lists")
    add_view(parser)
    parser.examples(
        ("einloop explain 'ij,jk->ik'", "a matrix product on one page"),
        ("einloop explain 'bqhd,bkhd->bhqk' -s 2,16,4,8 -s 2,16,4,8", "with numbers in place of names"),
        ("einloop explain \"np.einsum('ij,jk,kl->il', a, b, c)\"", "a call pasted from code, with its path"),
        ("einloop explain 'ij,jk->ik' --format comment", "lines to paste above the call"),
        ("einloop explain 'ij,jk->ik' --format html > page.html", "a page for a browser"),
        ("einloop explain 'ij,jk->ik' --lang ja", "in Japanese"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the page, or one for every line of standard input."""
    options = replace(operand_options_of(arguments), style=arguments.style)
    if arguments.expression != "-":
        output.report(explain(read_spec(arguments.expression, options), options), arguments.format, arguments.lang)
        return 0
    texts = list(expressions(lines_of(sys.stdin)))
    whole = arguments.output is not None or arguments.format in WHOLE
    if whole and len(texts) > 1:
        raise OptionError("EL402", f"{len(texts)} pages do not go into one file", hint="give one expression")
    worst = 0
    for number, text in enumerate(texts):
        try:
            report = explain(read_spec(text, options), options)
        except EinloopError as error:
            output.error(error)
            worst = 2
            continue
        if number and not output.json and arguments.format != "json":
            output.text("\n")
        output.report(report, arguments.format, arguments.lang)
    return worst
