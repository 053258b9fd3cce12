"""The arrays that a person gave, as a case: whole, or a part of them where loops over all would take too long."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from ..core.bind import bind_sizes
from ..core.dtypes import COMPLEXES, FLOATS, dtype_name
from ..core.sizes import tied_indices
from ..core.spec import Index, Role, Spec
from .cases import Draw, ValueKind
from .einsum import LOOP_POINTS, WEIGHED_TIMES, Array, contraction_seconds
from .rounding import Sums

MAX_GIVEN_POINTS = 2_000_000
"""Loop points up to which all of the arrays are looped over: a second or so of plain Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One array per distinct input, the expression bound to their shapes, and what a verdict says of them.

    `covered`: whole numbers of the same shapes were tried already.
    """

    spec: Spec
    operands: tuple[str, ...]
    arrays: tuple[Array, ...]
    note: str = "the arrays given among them"
    covered: bool = False

    @property
    def per_operand(self) -> tuple[Array, ...]:
        """One array per operand."""
        named = dict(zip(dict.fromkeys(self.operands), self.arrays, strict=True))
        return tuple(named[name] for name in self.operands)

    @property
    def points(self) -> int:
        """How many iterations loops over all indices take."""
        return sum(map(_product, self.spec.nests))

    @property
    def seconds(self) -> float:
        """About how long np.einsum takes, and the exact sums where they decide."""
        sums = self.sums
        if sums is None or not sums.quick:
            return self.points / LOOP_POINTS
        terms = [op.labels for op in self.spec.operands]
        return WEIGHED_TIMES * contraction_seconds(terms, self.spec.output, [array.shape for array in sums.arrays])

    @property
    def draw(self) -> Draw:
        """The case."""
        return Draw(
            shapes=tuple(array.shape for array in self.arrays),
            dtypes=tuple(str(array.dtype) for array in self.arrays),
            kind=ValueKind.GIVEN,
            factors=len(self.operands),
            terms=_product(self.spec.summed),
        )

    @property
    def sums(self) -> Sums | None:
        """The exact sums where results are rounded."""
        if self.spec.is_view or self.spec.joint or any(array.dtype.kind not in "biufc" for array in self.arrays):
            return None
        dtype = dtype_name(np.result_type(*self.arrays).str)
        if dtype not in (*FLOATS, *COMPLEXES):
            return None
        quick = self.points > MAX_GIVEN_POINTS
        return Sums(spec=self.spec, arrays=self.per_operand, dtype=dtype, terms=self.draw.terms, quick=quick)


def take_given(
    spec: Spec, operands: tuple[str, ...], arrays: Sequence[Array], *, whole: bool, rng: random.Random
) -> Given:
    """Return the case of `arrays`, one per distinct input. Not `whole`: a part of them where they are large."""
    given = _bound(Given(spec=spec, operands=operands, arrays=tuple(arrays)))
    if whole or given.points <= MAX_GIVEN_POINTS:
        return given
    part = _part(given, MAX_GIVEN_POINTS, rng)
    return _bound(replace(given, spec=spec, arrays=part, note="a part of the arrays given among them"))


def _bound(given: Given) -> Given:
    return replace(given, spec=bind_sizes(given.spec, [array.shape for array in given.per_operand]))


def _product(indices: Sequence[Index]) -> int:
    return prod(index.extent for index in indices if isinstance(index.extent, int))


def _part(given: Given, points: int, rng: random.Random) -> tuple[Array, ...]:
    """Return the arrays cut down, so that loops take at most `points` iterations.

    Free indices are cut first, so that sums stay whole; the first and the last place of each are kept.
    """
    places = _places(given, points, rng)
    whole = dict(zip(dict.fromkeys(given.operands), given.arrays, strict=True))
    cut = dict(whole)
    for name, op in zip(given.operands, given.spec.operands, strict=True):
        for axis, label in enumerate(op.labels):
            if cut[name].shape[axis] > len(places[label]) and whole[name].shape[axis] > 1:
                cut[name] = np.take(cut[name], places[label], axis)
    return tuple(cut.values())


def _places(given: Given, points: int, rng: random.Random) -> dict[str, Sequence[int]]:
    """Return which places of each index are kept."""
    groups = sorted(tied_indices(given.spec, given.operands), key=_is_summed)
    extents = {group: max(i.extent for i in group if isinstance(i.extent, int)) for group in groups}
    kept = dict(extents)
    for summed in (False, True):
        able = [group for group in groups if summed or not _is_summed(group)]
        while _points(kept) > points and any(kept[group] > 1 for group in able):
            longest = max(able, key=lambda group: kept[group])
            kept[longest] = -(-kept[longest] // 2)
    return {index.label: _spread(extents[group], kept[group], rng) for group in groups for index in group}


def _is_summed(group: tuple[Index, ...]) -> bool:
    return any(index.role is Role.SUMMED for index in group)


def _points(kept: Mapping[tuple[Index, ...], int]) -> int:
    return prod(count ** len(group) for group, count in kept.items())


def _spread(extent: int, count: int, rng: random.Random) -> Sequence[int]:
    if count >= extent:
        return range(extent)
    ends = [0, extent - 1][:count]
    return sorted([*ends, *rng.sample(range(1, extent - 1), count - len(ends))])
