"""A part of arrays that are too large for loops: some elements of the result, with their whole sums where these fit."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from math import prod

import numpy as np

from ..core.sizes import tied_indices
from ..core.spec import Index, Role, Spec
from .data import Array


def part_of(
    spec: Spec, operands: tuple[str, ...], arrays: Mapping[str, Array], points: int, rng: random.Random
) -> dict[str, Array]:
    """Return `arrays` cut down, so that loops over the bound `spec` take at most `points` iterations.

    Free indices are cut first; the first and the last place of each are kept. `operands` names the array of each
    operand.
    """
    places = _places(spec, operands, points, rng)
    cut = dict(arrays)
    for name, op in zip(operands, spec.operands, strict=True):
        for axis, label in enumerate(op.labels):
            if cut[name].shape[axis] > len(places[label]) and arrays[name].shape[axis] > 1:
                cut[name] = np.take(cut[name], places[label], axis)
    return cut


def _places(spec: Spec, operands: tuple[str, ...], points: int, rng: random.Random) -> dict[str, Sequence[int]]:
    """Return which places of each index are kept."""
    groups = sorted(tied_indices(spec, operands), key=lambda group: any(i.role is Role.SUMMED for i in group))
    kept = {group: _extent(group) for group in groups}
    for summed in (False, True):
        able = [group for group in groups if summed or all(index.role is not Role.SUMMED for index in group)]
        while _points(kept) > points and any(kept[group] > 1 for group in able):
            longest = max(able, key=lambda group: kept[group])
            kept[longest] = -(-kept[longest] // 2)
    return {index.label: _spread(_extent(group), kept[group], rng) for group in groups for index in group}


def _spread(extent: int, count: int, rng: random.Random) -> Sequence[int]:
    if count >= extent:
        return range(extent)
    ends = [0, extent - 1][:count]
    return sorted([*ends, *rng.sample(range(1, extent - 1), count - len(ends))])


def _extent(group: tuple[Index, ...]) -> int:
    return max(index.extent for index in group if isinstance(index.extent, int))


def _points(kept: Mapping[tuple[Index, ...], int]) -> int:
    return prod(count ** len(group) for group, count in kept.items())
