"""`einloop EXPR`, `einloop show EXPR`: print the loops, then verify them."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.errors import RunError
from ..core.generated import Generated
from ..core.options import GenerateOptions, Options
from ..pipeline.arrays import input_arrays
from ..pipeline.as_call import einsum_call
from ..pipeline.expression import read_for_loops
from ..pipeline.show import generate
from ..pipeline.verify import verify
from ..targets.target import HEADER
from .arguments import add_expression, options_of, repeat_command
from .output import UNVERIFIED, Output
from .parser import Once, Parser, seed

if TYPE_CHECKING:
    from ..core.verification import Verification

MAX_VERIFYING_SECONDS = 5.0
"""What verifying a text for one large shape may take where it is printed; `einloop verify` takes longer."""
CODES = """exit codes: 0 fine, 1 different from np.einsum, 2 trouble, 3 a text of --templates
could not be verified; of many expressions the highest code"""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, GenerateOptions, many=True)
    parser.add("-o", "--output", action=Once, metavar="FILE", help="write the loops to FILE, or JSON to FILE.json")
    parser.add(
        "--show-stages", action="store_true", help="print the loops after every pass of the schedule, with its reason"
    )
    parser.add("--no-verify", action="store_true", help="do not run the loops against np.einsum")
    parser.add("--seed", type=seed, default=0, metavar="N", help="seed of the verification's inputs")
    parser.add("--json", action="store_true", help="source, index metadata and verification for a program")
    parser.examples(
        ("einloop 'ij,jk->ik'", "a matrix product"),
        ("einloop 'ij,jk->ik' -s 2x1 -s 3x4 --comments", "with shapes: a stretched axis shows"),
        ("einloop '...ij->...ji' --function swap", "a function for every rank and dtype"),
        ("einloop \"np.einsum('bqd,bkd->bqk', q, k)\"", "a call pasted from code"),
        ("einloop 'y_i = \\sum_j W_{ij} x_j' --style scalar", "a formula, summed in a local variable"),
        ("einloop --notation named 'batch q d, batch k d -> batch q k'", "words as indices"),
        ("einloop 'ij,jk,kl->il' --path auto", "two operands at a time, one nest per step"),
        ("einloop 'ij,jk->ik' --schedule 'tile(i,32) tile(k,32)'", "loops cut into blocks"),
        ("einloop 'ij,jk,kl->il' --schedule auto --show-stages", "how the fast loops are derived"),
        ("einloop 'ij,jk->ik' -o product.c", "a file, whose name says which language"),
        ("einloop - < expressions.txt", "one expression per line; # begins a comment"),
        notes=CODES,
    )
    parser.set_defaults(format=None)


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the loops of one expression, or of every line of standard input."""
    options = options_of(arguments, file=output.path)
    if arguments.expression != "-":
        return _show(arguments.expression, options, arguments, output)
    from .lines import each_line

    def run_line(text: str) -> int:
        return _show(text, options, arguments, output, among=True)

    return each_line(output, run_line)


def _show(text: str, options: Options, arguments: argparse.Namespace, output: Output, *, among: bool = False) -> int:
    """Print the loops of an expression; `among` others with a line that says which one it is."""
    found = read_for_loops(text, options)
    if arguments.show_stages:
        from ..pipeline.stages import stages

        output.report(stages(found, options), arguments.format, arguments.lang)
        return 0
    generated = generate(found, options)
    if arguments.format != "json" and (output.path is not None or not output.json):
        if among:
            output.text(f"# {generated.expression}\n")
        _print(generated, output)
    return _finish(generated, options, arguments, output)


def _print(generated: Generated, output: Output) -> None:
    """Print the loops, or the header alone where that is asked for; a file of loops gets a file with it beside."""
    stem, suffix = ("", HEADER) if output.path is None else os.path.splitext(output.path)
    if generated.header is None or suffix != HEADER:
        output.source(generated)
    if generated.header is not None:
        path = None if output.path is None else stem + HEADER
        replace(output, path=path).source(replace(generated, source=generated.header))


def _finish(generated: Generated, options: Options, arguments: argparse.Namespace, output: Output) -> int:
    """Print notes and the verdict of one emission; return the exit code."""
    for note in generated.notes:
        output.note(note)
    call = einsum_call(generated.spec) if generated.statements is None else generated.statements.text()
    if call is not None:
        for line in call.splitlines():
            output.note(f"with np.einsum: {line}")
    try:
        found = None if arguments.no_verify else _verify(generated, options, arguments)
    except RunError as error:  # of loops that a user's templates made
        if not error.undecided:
            raise
        output.error(error)
        return UNVERIFIED
    if arguments.format == "json" or output.json:
        from ..views.data import generated_data

        keep = output.save if arguments.format == "json" else output.data
        keep(generated_data(generated, found))
    if found is not None and not output.json:
        output.verdict(found)
    if found is None or found:
        return 0
    if found.skipped is None:
        return 1
    return UNVERIFIED if generated.foreign and generated.runner is not None else 0


def _verify(generated: Generated, options: Options, arguments: argparse.Namespace) -> Verification:
    given = input_arrays(generated, options)
    command = repeat_command(arguments)
    return verify(generated, seed=arguments.seed, given=given, command=command, seconds=MAX_VERIFYING_SECONDS)
