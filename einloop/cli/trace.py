"""`einloop trace EXPR`: the loops step by step, as text, a page, a picture or data, or on the whole screen."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any

from ..core.errors import OptionError
from ..core.options import TraceOptions
from ..core.progress import ProgressLine
from ..notation.shapes import read_place
from ..pipeline.draw import SVG
from ..pipeline.expression import read_expression
from ..pipeline.steps import FORMATS, IMAGES, JSON, TEXT, TUI, on_screen
from ..pipeline.trace import trace
from ..pipeline.traced import Trace
from .arguments import add_expression, options_of
from .files import write_bytes
from .output import Output, colours
from .parser import Once, Parser

AUTO = "auto"
PAGE = "html"
WHICH = ("at", "steps", "nan", "nonfinite", "against")
"""The options that say which steps."""
LOOKING, COMPARING = "looking at the steps ...", "comparing the elements ..."
Asked = dict[str, Any]


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add_expression(parser, TraceOptions)
    add = parser.add
    add("--symbolic", action="store_true", help="symbols in place of numbers, so that every sum shows its terms")
    add("--at", metavar="1,2", help="only the steps that write this element of the result")
    add("--steps", metavar="20-40", help="these steps, or a single one")
    add("--nan", action="store_true", help="the first step that writes a nan")
    add("--nonfinite", action="store_true", help="the first step that writes a nan or an infinity")
    add("--against", metavar="FILE", help="the step that completes the first element which this array has otherwise")
    add("--story", action="store_true", help="the same in whole arrays: diagonals, lined up, multiplied, summed")
    add("--tui", action="store_true", help="step through on the whole screen, with the keys")
    add(
        "--format",
        metavar="NAME",
        help="{traced} (default: text, or by FILE's name); svg is a slide for each of up to 12 steps, "
        "without --steps for the first",
    )
    add("--theme", default=AUTO, metavar="NAME", help="of a picture: {themes} (default: auto)")
    add("--json", action="store_true", help="the same as --format json")
    add(
        "-o",
        "--output",
        action=Once,
        metavar="FILE",
        help="write to FILE; its name says what: .html, .svg, .png, .pdf, .json, .txt",
    )
    parser.set_defaults(formats=(*FORMATS, *IMAGES))
    parser.examples(
        ("einloop trace 'ij,jk->ik'", "the first steps and the last, with small numbers"),
        ("einloop trace 'ij,jk->ik' --tui", "step by step, with the keys"),
        ("einloop trace 'ij,jk->ik' -o product.html", "a page to play, step and click through, offline"),
        ("einloop trace 'ij,jk->ik' --at 1,2", "what makes one element"),
        ("einloop trace 'ij,jk->ik' --steps 10 -o step.svg", "one step, for a slide"),
        ("einloop trace 'ij,jk->ik' --symbolic --steps 1-6", "sums of symbols"),
        ("einloop trace 'bimd,bind->bimn' --story", "which whole arrays are made, with the shape of each"),
        ("einloop trace 'ij,jk->ik' --load A=a.npy --load B=b.npy --nan", "where the first nan comes from"),
        ("einloop trace 'ij,jk->ik' --load a.npy --load b.npy --against c.npy", "where the result is not c.npy"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the steps, or write them to a file, or open the screen."""
    if arguments.expression == "-":
        from .lines import one_expression

        arguments.expression = one_expression("trace takes one expression")
    format = _format(arguments)
    if arguments.story and format in (SVG, TUI, *IMAGES):
        raise OptionError("EL473", f"--story is text or a page, and {format} is neither", hint="leave one out")
    _check_together(arguments, format)
    options = options_of(arguments)
    found = trace(read_expression(arguments.expression, options, whole=True), options, symbolic=arguments.symbolic)
    if arguments.story:
        if format == TEXT:
            output.story(found.story, arguments.lang)
        else:
            output.report(found.story(), format, arguments.lang)
        return 0
    asked = _asked(arguments, found, output, format)
    if asked is None:
        return 0
    if format in IMAGES:
        _save(found, format, arguments, **asked)
    else:
        _show(found, format, arguments, output, **asked)
    return 0


def _check_together(arguments: argparse.Namespace, format: str) -> None:
    """Raise OptionError for options that say one thing in two ways, or of which one would do nothing."""
    given = [flag for flag in WHICH if getattr(arguments, flag) not in (None, False)]
    if arguments.story and given:
        raise OptionError("EL473", f"--story is of whole arrays, and --{given[0]} is of steps", hint="leave one out")
    if arguments.story and arguments.theme != AUTO:
        raise OptionError("EL471", "a theme is of a picture, and --story is none", hint="leave --theme out")
    if len(given) > 1 and given != ["at", "against"] and not (given == ["at", "steps"] and format in (SVG, *IMAGES)):
        raise OptionError("EL473", f"--{given[0]} and --{given[1]} both say which steps", hint="leave one out")


