"""`einloop explain EXPR`: what it means, in a sentence, a formula, loops, tables."""

from __future__ import annotations

import argparse

from ..core.options import ExplainOptions
from ..pipeline.explain import explain
from ..pipeline.expression import read_expression
from .arguments import add_expression, add_view, each, options_of
from .output import Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, ExplainOptions, many=True)
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
    options = options_of(arguments)

    def run_one(text: str) -> int:
        output.report(explain(read_expression(text, options), options), arguments.format, arguments.lang)
        return 0

    return each(arguments, output, run_one)
