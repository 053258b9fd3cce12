"""EL720: a result that does not look as the person said it should."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.bind import show_shape
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import Spec, folded
from .case import CheckCase


def unexpected(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where the result has other axes than expected, with the first that differs."""
    spec, expected = case.spec, case.expected
    if expected is None:
        return
    verdicts = expected.verdicts(spec.output, {index.label: index.extent for index in spec.indices})
    if verdicts is not None and False not in verdicts:
        return
    differing = range(len(spec.output)) if verdicts is None else [n for n, same in enumerate(verdicts) if same is False]
    spans, axis = (spec.output_spans[n] for n in differing), differing[0] if verdicts is not None else None
    yield case.finding("EL720", Severity.WARNING, _message(spec, show_shape(expected.axes)), spans, axis=axis)


def _message(spec: Spec, expected: str) -> Message:
    """Return what the result is, by its indices, and by its shape where that is known."""
    axes, extents = folded(spec.output), tuple(index.extent for index in spec.free)
    values: dict[str, Value] = {"axes": codes(list(axes)), "count": len(axes), "expected": Code(expected)}
    if not axes:
        return Message("diagnose.unexpected.scalar", {"expected": Code(expected)})
    if None in extents:
        return Message("diagnose.unexpected.axes", values)
    return Message("diagnose.unexpected.shape", {**values, "shape": Code(show_shape(extents))})
