"""What the benchmarks share: where they stand, the command that repeats a run, a verdict, and einloop's measuring."""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import einloop  # noqa: F401

    CHECKOUT = False
except ModuleNotFoundError:
    CHECKOUT = True
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from einloop.measure.host import blas_kernel, machine
from einloop.measure.timing import Ratio, Timing, interleave, ratio

ROOT = Path(__file__).resolve().parents[1]


def command() -> str:
    """Return the command line that repeats this run."""
    return " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])


def verdict(met: bool, goal: str) -> str:
    """Return a goal with whether it was met."""
    return f"{goal}: {'met' if met else 'missed'}"


__all__ = ["CHECKOUT", "ROOT", "Ratio", "Timing", "blas_kernel", "command", "interleave", "machine", "ratio", "verdict"]
