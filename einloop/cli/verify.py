"""`einloop verify EXPR`: the table of cases; with --source, of a person's own loops."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import pipeline
from ..core.errors import OptionError
from ..core.verification import Verification
from .arguments import add_emission, add_expression, options_of
from .output import Output
from .parser import Parser, seed
from .show import given_arrays, repeat_command


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser)
    add_emission(parser)
    parser.add(
        "--source", metavar="FILE", help="check the loops in FILE (- for standard input) instead of einloop's own"
    )
    parser.add("--inputs", metavar="A,B", help="which names in FILE are the operands, where that is not clear")
    parser.add("--entry", metavar="NAME", help="which function in FILE to call")
    parser.add("--seed", type=seed, default=0, metavar="N", help="seed of the inputs")
    parser.add("--json", action="store_true", help="every case, for a program")
    parser.examples(
        ("einloop verify 'ij,jk->ik'", "every case the loops were compared on"),
        ("einloop verify 'ij,jk->ik' --function f --seed 7", "a function, on other inputs"),
        ("einloop verify 'ij,jk->ik' --source mine.py", "loops you wrote"),
        ("einloop verify 'ij,jk->ik' --source mine.py --inputs X,Y --result Z", "with names that cannot be inferred"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Verify and print what was found; 1 where it differs from np.einsum."""
    if arguments.expression == "-":
        raise OptionError("EL402", "verify takes one expression", hint="einloop - reads many, and verifies each")
    options = options_of(arguments)
    generated = pipeline.generate(pipeline.read_whole(arguments.expression, options), options)
    command = repeat_command(arguments)
    given = given_arrays(generated, arguments)
    if arguments.source is None:
        found = pipeline.verify(generated, seed=arguments.seed, given=given, command=command)
    else:
        found = pipeline.verify_source(
            generated,
            _read(arguments.source),
            inputs=None if arguments.inputs is None else [name.strip() for name in arguments.inputs.split(",")],
            result=arguments.result,
            entry=arguments.entry,
            seed=arguments.seed,
            given=given,
            command=command,
        )
    _show(found, output)
    return 0 if found or found.skipped is not None else 1


def _show(found: Verification, output: Output) -> None:
    if output.json:
        from ..views.data import verification_data

        output.data(verification_data(found))
        return
    from ..views.terminal import case_table

    if found.cases:
        output.text(case_table(found))
    output.verdict(found)


def _read(path: str) -> str:
    try:
        return (sys.stdin.read() if sys.stdin else "") if path == "-" else Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise OptionError("EL412", f"{path!r} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise OptionError("EL412", f"{path!r} is not UTF-8 text") from None
