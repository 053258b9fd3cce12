"""Operands in, every index with its places in them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .spec import DOTS, Extent, Index, Operand, Place, Role


def index_table(
    operands: Sequence[Operand], output: tuple[str, ...], extents: Mapping[str, Extent] | None = None
) -> tuple[Index, ...]:
    """Return every index in order of first appearance, with its places in the operands.

    An ellipsis that the output leaves out is not an index: it may cover nothing.
    """
    extents = extents or {}
    places: dict[str, list[Place]] = {}
    for number, operand in enumerate(operands):
        dots, rank = operand.dots, len(operand.labels)
        for position, label in enumerate(operand.labels):
            axis = position if dots is None or position <= dots else position - rank
            stretched = position in operand.stretched
            place = Place(operand=number, axis=axis, span=operand.spans[position], stretched=stretched)
            places.setdefault(label, []).append(place)
    return tuple(
        Index(
            label=label,
            role=Role.FREE if label in output else Role.SUMMED,
            places=tuple(where),
            extent=extents.get(label),
        )
        for label, where in places.items()
        if label != DOTS or DOTS in output
    )
