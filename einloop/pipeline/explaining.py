"""A bound Spec and Options in, the Report that explains it out: composes the analyses with the loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..analysis.called import called
from ..analysis.diagnose import diagnose
from ..analysis.explain import cost, meaning, one_element, order, roles, shapes, steps
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.report import Block, Report, Section, Severity
from ..core.source import Span
from ..core.spec import DOTS, Spec
from .dtypes import given_dtypes
from .emission import generate
from .equivalents import equivalents_section
from .reading import reserved_names


def explain(spec: Spec, options: Options) -> Report:
    """Return the page that explains an expression, most important first."""
    names = choose_names(spec, reserved_names(options))
    sections = tuple(section for section in _page(spec, names, options) if section is not None)
    numbers = colour_numbers(spec)
    return Report(
        kind="explain",
        subject=spec.source.text or spec.subscripts,
        sections=sections,
        colours=_colours(spec, names, numbers),
        marks=_marks(spec, numbers),
    )


def _page(spec: Spec, names: Names, options: Options) -> Iterator[Section | None]:
    """Yield the sections in the order of the page."""
    dtypes = given_dtypes(spec, options)
    yield meaning(spec, names)
    yield shapes(spec, names)
    yield one_element(spec, names)
    yield _loops(spec, options)
    yield roles(spec, names)
    yield order(spec, names)
    yield called(spec, names)
    yield equivalents_section(spec, names)
    yield cost(spec, names, dtypes)
    yield steps(spec, names)
    yield _warnings(spec, dtypes)


def _warnings(spec: Spec, dtypes: tuple[str, ...] | None) -> Section | None:
    """Return what is probably not meant; notes are left to `check`, since the page says what they say."""
    found = tuple(finding for finding in diagnose(spec, dtypes or ()) if finding.severity is Severity.WARNING)
    return Section(id="warnings", parts=found, facts={"ids": [finding.id for finding in found]}) if found else None


def _loops(spec: Spec, options: Options) -> Section:
    generated = generate(spec, options)
    return Section(
        id="loops",
        parts=(Block(text=generated.source, language=generated.target),),
        facts={"source": generated.source, "style": generated.style},
    )


def colour_numbers(spec: Spec) -> Mapping[str, int]:
    """Return the number of every index' colour by label: its place in order of appearance."""
    return {index.label: number for number, index in enumerate(spec.indices)}


def _colours(spec: Spec, names: Names, numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the words that have an index' colour: its name and that of its extent."""
    words: dict[str, int] = {}
    for label, number in numbers.items():
        if label != DOTS:
            words.setdefault(names.index[label], number)
            words.setdefault(names.extent[label], number)
    return words


def _marks(spec: Spec, numbers: Mapping[str, int]) -> tuple[tuple[Span, int], ...]:
    """Return where indices stand in the text that the person gave."""
    spans = [(span, label) for op in spec.operands for span, label in zip(op.spans, op.labels, strict=True)]
    spans += list(zip(spec.output_spans, spec.output, strict=True))
    found = {(span.start, span.stop): (span, numbers[label]) for span, label in spans if span and label in numbers}
    return tuple(found[place] for place in sorted(found))
