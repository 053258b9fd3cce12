"""A call that a notebook's cell ran, and its arrays, in; a short Report out: meaning, shapes, warnings, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.errors import EinloopError
from ..core.frozen import dataclass
from ..core.message import Code, Message, Value
from ..core.options import Options
from ..core.report import Block, Paragraph, Part, Report, Section, Severity
from ..core.verification import Outcome
from .arrays import input_arrays
from .check import check
from .explain import explain
from .expression import read_expression
from .page import shown
from .show import generate
from .verify import verify

MAX_SECONDS = 5.0
"""What verifying the loops of one call may take."""
SHOWN = ("meaning", "shapes")
"""The sections of an explanation that a call is shown with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """How a call ran: its line, how often, and which run is looked at (0: no run of it was seen).

    `function` is the name of the one that it stands in, `shapes` how many different shapes it had, `large` whether its
    arrays were too large to be copied, `error` what it raised.
    """

    line: int
    count: int = 1
    number: int = 1
    function: str = ""
    shapes: int = 1
    large: bool = False
    error: str = ""


def cell_report(text: str, options: Options, run: CellRun, lang: str = "en") -> Report:
    """Return what is to be seen of a call. What einloop refuses is part of the page."""
    sections = [Section(id="cell", parts=tuple(map(_paragraph, _told(run))))]
    try:
        explained = explain(read_expression(text, options), options)
        sections += _seen(text, options, explained, run)
    except EinloopError as error:
        parts = (_paragraph(Message("cell.refused")), Block(text=str(error), language="text"))
        sections.append(Section(id="cell", parts=parts))
        return shown(Report(kind="cell", subject=text, sections=tuple(sections), lang=lang))
    return shown(
        Report(
            kind="cell",
            subject=explained.subject,
            sections=tuple(sections),
            colours=explained.colours,
            marks=explained.marks,
            lang=lang,
        )
    )


def _seen(text: str, options: Options, explained: Report, run: CellRun) -> list[Section]:
    """Return the sections about a call that can be read. Raises EinloopError."""
    found = check(read_expression(text, options), options).findings
    warnings = tuple(one for one in found if one.severity is not Severity.NOTE)
    sections = [section for section in explained.sections if section.id in SHOWN]
    if warnings:
        sections.append(Section(id="warnings", parts=warnings))
    if not run.error:
        sections.append(Section(id="cell", parts=(_verdict(text, options),)))
    return sections


def _told(run: CellRun) -> Iterator[Message]:
    """Yield how a call ran."""
    values: dict[str, Value] = {"line": run.line, "function": Code(run.function), "number": run.number}
    inside = "_in" if run.function else ""
    if not run.function:
        del values["function"]
    if not run.count:
        del values["number"]
        yield Message(f"cell.idle{inside}", values)
        return
    yield Message(f"cell.ran{inside}", {**values, "count": run.count})
    if run.shapes > 1:
        yield Message("cell.shapes", {"count": run.shapes})
    if run.error:
        yield Message("cell.failed", {"error": Code(run.error)})
    if run.large:
        yield Message("cell.large")


def _verdict(text: str, options: Options) -> Part:
    """Return what running the loops against np.einsum found, on the call's own arrays too where they are known."""
    try:
        generated = generate(read_expression(text, options), options)
        given = input_arrays(generated, options)
        found = verify(generated, given=given, seconds=MAX_SECONDS)
    except EinloopError as error:
        return _paragraph(Message("cell.unverified", {"reason": Code(error.message)}))
    if found.skipped is not None:
        return _paragraph(Message("cell.unverified", {"reason": Code(found.skipped)}))
    if not found:
        return Block(text=str(found), language="text")
    equal = sum(case.outcome is Outcome.EQUAL for case in found.cases)
    values: dict[str, Value] = {"count": equal, "call": Code("np.einsum")}
    return _paragraph(Message("cell.verified" if given is None else "cell.verified_given", values))


def _paragraph(message: Message) -> Paragraph:
    return Paragraph(message=message)
