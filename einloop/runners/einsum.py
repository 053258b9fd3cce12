"""A kernel that is np.einsum itself: for where nothing can be read, written or compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def einsum_kernel(subscripts: str, dtype: str, *, empty: bool, is_view: bool) -> Callable[..., None]:
    """Return a function of the operands' arrays and of the result's, filled with what np.einsum computes in `dtype`.

    `empty`: there is nothing to multiply; `is_view`: np.einsum would return a view.

    >>> import numpy as np
    >>> result = np.empty(2)
    >>> einsum_kernel("ij->i", "float64", empty=False, is_view=False)(np.ones((2, 3)), result)
    >>> result
    array([3., 3.])
    """

    def call(*arrays: Any) -> None:
        *operands, result = arrays
        if empty:
            result[...] = 0
            return
        operands = [array.astype(dtype, copy=False) for array in operands]
        if is_view:
            result[...] = np.einsum(subscripts, *operands)
        else:
            np.einsum(subscripts, *operands, out=result)

    return call
