"""What the benchmarks share: interleaved rounds, their figures, and the machine they ran on."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The seconds that one thing took, a figure per round."""

    rounds: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """Seconds of the fastest round: what the work takes when nothing disturbs it."""
        return min(self.rounds)

    @property
    def median(self) -> float:
        """Seconds of the middle round."""
        return median(self.rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One timing over another: of the minima, of the medians, and the middle half of the ratios round by round."""

    minima: float
    medians: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.minima:.2f} (minima), {self.medians:.2f} (medians), {self.low:.2f} to {self.high:.2f} (rounds)"


def ratio(this: Timing, that: Timing) -> Ratio:
    """Return `this` over `that`; both were measured in the same rounds."""
    each = [a / b for a, b in zip(this.rounds, that.rounds, strict=True)]
    low, _, high = quantiles(each, n=4, method="inclusive") if len(each) > 1 else each * 3
    return Ratio(minima=this.minimum / that.minimum, medians=this.median / that.median, low=low, high=high)


def interleave(work: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Return a timing per piece of work: each runs once a round, in turn, the order reversed every other round.

    A machine that slows down for a while then slows all of them alike.
    """
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds):
        for name in list(work) if number % 2 == 0 else reversed(work):
            start = perf_counter()
            work[name]()
            seconds[name].append(perf_counter() - start)
    return {name: Timing(rounds=tuple(each)) for name, each in seconds.items()}


def machine() -> str:
    """Return the cores, the processor's model and the Python version, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {_processor()}, {platform.python_implementation()} {platform.python_version()}"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def command() -> str:
    """Return the command line that repeats this run."""
    return " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *sys.argv[1:]])


def verdict(met: bool, goal: str) -> str:
    """Return a goal with whether it was met."""
    return f"{goal}: {'met' if met else 'missed'}"
