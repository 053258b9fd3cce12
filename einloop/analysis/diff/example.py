"""The smallest inputs on which two forms give different results."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod
from string import ascii_letters
from typing import Any

from ...core.bind import Shape
from ...core.canonical import CanonicalForm
from ...core.plain_array import PlainArray, nested
from ...core.sizes import connected
from ...core.spec import DOTS

EXTENTS = (1, 2, 3)
MAX_SHAPES = 1_000

MAX_WORK = 2_000_000
"""Loop points of all that is tried; a call counts for some, and finding a path for more."""

CALL_POINTS, PATH_POINTS = 30, 1_500
"""What they count for each operand."""

POOLS = ((1, 2), (-1, 0, 1), (0, 1), (1, 1, 2), (-1, 1, 2))
"""What elements are drawn from where operands are many: products stay small."""

TRIES = 1 + len(POOLS)
MAX_DISTINCT_ARRAYS = 3
"""Arrays up to which no element stands twice."""
MAX_FEW_OPERANDS = 8
"""Operands beyond which elements are small, or products would not fit, and every shape is tried once at first."""
MAX_INPUT_ELEMENTS = 10_000
MAX_SHOWN = 200
"""Elements of arrays whose shapes are given up to which an example has these shapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Inputs as nested lists of integers by array, and the results of both expressions."""

    inputs: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]
    first: Any
    second: Any
    first_shape: tuple[int, ...]
    second_shape: tuple[int, ...]


def small(shapes: Mapping[str, Shape]) -> dict[str, tuple[int, ...]] | None:
    """Return shapes where all are numbers, and the arrays of a size to show."""
    known = {name: tuple(size for size in shape if isinstance(size, int)) for name, shape in shapes.items()}
    whole = all(len(known[name]) == len(shape) for name, shape in shapes.items())
    return known if whole and sum(map(prod, known.values())) <= MAX_SHOWN else None


def example(
    first: CanonicalForm, second: CanonicalForm, given: Mapping[str, tuple[int, ...]] | None = None
) -> Example | None:
    """Return inputs on which the results differ, or None where none were found. `given`: the shapes that they have.

    Shapes are tried by the number of elements of all inputs, extents 1 to 3, every index with one extent throughout.
    Results that hold the same numbers in another shape count only where nothing else is found. The forms must have no
    ellipsis, and the same rank for every array.

    >>> one = CanonicalForm(arrays=("A",), terms=(("i", "j"),), output=("i",))
    >>> two = CanonicalForm(arrays=("A",), terms=(("i", "j"),), output=("j",))
    >>> found = example(one, two)
    >>> found.inputs, found.first, found.second
    ({'A': [[1, 2]]}, [3], [1, 2])
    """
    if any(DOTS in form.labels or len(form.labels) > len(ascii_letters) for form in (first, second)):
        return None
    arrays = dict.fromkeys(first.arrays)
    if arrays.keys() != set(second.arrays):
        return None
    from .computed import result

    by_shape = None
    fits = given is not None and all(_fits(form, given) for form in (first, second))
    inputs_of = _of_shapes(given) if given is not None and fits else small_inputs((first, second), arrays)
    for inputs, shapes in inputs_of:
        one, two = (result(form, inputs, shapes) for form in (first, second))
        if one is None or two is None:
            continue
        if one.values != two.values:
            return _shown(inputs, shapes, one, two)
        if by_shape is None and one.shape != two.shape:
            by_shape = _shown(inputs, shapes, one, two)
    return by_shape


def _fits(form: CanonicalForm, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Return whether arrays of these shapes are what a form takes, without stretching."""
    extents: dict[str, int] = {}
    for array, labels in zip(form.arrays, form.terms, strict=True):
        shape = shapes.get(array, ())
        if len(shape) != len(labels):
            return False
        if any(extents.setdefault(label, size) != size for label, size in zip(labels, shape, strict=True)):
            return False
    return True


def _of_shapes(
    shapes: Mapping[str, tuple[int, ...]],
) -> Iterator[tuple[dict[str, list[int]], dict[str, tuple[int, ...]]]]:
    """Yield elements for arrays of these shapes."""
    generator = random.Random(0)
    for attempt in range(TRIES):
        counts = {array: prod(shape) for array, shape in shapes.items()}
        yield small_values(counts, attempt, generator, many=False), dict(shapes)


Tie = tuple[object, object]
"""Two things that have one extent: an array with an axis, or the number of a form with a label."""


