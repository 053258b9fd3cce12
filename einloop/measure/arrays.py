"""Random arrays to measure with: the same numbers at every call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

SEED = 0


def random_arrays(shapes: Sequence[tuple[int, ...]], dtypes: Sequence[str]) -> tuple[Any, ...]:
    """Return a contiguous array for each shape and dtype: floats from 0 to 1, integers from 0 to 4.

    >>> first, second = random_arrays([(2, 3), (3,)], ["float32", "int8"])
    >>> first.shape, str(first.dtype), second.shape, str(second.dtype)
    ((2, 3), 'float32', (3,), 'int8')
    """
    rng = np.random.default_rng(SEED)
    return tuple(_drawn(rng, shape, np.dtype(dtype)) for shape, dtype in zip(shapes, dtypes, strict=True))


def _drawn(rng: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Return one array; making it takes at most twice its bytes besides."""
    if dtype.kind == "c":
        values = np.empty(shape, dtype)
        values.real, values.imag = (_drawn(rng, shape, values.real.dtype) for _ in "ri")
        return values
    if dtype.kind == "f":
        short = dtype.itemsize <= 4
        return np.asarray(rng.random(shape, "float32" if short else "float64")).astype(dtype, copy=False)
    return np.asarray(rng.integers(0, 5, shape, "int8")).astype(dtype, copy=False)
