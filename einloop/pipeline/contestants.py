"""The calls that compute an expression on given arrays: einloop's targets and their rivals, each one checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from ..core.arrays import ProductKind
from ..core.dtypes import COMPLEXES, FLOATS, common_dtype
from ..core.errors import EinloopError, OptionError, RunError
from ..core.message import Code, Message, Value
from ..core.names import choose_names
from ..core.options import Options
from ..measure.contest import seconds_of
from ..measure.rivals import NUMPY, NUMPY_PATH, RIVALS, Call, Rival, contiguous, evaluation
from ..proof.compare import Rule, difference
from ..proof.tolerance import reals_tell
from ..runners import RUNNERS
from ..targets.target import load_target
from .compile.backends import AUTO
from .compile.function import compile_expression
from .equivalents import written_equivalents
from .problem import Problem

Clock = Callable[[], float]
Rivals = Callable[[Problem], Sequence[Rival]]

PYTHON_PROBE, NUMPY_PROBE = 1_000, 100_000
"""Loop points of the small problem that tells how long a nest takes: the interpreter's, numpy's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Someone who computes it: `call`, with the seconds until it was ready and the processor's seconds among them,
    compilers' included; or `reason`, why it takes no part.

    `wrong`: it gave another result than np.einsum. `refusal`: the error that kept a target from running at all.
    `decisions`: what einloop says of how it made the call.
    """

    name: str
    ours: bool
    call: Call | None = None
    ready: float | None = None
    processor: float | None = None
    reason: Message | None = None
    wrong: bool = False
    refusal: EinloopError | None = None
    decisions: tuple[str, ...] = ()


def compiled(
    subscripts: str,
    *,
    target: str,
    shapes: tuple[tuple[int, ...], ...],
    dtypes: tuple[str, ...],
    threads: int = 1,
) -> Callable[..., Any]:
    """Return a function of arrays, and of `out`, made by a target for these shapes and dtypes.

    Raises EinloopError where the target does not exist, cannot be run here, is not for this dtype, or holds all that it
    may in this process.
    """
    options = Options(
        shapes=tuple((None, shape) for shape in shapes),
        dtypes=tuple((None, dtype) for dtype in dtypes),
        target=target,
        schedule=(AUTO,),
        threads=threads,
    )
    function = compile_expression(subscripts, options)
    if target not in (AUTO, function.target):
        raise RunError("EL642", function.decisions[0].rstrip("."))  # nobody's times stand for another's
    made: Callable[..., Any] = function
    return made


def usual_rivals(problem: Problem) -> tuple[Rival, ...]:
    """Return the libraries' ways, and the line of numpy without einsum that is the same: `A @ B`, a transposition."""
    names = choose_names(problem.spec, ("np",))
    for one in written_equivalents(problem.spec, names):
        tree = one.equivalent
        if tree.library == "numpy" and tree.kind is ProductKind.PLAIN and "\n" not in one.code:
            # an array alone could be a target's name
            code = f"{one.code}.copy()" if one.code.isidentifier() else one.code
            return (*RIVALS, evaluation(code, dict(zip(names.operands, problem.arrays, strict=True))))
    return RIVALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for all: threads, the right result, the seconds that one call may take, who else takes part, what
    compiles for a target, the clock, and who hears what is being done."""

    threads: int
    expected: Any
    limit: float
    rivals: Rivals = usual_rivals
    compiled: Callable[..., Callable[..., Any]] = compiled
    clock: Clock = perf_counter
    told: Callable[[str], None] = lambda what: None


def reference(problem: Problem, limit: float, clock: Clock = perf_counter) -> tuple[Any, str]:
    """Return np.einsum's result and the call that gave it: with a path only where the plain nest would take longer
    than `limit` seconds."""
    seconds = _estimate(problem, partial(NUMPY.prepare, problem.spec.subscripts), NUMPY_PROBE, clock)
    rival = NUMPY if seconds < limit else NUMPY_PATH
    _, values = contiguous(rival.prepare(problem.spec.subscripts, problem.arrays), problem.arrays)
    return values, rival.name


def entrants(problem: Problem, targets: Sequence[str], rules: Rules) -> tuple[Contestant, ...]:
    """Return everyone who was asked: targets first. Who is missing, wrong or slower than the limit says so."""
    return (*own_entrants(problem, targets, rules), *rival_entrants(problem, rules))


def own_entrants(problem: Problem, targets: Sequence[str], rules: Rules) -> tuple[Contestant, ...]:
    """Return einloop's targets, each compiled and checked."""
    return tuple(_target(problem, target, rules) for target in targets)


def rival_entrants(problem: Problem, rules: Rules) -> tuple[Contestant, ...]:
    """Return the others, each checked."""
    return tuple(_rival(problem, rival, rules) for rival in rules.rivals(problem))


