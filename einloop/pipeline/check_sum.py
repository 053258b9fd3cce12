"""Statements and Options in, the Report of warnings and notes about sums of einsums out."""

from __future__ import annotations

from ..analysis.check.case import CheckCase
from ..analysis.check.sums import diagnose_sums
from ..analysis.check.unexpected import unexpected
from ..core.bind_sum import result_shape
from ..core.combination import Statements
from ..core.joined import Joined
from ..core.memory import memory_bytes
from ..core.message import Message, codes
from ..core.options import Options
from ..core.part_text import base_of
from ..core.report import Fact, Finding, Paragraph, Part, Report, Section, Severity
from ..core.statement_data import statements_data
from .colours import colours
from .expecting import expectation
from .sections import fine
from .summed import dtypes_by_name, joined, subject


def check_sum(statements: Statements, options: Options) -> Report:
    """Return what is doubtful or worth knowing about sums of einsums."""
    found = joined(statements, options)
    return Report(
        kind="check",
        subject=subject(statements),
        sections=(_section(found, findings(found, options)),),
        colours=colours(found.spec, found.names),
    )


def findings(found: Joined, options: Options) -> tuple[Finding, ...]:
    """Return the findings about statements whose shapes are bound."""
    dtypes = dtypes_by_name(found.statements, options)
    for view in (view for combination in found.statements.combinations for view in combination.views):
        dtype = "float64" if view.ones else dtypes.get(base_of(view.text))
        dtypes |= {} if dtype is None else {view.name: dtype}
    return (*_unexpected(found, options), *diagnose_sums(found, dtypes, memory=memory_bytes()))


def _unexpected(found: Joined, options: Options) -> tuple[Finding, ...]:
    """Return the warning that the last result is not the one that was expected."""
    last = found.statements.combinations[-1]
    if options.expect is None or not last.summands:
        return ()
    spec = last.summands[0].spec
    return tuple(unexpected(CheckCase(spec=spec, expected=expectation(spec, options))))


def _section(found: Joined, said: tuple[Finding, ...]) -> Section:
    warnings = sum(finding.severity is Severity.WARNING for finding in said)
    parts: list[Part] = [*said]
    if not warnings:
        parts.insert(0, Paragraph(message=_fine(found, noted=bool(said)), lead=True))
    facts: dict[str, Fact] = {
        **statements_data(found.statements),
        "shape": list(result_shape(found.statements.combinations[-1])),
        "warnings": warnings,
        "notes": len(said) - warnings,
    }
    return Section(id="findings", parts=tuple(parts), facts=facts)


def _fine(found: Joined, *, noted: bool) -> Message:
    """Return the sentence that nothing is wrong, with the shape of the result or its indices."""
    if len(found.statements.combinations) > 1:
        results = [one.result for one in found.statements.combinations]
        return Message(f"check.{'noted' if noted else 'fine'}.several", {"results": codes(results)})
    (combination,) = found.statements.combinations
    output = combination.summands[0].spec.output if combination.summands else ()
    return fine([found.names.shown(label) for label in output], result_shape(combination), noted=noted)
