"""`einloop lift FILE|-|TEXT`: the einsums that loops, array code, C or a formula compute, ready to paste."""

from __future__ import annotations

import argparse
import os
import sys

from ..core.errors import OptionError
from ..core.options import LiftOptions
from ..core.source import MAX_SOURCE
from ..pipeline.lifted import LIBRARY, lift, speed_notes
from .arguments import add_options, options_of
from .bounded import read_text
from .output import Output
from .parser import Once, Parser

SUFFIXES = (".py", ".c", ".h", ".cc", ".cpp", ".txt", ".tex")
"""What the name of a file of code ends with, also of one that is not there."""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add("code", metavar="FILE|-|TEXT", help="a file, - for standard input, or the code itself")
    add_options(parser, LiftOptions)
    parser.add("--library", default=LIBRARY, metavar="NAME", help="whose einsum is called: numpy, torch, jax (numpy)")
    parser.add("--no-verify", action="store_true", help="do not run the code against the einsums")
    parser.add("--no-speed", action="store_true", help="do not measure how long each way takes")
    parser.add("-o", "--output", action=Once, metavar="FILE", help="write the statements to FILE")
    parser.add("--json", action="store_true", help="terms, notes and verification for a program")
    parser.examples(
        ("einloop lift loops.py", "Python loops in a file"),
        ("einloop lift kernel.c", "a C function (needs pycparser: pip install 'einloop[c]')"),
        ("einloop lift - < loops.py", "from standard input"),
        ("einloop lift 'C = alpha * A @ B + beta * C' -s A=2x3 -s B=3x4", "numpy code; shapes say how many axes"),
        ("einloop lift 'torch.bmm(q, k.transpose(1, 2))' --library torch", "torch code, in torch's spelling"),
        ("einloop lift 'C[i,k] += A[i,j]*B[j,k]/2 - D[i,k]'", "a formula"),
        notes="exit codes: 0 fine, 1 the code gives another result, 2 refused, with the reason",
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the statements, and what is to be known about them."""
    options = options_of(arguments)
    code = code_of(arguments.code)
    found = lift(code, options, library=arguments.library, lang=arguments.lang, verify=not arguments.no_verify)
    speeds = [] if arguments.no_speed else list(speed_notes(found, options))
    if output.json:
        from ..views.data import lifted_data

        output.data(lifted_data(found, speeds))
        return 0
    output.lifted(found)
    for note in (*found.notes, *speeds):
        output.note(note)
    if found.verification is not None:
        output.verdict(found.verification)
    return 0


def code_of(given: str) -> str:
    """Return the code that an argument names: a file's, standard input's, or itself. Raises OptionError."""
    most = MAX_SOURCE + 2
    try:
        if given == "-":
            return sys.stdin.read(most) if sys.stdin else ""
        if "\n" not in given and os.path.isfile(given):
            return read_text(given, most)
    except OSError as error:
        raise OptionError("EL412", f"{given!r} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise OptionError("EL482", f"{given!r} is not UTF-8 text") from None
    except ValueError:
        pass  # a name that no file can have
    if given.endswith(SUFFIXES) and given.replace(".", "").replace("/", "").replace("_", "").isalnum():
        raise OptionError("EL412", f"there is no file {given!r}")
    return given
