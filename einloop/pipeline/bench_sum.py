"""A sum of einsums and Options in, what was measured of it out: einloop's targets and numpy's own statement."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..core.combination import Statements
from ..core.dtypes import COMPLEXES, FLOATS, common_dtype
from ..core.errors import EinloopError, OptionError
from ..core.joint import JointSum
from ..core.joint_program import right_side
from ..core.machine import Machine
from ..core.message import Code, Message
from ..core.options import Options
from ..core.report import Report
from ..measure.contest import MIN_ROUNDS, contest
from ..measure.host import blas_threads
from ..measure.rivals import evaluating
from ..proof.compare import Rule, difference
from ..proof.written_out import WrittenOut
from .bench_page import Measured, page_of
from .bench_request import BenchRequest, judged, targets_of
from .compile.backends import AUTO
from .compile.sums import compile_text
from .contestants import Contestant, check_any_runs, failure, interpreted, slow
from .problem import Problem, problem_of
from .statements import bind_combination, check_whole_arrays

SECONDS_A_POINT = 2e-7
"""About what Python's interpreter takes for a loop iteration."""
STATEMENT, WITH_PATHS = "numpy", "numpy, optimize=True"


def bench_sum(found: Statements, options: Options, request: BenchRequest) -> Report:
    """Return what was measured of one statement. Raises OptionError for several, for parts of arrays, and where `bench`
    does."""
    text = found.combinations[0].source.text
    if len(found.combinations) > 1:
        hint = found.combinations[0].text()
        raise OptionError("EL435", "several statements are measured one at a time", text=text, hint=hint)
    if request.drawn:
        raise OptionError("EL463", "there is no roofline of a sum of einsums", hint="leave --plot out")
    joint = bind_combination(found.combinations[0], options)
    check_whole_arrays(joint, "arrays are measured as they are")
    problem = problem_of(joint.spec, replace(options, shapes=(), loaded=(), sizes={}))
    names = [operand.name or "" for operand in joint.spec.operands]
    arrays = dict(zip(reversed(names), reversed(problem.arrays), strict=True))  # the first of one name
    given = {name: arrays[name] for name in dict.fromkeys(names)}
    entrants = _Entrants(joint=joint, problem=problem, arrays=given, options=options, request=request)
    with ExitStack() as stack:
        stack.enter_context(blas_threads(request.threads))
        ours = tuple(entrants.ours(target) for target in targets_of(request, options))
        check_any_runs(ours)
        everyone = (*ours, entrants.numpy(STATEMENT), entrants.numpy(WITH_PATHS))
        request.told("measuring")
        timed = contest(
            {one.name: one.call for one in everyone if one.call is not None},
            rounds=request.rounds,
            seconds=request.seconds,
            keep=request.keep,
            clock=request.clock,
            told=lambda number, of: request.told(f"measuring: round {number} of {of}"),
        )
    measured = Measured(
        everyone=judged(everyone, timed),
        found=timed,
        roofline=None,
        threads=request.threads,
        seconds=request.seconds,
        reference=STATEMENT,
        dtypes=problem.dtypes,
        empty=not problem.points,
        cache=Machine.detect().level3,
    )
    return page_of(text, measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entrants:
    """What everybody computes: a sum, on an array for each name."""

    joint: JointSum
    problem: Problem
    arrays: Mapping[str, Any]
    options: Options
    request: BenchRequest

    def ours(self, target: str) -> Contestant:
        """Return one of einloop's targets, compiled."""
        seconds = self.problem.points * len(self.joint.terms) * SECONDS_A_POINT
        limit = self.request.seconds / MIN_ROUNDS
        if interpreted(target) and seconds > limit:
            return slow(target, True, seconds, limit)
        self.request.told(f"compiling and checking {target}")
        asked = replace(self.options, target=target, schedule=(AUTO,), threads=self.request.threads, dtypes=())

        def make() -> Callable[[], Any]:
            function = compile_text(self.joint.spec.source.text, asked)
            return partial(function, *(self.arrays[name] for name in function.operands))

        return self._checked(target, make, ours=True)

    def numpy(self, name: str) -> Contestant:
        """Return the statement as numpy computes it, each einsum along a path where the name says so."""
        self.request.told(f"checking {name}")
        code = right_side(self.joint.statements.combinations[0], {name: name for name in self.arrays})
        return self._checked(name, lambda: evaluating(code, self.arrays, paths=name == WITH_PATHS), ours=False)

    def _checked(self, name: str, make: Callable[[], Callable[[], Any]], *, ours: bool) -> Contestant:
        """Return who computes the sum with what `make` returns, or why somebody takes no part."""
        before = os.times()
        try:
            call = make()
            found = self._difference(call())
        except (EinloopError, MemoryError) as error:
            refusal = error if isinstance(error, EinloopError) and ours else None
            return Contestant(name=name, ours=ours, reason=failure(error), refusal=refusal)
        if found is not None:
            return Contestant(name=name, ours=ours, reason=found, wrong=True)
        if not ours:
            return Contestant(name=name, ours=False, call=call)
        after = os.times()
        processor = sum(after[:4]) - sum(before[:4])
        said = tuple(getattr(getattr(call, "func", None), "decisions", ()))
        return Contestant(
            name=name, ours=True, call=call, ready=after[4] - before[4], processor=processor, decisions=said
        )

    def _difference(self, value: Any) -> Message | None:
        names = tuple(operand.name or "" for operand in self.joint.spec.operands)
        right = WrittenOut(joint=self.joint, operands=names)
        given = list(self.arrays.values())
        common = common_dtype(self.problem.dtypes)
        rule = Rule(
            exact=right.exact and common not in FLOATS and common not in COMPLEXES,
            factors=len(names),
            terms=self.problem.terms,
            scale=right.scale(given),
        )
        found = difference(value, right.value(given), rule)
        return None if found is None else Message("bench.out.wrong", {"text": Code(found.reason)})
