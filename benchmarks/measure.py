"""What the benchmarks share: where they stand, the command that repeats a run, a verdict, and einloop's measuring."""

from __future__ import annotations

import os
import sys
from pathlib import Path

try:
    import einloop  # noqa: F401

    CHECKOUT = False
except ModuleNotFoundError:
    CHECKOUT = True
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from einloop.measure.host import blas_kernel, environment, machine
from einloop.measure.timing import Ratio, Timing, interleave, ratio

ROOT = Path(__file__).resolve().parents[1]


def command() -> str:
    """Return the command line that repeats this run."""
    return " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])


def restart_on_one_thread() -> None:
    """Start this script again where the environment gives BLAS more threads, or another kernel than this processor's.

    Libraries read it when they are loaded.
    """
    env = environment(1, os.environ)
    if env != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.argv], env)


def verdict(met: bool, goal: str) -> str:
    """Return a goal with whether it was met."""
    return f"{goal}: {'met' if met else 'missed'}"


__all__ = [
    "CHECKOUT",
    "ROOT",
    "Ratio",
    "Timing",
    "blas_kernel",
    "command",
    "interleave",
    "machine",
    "ratio",
    "restart_on_one_thread",
    "verdict",
]
