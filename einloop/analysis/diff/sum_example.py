"""Small inputs on which two sums give different results, computed exactly."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any

from ...core.bind import Shape
from ...core.bind_sum import NAME
from ...core.canonical import CanonicalForm
from ...core.combination import Coefficient
from ...core.like_terms import ALL_ONES, LikeTerms
from ...core.part_text import base_of, rank_of
from ...core.parts import Shaped, part
from ...core.plain_array import PlainArray, nested
from ...core.spec import DOTS
from .example import TRIES, Tie, small, small_inputs, small_values
from .sides import LENGTH
from .sums import ResultPair, TermPair

SCALARS = (2, 3, 5, 7, 11, 13)
"""What scalars are."""
PART_EXTENTS = (2, 3, 1, 4, 5)
MAX_PART_SHAPES = 400
MAX_FORMS = 100
"""Terms of which an example is computed."""

Shapes = Mapping[str, tuple[int, ...]]
Values = Mapping[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SumExample:
    """Inputs as nested lists by array, scalars by name, and what both sides give.

    `fractions`: not all numbers are whole, so the arrays have to be floats. `at_hand`: the shapes are those given.
    """

    inputs: Mapping[str, Any]
    scalars: Mapping[str, int]
    first: Any
    second: Any
    fractions: bool
    at_hand: bool


def sum_example(result: ResultPair, given: Mapping[str, Shape] | None = None) -> SumExample | None:
    """Return inputs on which a result differs, or None where none were found, or it takes more than small arrays.

    `given`: the shapes that the arrays have; where they are large, small ones are taken in their place, unless a length
    counts.
    """
    terms = result.terms
    forms = [pair.term.form for pair in terms]
    if not terms or len(forms) > MAX_FORMS or any(DOTS in form.labels for form in forms):
        return None
    arrays = dict.fromkeys(array for form in forms for array in form.arrays)
    plain = all(array.isidentifier() or array == ALL_ONES for array in arrays)
    ranks = dict(_ranks(forms))
    fixed = small({name: shape for name, shape in (given or {}).items() if name in ranks})
    at_hand = bool(fixed) and (fixed or {}).keys() == ranks.keys()
    if given and not at_hand and any(LENGTH.search(text) for pair in terms for text, _ in pair.term.scalars):
        return None
    if fixed and at_hand:
        inputs = _part_inputs(forms, arrays, [fixed])
    else:
        inputs = _whole_inputs(forms, arrays) if plain else _part_inputs(forms, arrays, _part_shapes(ranks))
    for values, shapes in inputs:
        scalars = _scalars(terms, arrays)
        found = _results(terms, values, shapes, scalars)
        if found is not None and found[0] != found[1]:
            return _shown(terms, values, shapes, scalars, found, at_hand=at_hand)
    return None


def _whole_inputs(forms: Sequence[CanonicalForm], arrays: Mapping[str, None]) -> Iterator[tuple[Values, Shapes]]:
    ties: list[Tie] = [
        ((number, label), ("result", axis))
        for number, form in enumerate(forms)
        for axis, label in enumerate(form.output)
    ]
    for values, shapes in small_inputs(forms, arrays, ties):
        if ALL_ONES in values:
            values[ALL_ONES] = [1] * len(values[ALL_ONES])
        yield values, shapes


def _part_shapes(ranks: Mapping[str, int | None]) -> Iterator[Shapes]:
    """Yield small shapes of arrays that parts are of; none where a rank is not known."""
    if None in ranks.values():
        return
    axes = [(name, axis) for name, rank in ranks.items() for axis in range(rank or 0)]
    every = sorted(islice(product(PART_EXTENTS, repeat=len(axes)), MAX_PART_SHAPES * 10), key=prod)
    for extents in every[:MAX_PART_SHAPES]:
        sizes = dict(zip(axes, extents, strict=True))
        yield {name: tuple(sizes[name, axis] for axis in range(rank or 0)) for name, rank in ranks.items()}


def _part_inputs(
    forms: Sequence[CanonicalForm], arrays: Mapping[str, None], every: Iterable[Shapes]
) -> Iterator[tuple[Values, Shapes]]:
    """Yield inputs where parts of arrays are operands: the arrays, and the parts, of shapes that fit every term."""

    generator = random.Random(0)
    for shapes in every:
        for attempt in range(TRIES):
            counts = {name: prod(shape) for name, shape in shapes.items()}
            values = small_values(counts, attempt, generator, False)
            whole = {name: PlainArray(shape, "object", values[name]) for name, shape in shapes.items()}
            made = {name: part(name, whole) for name in arrays if name != ALL_ONES and name not in whole}
            if any(one is None or not hasattr(one, "shape") for one in made.values()):
                break
            fitting = _fitting(forms, {**shapes, **{name: one.shape for name, one in made.items()}})
            if fitting is None:
                break
            values |= {name: list(one.values) for name, one in made.items()}
            values |= {ALL_ONES: [1] * prod(fitting[ALL_ONES])} if ALL_ONES in arrays else {}
            yield values, fitting


def _ranks(forms: Sequence[CanonicalForm]) -> Iterator[tuple[str, int | None]]:
    """Yield the arrays that parts are of, with their ranks; None where a text does not tell."""
    for form in forms:
        for array, labels in zip(form.arrays, form.terms, strict=True):
            if array != ALL_ONES:
                yield base_of(array), rank_of(array, len(labels))


def _fitting(forms: Sequence[CanonicalForm], shapes: Shapes) -> Shapes | None:
    """Return the shapes with that of ones, or None where the terms do not take them."""
    ones: int | None = None
    whole: dict[int, int] = {}
    for form in forms:
        extents: dict[str, int] = {}
        for array, labels in zip(form.arrays, form.terms, strict=True):
            for axis, label in enumerate(labels):
                if array == ALL_ONES:
                    continue
                if (
                    len(shapes[array]) != len(labels)
                    or extents.setdefault(label, shapes[array][axis]) != shapes[array][axis]
                ):
                    return None
        for axis, label in enumerate(form.output):
            if label in extents and whole.setdefault(axis, extents[label]) != extents[label]:
                return None
    for form in forms:
        for array, labels in zip(form.arrays, form.terms, strict=True):
            if array == ALL_ONES:
                size = whole.get(form.output.index(labels[0]), 1)
                if ones not in (None, size):
                    return None
                ones = size
    return dict(shapes) if ones is None else {**shapes, ALL_ONES: (ones,)}


def _scalars(terms: Sequence[TermPair], arrays: Mapping[str, None]) -> dict[str, int]:
    """Return a number for each scalar."""
    names = dict.fromkeys(
        name
        for pair in terms
        for text, _ in pair.term.scalars
        if not LENGTH.fullmatch(text)
        for name in NAME.findall(text)
        if name not in arrays
    )
    return {name: SCALARS[number % len(SCALARS)] for number, name in enumerate(names)}


def _results(
    terms: Sequence[TermPair], values: Values, shapes: Shapes, scalars: Mapping[str, int]
) -> tuple[Any, Any] | None:
    """Return what both sides give, exactly; None where that takes too long, or a scalar has no number."""
    from .computed import result

    sums: list[Any] = [0, 0]
    for pair in terms:
        scale = _scale(pair.term, values, shapes, scalars)
        made = result(pair.term.form, values, shapes) if pair.term.form.terms else PlainArray((), "object", (1,))
        if scale is None or made is None:
            return None
        for side, coefficient in enumerate((pair.first, pair.second)):
            sums[side] = _added(sums[side], made.tolist(), coefficient * scale if coefficient else 0)
    return sums[0], sums[1]


def _added(total: Any, made: Any, scale: Coefficient) -> Any:
    """Return nested lists with others times a number added; a number is added to every element."""
    if not isinstance(made, list):
        return [_added(one, made, scale) for one in total] if isinstance(total, list) else total + made * scale
    totals = total if isinstance(total, list) else [total] * len(made)
    return [_added(one, more, scale) for one, more in zip(totals, made, strict=True)]


def _scale(term: LikeTerms, values: Values, shapes: Shapes, scalars: Mapping[str, int]) -> Fraction | None:
    """Return what the scalars and lengths of a term come to."""
    known = {name: Shaped(shape) for name, shape in shapes.items() if name in values}
    found = Fraction(1)
    for text, power in term.scalars:
        number = part(text, known, scalars)
        if not isinstance(number, int) or (number == 0 and power < 0):
            return None
        found *= Fraction(number) ** power
    return found


def _shown(
    terms: Sequence[TermPair],
    values: Values,
    shapes: Shapes,
    scalars: Mapping[str, int],
    found: tuple[Any, Any],
    *,
    at_hand: bool,
) -> SumExample:
    numbers = [number for pair in terms for number in (pair.first, pair.second) if number]
    fractions = any(isinstance(number, float | complex) or Fraction(number).denominator != 1 for number in numbers)
    fractions |= any(power < 0 for pair in terms for _, power in pair.term.scalars)
    inputs = {name: nested(values[name], shapes[name]) for name in values if name.isidentifier()}
    return SumExample(
        inputs=inputs,
        scalars=scalars,
        first=_plain(found[0]),
        second=_plain(found[1]),
        fractions=fractions,
        at_hand=at_hand,
    )


def _plain(value: Any) -> Any:
    """Return exact numbers as Python writes them: whole ones as integers, others as floats."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value
