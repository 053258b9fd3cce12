"""Which words and places of a report have the colour of an index: one colour an index, throughout."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.names import Names
from ..core.source import Span
from ..core.spec import DOTS, Spec


def colours(spec: Spec, names: Names) -> dict[str, int]:
    """Return the words that have an index' colour, its name and that of its extent, with the colour's number."""
    words: dict[str, int] = {}
    for label, number in _numbers(spec).items():
        if label != DOTS:
            words.setdefault(names.index[label], number)
            words.setdefault(names.extent[label], number)
    return words


def marks(spec: Spec) -> tuple[tuple[Span, int], ...]:
    """Return where indices stand in the text that the person gave, with the numbers of their colours."""
    numbers = _numbers(spec)
    spans = [(span, label) for op in spec.operands for span, label in zip(op.spans, op.labels, strict=True)]
    spans += list(zip(spec.output_spans, spec.output, strict=True))
    found = {(span.start, span.stop): (span, numbers[label]) for span, label in spans if span and label in numbers}
    return tuple(found[place] for place in sorted(found))


def _numbers(spec: Spec) -> Mapping[str, int]:
    """Return the number of every index by label: its place in order of appearance."""
    return {index.label: number for number, index in enumerate(spec.indices)}
