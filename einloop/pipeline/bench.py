"""How long einloop's targets and their rivals take for an expression, as a Report."""

from __future__ import annotations

from contextlib import ExitStack

from ..core.dtypes import common_dtype
from ..core.errors import OptionError
from ..core.machine import Machine
from ..core.options import Options
from ..core.report import Report
from ..core.roofline import Roofline, Work
from ..core.spec import Spec
from ..measure.contest import MIN_ROUNDS, contest
from ..measure.host import blas_threads
from ..measure.peaks import GEMM
from ..measure.rivals import set_torch_threads
from .bench_page import Measured, page_of
from .bench_request import BenchRequest, check_request, judged, targets_of
from .contestants import Rules, check_any_runs, own_entrants, reference, rival_entrants
from .expression import read_expression
from .problem import Problem, problem_of, too_large, work_of


def bench(text: str, options: Options, request: BenchRequest) -> Report:
    """Return what was measured. Raises EinloopError where the expression or an option is refused, where a size is
    unknown (EL460), where the arrays do not fit the memory (EL461), and where no target can run (EL464)."""
    check_request(request)
    found = read_expression(text, options, whole=True)
    if isinstance(found, Spec):
        return bench_spec(found, options, request)
    from .bench_sum import bench_sum  # a plain expression is spared it

    return bench_sum(found, options, request)


def bench_spec(spec: Spec, options: Options, request: BenchRequest) -> Report:
    """Return what was measured of an expression that was read."""
    check_request(request)
    targets = targets_of(request, options)
    problem = problem_of(spec, options)
    work = work_of(spec, problem.sizes, problem.dtypes)
    if request.drawn:
        _check_drawable(work, problem)
    try:
        return page_of(spec.source.text or spec.subscripts, _measured(problem, work, targets, request))
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
        everyone=judged(everyone, found),
        found=found,
        roofline=Roofline(work=work, peaks=peaks),
        threads=request.threads,
        seconds=request.seconds,
        reference=by,
        dtypes=problem.dtypes,
        empty=not problem.points,
        cache=Machine.detect().level3,
    )


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
