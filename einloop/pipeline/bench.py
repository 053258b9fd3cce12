"""How long einloop's targets and their rivals take for an expression, as a Report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from ..core.dtypes import common_dtype
from ..core.errors import OptionError, displayed
from ..core.machine import Machine
from ..core.options import Options, check_threads
from ..core.report import Report
from ..core.roofline import Roofline, Work
from ..core.spec import Spec
from ..measure.contest import MIN_ROUNDS, Contest, contest
from ..measure.host import blas_threads
from ..measure.peaks import GEMM, Yardsticks, yardsticks
from ..measure.rivals import set_torch_threads
from ..targets.target import load_target, runnable_targets
from .bench_page import Measured, page_of
from .contestants import (
    Contestant,
    Rivals,
    Rules,
    check_any_runs,
    compiled,
    failure,
    own_entrants,
    reference,
    rival_entrants,
    usual_rivals,
)
from .expression import read_whole
from .problem import Problem, problem_of, too_large, work_of

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


def bench(text: str, options: Options, request: BenchRequest) -> Report:
    """Return what was measured. Raises EinloopError where the expression or an option is refused, where a size is
    unknown (EL460), where the arrays do not fit the memory (EL461), and where no target can run (EL464)."""
    check_request(request)
    return bench_spec(read_whole(text, options), options, request)


def bench_spec(spec: Spec, options: Options, request: BenchRequest) -> Report:
    """Return what was measured of an expression that was read."""
    check_request(request)
    targets = _targets(request, options)
    problem = problem_of(spec, options)
    work = work_of(spec, problem.sizes, problem.dtypes)
    if request.drawn:
        _check_drawable(work, problem)
    try:
        return page_of(spec, _measured(problem, work, targets, request))
    except MemoryError:
        raise too_large(spec, problem.sizes, problem.dtypes) from None


def _measured(problem: Problem, work: Work, targets: tuple[str, ...], request: BenchRequest) -> Measured:
    """Return what was measured: everyone is made ready and checked, then all run interleaved, the peaks among them."""
    limit = request.seconds / MIN_ROUNDS
    with ExitStack() as stack:
        stack.enter_context(blas_threads(request.threads))
        set_torch_threads(request.threads)
        request.told("computing the right result")
        expected, by = reference(problem, limit, request.clock)
        rules = Rules(
            threads=request.threads,
            expected=expected,
            limit=limit,
            rivals=request.rivals,
            compiled=request.compiled,
            clock=request.clock,
            told=request.told,
        )
        ours = own_entrants(problem, targets, rules)
        check_any_runs(ours)
        everyone = (*ours, *rival_entrants(problem, rules))
        request.told("measuring")
        measures = request.peaks(common_dtype(problem.dtypes))
        found = contest(
            {one.name: one.call for one in everyone if one.call is not None},
            rounds=request.rounds,
            seconds=request.seconds,
            beside=measures.calls,
            keep=request.keep,
            clock=request.clock,
            told=lambda number, of: request.told(f"measuring: round {number} of {of}"),
        )
    peaks = measures.peaks(found.timings)
    assert peaks is not None
    return Measured(
        everyone=_judged(everyone, found),
        found=found,
        roofline=Roofline(work=work, peaks=peaks),
        threads=request.threads,
        seconds=request.seconds,
        reference=by,
        dtypes=problem.dtypes,
        empty=not problem.points,
        cache=Machine.detect().level3,
    )


def check_request(request: BenchRequest) -> None:
    """Raise OptionError for counts and times that mean nothing (EL462), or too many threads (EL479)."""
    for name, value, least in (("rounds", request.rounds, 1), ("threads", request.threads, 1)):
        if value < least:
            raise OptionError("EL462", f"{value} {name}: at least {least}")
    check_threads(request.threads)
    if not 0 < request.seconds <= MAX_SECONDS:
        why = f"expected more than 0 and at most {MAX_SECONDS:,} seconds, got {displayed(request.seconds)}"
        raise OptionError("EL462", why)


def _check_drawable(work: Work, problem: Problem) -> None:
    """Raise OptionError where there is no roofline to draw (EL463)."""
    dtype = common_dtype(problem.dtypes)
    if not work.operations:
        why = "elements are moved" if problem.points else "an extent is 0"
        raise OptionError("EL463", f"there is no roofline to draw: nothing is computed, {why}", hint="leave --plot out")
    if dtype not in GEMM:
        raise OptionError(
            "EL463",
            f"there is no roofline to draw for {dtype}: BLAS has no product whose speed would be the roof",
            hint=f"one of {', '.join(GEMM)}",
        )


def _targets(request: BenchRequest, options: Options) -> tuple[str, ...]:
    """Return the targets asked for, each of which exists, else all that can be run."""
    if request.targets:
        for name in request.targets:
            load_target(name, options.templates)
        return tuple(dict.fromkeys(request.targets))
    return runnable_targets()


def _judged(everyone: tuple[Contestant, ...], found: Contest) -> tuple[Contestant, ...]:
    """Return the contestants in their order, those first who took part to the end; who failed says why."""
    judged = [
        replace(one, reason=failure(found.failed[one.name])) if one.name in found.failed else one for one in everyone
    ]
    return tuple(sorted(judged, key=lambda one: one.name not in found.timings))
