"""Extents beyond the blocks that loops are cut into: what happens from one block to the next shows nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from ..core.spec import Index

MAX_POINTS_BESIDE = 5_000
"""Loop points up to which the other indices get extents above 1, and two indices go past their blocks at once."""
MAX_BLOCK_POINTS = 200_000
"""Blocks that need longer loops to be passed are not: plain Python takes a fifth of a second for these."""

Groups = Sequence[tuple[Index, ...]]
Sizes = Callable[[Sequence[int]], dict[str, int]]


def past_blocks(groups: Groups, blocks: Mapping[str, int], by_label: Sizes) -> Iterator[dict[str, int]]:
    """Yield extents by label that go past one block: to one more, to two whole ones, to three but for one.

    `groups` are the indices that share an extent, `blocks` the size of the blocks by label; `by_label` turns an extent
    for each group into one for each label.
    """
    steps = {place: max(blocks.get(index.label, 0) for index in group) for place, group in enumerate(groups)}
    cut = [place for place, step in steps.items() if step]
    for place in cut:
        for length in (steps[place] + 1, 2 * steps[place], 3 * steps[place] - 1):
            extents = _others(groups, {place: length})
            if _points(groups, extents) <= MAX_BLOCK_POINTS:
                yield by_label(extents)
    for pair in combinations(cut, 2):
        extents = _others(groups, {place: steps[place] + 1 for place in pair})
        if _points(groups, extents) <= MAX_POINTS_BESIDE:
            yield by_label(extents)


def not_passed(groups: Groups, blocks: Mapping[str, int]) -> list[str]:
    """Return the labels whose blocks are too large to be passed."""
    return [
        index.label
        for group in groups
        for index in group
        if (step := blocks.get(index.label)) and (step + 1) ** len(group) > MAX_BLOCK_POINTS
    ]


def _others(groups: Groups, fixed: Mapping[int, int]) -> list[int]:
    """Return an extent for each group: different small ones beside those that are fixed, while loops stay short."""
    extents = [fixed.get(place, 1) for place in range(len(groups))]
    following = 2
    for place in range(len(groups)):
        longer = [*extents[:place], following, *extents[place + 1 :]]
        if place not in fixed and _points(groups, longer) <= MAX_POINTS_BESIDE:
            extents, following = longer, following + 1
    return extents


def _points(groups: Groups, extents: Sequence[int]) -> int:
    return prod(n ** len(group) for group, n in zip(groups, extents, strict=True))
