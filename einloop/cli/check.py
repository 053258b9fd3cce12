"""`einloop check EXPR`: what is probably not meant, with fixes, and what is worth knowing."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ..core.options import Options
from ..notation.shapes import read_expected
from ..pipeline.check import check, warned
from ..pipeline.dialects import check_there, refused
from ..pipeline.reading import read_spec
from .arguments import add_expression, add_view, each, operand_options_of
from .output import Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, many=True)
    parser.add(
        "--expect",
        metavar="B,L,64",
        help="what the result should be: a length, an index or the name of a length for every axis",
    )
    parser.add("--strict", action="store_true", help="exit with 1 where there is a warning")
    parser.add(
        "--dialect", metavar="NAME", help="also: what differs in numpy-optimize, torch, jax, opt_einsum or einops"
    )
    add_view(parser)
    parser.examples(
        ("einloop check 'ij,kl->il'", "letters that meet nobody"),
        ("einloop check 'ik,jk->ij' -s 4x1 -s 1x3", "an axis stretched and summed"),
        ("einloop check 'bqhd,bkhd->bhqk' -s q=B,L,H,K -s k=B,M,H,K", "shapes without numbers"),
        ("einloop check 'bhqk,bkhd->bhqd' --expect b,q,h,d", "a result with its axes in another order"),
        ("einloop check 'i,i->' --dtype int8 -s 10 -s 10", "sums that leave their dtype"),
        ("einloop check 'i,i->' --load a.npy --load b.npy", "real arrays: whether they do"),
        ("einloop check '...i->i' -s 2x3 --dialect torch", "what another library makes of it"),
        ("einloop check --strict - < expressions.txt", "one expression a line; 1 where there is a warning"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the findings for one expression, or for every line of standard input."""
    expect = None if arguments.expect is None else read_expected(arguments.expect)
    options = replace(operand_options_of(arguments), expect=expect)
    return each(arguments, output, lambda text: _check(text, options, arguments, output))


def _check(text: str, options: Options, arguments: argparse.Namespace, output: Output) -> int:
    if arguments.dialect is not None:
        report = check_there(text, options, arguments.dialect)
    else:
        spec = read_spec(text, options)
        report = check(spec, options)
    output.report(report, arguments.format, arguments.lang)
    if refused(report):
        return 2
    return 1 if arguments.strict and warned(report) else 0
