"""How far float32 drifts in adding the terms of one element: by playing the sum again, not by a bound.

Rounding errors of terms that differ have no common sign and add up to about the square root of their number. Those of
terms that are alike go one way, until the sum doubles: then to add a tenth may be a little too little every time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.spec import Spec
from .data import Array

REPLAYED = "float32"
"""The dtype whose bound is loose where its sums still tell, and whose exact sums float64 holds."""
BLOCKS = 64
"""A sum is looked at after each of so many blocks: errors that go up and then down do not hide each other."""


def drift(terms: Array) -> float:
    """Return how far adding `terms` one by one goes astray, summed over blocks without regard to sign.

    All are taken as positive, as an order of adding may bring those of one sign first; and once more with the largest
    first and like ones together.

    >>> tenths = np.full(100_000, 0.1, "f4")
    >>> 10 < drift(tenths) < 20, drift(np.full(100_000, 0.5, "f4"))
    (True, 0.0)
    """
    sizes = np.abs(terms.reshape(-1))
    return max(_astray(sizes), _astray(np.sort(sizes)[::-1]))


def _astray(sizes: Array) -> float:
    ends = np.unique(np.linspace(0, sizes.size, BLOCKS + 1).astype(int))[1:] - 1
    if not ends.size:
        return 0.0
    off = np.add.accumulate(sizes)[ends] - np.add.accumulate(sizes, dtype="float64")[ends]
    return float(np.abs(np.diff(off, prepend=0.0)).sum())


def added_flat(spec: Spec, arrays: Sequence[Array]) -> bool:
    """Return whether nothing but whole terms can be added: every operand varies along every summed index."""
    summed = [(index.label, index.extent) for index in spec.summed]
    for op, array in zip(spec.operands, arrays, strict=True):
        own = dict(zip(op.labels, array.shape, strict=True))
        if any(own.get(label) != extent for label, extent in summed):
            return False
    return True
