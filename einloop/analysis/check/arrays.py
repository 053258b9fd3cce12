"""What only the values of arrays tell: the true result of integers, and masks."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from .case import CheckCase

MAX_ITERATIONS = 10**8
"""Loop iterations of np.einsum that the true sum may cost: a tenth of a second or so."""
OBJECTS_TAKE = 100
"""How many times as long an iteration on objects takes."""


def true_extreme(case: CheckCase) -> int | None:
    """Return the element of the true result that is farthest from 0, or None where that costs too much."""
    points = prod(case.sizes.values())
    arrays = [np.asarray(value) for value in case.values]
    if any(array.size == 0 for array in arrays):
        return 0
    bound = (case.terms or 0) * prod(max(abs(int(array.max())), abs(int(array.min()))) for array in arrays)
    if points > MAX_ITERATIONS or (bound >= 2**63 and points > MAX_ITERATIONS // OBJECTS_TAKE):
        return None
    wide = "int64" if bound < 2**63 else object
    result = np.asarray(np.einsum(case.spec.subscripts, *(array.astype(wide) for array in arrays)), dtype=wide)
    return 0 if result.size == 0 else max(int(result.max()), int(result.min()), key=abs)


def masked(values: Sequence[Any]) -> tuple[int, ...]:
    """Return the operands with a mask that hides something."""
    return tuple(number for number, value in enumerate(values) if np.ma.is_masked(value))
