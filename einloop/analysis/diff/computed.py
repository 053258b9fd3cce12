"""Small inputs in, what a form computes on them out, as Python integers. Loaded where inputs are looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np

from ...core.canonical import CanonicalForm

MAX_POINTS = 4_000
"""Loop points of one form on one shape; beyond, np.einsum combines two operands at a time."""
MAX_PATH_ELEMENTS = 10_000
"""Elements of an array on the way."""
MAX_VALUE = 2**63 - 1


def result(form: CanonicalForm, inputs: Mapping[str, list[int]], shapes: Mapping[str, tuple[int, ...]]) -> Any:
    """Return the result as an array of Python integers, or None where it takes too long or does not fit int64."""
    letters = dict(zip(form.labels, ascii_letters, strict=False))
    terms = ["".join(letters[label] for label in term) for term in form.terms]
    output = "".join(letters[label] for label in form.output)
    operands = [np.array(inputs[array], dtype=object).reshape(shapes[array]) for array in form.arrays]
    path = [tuple(range(len(terms)))]
    if points(form, shapes) > MAX_POINTS:
        path = np.einsum_path(f"{','.join(terms)}->{output}", *operands, optimize=("greedy", MAX_PATH_ELEMENTS))[0][1:]
    found = _along(path, terms, output, operands)
    return found if found is not None and all(abs(value) <= MAX_VALUE for value in flat(found)) else None


def points(form: CanonicalForm, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """Return how many iterations loops over all indices take."""
    extents: dict[str, int] = {}
    for array, term in zip(form.arrays, form.terms, strict=True):
        extents |= zip(term, shapes[array], strict=True)
    return prod(extents.values())


def flat(array: Any) -> list[int]:
    """Return the elements in order; numpy's own iterators end at 32 axes."""
    values: list[int] = array.reshape(-1).tolist()
    return values


def _along(path: Sequence[tuple[int, ...]], terms: list[str], output: str, operands: list[Any]) -> Any:
    """Return the result of np.einsum step by step, or None where a step has too many loop points.

    np.einsum itself fails along a path where an intermediate of objects has no axes (numpy 2.4).
    """
    left = list(zip(terms, operands, strict=True))
    for step in path:
        taken = [left[number] for number in step]
        left = [pair for number, pair in enumerate(left) if number not in step]
        extents = {letter: size for term, array in taken for letter, size in zip(term, array.shape, strict=True)}
        if prod(extents.values()) > MAX_POINTS:
            return None
        needed = {*output, *(letter for term, _ in left for letter in term)}
        kept = output if not left else "".join(letter for letter in extents if letter in needed)
        text = f"{','.join(term for term, _ in taken)}->{kept}"
        made = np.einsum(text, *(array for _, array in taken), optimize=False)
        left.append((kept, np.asarray(made, dtype=object)))
    return left[0][1]
