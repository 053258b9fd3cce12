"""What to measure, how often, for how long, and what stands in the way of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from ..core.errors import OptionError, displayed
from ..core.options import Options, check_threads
from ..measure.contest import Contest
from ..measure.peaks import Yardsticks, yardsticks
from ..targets.target import load_target, runnable_targets
from .contestants import Contestant, Rivals, compiled, failure, usual_rivals

MAX_SECONDS = 365 * 24 * 3600
"""How long measuring may take at most: a year, which arithmetic with nanoseconds still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRequest:
    """What to measure, how often, and for how long at most: seconds of measuring, for all together.

    `threads` of BLAS, torch and einloop. `drawn`: the roofline will be drawn, so there has to be one. `keep`: an
    interrupt ends the measuring, and what was measured until then is reported. `told(what)` hears how far it is.
    `rivals` says who else takes part; `compiled` compiles for a target; `peaks` gives the calls that measure peaks.
    """

    targets: tuple[str, ...] = ()
    rounds: int = 15
    seconds: float = 10.0
    threads: int = 1
    drawn: bool = False
    keep: bool = False
    told: Callable[[str], None] = lambda what: None
    clock: Callable[[], float] = perf_counter
    rivals: Rivals = usual_rivals
    compiled: Callable[..., Callable[..., Any]] = compiled
    peaks: Callable[[str], Yardsticks] = yardsticks


def check_request(request: BenchRequest) -> None:
    """Raise OptionError for counts and times that mean nothing (EL462), or too many threads (EL479)."""
    for name, value, least in (("rounds", request.rounds, 1), ("threads", request.threads, 1)):
        if value < least:
            raise OptionError("EL462", f"{value} {name}: at least {least}")
    check_threads(request.threads)
    if not 0 < request.seconds <= MAX_SECONDS:
        why = f"expected more than 0 and at most {MAX_SECONDS:,} seconds, got {displayed(request.seconds)}"
        raise OptionError("EL462", why)


def targets_of(request: BenchRequest, options: Options) -> tuple[str, ...]:
    """Return the targets asked for, each of which exists, else all that can be run."""
    if request.targets:
        for name in request.targets:
            load_target(name, options.templates)
        return tuple(dict.fromkeys(request.targets))
    return runnable_targets()


def judged(everyone: tuple[Contestant, ...], found: Contest) -> tuple[Contestant, ...]:
    """Return the contestants in their order, those first who took part to the end; who failed says why."""
    judged = [
        replace(one, reason=failure(found.failed[one.name])) if one.name in found.failed else one for one in everyone
    ]
    return tuple(sorted(judged, key=lambda one: one.name not in found.timings))