def small_inputs(
    forms: Sequence[CanonicalForm], arrays: Iterable[str], ties: Sequence[Tie] = ()
) -> Iterator[tuple[dict[str, list[int]], dict[str, tuple[int, ...]]]]:
    """Yield elements and shapes by array, the smallest first, until they come to too much work.

    `ties`: what has one extent beside the axes of one index, such as `((0, "i"), (1, "a"))`.
    """
    work = 0
    generator = random.Random(0)
    many = max(len(form.terms) for form in forms) > MAX_FEW_OPERANDS
    every = list(_shapes(forms, arrays, ties))
    tries = (
        product(range(TRIES), every) if many else ((attempt, shapes) for shapes in every for attempt in range(TRIES))
    )
    for attempt, shapes in tries:
        yield small_values({array: prod(shape) for array, shape in shapes.items()}, attempt, generator, many), shapes
        work += sum(_work(form, shapes) for form in forms)
        if work > MAX_WORK:
            return


def _work(form: CanonicalForm, shapes: Mapping[str, tuple[int, ...]]) -> int:
    from .computed import MAX_POINTS, points

    some, count = points(form, shapes), len(form.terms)
    return some + CALL_POINTS * count if some <= MAX_POINTS else MAX_POINTS + PATH_POINTS * count


def _shapes(
    forms: Sequence[CanonicalForm], arrays: Iterable[str], ties: Sequence[Tie]
) -> Iterator[dict[str, tuple[int, ...]]]:
    """Yield shapes that all forms accept without stretching, those with the fewest elements first."""
    groups = connected([*_ties(forms), *ties])
    axes = {array: [(array, axis) for axis in range(_rank(forms, array))] for array in arrays}
    leaders = list(dict.fromkeys(groups[place] for places in axes.values() for place in places))
    found: list[tuple[int, int, dict[str, tuple[int, ...]]]] = []
    for extents in islice(_extents(len(leaders)), MAX_SHAPES):
        size = dict(zip(leaders, extents, strict=True))
        shapes = {array: tuple(size[groups[place]] for place in places) for array, places in axes.items()}
        elements = sum(prod(shape) for shape in shapes.values())
        if elements <= MAX_INPUT_ELEMENTS:
            found.append((elements, len(found), shapes))
    yield from (shapes for _, _, shapes in sorted(found, key=lambda entry: entry[:2]))


def _ties(forms: Sequence[CanonicalForm]) -> Iterator[Tie]:
    """Yield what must have one extent: the axes of arrays that share an index in some form."""
    for number, form in enumerate(forms):
        for array, term in zip(form.arrays, form.terms, strict=True):
            yield from (((number, label), (array, axis)) for axis, label in enumerate(term))


def _rank(forms: Sequence[CanonicalForm], array: str) -> int:
    form = next(form for form in forms if array in form.arrays)
    return len(form.terms[form.arrays.index(array)])


def _extents(count: int) -> Iterator[tuple[int, ...]]:
    """Yield extents of `count` groups of axes: all of them for few groups, else those where few differ from 1."""
    if len(EXTENTS) ** count <= MAX_SHAPES:
        yield from product(EXTENTS, repeat=count)
        return
    for extent in EXTENTS:
        yield (extent,) * count
    for wide in (1, 2, 3):
        for chosen in combinations(range(count), wide):
            for extent in EXTENTS[1:]:
                yield tuple(extent if number in chosen else 1 for number in range(count))


def small_values(counts: Mapping[str, int], attempt: int, generator: random.Random, many: bool) -> dict[str, list[int]]:
    """Return the elements of every array: first 1, 2, 3 ... with no element twice, then small ones at random.

    Of many arrays each begins with another of its numbers, so that no two play the same part.
    """
    if attempt:
        pool = POOLS[attempt - 1] if many else range(-1 if attempt % 2 else 0, 2 + attempt)
        return {array: generator.choices(pool, k=count) for array, count in counts.items()}
    following, found = 1, {}
    for number, (array, count) in enumerate(counts.items()):
        if len(counts) <= MAX_DISTINCT_ARRAYS:
            found[array] = list(range(following, following + count))
            following += count
        else:
            found[array] = [1 + (place + number) % count for place in range(count)]
    return found


def _shown(
    inputs: Mapping[str, list[int]], shapes: Mapping[str, tuple[int, ...]], first: PlainArray, second: PlainArray
) -> Example:
    return Example(
        inputs={array: nested(values, shapes[array]) for array, values in inputs.items()},
        shapes=dict(shapes),
        first=first.tolist(),
        second=second.tolist(),
        first_shape=first.shape,
        second_shape=second.shape,
    )
