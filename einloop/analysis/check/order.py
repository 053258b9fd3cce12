"""EL706: an output that was not written, in another order than the inputs show."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ...core.spec import DOTS, Spec
from ..repair.draft import folded
from .case import CheckCase, places_of


def implicit_order(case: CheckCase) -> Iterator[Finding]:
    """Yield a note with the whole expression, the shape it gives, and how to keep the order written."""
    spec = case.spec
    written = tuple(index.label for index in spec.free_by_appearance)
    if not spec.implicit or spec.output == written or not _lettered(spec):
        return
    extents = [index.extent for index in spec.free]
    kind = "dots" if DOTS in folded(spec.output) else "letters"
    values = {
        "whole": Code(spec.subscripts),
        "other": Code(f"{spec.subscripts.partition('->')[0]}->{spec.term(written)}"),
    }
    if None not in extents:
        shape = ", ".join(map(str, extents))
        values["shape"] = Code(f"({shape})")
        kind += "_shape"
    yield Finding(
        id="EL706",
        severity=Severity.NOTE,
        message=Message(f"diagnose.order.{kind}", values),
        text=spec.source.text,
        spans=places_of(spec.free),
    )


def _lettered(spec: Spec) -> bool:
    """Return whether the labels are the letters of the text: numbers in lists have another order."""
    if not spec.source.notation.traits.text:
        return False
    spans = [(index.label, place.span) for index in spec.free for place in index.places if not index.covered]
    return all(span is not None and spec.source.text[span.start : span.stop] == label for label, span in spans)
