"""`einloop EXPR`, `einloop show EXPR`: print the loops, then verify them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .. import pipeline
from ..core.errors import EinloopError, OptionError, RunError
from ..core.generated import Generated
from ..core.options import Options
from ..core.verification import NOT_A_VERDICT
from ..notation import looks_like_call
from .arguments import add_emission, add_expression, options_of
from .output import Output, write_file
from .parser import Parser, seed

if TYPE_CHECKING:
    from ..core.verification import Verification

SECONDS = 5.0
"""What verifying a text for one large shape may take where it is printed; `einloop verify` takes longer."""


UNVERIFIED = 3
"""The exit code where loops could not be verified: with einloop's own templates that is no fault of the loops."""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, many=True)
    add_emission(parser)
    parser.add("-o", "--output", metavar="FILE", help="write the loops to FILE")
    parser.add("--show-stages", action="store_true", help="the loops after every pass of the schedule, with its reason")
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
        ("einloop 'ij,jk,kl->il' --path auto", "two operands at a time, one nest a step"),
        ("einloop 'ij,jk->ik' --schedule 'tile(i,32) tile(k,32)'", "loops cut into blocks"),
        ("einloop 'ij,jk,kl->il' --schedule auto --show-stages", "how quick loops come about"),
        ("einloop - < expressions.txt", "one expression a line"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the loops of one expression, or of every line of standard input."""
    options = options_of(arguments)
    if arguments.expression == "-":
        return _run_lines(arguments, options, output)
    if arguments.show_stages:
        from ..pipeline.staging import stages

        output.report(stages(pipeline.read_spec(arguments.expression, options), options), lang=arguments.lang)
        return 0
    generated = _generate(arguments.expression, options)
    if arguments.output is not None:
        write_file(arguments.output, generated.source)
    elif not output.json:
        output.source(generated)
    return _finish(generated, arguments, output)


def _generate(text: str, options: Options) -> Generated:
    return pipeline.generate(pipeline.read_spec(text, options), options)


def _finish(generated: Generated, arguments: argparse.Namespace, output: Output) -> int:
    """Print notes and the verdict of one emission; return the exit code."""
    for note in generated.notes:
        output.note(note)
    try:
        found = None if arguments.no_verify else _verify(generated, arguments)
    except RunError as error:  # of loops that a user's templates made
        if error.id not in NOT_A_VERDICT:
            raise
        output.error(error)
        return UNVERIFIED
    if output.json:
        from ..views.data import generated_data

        output.data(generated_data(generated, found))
    elif found is not None:
        output.verdict(found)
    if found is None or found:
        return 0
    if found.skipped is None:
        return 1
    return UNVERIFIED if generated.foreign and generated.runner is not None else 0


def _verify(generated: Generated, arguments: argparse.Namespace) -> Verification:
    given = given_arrays(generated, arguments)
    command = repeat_command(arguments)
    return pipeline.verify(generated, seed=arguments.seed, given=given, command=command, seconds=SECONDS)


def given_arrays(generated: Generated, arguments: argparse.Namespace) -> list[Any] | None:
    """Return the loaded arrays, one per distinct input, where all of them were loaded."""
    if not arguments.load:
        return None
    from ..core.options import per_operand
    from ..runners.arrays import load_array

    loaded = per_operand(generated.spec, options_of(arguments).loaded, "array")
    paths = dict(zip(generated.operands, loaded, strict=True))
    arrays = [paths[name] for name in generated.inputs]
    return [load_array(array.path or "") for array in arrays if array] if all(arrays) else None


def repeat_command(arguments: argparse.Namespace) -> str:
    """Return the command line that verifies the same expression on the same inputs."""
    words = ["einloop", "verify", arguments.expression]
    for flag in ("shape", "sizes", "load", "dtype", "schedule"):
        for value in getattr(arguments, flag):
            words += [f"--{flag}", value]
    for flag in ("notation", "names", "result", "order", "path", "function", "templates", "source", "inputs", "entry"):
        value = getattr(arguments, flag, None)
        if value is not None:
            words += [f"--{flag}", value]
    for flag, default in (("style", "article"), ("target", "python")):
        if getattr(arguments, flag) != default:
            words += [f"--{flag}", getattr(arguments, flag)]
    words += [f"--{flag}" for flag in ("script", "extension", "comments", "checks") if getattr(arguments, flag)]
    words += [f"--{flag.replace('_', '-')}" for flag in ("shapes_only", "no_empty") if getattr(arguments, flag, False)]
    from shlex import join

    return join([*words, "--seed", str(arguments.seed)])


def _run_lines(arguments: argparse.Namespace, options: Options, output: Output) -> int:
    """Print the loops of every expression on standard input; report errors and go on; return the worst code."""
    if arguments.output is not None:
        raise OptionError("EL402", "-o takes one expression, - reads many", hint="send standard output to a file")
    worst = 0
    for number, text in enumerate(expressions(sys.stdin or ())):
        try:
            generated = _generate(text, options)
        except EinloopError as error:
            output.error(error)
            worst = 2
            continue
        if not output.json:
            output.text(("\n" if number else "") + f"# {generated.spec.subscripts}\n")
            output.source(generated)
        worst = max(worst, _finish(generated, arguments, output))
    return worst


def expressions(lines: Any) -> Iterator[str]:
    """Yield the expressions in `lines`, one a line; a call with open brackets goes on on the next line.

    Raises NotationError where the lines are those of a program.

    >>> list(expressions(["ij->i\\n", "\\n", "np.einsum('i->',\\n", "  a)\\n"]))
    ['ij->i', "np.einsum('i->',\\n  a)"]
    """
    held: list[str] = []
    from ..notation.code import check_lines  # a plain start reads no lines

    for line in check_lines(lines):
        held.append(line.rstrip("\r\n"))
        text = "\n".join(held)
        if text.count("(") > text.count(")") and looks_like_call(text):
            continue
        if text.strip():
            yield text
        held = []
    if "".join(held).strip():
        yield "\n".join(held)
