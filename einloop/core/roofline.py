"""The roofline: how fast work can run at best, from its operations and bytes and the machine's two peaks.

Source: S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model", 2009.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """Bytes a second of a copy, and operations a second of a BLAS matrix product (None: no BLAS for the dtype)."""

    bandwidth: float
    gemm: float | None = None

    def best(self, other: Peaks) -> Peaks:
        """Return the higher of each: a machine that is busy for a while shows less than it can."""
        gemm = None if self.gemm is None or other.gemm is None else max(self.gemm, other.gemm)
        return Peaks(bandwidth=max(self.bandwidth, other.bandwidth), gemm=gemm)


class Bound(Enum):
    """What holds work back at best."""

    MEMORY = "memory"
    ARITHMETIC = "arithmetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Operations, and bytes when every array is touched once."""

    operations: int
    bytes: int

    @property
    def intensity(self) -> float:
        """Operations a byte; 0 where nothing is touched.

        >>> Work(operations=100, bytes=50).intensity
        2.0
        """
        return self.operations / self.bytes if self.bytes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Roofline:
    """Some work on some machine."""

    work: Work
    peaks: Peaks

    @property
    def seconds(self) -> float:
        """The least time: that of the arithmetic or that of the bytes, whichever is longer.

        >>> Roofline(work=Work(operations=100, bytes=50), peaks=Peaks(bandwidth=50.0, gemm=50.0)).seconds
        2.0
        """
        arithmetic = self.work.operations / self.peaks.gemm if self.peaks.gemm else 0.0
        return max(arithmetic, self.work.bytes / self.peaks.bandwidth)

    @property
    def attainable(self) -> float:
        """Operations a second at best: the peak, or what the bandwidth feeds."""
        fed = self.work.intensity * self.peaks.bandwidth
        return fed if self.peaks.gemm is None else min(self.peaks.gemm, fed)

    @property
    def ridge(self) -> float | None:
        """Operations a byte at which the two roofs meet."""
        return None if self.peaks.gemm is None else self.peaks.gemm / self.peaks.bandwidth

    @property
    def bound(self) -> Bound:
        """Which roof is lower here.

        >>> Roofline(work=Work(operations=1, bytes=50), peaks=Peaks(bandwidth=50.0, gemm=50.0)).bound.value
        'memory'
        """
        return Bound.MEMORY if self.ridge is None or self.work.intensity < self.ridge else Bound.ARITHMETIC
