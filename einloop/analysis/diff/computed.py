"""Small inputs in, what a form computes on them out, as Python integers. Loaded where inputs are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import prod
from operator import add, mul

from ...core.canonical import CanonicalForm
from ...core.contraction import Contraction
from ...core.plain_array import PlainArray

MAX_POINTS = 4_000
"""Loop points of one form on one shape; beyond, two operands are combined at a time."""
MAX_VALUE = 2**63 - 1

Labelled = tuple[tuple[str, ...], PlainArray]


def result(
    form: CanonicalForm, inputs: Mapping[str, list[int]], shapes: Mapping[str, tuple[int, ...]]
) -> PlainArray | None:
    """Return the result as an array of Python integers, or None where it takes too long or does not fit int64."""
    left: list[Labelled] | None = [
        (term, PlainArray(shapes[array], "object", inputs[array]))
        for array, term in zip(form.arrays, form.terms, strict=True)
    ]
    while left is not None and len(left) > 2 and points(form, shapes) > MAX_POINTS:
        left = _one_less(left, form.output)
    found = None if left is None else _contracted(left, form.output)
    return found if found is not None and all(abs(value) <= MAX_VALUE for value in found.values) else None


def points(form: CanonicalForm, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Return how many iterations loops over all indices take."""
    extents: dict[str, int] = {}
    for array, term in zip(form.arrays, form.terms, strict=True):
        extents |= zip(term, shapes[array], strict=True)
    return prod(extents.values())


def _one_less(left: list[Labelled], output: tuple[str, ...]) -> list[Labelled] | None:
    """Return the arrays with two of them combined, those whose product saves most elements; None where it is long."""

    def kept(pair: tuple[int, int]) -> tuple[str, ...]:
        others = {*output, *(label for number, (term, _) in enumerate(left) if number not in pair for label in term)}
        return tuple(dict.fromkeys(label for number in pair for label in left[number][0] if label in others))

    def cost(pair: tuple[int, int]) -> tuple[int, int]:
        taken = [left[number] for number in pair]
        extents = _extents(taken)
        made = prod(extents[label] for label in kept(pair))
        return made - sum(len(array.values) for _, array in taken), prod(extents.values())

    pair = min(combinations(range(len(left)), 2), key=cost)
    term = kept(pair)
    made = _contracted([left[number] for number in pair], term)
    if made is None:
        return None
    return [*(one for number, one in enumerate(left) if number not in pair), (term, made)]


def _contracted(taken: Sequence[Labelled], output: tuple[str, ...]) -> PlainArray | None:
    """Return the sum of products of arrays, or None where it has too many loop points."""
    extents = _extents(taken)
    if prod(extents.values()) > MAX_POINTS:
        return None
    summed = tuple(label for label in extents if label not in output)
    shapes = tuple(array.shape for _, array in taken)
    contraction = Contraction(tuple(term for term, _ in taken), shapes, extents, output, summed)
    values = tuple(contraction.whole([array.values for _, array in taken], mul, add, 0))
    return PlainArray(tuple(extents[label] for label in output), "object", values)


def _extents(arrays: Sequence[Labelled]) -> dict[str, int]:
    return {label: size for term, array in arrays for label, size in zip(term, array.shape, strict=True)}
