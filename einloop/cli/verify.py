"""`einloop verify EXPR`: the table of cases; with --source, of a person's own loops."""

from __future__ import annotations

import argparse
import sys

from ..core.errors import OptionError, RunError
from ..core.options import StagesOptions
from ..core.progress import ProgressLine
from ..core.source import MAX_SOURCE
from ..core.verification import Verification, not_run
from ..pipeline.arrays import input_arrays
from ..pipeline.expression import read_expression
from ..pipeline.show import generate
from ..pipeline.verify import verify
from ..runners.presence import MISSING, has_numpy
from .arguments import add_expression, options_of, repeat_command
from .bounded import read_text
from .output import UNVERIFIED, Output, columns
from .parser import Parser, seed

NO_SANDBOX = """FILE runs in a process of its own, in an empty folder. This is not a sandbox: it
can write files, read the environment and end other processes. Only time (10 s per
call, 60 s in all) and memory are bounded."""

OF_SOURCES = ("shapes_only", "no_empty", "inputs", "entry")
"""The options that are for --source alone."""

CODES = "exit codes: 0 verified, 1 different from np.einsum, 2 illegal input or options, 3 could not be verified"


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, StagesOptions)
    parser.add(
        "--source", metavar="FILE", help="check the loops in FILE (- for standard input) instead of einloop's own"
    )
    parser.add("--inputs", metavar="A,B", help="which names in FILE are the operands, where that is not clear")
    parser.add("--entry", metavar="NAME", help="which function in FILE to call")
    parser.add("--shapes-only", action="store_true", help="try FILE on the shapes given, and on no others")
    parser.add("--no-empty", action="store_true", help="try FILE on no axes of length 0")
    parser.add("--seed", type=seed, default=0, metavar="N", help="seed of the inputs")
    parser.add("--json", action="store_true", help="every case, for a program")
    parser.examples(
        ("einloop verify 'ij,jk->ik'", "every case the loops were compared on"),
        ("einloop verify 'ij,jk->ik' --function f --seed 7", "a function, on other inputs"),
        ("einloop verify 'ij,jk->ik' --source mine.py", "loops you wrote"),
        ("einloop verify 'ij,jk->ik' --source mine.py --inputs X,Y --result Z", "with names that cannot be inferred"),
        ("einloop verify 'ij,jk->ik' --source mine.py -s 64x64 -s 64x64 --shapes-only", "for these shapes"),
        notes=f"{NO_SANDBOX}\n\n{CODES}",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Verify and print what was found; 1 where it differs from np.einsum, 3 where nothing can be told."""
    try:
        return _run(arguments, output)
    except RunError as error:
        if not error.undecided:
            raise
        output.error(error)
        return UNVERIFIED


def _run(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.expression == "-":
        from .lines import one_expression  # a plain start reads no lines

        arguments.expression = one_expression("verify takes one expression")
    options = options_of(arguments)
    generated = generate(read_expression(arguments.expression, options, whole=True), options)
    command = repeat_command(arguments)
    given = input_arrays(generated, options)
    if arguments.source is None:
        for name in OF_SOURCES:
            if getattr(arguments, name) not in (None, False):
                flag = f"--{name.replace('_', '-')}"
                raise OptionError("EL471", f"{flag} is for loops you wrote", hint="name their file: --source FILE")
        with ProgressLine() as progress:
            found = verify(
                generated,
                seed=arguments.seed,
                given=given,
                command=command,
                tell=progress.tell,
            )
    elif not has_numpy():
        found = not_run(generated.spec.subscripts, MISSING, seed=arguments.seed, command=command)
    else:
        from ..pipeline.verify_source import verify_source

        found = verify_source(
            generated,
            _read(arguments.source),
            inputs=None if arguments.inputs is None else [name.strip() for name in arguments.inputs.split(",")],
            result=options.result,
            entry=arguments.entry,
            seed=arguments.seed,
            given=given,
            command=command,
            shapes_only=arguments.shapes_only,
            no_empty=arguments.no_empty,
        )
    _show(found, output)
    return 0 if found else UNVERIFIED if found.skipped is not None else 1


def _show(found: Verification, output: Output) -> None:
    if output.json:
        from ..views.data import verification_data

        output.data(verification_data(found))
        return
    from ..views.text import case_table

    if found.cases:
        output.text(case_table(found, columns(sys.stdout)))
    output.verdict(found)


def _read(path: str) -> str:
    """Return the text of a file, or of standard input for `-`: of one that is too long, enough to see that."""
    most = MAX_SOURCE + 2
    try:
        if path == "-":
            return sys.stdin.read(most) if sys.stdin else ""
        return read_text(path, most)
    except OSError as error:
        raise OptionError("EL412", f"{path!r} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise OptionError("EL482", f"{path!r} is not UTF-8 text") from None
