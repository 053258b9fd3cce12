"""One element of the result, spelled out as the sum that makes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from math import prod

from ...core.message import Code, Message
from ...core.names import Names
from ...core.report import Block, Paragraph, Section
from ...core.spec import DOTS, Index, Spec
from ..elements import element, result_element
from .shapes import extent

MAX_TERMS = 4
"""A sum of more terms shows its first ones and its last."""
LEADING_TERMS = 3
LEADING_TERMS_OF_UNKNOWN = 2
MAX_FACTORS = 12


def one_element(spec: Spec, names: Names) -> Section | None:
    """Return an element of the result written out; nothing where it would be no help: too many factors, or a result
    without elements."""
    free = {label: _place(spec, label, number) for number, label in enumerate(spec.output) if label != DOTS}
    if None in free.values() or len(spec.operands) > MAX_FACTORS:
        return None
    at = {label: place for label, place in free.items() if place is not None}
    left = result_element(spec, names, at)
    if any(index.extent == 0 for index in spec.summed):
        return Section(id="one", parts=(Paragraph(message=Message("one.empty", {"element": Code(left)})),))
    terms = list(_terms(spec, names, at))
    plus = "\n" + " " * (len(left) + 1) + "+ "
    block = Block(text=f"{left} = {plus.join(terms)}", language="math")
    return Section(id="one", parts=(block,), facts={"element": left, "terms": [*terms]})


def _place(spec: Spec, label: str, number: int) -> str | None:
    """Return a place along a free index, different ones for different indices where the extents allow it."""
    extent = spec.by_label[label].extent
    if not isinstance(extent, int):
        return str(number)
    return None if extent == 0 else str(min(number, extent - 1))


def _terms(spec: Spec, names: Names, at: dict[str, str]) -> Iterator[str]:
    """Yield the terms of the sum: all of a short one, else the first ones, dots, and the last."""
    summed = spec.summed
    ends = {index.label: _last(spec, names, index) for index in summed}
    known = [index.extent for index in summed]
    count = prod(size for size in known if isinstance(size, int)) if all(isinstance(n, int) for n in known) else None
    shown = MAX_TERMS if count is None or count <= MAX_TERMS else LEADING_TERMS
    ranges = [range(index.extent if isinstance(index.extent, int) else LEADING_TERMS_OF_UNKNOWN) for index in summed]
    shown = shown if count is not None else LEADING_TERMS_OF_UNKNOWN
    for places in islice(product(*ranges), shown):
        yield _term(spec, names, at | {index.label: str(n) for index, n in zip(summed, places, strict=True)})
    if count is None or count > MAX_TERMS:
        yield "…"
        yield _term(spec, names, at | ends)


def _last(spec: Spec, names: Names, index: Index) -> str:
    size = extent(spec, names, index.label)
    return str(size - 1) if isinstance(size, int) else f"{size}-1"


def _term(spec: Spec, names: Names, at: dict[str, str]) -> str:
    return "·".join(element(spec, names, number, at) for number in range(len(spec.operands)))
