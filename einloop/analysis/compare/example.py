"""The smallest inputs on which two forms give different results, computed by np.einsum."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod
from string import ascii_letters
from typing import Any

from ...core.canonical import Form, connected

EXTENTS = (1, 2, 3)
MOST_SHAPES = 1_000
MOST_POINTS = 4_000
"""Loop points of one form on one shape; beyond, np.einsum combines two operands at a time."""

MOST_WORK = 1_000_000
"""Loop points of all that is tried; a call counts for some, and finding a path for more."""

CALL, PATH = 30, 300
"""What they count for each operand."""

TRIES = 6
MANY = 8
"""From so many operands on the elements are small, or products would not fit."""

MOST_ELEMENTS = 10_000
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Inputs as nested lists of integers by array, and the results of both expressions."""

    inputs: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]
    first: Any
    second: Any
    first_shape: tuple[int, ...]
    second_shape: tuple[int, ...]


def example(first: Form, second: Form) -> Example | None:
    """Return inputs on which the results differ, or None where none were found.

    Shapes are tried by the number of elements of all inputs, extents 1 to 3, every index with one extent throughout.
    Results that hold the same numbers in another shape count only where nothing else is found. The forms must have no
    ellipsis, and the same rank for every array.

    >>> one = Form(arrays=("A",), terms=(("i", "j"),), output=("i",))
    >>> two = Form(arrays=("A",), terms=(("i", "j"),), output=("j",))
    >>> found = example(one, two)
    >>> found.inputs, found.first, found.second
    ({'A': [[1, 2]]}, [3], [1, 2])
    """
    if max(len(set(form.labels)) for form in (first, second)) > len(ascii_letters):
        return None
    arrays = dict.fromkeys(first.arrays)
    if arrays.keys() != set(second.arrays):
        return None
    by_shape = None
    for inputs, shapes in _inputs((first, second), arrays):
        results = [_result(form, inputs, shapes) for form in (first, second)]
        if any(result is None for result in results):
            continue
        if results[0].ravel().tolist() != results[1].ravel().tolist():
            return _shown(inputs, shapes, results)
        if by_shape is None and results[0].shape != results[1].shape:
            by_shape = _shown(inputs, shapes, results)
    return by_shape


def _inputs(
    forms: tuple[Form, Form], arrays: Mapping[str, None]
) -> Iterator[tuple[dict[str, list[int]], dict[str, tuple[int, ...]]]]:
    """Yield elements and shapes by array, the smallest first, until they come to too much work."""
    work = 0
    generator = random.Random(0)
    many = max(len(form.terms) for form in forms) > MANY
    for shapes in _shapes(forms, arrays):
        for attempt in range(TRIES):
            inputs = {array: _values(prod(shape), attempt, generator, many) for array, shape in shapes.items()}
            yield _apart(inputs) if attempt == 0 else inputs, shapes
            work += sum(_work(form, shapes) for form in forms)
            if work > MOST_WORK:
                return


def _work(form: Form, shapes: Mapping[str, tuple[int, ...]]) -> int:
    points = _points(form, shapes)
    return points + CALL * len(form.terms) if points <= MOST_POINTS else MOST_POINTS + PATH * len(form.terms)


def _shapes(forms: tuple[Form, Form], arrays: Mapping[str, None]) -> Iterator[dict[str, tuple[int, ...]]]:
    """Yield shapes that both forms accept without stretching, those with the fewest elements first."""
    groups = connected(_ties(forms))
    axes = {array: [(array, axis) for axis in range(_rank(forms[0], array))] for array in arrays}
    leaders = list(dict.fromkeys(groups[place] for places in axes.values() for place in places))
    found: list[tuple[int, int, dict[str, tuple[int, ...]]]] = []
    for extents in islice(_extents(len(leaders)), MOST_SHAPES):
        size = dict(zip(leaders, extents, strict=True))
        shapes = {array: tuple(size[groups[place]] for place in places) for array, places in axes.items()}
        elements = sum(prod(shape) for shape in shapes.values())
        if elements <= MOST_ELEMENTS:
            found.append((elements, len(found), shapes))
    yield from (shapes for _, _, shapes in sorted(found, key=lambda entry: entry[:2]))


