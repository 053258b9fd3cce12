"""What this machine can do at best, measured: bytes a second of a copy, operations a second of a BLAS product."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from ..core.machine import Machine
from ..core.roofline import Peaks
from .timing import interleave

GEMM = ("float32", "float64", "complex64", "complex128")
"""Dtypes whose products numpy gives to BLAS."""
EXTENT = 768
SMALLEST, LARGEST = 64 << 20, 128 << 20
"""Bytes of an array that is copied: twice the last cache, within these."""
ROUNDS = 5


def measure_peaks(
    dtype: str, clock: Callable[[], float] = perf_counter, extent: int = EXTENT, size: int | None = None
) -> Peaks:
    """Return the peaks for a dtype: the fastest of five copies and of five products of square matrices.

    A copy of n bytes counts as 2 n: read once, written once. There is no BLAS for other dtypes than GEMM: None.
    `size`: bytes of the array to copy.
    """
    import numpy as np

    size = size or max(SMALLEST, min(LARGEST, 2 * Machine.detect().level3))
    source, target = np.ones(size // 8), np.zeros(size // 8)
    work: dict[str, Callable[[], object]] = {"copy": lambda: np.copyto(target, source)}
    if dtype in GEMM:
        left = np.full((extent, extent), 0.5, dtype)
        right, product = np.full((extent, extent), 0.25, dtype), np.empty((extent, extent), dtype)
        work["gemm"] = lambda: np.matmul(left, right, out=product)
    for one in work.values():
        one()
    found = interleave(work, ROUNDS, clock)
    operations = extent**3 * (8 if dtype.startswith("complex") else 2)
    return Peaks(
        bandwidth=2 * source.nbytes / found["copy"].minimum,
        gemm=operations / found["gemm"].minimum if "gemm" in found else None,
    )
