"""What a person says the result looks like: a length, an index or a name of a length for every axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .spec import DOTS, Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The axes that a result should have: numbers, indices, names of lengths, `...` for the axes of an ellipsis.

    `labels`: the index that a name may mean; `lengths`: the names that mean a length. One name may be both. `extents`:
    the index whose length a name means that einloop gave it, `I` for i.
    """

    axes: tuple[int | str, ...]
    labels: Mapping[str, str]
    lengths: frozenset[str]
    extents: Mapping[str, str] = field(default_factory=dict)

    def verdicts(self, output: tuple[str, ...], extents: Mapping[str, Extent]) -> tuple[bool | None, ...] | None:
        """Return for each axis of a result whether it is as expected (None: unknown), None for another number of axes.

        A number and a name of a length cannot be compared.

        >>> expected = Expected(axes=("b", 3), labels={"b": "b", "i": "i"}, lengths=frozenset())
        >>> expected.verdicts(("b", "i"), {"i": 4}), expected.verdicts(("b",), {}), expected.verdicts(("b", "i"), {})
        ((True, False), None, (True, None))
        """
        wanted = list(self.axes)
        if DOTS in wanted:
            covered = [label for label in output if label.startswith(DOTS)]
            place = wanted.index(DOTS)
            wanted[place : place + 1] = covered
        elif DOTS in output:
            spare = len(wanted) - len(output) + 1
            place = output.index(DOTS)
            output = (*output[:place], *[DOTS] * max(spare, 0), *output[place + 1 :])
        if len(wanted) != len(output):
            return None
        return tuple(self._axis(axis, label, extents) for axis, label in zip(wanted, output, strict=True))

    def met(self, output: tuple[str, ...], extents: Mapping[str, Extent]) -> bool | None:
        """Return whether a result is as expected, None where some length is unknown."""
        verdicts = self.verdicts(output, extents)
        if verdicts is None or False in verdicts:
            return False
        return None if None in verdicts else True

    def _axis(self, axis: int | str, label: str, extents: Mapping[str, Extent]) -> bool | None:
        if axis == label or self.labels.get(str(axis)) == label:
            return True
        if isinstance(axis, int) or axis in self.lengths:
            extent = extents.get(label)
            return extent == axis if isinstance(extent, type(axis)) else None
        owner = self.extents.get(axis)
        length = None if owner is None else extents.get(owner)
        return owner == label or (length is not None and length == extents.get(label))
