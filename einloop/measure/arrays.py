"""Arrays to measure with: shapes and dtypes in, the same random numbers at every call out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SEED = 0


def random_arrays(shapes: Sequence[tuple[int, ...]], dtypes: Sequence[str]) -> tuple[Any, ...]:
    """Return a contiguous array for each shape and dtype: floats from 0 to 1, integers from 0 to 4.

    >>> first, second = random_arrays([(2, 3), (3,)], ["float32", "int8"])
    >>> first.shape, str(first.dtype), second.shape, str(second.dtype)
    ((2, 3), 'float32', (3,), 'int8')
    """
    import numpy as np

    rng = np.random.default_rng(SEED)
    arrays = []
    for shape, dtype in zip(shapes, dtypes, strict=True):
        kind = np.dtype(dtype).kind
        values = np.asarray(rng.random(shape) if kind in "fc" else rng.integers(0, 5, shape))
        if kind == "c":
            values = values + 1j * rng.random(shape)
        arrays.append(values.astype(dtype))
    return tuple(arrays)
