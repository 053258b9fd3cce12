"""The ranges that stand after a formula, `i=1,\\dots,m`: checked against its indices, and said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...core.errors import NotationError
from ...core.source import Source, Span
from ...core.spec import Spec
from .cursor import quoted
from .frame import Range


def range_notes(source: Source, spec: Spec, ranges: Sequence[Range]) -> Iterator[str]:
    """Yield a note for every range: sizes come with shapes.

    Raises NotationError (EL169) for a range of no index of the formula, and for one that is not a whole axis.
    """
    known = {index.label for index in spec.indices}
    for given in ranges:
        written = source.text[given.span.start : given.span.stop].strip()
        stranger = next((label for label in given.labels if label not in known), None)
        if stranger is not None or not given.labels:
            what = f"{stranger!r} is no index of the formula" if stranger else "it names no index"
            raise _refusal(source, given.span, f"the range {quoted(written)} is not read: {what}", "leave it out")
        index = next((word for word in _mentioned(given) if word in known), None)
        if index is not None:
            message = f"the range {quoted(written)} depends on index {index!r}, and loops run over whole axes"
            hint = f"multiply by an operand with indices {','.join(dict.fromkeys([*given.labels, index]))}: 1 or 0"
            raise _refusal(source, given.span, message, hint)
        if given.low > 1:
            message = f"the range {quoted(written)} begins at {given.low}, and loops run over whole axes"
            raise _refusal(source, given.span, message, "take the part of the axis before")
        size = _size(given)
        sizes = ",".join(f"{label}={size}" for label in given.labels)
        yield f"{written} is not used; with --sizes {sizes} it is" if size else f"{written} is not used"


def _mentioned(given: Range) -> Iterator[str]:
    """Yield what may be an index in the end of a range; not its own index below, as in `n_i`."""
    head, *below = re.findall(r"[^\W_]+", given.high)[: 2 if "_" in given.high else 1] or [""]
    yield from (head, *(() if given.high.startswith("\\") else head))
    yield from (text for text in below if text not in given.labels)


def _size(given: Range) -> str:
    """Return the length of an axis as a range tells it, '' where it is no number and no name."""
    if given.high.isdecimal():
        return str(int(given.high) - given.low + 1)
    name = given.high if given.low == 1 else given.high.removesuffix("-1")
    whole = given.low == 1 or given.high.endswith("-1")
    return name if whole and name.isidentifier() else ""


def _refusal(source: Source, span: Span, message: str, hint: str) -> NotationError:
    return NotationError("EL169", f"{message} (character {span.start})", text=source.text, span=span, hint=hint)
