"""`einloop check EXPR`: what is probably not meant, with fixes, and what is worth knowing."""

from __future__ import annotations

import argparse

from ..core.options import CheckOptions
from ..notation.shapes import read_expected
from ..pipeline.check import check, warned
from ..pipeline.dialects import check_there, refused
from ..pipeline.expression import read_expression
from .arguments import add_expression, add_view, each, options_of
from .output import REFUSED, Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, CheckOptions, many=True)
    parser.add(
        "--expect",
        metavar="B,L,64",
        help="what the result should be: a length, an index or the name of a length for every axis",
    )
    parser.add("--strict", action="store_true", help="exit with 1 where there is a warning")
    parser.add("--dialect", metavar="NAME", help="also: what differs in {dialects}")
    add_view(parser)
    parser.examples(
        ("einloop check 'ij,kl->il'", "letters that occur only once"),
        ("einloop check 'ik,jk->ij' -s 4x1 -s 1x3", "an axis stretched and summed"),
        ("einloop check 'bqhd,bkhd->bhqk' -s q=B,L,H,K -s k=B,M,H,K", "shapes without numbers"),
        ("einloop check 'bhqk,bkhd->bhqd' --expect b,q,h,d", "a result with its axes in another order"),
        ("einloop check 'i,i->' --dtype int8 -s 10 -s 10", "sums that leave their dtype"),
        ("einloop check 'i,i->' --load a.npy --load b.npy", "real arrays: whether they do"),
        ("einloop check '...i->i' -s 2x3 --dialect torch", "what another library makes of it"),
        ("einloop check --strict - < expressions.txt", "one expression per line; 1 where there is a warning"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the findings for one expression, or for every line of standard input."""
    expect = None if arguments.expect is None else read_expected(arguments.expect)
    options = options_of(arguments, expect=expect)

    def run_one(text: str) -> int:
        there = arguments.dialect
        report = check(read_expression(text, options), options) if there is None else check_there(text, options, there)
        output.report(report, arguments.format, arguments.lang)
        return REFUSED if refused(report) else int(arguments.strict and warned(report))

    return each(arguments, output, run_one)
