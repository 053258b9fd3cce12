"""What lifted code is run on, and whether its result is that of its einsums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Given = int | tuple[int, ...]
"""A length, or the shape of an array; a scalar has the shape ()."""
RELATIVE, SINGLE = 1e-9, 1e-4
"""How far two results may be from each other, beside the largest element, where fractions take part; in float32."""


def values(trial: Mapping[str, Given], seed: int, *, truths: bool = False) -> dict[str, Any]:
    """Return a value for every name: lengths as they are, whole numbers from -4 to 5 in arrays, from 2 in scalars.

    `truths`: True or False in arrays and in scalars.

    >>> values({"n": 2, "x": (2,), "s": ()}, 0)
    {'n': 2, 'x': array([4., 2.]), 's': 4.0}
    """
    rng = np.random.default_rng(seed)
    draw = _truths if truths else _array
    return {name: given if isinstance(given, int) else draw(given, rng) for name, given in trial.items()}


def _array(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    return rng.integers(-4, 6, shape).astype(float) if shape else float(rng.integers(2, 6))


def _truths(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    found = rng.integers(0, 2, shape).astype(bool)
    return found if shape else bool(found)


def array(rows: Any) -> Any:
    """Return nested lists of numbers as an array."""
    return np.array(rows, dtype=float)


def as_held(value: Any, dtype: str) -> Any:
    """Return a result as an array of a dtype of C holds it: whole numbers wrap, as NumPy's do.

    >>> as_held([300.0, -1.0], "uint8").tolist(), as_held(0.5, "float64")
    ([44, 255], 0.5)
    """
    return np.asarray(value).astype(np.int64).astype(dtype) if "int" in dtype else value


def same(theirs: Any, ours: Any, relative: float = RELATIVE) -> bool:
    """Return whether two results are equal; one of them may have the other's elements in one axis.

    >>> same([[1.0, 2.0]], np.ones((1, 2))), same(np.zeros(4), np.zeros((2, 2)))
    (False, True)
    """
    got, wanted = np.asarray(theirs, dtype=complex), np.asarray(ours, dtype=complex)
    if got.size == wanted.size and got.shape != wanted.shape and 1 in (got.ndim, wanted.ndim):
        got = got.reshape(wanted.shape)
    if got.shape != wanted.shape:
        return False
    known = np.isfinite(wanted)
    scale = max(np.abs(wanted[known]).max(initial=0.0), 1.0)
    near = np.allclose(got[known], wanted[known], rtol=0, atol=relative * scale)
    return bool(near and not np.isfinite(got[~known]).any())
