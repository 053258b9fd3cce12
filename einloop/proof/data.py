"""Arrays for a case. Values are chosen so that a wrong term, factor or order shows."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from ..core.dtypes import ARITHMETIC
from .cases import Draw, ValueKind
from .einsum import Array


def fill(draw: Draw, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return one array per distinct input, in the shapes and dtypes of `draw`; a length is what it is."""
    lengths = dict(draw.lengths)
    return tuple(
        np.asarray(lengths[place]) if place in lengths else _array(draw, shape, dtype, rng)
        for place, (shape, dtype) in enumerate(zip(draw.shapes, draw.dtypes, strict=True))
    )


def broken_lists(value: object, rank: int) -> Iterator[tuple[str, object]]:
    """Yield nested lists that are not arrays of `rank` axes, each with what is wrong with it.

    >>> [what for what, _ in broken_lists([[1, 2], [3, 4]], 2)]
    ['too deep', 'too deep in one place', 'empty', 'ragged']
    """
    yield "too deep", [value]
    if rank == 0:
        return
    deeper = deepcopy(value)
    row = _last_row(deeper, rank)
    if row:
        row[-1] = [row[-1]]
        yield "too deep in one place", deeper
    for depth in range(rank - 1):
        emptied: object = []
        for _ in range(depth):
            emptied = [emptied]
        yield "empty", emptied
    ragged = deepcopy(value)
    row = _last_row(ragged, rank)
    if rank > 1 and row and isinstance(value, list) and len(value) > 1:
        row.pop()
        yield "ragged", ragged


def _last_row(value: Any, rank: int) -> list[Any]:
    for _ in range(rank - 1):
        if not value:
            return []
        value = value[-1]
    return list(value) if not isinstance(value, list) else value


def _array(draw: Draw, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    if dtype not in ARITHMETIC:
        return _without_arithmetic(shape, dtype, rng)
    if dtype == "bool":
        # products, or the sum of all of them, are true half of the time
        product = 0.5 if rng.random() < 0.5 else 1 - 0.5 ** (1 / max(draw.terms, 1))
        return np.asarray(rng.random(shape) < product ** (1 / draw.factors))
    if draw.kind is ValueKind.FULL_RANGE and "int" in dtype:
        info = np.iinfo(dtype)
        return np.asarray(rng.integers(info.min, info.max, size=shape, dtype=dtype, endpoint=True))
    if draw.kind in (ValueKind.REALS, ValueKind.SPECIAL) and "int" not in dtype and dtype != "object":
        return _reals(draw, shape, dtype, rng)
    return _integers(draw, shape, dtype, rng)


def _integers(draw: Draw, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Return integers of at most `bound`, none of them 0, as any dtype that has arithmetic."""
    bound = max(draw.bound, 1)
    values = rng.integers(1, bound + 1, size=shape)
    if not dtype.startswith("u") and (draw.kind is ValueKind.INTEGERS):
        values = values * rng.choice([-1, 1], size=shape)
    if dtype.startswith("c") and draw.kind is ValueKind.INTEGERS:
        return np.asarray(values + 1j * rng.integers(-bound, bound + 1, size=shape)).astype(dtype)
    if dtype == "object":
        return np.asarray(values).astype(object)
    return np.asarray(values).astype(dtype)


def _reals(draw: Draw, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Return positive reals around 1, so that nothing cancels; some of them nan or inf where asked for."""
    values = np.asarray(rng.uniform(0.5, 1.5, size=shape))
    if dtype.startswith("c"):
        return np.asarray(values * np.exp(1j * rng.uniform(-0.5, 0.5, size=shape) / draw.factors)).astype(dtype)
    values = np.asarray(values).astype(dtype)
    if draw.kind is ValueKind.SPECIAL and values.size:
        flat = values.reshape(-1)
        flat[rng.integers(values.size)] = np.inf
        flat[rng.integers(values.size)] = rng.choice([np.nan, np.inf])
    return values


def _without_arithmetic(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    values = np.asarray(rng.integers(1, 99, size=shape))
    if np.dtype(dtype).names:
        array = np.zeros(shape, dtype)
        for name in np.dtype(dtype).names or ():
            array[name] = values
        return array
    return values.astype(dtype)
