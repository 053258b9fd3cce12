"""`einloop diff EXPR EXPR`: are these the same? What moved, and the smallest inputs that show it."""

from __future__ import annotations

import argparse

from ..core.errors import OptionError
from ..pipeline.diff import diff
from .arguments import add_expression, add_view, options_of
from .output import Output
from .parser import Parser

USELESS = "it compares for every dtype, whatever the name"


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, name="first", useless={"dtypes": USELESS, "result": USELESS})
    parser.add("second", metavar="EXPR2", help="the other expression, in any notation")
    add_view(parser)
    parser.examples(
        ("einloop diff 'ij,jk->ik' 'ab,bc'", "the same: other letters, and the output left implicit"),
        ("einloop diff 'ij,jk->ik' 'ij,kj->ik'", "which index moved, and inputs that show it"),
        ("einloop diff 'ij,jk->ik' 'C[i,k] += A[i,j] * B[j,k]'", "subscripts against a formula"),
        ("einloop diff \"np.einsum('ij,jk', a, b)\" \"np.einsum('jk,ij->ik', b, a)\"", "operands matched by name"),
        ("einloop diff 'ij,j->i' 'ij,k->i' -s 2x1 -s 1", "for given shapes of the first's operands"),
        notes="exit codes: 0 the same, 1 different, 2 trouble",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the page; 1 where the two differ."""
    first, second = arguments.first, arguments.second
    if "-" in (first, second):
        from .lines import one_expression  # a plain start reads no lines

        if first == second:
            raise OptionError("EL472", "diff takes two expressions")
        read = one_expression("diff takes two expressions")
        first, second = (read if text == "-" else text for text in (first, second))
    report = diff(first, second, options_of(arguments))
    output.report(report, arguments.format, arguments.lang)
    (verdict,) = (section.facts for section in report.sections if section.id == "diff")
    return 0 if verdict["same"] else 1
