"""Values that ordinary code mishandles: zeros, zeros beside nan and inf, -inf, reals of either sign, large, tiny.

Whatever the order of multiplying and adding, these give one result, except for zeros beside inf where a factor may be
applied after the sum; `unsure` says where.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.dtypes import COMPLEXES, DTYPES, FLOATS
from ..core.spec import Spec
from .cases import Draw, ValueKind
from .einsum import Array, einsum

AWKWARD = (ValueKind.SIGNED, ValueKind.LARGE, ValueKind.TINY, ValueKind.NEGATIVE, ValueKind.ZEROS, ValueKind.SPARSE)
"""The kinds of values that are made here."""


def scalable(dtype: str, factors: int) -> bool:
    """Return whether values of a dtype can be large and tiny, and their products still normal numbers."""
    return (dtype in FLOATS or dtype in COMPLEXES) and DTYPES[dtype].reach // factors >= 3


def fill_awkward(draw: Draw, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return one array per distinct input, in the shapes and dtypes of `draw`, with awkward values."""
    chosen = int(rng.integers(len(draw.shapes)))  # the input that is negative, or holds what is not finite
    return tuple(
        _array(draw, shape, dtype, place == chosen, rng)
        for place, (shape, dtype) in enumerate(zip(draw.shapes, draw.dtypes, strict=True))
    )


def _array(draw: Draw, shape: tuple[int, ...], dtype: str, chosen: bool, rng: np.random.Generator) -> Array:
    if dtype not in FLOATS and dtype not in COMPLEXES:
        return _sparse(draw, shape, dtype, rng)
    positive = np.asarray(rng.uniform(0.5, 1.5, shape))
    if draw.kind is ValueKind.SPARSE:
        return _sparse(draw, shape, dtype, rng)
    if draw.kind is ValueKind.ZEROS:
        values = _holed(positive, rng, alone=len(draw.shapes) == 1, poisoned=chosen)
    elif draw.kind is ValueKind.NEGATIVE:
        values = _poisoned(positive, rng, some=2) * (-1 if chosen else 1)
    else:
        values = positive * _direction(shape, dtype, rng)
        power = DTYPES[dtype].reach // draw.factors
        values = values * 10.0 ** {ValueKind.LARGE: power, ValueKind.TINY: -power}.get(draw.kind, 0)
    return np.asarray(values).astype(dtype)


def _direction(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Return signs, or for complex numbers points of the unit circle."""
    if dtype in COMPLEXES:
        return np.asarray(np.exp(2j * np.pi * rng.random(shape)))
    return np.asarray(rng.choice([-1.0, 1.0], shape))


def _sparse(draw: Draw, shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    """Return small integers, half of them 0."""
    bound = max(draw.bound, 1)
    values = rng.integers(1, bound + 1, shape) * rng.integers(0, 2, shape)
    if not dtype.startswith("u") and dtype != "bool":
        values = values * rng.choice([-1, 1], shape)
    return np.asarray(values).astype(dtype)


def _holed(values: Array, rng: np.random.Generator, *, alone: bool, poisoned: bool) -> Array:
    """Return zeros of both signs in place of most values, or nan and inf in place of some.

    One array holds what is not finite and the others the zeros, so that they meet; `alone` it holds both.
    """
    if alone or not poisoned:
        zeros = np.asarray(rng.choice([0.0, -0.0], values.shape))
        values = np.where(rng.random(values.shape) < 0.7, zeros, values)
    return _poisoned(values, rng, some=max(1, values.size // 3)) if poisoned else values


def _poisoned(values: Array, rng: np.random.Generator, *, some: int) -> Array:
    """Return `values` with nan or inf in up to `some` places."""
    spoilt = np.array(values)
    if spoilt.size:
        places = rng.integers(spoilt.size, size=some)
        spoilt.reshape(-1)[places] = rng.choice([np.nan, np.inf], some)
    return spoilt


def magnitudes(spec: Spec, factors: Sequence[Array], *, quick: bool = False) -> Array:
    """Return the sum of the magnitudes of the terms of every element of the result. `factors`: one per operand."""
    wide = [np.abs(factor).astype(float) for factor in factors]
    return np.asarray(einsum(spec.subscripts, wide, quick=quick))


def unsure(spec: Spec, factors: Sequence[Array]) -> Array | None:
    """Return where an inf, and no nan, is among the terms, if a factor may be applied after a sum; None if none may.

    Then 0 times inf comes up in one order and not in another. `factors`: one array per operand.
    """
    if not _factors_out(spec, factors):
        return None

    def terms(good: Sequence[Array]) -> Array:
        return np.asarray(einsum(spec.subscripts, [part.astype(float) for part in good]))

    every = terms([np.ones(factor.shape) for factor in factors])
    sane = terms([~np.isnan(factor) for factor in factors])
    finite = terms([np.isfinite(factor) for factor in factors])
    return np.asarray((sane == every) & (finite < every))


def _factors_out(spec: Spec, factors: Sequence[Array]) -> bool:
    """Return whether some operand does not run along an axis that is summed."""
    summed = {index.label for index in spec.summed}
    long: set[str] = set()
    runs: list[set[str]] = []
    for op, factor in zip(spec.operands, factors, strict=True):
        named = [label for label in op.labels if label != "..."]
        after = 0 if op.dots is None else len(op.labels) - op.dots - 1
        sizes = (*factor.shape[: len(named) - after], *factor.shape[factor.ndim - after :])
        runs.append({label for label, size in zip(named, sizes, strict=True) if size != 1})
        long |= runs[-1]
    return any(summed & long - run for run in runs)
