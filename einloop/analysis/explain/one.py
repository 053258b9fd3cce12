"""One element of the result, spelled out as the sum that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import prod

from ...core.message import Code, Message
from ...core.names import Names
from ...core.report import Block, Paragraph, Section
from ...core.spec import DOTS, Spec
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
    labels = [index.label for index in spec.summed]
    sizes = [extent(spec, names, label) for label in labels]
    for place in telling_places(sizes, MAX_TERMS, LEADING_TERMS):
        yield "…" if place is None else _term(spec, names, at | dict(zip(labels, place, strict=True)))


def telling_places(sizes: Sequence[int | str], most: int, leading: int) -> Iterator[tuple[str, ...] | None]:
    """Yield the places along summed indices: all where there are at `most` so many, else the `leading` ones, None, and
    the last.

    >>> list(telling_places([2], 4, 3)), list(telling_places([9], 4, 2)), list(telling_places(["I"], 4, 3))
    ([('0',), ('1',)], [('0',), ('1',), None, ('8',)], [('0',), ('1',), None, ('I-1',)])
    """
    known = [size for size in sizes if isinstance(size, int)]
    count = prod(known) if len(known) == len(sizes) else None
    shown = LEADING_TERMS_OF_UNKNOWN if count is None else most if count <= most else leading
    lengths = [size if isinstance(size, int) else LEADING_TERMS_OF_UNKNOWN for size in sizes]
    ranges = (range(min(length, shown)) for length in lengths)  # product() holds whole ranges
    for place in islice(product(*ranges), shown):
        yield tuple(map(str, place))
    if count is None or count > shown:
        yield None
        yield tuple(str(size - 1) if isinstance(size, int) else f"{size}-1" for size in sizes)


def _term(spec: Spec, names: Names, at: dict[str, str]) -> str:
    return "·".join(element(spec, names, number, at) for number in range(len(spec.operands)))
