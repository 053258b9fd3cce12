"""Random expressions for compiled targets: extents that blocks do not divide, and arrays laid out in every way."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

DTYPES = (
    "float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool", "complex64",
    "complex128", "float16", "longdouble", "clongdouble",
)  # fmt: skip
SMALL = (1, 2, 3, 4, 5, 7, 8, 9)
RAGGED = (1, 3, 8, 16, 17, 33, 40, 65, 70, 130)
MOST_POINTS = 400_000
MOST_ELEMENTS = 300_000


@dataclass(frozen=True, kw_only=True)
class Case:
    """An expression with arrays for it, small integers of which sums are exact in all but the smallest dtypes."""

    subscripts: str
    arrays: tuple[np.ndarray[Any, Any], ...]
    dtype: str

    @property
    def strides(self) -> tuple[tuple[int, ...], ...]:
        """The strides of the arrays in elements."""
        return tuple(tuple(stride // array.itemsize for stride in array.strides) for array in self.arrays)


def random_case(seed: int, dtypes: tuple[str, ...] = DTYPES) -> Case:
    """Return the case of a seed."""
    rng = random.Random(seed)
    pool = "ijklmn"[: rng.randint(1, 6)]
    extents = {label: rng.choice(RAGGED if rng.random() < 0.5 else SMALL) for label in pool}
    if rng.random() < 0.05:
        extents[rng.choice(pool)] = 0
    while prod(extents.values()) > MOST_POINTS:
        longest = max(extents, key=lambda label: extents[label])
        extents[longest] = max(1, extents[longest] // 3)
    count = rng.choice((1, 1, 2, 2, 2, 2, 3, 3, 4))
    terms = ["".join(rng.choice(pool) for _ in range(rng.randint(count == 1, 4))) for _ in range(count)]
    terms = [term if prod(extents[x] for x in term) < MOST_ELEMENTS else term[:2] for term in terms]
    used = sorted(set("".join(terms)))
    rng.shuffle(used)
    output = "".join(used[: rng.randint(0, len(used))])
    dtype = rng.choice(dtypes)
    drawn = np.random.default_rng(seed)
    arrays = tuple(laid_out(rng, drawn, tuple(extents[x] for x in term), dtype) for term in terms)
    return Case(subscripts=f"{','.join(terms)}->{output}", arrays=arrays, dtype=dtype)


def values(drawn: np.random.Generator, shape: tuple[int, ...], dtype: str) -> np.ndarray[Any, Any]:
    """Return a contiguous array of small integers."""
    kind = np.dtype(dtype).kind
    low = 0 if kind in "ub" else -3
    array = np.asarray(drawn.integers(low, 2 if kind == "b" else 4, shape)).astype(dtype)
    if kind == "c":
        array = np.asarray(array + 1j * drawn.integers(-3, 4, shape)).astype(dtype)
    return array


def laid_out(
    rng: random.Random, drawn: np.random.Generator, shape: tuple[int, ...], dtype: str
) -> np.ndarray[Any, Any]:
    """Return an array of this shape: contiguous, Fortran-ordered, permuted, with gaps, reversed, or repeated by a
    stride of 0."""
    how = rng.random()
    if not shape or 0 in shape or how < 0.4:
        return values(drawn, shape, dtype)
    if how < 0.55:
        return np.asfortranarray(values(drawn, shape, dtype))
    order = list(range(len(shape)))
    rng.shuffle(order)
    gaps = [rng.choice((1, 2)) for _ in shape]
    array = values(drawn, tuple(shape[axis] * gaps[axis] for axis in order), dtype)
    array = array.transpose([order.index(axis) for axis in range(len(shape))])
    steps = tuple(slice(None, None, gap * (rng.choice((-1, 1)) if how > 0.7 else 1)) for gap in gaps)
    array = array[steps]
    if how > 0.9:
        axis = rng.randrange(len(shape))
        array = np.broadcast_to(array.take([0], axis=axis), shape)
    return array
