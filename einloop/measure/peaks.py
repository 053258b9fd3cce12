"""What this machine can do at best, measured: bytes a second of a copy, operations a second of a BLAS product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter

import numpy as np

from ..core.dtypes import COMPLEXES, FLOATS, has_kernels
from ..core.machine import Machine
from ..core.roofline import Peaks
from .timing import Timing, interleave

GEMM = tuple(filter(has_kernels, (*FLOATS, *COMPLEXES)))
"""Dtypes whose products numpy gives to BLAS."""
EXTENT = 512
MIN_COPY_BYTES, MAX_COPY_BYTES, PIECE_BYTES = 64 << 20, 128 << 20, 16 << 20
"""Bytes of an array that is copied: twice the last cache, within these; piece by piece, so that what disturbs one call
does not disturb all of it."""
ROUNDS = 5
COPY, PRODUCT = "peak: copy", "peak: product"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardsticks:
    """Calls whose times tell the peaks: a copy, and a product of square matrices where BLAS has one for the dtype.

    `copied`: bytes read and written by the one; `operations` of the other.
    """

    calls: Mapping[str, Callable[[], object]]
    copied: int
    operations: int

    def peaks(self, timings: Mapping[str, Timing]) -> Peaks | None:
        """Return the peaks that the fastest rounds show; None where not every call was timed."""
        if not set(self.calls) <= set(timings):
            return None
        gemm = self.operations / timings[PRODUCT].minimum if PRODUCT in self.calls else None
        return Peaks(bandwidth=self.copied / timings[COPY].minimum, gemm=gemm)


def yardsticks(dtype: str, extent: int = EXTENT, size: int | None = None) -> Yardsticks:
    """Return the calls that show the peaks for a dtype, what they touch there already.

    A copy of n bytes counts as 2 n: read once, written once. There is no BLAS for other dtypes than GEMM. `size`:
    bytes of the array to copy.
    """
    size = size or max(MIN_COPY_BYTES, min(MAX_COPY_BYTES, 2 * Machine.detect().level3))
    piece = min(PIECE_BYTES, size)
    target, source = np.ones((2, size // piece, piece // 8))  # zeros would get their memory when they are written
    pieces = cycle(zip(target, source, strict=True))
    calls: dict[str, Callable[[], object]] = {}
    if dtype in GEMM:
        left = np.full((extent, extent), 0.5, dtype)
        right, product = np.full((extent, extent), 0.25, dtype), np.empty((extent, extent), dtype)
        calls[PRODUCT] = lambda: np.matmul(left, right, out=product)
    calls[COPY] = lambda: np.copyto(*next(pieces))  # last, so that no call beside it finds its caches swept
    if PRODUCT in calls:
        calls[PRODUCT]()
    operations = extent**3 * (8 if dtype.startswith("complex") else 2)
    return Yardsticks(calls=calls, copied=2 * source[0].nbytes, operations=operations)


def measure_peaks(
    dtype: str, clock: Callable[[], float] = perf_counter, extent: int = EXTENT, size: int | None = None
) -> Peaks:
    """Return the peaks for a dtype: the fastest of five copies and of five products."""
    measured = yardsticks(dtype, extent, size)
    found = measured.peaks(interleave(measured.calls, ROUNDS, clock))
    assert found is not None
    return found