def check_any_runs(targets: Sequence[Contestant]) -> None:
    """Raise OptionError where each of the targets refuses (EL464)."""
    refusals = [(one.name, one.refusal) for one in targets if one.refusal is not None]
    if not refusals or len(refusals) < len(targets):
        return
    reasons = "; ".join(f"{name}: {_first_line(refusal.message)}" for name, refusal in refusals)
    hint = next((refusal.hint for _, refusal in refusals if refusal.hint), None)
    raise OptionError("EL464", f"none of the targets can run here: {reasons}", hint=hint)


def _target(problem: Problem, target: str, rules: Rules) -> Contestant:
    """Return one of einloop's targets, compiled."""
    rules.told(f"compiling and checking {target}")
    make = partial(_compiled_call, problem.spec.subscripts, target, rules)
    try:
        if interpreted(target):
            seconds = _estimate(problem, make, PYTHON_PROBE, rules.clock)
            if seconds > rules.limit:
                return slow(target, True, seconds, rules.limit)
        start, before = rules.clock(), os.times()
        call = make(problem.arrays)
        contestant = _checked(target, True, call, problem, rules.expected)
        spent, after = rules.clock() - start, os.times()
    except EinloopError as error:
        return Contestant(name=target, ours=True, reason=failure(error), refusal=error)
    except MemoryError as error:
        return Contestant(name=target, ours=True, reason=failure(error))
    if contestant.call is None:
        return contestant
    once = seconds_of(contestant.call, rules.clock)
    ready, processor = (max(0.0, seconds - once) for seconds in (spent, sum(after[:4]) - sum(before[:4])))
    said = tuple(getattr(getattr(call, "func", None), "decisions", ()))
    return Contestant(name=target, ours=True, call=contestant.call, ready=ready, processor=processor, decisions=said)


def interpreted(target: str) -> bool:
    """Return whether an interpreter runs a target's loops: they may take hours."""
    runner = load_target(target).runner
    return runner is not None and RUNNERS[runner].interpreted


def _compiled_call(subscripts: str, target: str, rules: Rules, arrays: Sequence[Any]) -> Call:
    shapes, dtypes = tuple(array.shape for array in arrays), tuple(array.dtype.name for array in arrays)
    return partial(
        rules.compiled(subscripts, target=target, shapes=shapes, dtypes=dtypes, threads=rules.threads), *arrays
    )


def _rival(problem: Problem, rival: Rival, rules: Rules) -> Contestant:
    rules.told(f"checking {rival.name}")
    prepare = partial(rival.prepare, problem.spec.subscripts)
    try:
        if rival.nested:
            seconds = _estimate(problem, prepare, NUMPY_PROBE, rules.clock)
            if seconds > rules.limit:
                return slow(rival.name, False, seconds, rules.limit)
        return _checked(rival.name, False, prepare(problem.arrays), problem, rules.expected)
    except ImportError as error:
        missing = Code(error.name or str(error))
        return Contestant(name=rival.name, ours=False, reason=_said("bench.out.missing", missing))
    except Exception as error:  # a library may refuse a dtype or an expression in any way it likes
        return Contestant(name=rival.name, ours=False, reason=failure(error))


def _checked(name: str, ours: bool, call: Call, problem: Problem, expected: Any) -> Contestant:
    """Run a call once and compare its result with np.einsum's."""
    timed, values = contiguous(call, problem.arrays)
    common, factors, terms = common_dtype(problem.dtypes), len(problem.arrays), problem.terms
    while terms > 1 and not reals_tell(common, factors, terms):
        terms //= 2  # a bound on the error of so long a sum would let everything pass
    rule = Rule(
        exact=common not in FLOATS and common not in COMPLEXES,
        factors=factors,
        terms=terms,
        objects=common == "object",
    )
    found = difference(values, expected, rule)
    if found is not None:
        return Contestant(name=name, ours=ours, reason=_said("bench.out.wrong", Code(found.reason)), wrong=True)
    return Contestant(name=name, ours=ours, call=timed)


def _estimate(problem: Problem, prepare: Callable[[Sequence[Any]], Call], points: int, clock: Clock) -> float:
    """Return how many seconds a nest over all points would take, from a small problem that is run."""
    small, count = problem.shrunk(points)
    call = prepare(small)
    call()
    return seconds_of(call, clock) * problem.points / max(count, 1)


def slow(name: str, ours: bool, seconds: float, limit: float) -> Contestant:
    """Return somebody who would take so many seconds for a call, which is more than the limit."""
    values: dict[str, Value] = {"seconds": seconds, "limit": limit}
    return Contestant(name=name, ours=ours, reason=Message("bench.out.slow", values))


def failure(error: Exception) -> Message:
    """Return why somebody takes no part who raised an error."""
    return _refused(error.message if isinstance(error, EinloopError) else f"{type(error).__name__}: {error}")


def _refused(text: str) -> Message:
    return _said("bench.out.refused", Code(_first_line(text)))


def _first_line(text: str) -> str:
    """Return the first line of a complaint: compilers and libraries go on for pages."""
    return text.strip().partition("\n")[0]


def _said(id: str, text: Value) -> Message:
    return Message(id, {"text": text})
