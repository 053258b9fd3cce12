"""Calls that go to Numba's dispatcher at once: it refuses arrays that it was not compiled for, which is noticed then.

Dtypes are compared here, since the dispatcher may take a byte-swapped array for another, whose type it remembers. The
functions are written for their number of operands: passing `*operands` on costs as much as a tiny product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

CALL = "call"
"""The name of the function that a text defines."""

Function = Callable[..., Any]


def direct(
    text: str,
    kernel: Function,
    general: Function,
    refused: Function,
    *,
    dtypes: Sequence[str],
    shape: tuple[int, ...],
    dtype: str,
) -> Function:
    """Return the function that a text defines: of arrays of these dtypes, and `out`, computed by a kernel.

    The kernel fills an array of this shape and dtype and returns True, or returns the element where the shape is (). It
    raises TypeError for arrays of other ranks and layouts, which then go to `refused`, and returns False or None for
    other shapes. These, other dtypes, another number of operands, and calls with `out`, go to `general`.

    >>> text = "def call(*operands, out=None): return scalar(kernel(*operands))"
    >>> first = direct(text, lambda a: a[0], print, print, dtypes=["int64"], shape=(), dtype="int64")
    >>> first([4])
    np.int64(4)
    """
    known = np.dtype(dtype)
    namespace: dict[str, Any] = {
        "kernel": kernel, "general": general, "refused": refused,
        "empty": np.empty, "shape": shape, "dtype": known, "scalar": known.type,
        **{f"dtype_{number}": np.dtype(one) for number, one in enumerate(dtypes)},
    }  # fmt: skip
    exec(_code(text), namespace)
    function: Function = namespace[CALL]
    return function


@lru_cache(maxsize=64)
def _code(text: str) -> CodeType:
    return compile(text, f"<einloop {CALL}>", "exec")
