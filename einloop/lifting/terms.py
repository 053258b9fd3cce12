"""Elements of a result in, the einsums that make them out: every term as labels for its operands and for the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..core.polynomial import Number, Polynomial, Product
from .boxes import Box, Point, boxes_of
from .sizes import Refusal

At = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAxis:
    """Where one axis of an array is read: from `start` on, along these labels, slow to fast.

    Along label n it moves by `steps[n]`: an axis of an array has one label; several where the array is one axis in
    memory and several in meaning, none where one place of it is read.
    """

    labels: tuple[int, ...]
    steps: tuple[int, ...]
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Monomial:
    """One product of arrays, summed: its coefficient, the arrays in order, the axes of each and of the result."""

    coefficient: Number
    names: tuple[str, ...]
    operands: tuple[tuple[ReadAxis, ...], ...]
    result: tuple[ReadAxis, ...]
    lengths: tuple[int, ...]
    """Of every label; labels are numbered as they appear in the operands, then in the result."""

    @property
    def structure(self) -> object:
        """What is the same whatever the lengths are."""
        axes = tuple(tuple(axis.labels for axis in operand) for operand in (*self.operands, self.result))
        return self.names, self.coefficient, axes


def terms_of(cells: Mapping[At, Polynomial]) -> tuple[Monomial, ...]:
    """Return the einsums whose sum these elements are. Raises Refusal where they are none."""
    ordered: dict[tuple[tuple[str, ...], Number], list[tuple[At, Product]]] = {}
    for at, cell in cells.items():
        for product, factor in cell.terms().items():
            ordered.setdefault((tuple(name for name, _ in product), factor), []).append((at, product))
    groups: dict[tuple[tuple[str, ...], Number], list[list[tuple[At, Product]]]] = {}
    for (names, factor), found in ordered.items():
        groups.setdefault((tuple(sorted(names)), factor), []).append(found)
    return tuple(term for (_, factor), parts in groups.items() for term in _terms(factor, parts))


def _terms(factor: Number, parts: list[list[tuple[At, Product]]]) -> Iterator[Monomial]:
    """Yield the terms of products of the same arrays, given by the order in which they were multiplied."""
    one_order = [boxes_of(_points(part)) for part in parts]
    if None in one_order or sum(len(boxes or ()) for boxes in one_order) > len(parts):
        merged = [
            (at, tuple(sorted(product, key=lambda element: element[0]))) for part in parts for at, product in part
        ]
        together = boxes_of(_points(merged)) if len(set(merged)) == len(merged) else None
        if together is not None and len(together) < sum(len(boxes or (0,) * 99) for boxes in one_order):
            parts, one_order = [merged], [together]
    for part, boxes in zip(parts, one_order, strict=True):
        if boxes is None:
            names = ", ".join(dict.fromkeys(name for name, _ in part[0][1]))
            raise Refusal("EL810", f"the products of {names} are no einsum")
        for box in boxes:
            yield _term(factor, part[0], box)


def _points(part: list[tuple[At, Product]]) -> list[Point]:
    return [(*at, *(i for _, place in product for i in place)) for at, product in part]


def _term(factor: Number, example: tuple[At, Product], box: Box) -> Monomial:
    at, product = example
    arrays: list[tuple[ReadAxis, ...]] = []
    start = 0
    for rank in (len(at), *(len(place) for _, place in product)):
        arrays.append(tuple(_axis(box, axis) for axis in range(start, start + rank)))
        start += rank
    order = list(dict.fromkeys(label for array in (*arrays[1:], arrays[0]) for axis in array for label in axis.labels))
    numbered = [
        tuple(
            ReadAxis(labels=tuple(order.index(label) for label in a.labels), steps=a.steps, start=a.start)
            for a in array
        )
        for array in arrays
    ]
    lengths = tuple(box.directions[label].length for label in order)
    names = tuple(name for name, _ in product)
    return Monomial(coefficient=factor, names=names, operands=tuple(numbered[1:]), result=numbered[0], lengths=lengths)


def _axis(box: Box, axis: int) -> ReadAxis:
    """Return the labels of one coordinate, slow to fast."""
    along = sorted(
        ((d.step[axis], label) for label, d in enumerate(box.directions) if d.step[axis]), key=lambda p: -abs(p[0])
    )
    return ReadAxis(labels=tuple(l for _, l in along), steps=tuple(s for s, _ in along), start=box.origin[axis])
