"""Two texts and Options in, the Report of their comparison out, or only whether they are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..analysis.diff import Compared, Example, Pairing, compare, page, pair
from ..analysis.unread import unread_section
from ..core.bind import bind_sizes
from ..core.options import Options
from ..core.report import Finding, Report, Section
from ..core.sizes import check_ties
from ..core.source import Span
from ..core.spec import DOTS, Spec
from ..targets.environment import environment
from ..targets.target import load_target
from .as_call import call_section
from .both import Given, read_both
from .reading import bind

BETWEEN = " | "
"""Stands between the two expressions where a report names its subject."""


def diff(first: Given, second: Given, options: Options) -> Report:
    """Return the page that compares two expressions. Shapes in `options` are those of the first's operands."""
    ours, theirs = read_both(first, second, options)
    if not (isinstance(ours, Spec) and isinstance(theirs, Spec)):
        from .diff_sum import diff_sums

        return diff_sums(ours, theirs, BETWEEN, options)
    found = _compared(ours, theirs, options)

    def write(example: Example) -> str:
        return _pasted(example, found)

    numbers = _colour_numbers(found)
    texts = found.first.source.text, found.second.source.text
    return Report(
        kind="diff",
        subject=BETWEEN.join(texts),
        sections=(*_unread(found), *page(found, write), *call_section([found.first, found.second])),
        colours=numbers,
        marks=(*_marks(found.first, numbers, 0), *_marks(found.second, numbers, len(texts[0]) + len(BETWEEN))),
    )


def _unread(found: Compared) -> Iterator[Section]:
    """Yield what of the texts is not read, in one section."""
    sections = [section for section in map(unread_section, (found.first, found.second)) if section is not None]
    if sections:
        parts = tuple(part for section in sections for part in section.parts)
        yield Section(id="unread", parts=parts, facts={"ids": [part.id for part in parts if isinstance(part, Finding)]})


def _colour_numbers(found: Compared) -> dict[str, int]:
    """Return the number of every index' colour: indices of one name share it, and those that correspond."""
    numbers = {index.label: number for number, index in enumerate(found.first.indices) if index.label != DOTS}
    partners = {} if found.verdict.how is None else {b: a for a, b in found.verdict.how.labels.items()}
    for index in found.second.indices:
        if index.label != DOTS and index.label not in numbers:
            partner = numbers.get(partners.get(index.label, ""))
            numbers[index.label] = max(numbers.values(), default=-1) + 1 if partner is None else partner
    return numbers


def _marks(spec: Spec, numbers: Mapping[str, int], offset: int) -> Iterator[tuple[Span, int]]:
    """Yield where indices stand in the subject, `offset` characters after the start of their expression."""
    terms = [*((op.spans, op.labels) for op in spec.operands), (spec.output_spans, spec.output)]
    spans = [(span, label) for spans, labels in terms for span, label in zip(spans, labels, strict=True)]
    places = {span: numbers[label] for span, label in spans if span is not None and label in numbers}
    for span in sorted(places, key=lambda span: span.start):
        yield span.shifted(offset), places[span]


def equivalent(first: Given, second: Given, options: Options) -> bool:
    """Return whether two expressions compute the same, in general or for the shapes in `options`."""
    ours, theirs = read_both(first, second, options)
    if not (isinstance(ours, Spec) and isinstance(theirs, Spec)):
        from .diff_sum import compared_sums

        return compared_sums(ours, theirs, options).same
    return _compared(ours, theirs, options).same


def compared(first: Given, second: Given, options: Options) -> Compared:
    """Return what is decided about two einsums, `options` saying how they are written and what shapes there are."""
    ours, theirs = read_both(first, second, options)
    assert isinstance(ours, Spec)
    assert isinstance(theirs, Spec)
    return _compared(ours, theirs, options)


def _compared(ours: Spec, theirs: Spec, options: Options) -> Compared:
    ours, theirs = _as_named(ours, options), _as_named(theirs, options)
    pairing = pair(ours, theirs)
    return compare(ours, theirs, pairing, _bound(ours, theirs, pairing, options))


def _as_named(spec: Spec, options: Options) -> Spec:
    """Return `spec` without the texts of arguments that options give a name."""
    if spec.site is None or not options.names:
        return spec
    given = (*options.names, *(None for _ in spec.site.arguments))
    left = tuple(old if name is None else None for old, name in zip(spec.site.arguments, given, strict=False))
    return replace(spec, site=replace(spec.site, arguments=left))


def _bound(first: Spec, second: Spec, pairing: Pairing, options: Options) -> tuple[Spec, Spec] | None:
    """Return both expressions for the shapes that `options` give the first's operands, or None where they give none.

    Raises EinloopError where the shapes are not legal for one of them.
    """
    if not (options.shapes or options.loaded or options.sizes):
        return None
    ours = _with_shapes(first, replace(options, names=(), result=None))
    if set(pairing.first) != set(pairing.second):
        return None
    shapes = {array: op.shape for array, op in zip(pairing.first, ours.operands, strict=True)}
    theirs = bind_sizes(second, [shapes[array] for array in pairing.second])
    check_ties(theirs)
    return ours, theirs


def _with_shapes(spec: Spec, options: Options) -> Spec:
    """Return an einsum bound to the shapes that are given; of code, to those of what it reads, by name."""
    if spec.source.notation.traits.code:
        from .code_names import by_name

        options = by_name(spec, options)
    return bind(spec, options)


def _pasted(example: Example, found: Compared) -> str:
    """Return an example as lines to paste."""
    template = environment(load_target("python", None)).get_template("diff/inputs.j2")
    values: Mapping[str, object] = {
        "inputs": example.inputs,
        "first": found.first.subscripts,
        "first_operands": found.pairing.first,
        "first_result": example.first,
        "second": found.second.subscripts,
        "second_operands": found.pairing.second,
        "second_result": example.second,
    }
    return str(template.render(values)).rstrip("\n")
