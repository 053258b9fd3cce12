"""A bound Spec and Options in, the Report of warnings and notes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.check import diagnose
from ..analysis.check.case import CheckCase
from ..analysis.check.unexpected import unexpected
from ..analysis.unread import unread_section
from ..core.bind import show_shape
from ..core.expected import Expected
from ..core.memory import memory_bytes
from ..core.message import Code, Message, Value
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.report import Fact, Finding, Paragraph, Part, Report, Section, Severity
from ..core.spec import Spec
from .arrays import every, given_arrays
from .as_call import call_section
from .colours import colours, marks
from .dtypes import given_dtypes
from .expecting import expectation
from .reading import reserved_names
from .sections import fine

if TYPE_CHECKING:
    from ..core.combination import Statements


def check(spec: Spec | Statements, options: Options, *, numpy: bool = True, computed: str | None = None) -> Report:
    """Return what is doubtful or worth knowing about an expression, and about the operands' arrays where all are given.

    `numpy`: np.einsum computes it; another library does so in the dtype `computed`, None where that is not known: then
    nothing is said of dtypes and values.
    """
    if not isinstance(spec, Spec):
        from .summed import as_einsum

        plain = as_einsum(spec, options)
        if plain is None:
            from .check_sum import check_sum

            return check_sum(spec, options)
        spec = plain
    names = choose_names(spec, reserved_names(options))
    known = numpy or bool(computed)
    dtypes = given_dtypes(spec, options) if known else None
    values = (every(names.operands, given_arrays(spec, options, masked=True)) if known else None) or ()
    expected = expectation(spec, options)
    memory = memory_bytes()
    found = diagnose(spec, dtypes or (), values, memory=memory, numpy=numpy, computed=computed, expected=expected)
    return Report(
        kind="check",
        subject=spec.source.text or spec.subscripts,
        sections=tuple(
            section
            for section in (unread_section(spec), _findings(spec, names, found, expected), *call_section([spec]))
            if section
        ),
        colours=colours(spec, names),
        marks=marks(spec),
    )


def warned(report: Report) -> bool:
    """Return whether a report has a warning, or worse."""
    return any(finding.severity is not Severity.NOTE for finding in report.findings)


def _findings(spec: Spec, names: Names, found: tuple[Finding, ...], expected: Expected | None) -> Section:
    warnings = sum(finding.severity is Severity.WARNING for finding in found)
    parts: list[Part] = [*found]
    facts = _facts(spec, names, warnings, len(found) - warnings)
    if not warnings:
        axes, noted = [names.shown(label) for label in spec.output], bool(found or spec.unread or spec.limits)
        parts.insert(0, Paragraph(message=fine(axes, _shape(spec), noted=noted), lead=True))
    if expected is not None:
        met, said = _as_expected(spec, expected)
        parts[0 if warnings else 1 : 0 if warnings else 1] = said
        facts |= {"expected": met}
    return Section(id="findings", parts=tuple(parts), facts=facts)


def expected_section(spec: Spec, options: Options) -> Section | None:
    """Return only whether the result of an expression is as expected, None where nothing is."""
    expected = expectation(spec, options)
    if expected is None:
        return None
    met, said = _as_expected(spec, expected)
    found = unexpected(CheckCase(spec=spec, expected=expected))
    return Section(id="findings", parts=(*said, *found), facts={"expected": met})


def _as_expected(spec: Spec, expected: Expected) -> tuple[Fact, list[Part]]:
    """Return whether the result is as expected, with the sentence that it is, or that only shapes can tell."""
    met = expected.met(spec.output, {index.label: index.extent for index in spec.indices})
    values: dict[str, Value] = {"expected": Code(show_shape(expected.axes))}
    said = Paragraph(message=Message("check.expected.met" if met else "check.expected.open", values))
    return {"axes": list(expected.axes), "met": met}, [] if met is False else [said]


def _facts(spec: Spec, names: Names, warnings: int, notes: int) -> dict[str, Fact]:
    return {
        "subscripts": spec.subscripts,
        "output": [names.index.get(label, label) for label in spec.output],
        "shape": list(_shape(spec)),
        "warnings": warnings,
        "notes": notes,
    }


def _shape(spec: Spec) -> tuple[int | str | None, ...]:
    known = spec.by_label
    return tuple(known[label].extent if label in known else None for label in spec.output)
