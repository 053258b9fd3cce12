"""A Story and arrays by name in, the Story with the values of every stage out, where they are few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from ...core.arithmetic import arithmetic
from ...core.arrays import Diagonal
from ...core.contraction import Contraction
from ...core.effort import TooMuchError
from ...core.errors import DtypeError
from ...core.plain_array import PlainArray
from ...core.story import StageKind, Story, StoryStage

MAX_ELEMENTS = 4096
"""Elements of the largest array of a story whose values are shown."""


def with_values(story: Story, arrays: Mapping[str, PlainArray], added: PlainArray | None = None) -> Story:
    """Return a story with the values of all its stages, computed from those of the operands.

    `added`: what the terms of a sum come to. The story stays as it is where an array is too large, where a length is
    unknown, and where elements have no products or sums.
    """
    shapes = [stage.shape for stage in story.stages]
    numbers = [[size for size in shape if isinstance(size, int)] for shape in shapes]
    known = all(len(one) == len(shape) for one, shape in zip(numbers, shapes, strict=True))
    if not known or max(map(prod, numbers), default=0) > MAX_ELEMENTS:
        return story
    held, steps = dict(arrays), []
    try:
        for step in story.steps:
            stages = []
            for stage in step.stages:
                adds = stage.kind is StageKind.ADD
                made = added if adds and added is not None else _value(stage, held)
                stages.append(replace(stage, values=made, dtype=made.dtype))
                held[stage.name] = made
            steps.append(replace(step, stages=tuple(stages)))
    except (TypeError, ArithmeticError, AttributeError, DtypeError, TooMuchError):
        return story
    return replace(story, steps=tuple(steps))


def _value(stage: StoryStage, held: Mapping[str, PlainArray]) -> PlainArray:
    """Return what a stage makes of the arrays before it."""
    if stage.kind is StageKind.GIVEN:
        return held[stage.name]
    sources = [held[name] for name in stage.sources]
    dtype = stage.dtype or sources[0].dtype
    shape = tuple(size for size in stage.shape if isinstance(size, int))
    if stage.kind in (StageKind.CAST, StageKind.ROUND):
        return PlainArray(shape, dtype, tuple(map(arithmetic(dtype).cast, sources[0].values)))
    return PlainArray(shape, dtype, tuple(_elements(stage, sources, dtype)))


def _elements(stage: StoryStage, sources: list[PlainArray], dtype: str) -> Iterator[Any]:
    """Return the elements of a stage in C order."""
    terms, output = _labels(stage)
    extents = dict.fromkeys(output, 1)
    for term, array in zip(terms, sources, strict=True):
        extents |= {label: size for label, size in zip(term, array.shape, strict=True) if extents.get(label, 1) == 1}
    summed = tuple(label for label in extents if label not in output)
    pairs = Contraction(terms, tuple(array.shape for array in sources), extents, output, summed)
    rules = arithmetic(dtype)
    add = rules.add if stage.kind is StageKind.SUM else _second
    return pairs.whole([array.values for array in sources], rules.multiply, add, rules.zero)


def _labels(stage: StoryStage) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Return the labels of the arrays that a stage takes, and of the one that it makes, where no label stands twice.

    A diagonal of two axes may leave a third one of the same index.
    """
    tree = None if stage.line is None else stage.line.array
    if not isinstance(tree, Diagonal):
        return stage.terms, stage.axes
    one, other = tree.axes
    places = [str(one if place == other else place) for place in range(len(stage.terms[0]))]
    return (tuple(places),), (*(place for place in places if place != str(one)), str(one))


def _second(_: Any, value: Any) -> Any:
    return value
