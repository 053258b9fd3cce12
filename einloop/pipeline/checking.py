"""A bound Spec and Options in, the Report of warnings and notes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..analysis.diagnose import diagnose
from ..analysis.unread import unread_section
from ..core.bind import show_shape
from ..core.machine import memory_bytes
from ..core.message import Code, Message, codes
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.report import Fact, Finding, Paragraph, Part, Report, Section, Severity
from ..core.spec import DOTS, Spec
from .colours import colours, marks
from .dtypes import given_dtypes
from .reading import reserved_names


def check(
    spec: Spec, options: Options, values: Sequence[Any] = (), *, numpy: bool = True, computed: str | None = None
) -> Report:
    """Return what is doubtful or worth knowing about an expression.

    `values`: the operands' arrays where all of them are at hand, else nothing. `numpy`: np.einsum computes it; another
    library does so in the dtype `computed`, None where that is not known.
    """
    names = choose_names(spec, reserved_names(options))
    dtypes = given_dtypes(spec, options) if numpy or computed else None
    memory = memory_bytes()
    found = diagnose(spec, dtypes or (), values, memory=memory, numpy=numpy, computed=computed)
    return Report(
        kind="check",
        subject=spec.source.text or spec.subscripts,
        sections=tuple(section for section in (unread_section(spec), _findings(spec, names, found)) if section),
        colours=colours(spec, names),
        marks=marks(spec),
    )


def warned(report: Report) -> bool:
    """Return whether a report has a warning, or worse."""
    return any(finding.severity is not Severity.NOTE for finding in report.findings)


def _findings(spec: Spec, names: Names, found: tuple[Finding, ...]) -> Section:
    warnings = sum(finding.severity is Severity.WARNING for finding in found)
    parts: tuple[Part, ...] = found
    if not warnings:
        parts = (Paragraph(message=_fine(spec, names, noted=bool(found)), lead=True), *found)
    return Section(id="findings", parts=parts, facts=_facts(spec, names, warnings, len(found) - warnings))


def _fine(spec: Spec, names: Names, *, noted: bool) -> Message:
    """Return the sentence that nothing is wrong, with the shape of the result or its indices."""
    kind = "noted" if noted else "fine"
    if not spec.output:
        return Message(f"check.{kind}.scalar")
    if any(spec.by_label[label].extent is None for label in spec.output if label in spec.by_label):
        axes = [x if x == DOTS else names.index[x] for x in spec.output]
        return Message(f"check.{kind}.axes", {"axes": codes(axes), "count": len(axes)})
    return Message(f"check.{kind}.shape", {"shape": Code(show_shape(_shape(spec)))})


def _facts(spec: Spec, names: Names, warnings: int, notes: int) -> Mapping[str, Fact]:
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