def _format(arguments: argparse.Namespace) -> str:
    """Return the format that is asked for. Raises OptionError where two are."""
    found: str = JSON if arguments.json and arguments.format == TEXT else arguments.format
    if arguments.json and found != JSON:
        raise OptionError("EL473", f"--json and --format {found} are two formats", hint="leave one out")
    if arguments.tui and found != TEXT:
        raise OptionError("EL473", f"--tui and --format {found} are two formats", hint="leave one out")
    return TUI if arguments.tui else found


def _save(found: Trace, format: str, arguments: argparse.Namespace, **asked: Any) -> None:
    """Write steps as a picture that is no text to the file of `-o`."""
    if arguments.output is None:
        raise OptionError("EL465", f"{format} is no text that could be printed", hint=f"-o step.{format}")
    write_bytes(arguments.output, found.draw(**asked).image(format, arguments.lang, arguments.theme))


def _show(found: Trace, format: str, arguments: argparse.Namespace, output: Output, **asked: Any) -> None:
    """Print steps in a format, or write them to the file of `-o`, or open the screen."""
    if format in (TEXT, TUI) and arguments.theme != AUTO:
        raise OptionError("EL471", f"a theme is of a picture, and this is {format}", hint="leave --theme out")
    if format == TUI:
        steps = asked["steps"]
        first = steps[0] if isinstance(steps, tuple) else steps
        if first is None and asked["at"] is not None:
            first = found.first_step(asked["at"])
        on_screen(found, arguments.lang, first or 1, colours=colours(sys.stdout))
    else:
        output.trace(found, format, arguments.lang, arguments.theme, **asked)


def _asked(arguments: argparse.Namespace, found: Trace, output: Output, format: str) -> Asked | None:
    """Return the steps to show: those asked for, or where something happens; None where it does not and text is asked.

    What is found is said as a note.
    """
    at = None if arguments.at is None else read_place(arguments.at)
    if arguments.steps is not None:
        return {"steps": _existing(read_steps(arguments.steps), found.count, output), "at": at}
    if arguments.nan or arguments.nonfinite:
        with ProgressLine(slow=LOOKING):
            step = found.first_nan() if arguments.nan else found.first_nonfinite()
        if step is None:
            output.note(f"no step writes {'a nan' if arguments.nan else 'a nan or an infinity'}")
    elif arguments.against is not None:
        step = _compared(arguments, found, output, at)
    else:
        return {"steps": None, "at": at}
    if step is None:
        return None if format == TEXT and arguments.output is None else {"steps": None, "at": at}
    if format == PAGE:
        return {"steps": None, "at": None, "around": step}
    if at is None or format == TUI:
        return {"steps": step, "at": None}
    return {"steps": None, "at": at}


def _compared(arguments: argparse.Namespace, found: Trace, output: Output, at: Sequence[int] | None) -> int | None:
    """Return the step that completes what another array has otherwise, None where there is none, and say it."""
    from ..pipeline.compared import compared

    with ProgressLine(slow=COMPARING):
        step, said = compared(found, arguments.against, at, arguments.lang)
    output.note(said)
    return step


def _existing(steps: tuple[int, int] | int, count: int, output: Output) -> tuple[int, int] | int:
    """Return the steps without those that come after the last one, and say that there are none; at least the first."""
    if isinstance(steps, int) or not steps[0] <= count < steps[1]:
        return steps
    output.note(f"the loops make {count:,} step{'s' if count != 1 else ''}")
    return steps[0], count


def read_steps(text: str) -> tuple[int, int] | int:
    """Return the steps that a person wrote. Raises OptionError.

    >>> read_steps("20-40"), read_steps("7"), read_steps("1_000..2_000")
    ((20, 40), 7, (1000, 2000))
    """
    found = re.fullmatch(r"\s*(\d[\d_,]*)\s*(?:(?:-|–|:|\.\.)\s*(\d[\d_,]*)\s*)?", text)
    if found is None:
        raise OptionError("EL439", f"{text!r} are no steps", hint="a number, or two such as 20-40")
    first, last = (None if one is None else int(re.sub("[_,]", "", one)) for one in found.groups())
    assert first is not None
    return first if last is None else (first, last)
