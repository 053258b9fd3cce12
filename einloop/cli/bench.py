"""`einloop bench EXPR`: how long its loops take, beside numpy, opt_einsum and torch."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from ..core.errors import OptionError
from ..core.options import BenchOptions, check_threads
from ..core.progress import ProgressLine
from .arguments import add_expression, add_view, options_of
from .files import write_file
from .output import Output
from .parser import Once, Parser

SVG = ".svg"
READING = """\
a ratio is a contestant's time divided by that of einloop's fastest target in the same round: the median of all rounds,
with the lower and the upper quartile; above 1 einloop is faster. minimum and median are seconds per call

Ctrl-C ends the measuring; the page shows the rounds so far

exit codes: 0 fine, 1 a target gave a wrong result, 2 trouble, or none of --targets can run here"""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, BenchOptions, useless={"result": None})
    add = parser.add
    add(
        "--targets",
        metavar="c,python",
        help="einloop's targets to time, of {targets} (default: all that can run)",
    )
    add("--rounds", type=int, default=15, metavar="N", help="at most so many rounds, in which all run in turn (15)")
    seconds = "about how long to measure; what is too slow is left out (10)"
    add("--seconds", type=float, default=10.0, metavar="S", help=seconds)
    add("--threads", type=int, default=1, metavar="N", help="threads of BLAS, torch and einloop (1)")
    add("--plot", action=Once, metavar="FILE.svg", help="draw the roofline")
    add_view(parser)
    parser.examples(
        ("einloop bench 'ij,jk->ik' --sizes i=512,j=512,k=512", "a matrix product on one thread"),
        ("einloop bench 'bij,bjk->bik' -s 20000x4x4 -s 20000x4x4", "a batch of tiny ones"),
        ("einloop bench 'ij,j->i' --sizes i=1500,j=1500 --dtype float32", "another dtype"),
        ("einloop bench 'ij,jk->ik' -s 64x64 -s 64x64 --plot roof.svg", "with a drawing of its roofline"),
        notes=READING,
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print what was measured; 1 where one of einloop's targets gave a wrong result."""
    if arguments.expression == "-":
        from .lines import one_expression  # a plain start reads no lines

        arguments.expression = one_expression("bench takes one expression")
    if arguments.plot is not None and not arguments.plot.lower().endswith(SVG):
        raise OptionError("EL465", f"--plot {arguments.plot!r}: the drawing is SVG", hint=f"a name that ends in {SVG}")
    _stand_somewhere()
    from ..measure.host import prepare

    if arguments.threads > 0:
        prepare(check_threads(arguments.threads))  # libraries read how many threads they may use when they are loaded
    with ProgressLine() as progress:
        progress.tell("loading libraries")
        from ..pipeline.bench import bench
        from ..pipeline.bench_request import BenchRequest

        request = BenchRequest(
            targets=_targets(arguments.targets),
            rounds=arguments.rounds,
            seconds=arguments.seconds,
            threads=arguments.threads,
            drawn=arguments.plot is not None,
            keep=True,
            told=progress.tell,
        )
        report = bench(arguments.expression, options_of(arguments), request)
    output.report(report, arguments.format, arguments.lang)
    if arguments.plot is not None:
        from ..pipeline.page import DRAWING, render

        write_file(arguments.plot, render(report, DRAWING, arguments.lang))
    facts: Mapping[str, Any] = report.facts
    if facts["times"]["stopped"]:
        raise KeyboardInterrupt  # what was measured is shown; the exit code says that it was not all
    return 1 if facts.get("left_out", {}).get("wrong_targets") else 0


def _stand_somewhere() -> None:
    """Leave a working directory that was removed: MKL, which torch loads, would end the process in it."""
    try:
        os.getcwd()
    except OSError:
        os.chdir(os.sep)


def _targets(text: str | None) -> tuple[str, ...]:
    """Return the names of targets in a list. Raises OptionError where there are none in it."""
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise OptionError("EL474", f"--targets {text!r} names no target", hint="like c,python")
    return names