def _ties(forms: tuple[Form, Form]) -> Iterator[tuple[object, object]]:
    """Yield what must have one extent: the axes of arrays that share an index in either form."""
    for number, form in enumerate(forms):
        for array, term in zip(form.arrays, form.terms, strict=True):
            yield from (((number, label), (array, axis)) for axis, label in enumerate(term))


def _rank(form: Form, array: str) -> int:
    return len(form.terms[form.arrays.index(array)])


def _extents(count: int) -> Iterator[tuple[int, ...]]:
    """Yield extents of so many groups of axes: all of them for few, else those where few differ from 1."""
    if len(EXTENTS) ** count <= MOST_SHAPES:
        yield from product(EXTENTS, repeat=count)
        return
    for extent in EXTENTS:
        yield (extent,) * count
    for wide in (1, 2, 3):
        for chosen in combinations(range(count), wide):
            for extent in EXTENTS[1:]:
                yield tuple(extent if number in chosen else 1 for number in range(count))


def _values(count: int, attempt: int, generator: random.Random, many: bool) -> list[int]:
    """Return the elements of one array: 1, 2, 3 ..., then small integers at random."""
    if attempt == 0:
        return list(range(1, count + 1))
    return [generator.randint(-1 if attempt % 2 else 0, 1 if many else 1 + attempt) for _ in range(count)]


def _apart(inputs: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Return few arrays with no element in common: 1, 2, 3 ... on from one to the next."""
    if len(inputs) > 3:
        return dict(inputs)
    following, found = 0, {}
    for array, values in inputs.items():
        found[array] = [value + following for value in values]
        following += len(values)
    return found


def _points(form: Form, shapes: Mapping[str, tuple[int, ...]]) -> int:
    extents = {
        label: extent
        for array, term in zip(form.arrays, form.terms, strict=True)
        for label, extent in zip(term, shapes[array], strict=True)
    }
    return prod(extents.values())


def _result(form: Form, inputs: Mapping[str, list[int]], shapes: Mapping[str, tuple[int, ...]]) -> Any:
    """Return the result as an array of Python integers, or None where it takes too long or does not fit int64."""
    import numpy as np

    letters = dict(zip(form.labels, ascii_letters, strict=False))
    terms = ["".join(letters[label] for label in term) for term in form.terms]
    text = f"{','.join(terms)}->{''.join(letters[label] for label in form.output)}"
    operands = [np.array(inputs[array], dtype=object).reshape(shapes[array]) for array in form.arrays]
    if _points(form, shapes) <= MOST_POINTS:
        result = np.asarray(np.einsum(text, *operands, optimize=False), dtype=object)
    else:
        path, _ = np.einsum_path(text, *operands, optimize=("greedy", MOST_ELEMENTS))
        if not _short(path, terms, form, shapes):
            return None
        result = np.asarray(np.einsum(text, *operands, optimize=path), dtype=object)
    return result if all(abs(value) <= LARGEST for value in result.flat) else None


def _short(path: Sequence[Any], terms: list[str], form: Form, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Return whether no step of a path has many loop points."""
    letters = dict(zip(form.labels, ascii_letters, strict=False))
    extents = {
        letters[label]: extent
        for array, term in zip(form.arrays, form.terms, strict=True)
        for label, extent in zip(term, shapes[array], strict=True)
    }
    kept = {letters[label] for label in form.output}
    left = [set(term) for term in terms]
    for step in path[1:]:
        taken = [left[number] for number in step]
        left = [term for number, term in enumerate(left) if number not in step]
        together = set().union(*taken)
        if prod(extents[letter] for letter in together) > MOST_POINTS:
            return False
        left.append(together & kept.union(*left))
    return True


def _shown(inputs: Mapping[str, list[int]], shapes: Mapping[str, tuple[int, ...]], results: list[Any]) -> Example:
    first, second = results
    return Example(
        inputs={array: _nested(values, shapes[array]) for array, values in inputs.items()},
        shapes=dict(shapes),
        first=first.tolist(),
        second=second.tolist(),
        first_shape=first.shape,
        second_shape=second.shape,
    )


def _nested(values: list[int], shape: tuple[int, ...]) -> Any:
    """Return values as lists in lists."""
    if not shape:
        return values[0]
    step = prod(shape[1:])
    return [_nested(values[n * step : (n + 1) * step], shape[1:]) for n in range(shape[0])]
