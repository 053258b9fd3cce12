"""One case of the suite, measured: its targets and their rivals in the same rounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

from cases import Case
from goals import RIVAL_IDS

from einloop.core.options import Options
from einloop.measure.contest import contest, seconds_of
from einloop.measure.rivals import NUMPY_PATH
from einloop.pipeline.contestants import Contestant, Rules, compiled, entrants, reference
from einloop.pipeline.expression import read_spec
from einloop.pipeline.problem import Problem, problem_of

BLAS = "blas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Seconds by contestant, and ratios.

    `times` of targets and rivals; `ready`: of the processor, until a target could be called; `over_blas`: BLAS's time
    over the target's, both writing into a given array; `reasons` of those who were not timed.
    """

    case: Case
    times: dict[str, float]
    medians: dict[str, float]
    ready: dict[str, float]
    over_blas: dict[str, float]
    reasons: dict[str, str]

    def ratio(self, rival: str, target: str) -> float | None:
        """Return a rival's time over a target's, None where one of them was not timed."""
        if rival == BLAS:
            return self.over_blas.get(target)
        if rival not in self.times or target not in self.times:
            return None
        return self.times[rival] / self.times[target]

    def fastest(self, target: str) -> float | None:
        """Return the time of the fastest rival over a target's."""
        rivals = [self.times[name] for name in RIVAL_IDS.values() if name in self.times]
        return min(rivals) / self.times[target] if rivals and target in self.times else None


def measured(case: Case, targets: tuple[str, ...], *, rounds: int, seconds: float, threads: int, blas: bool) -> Row:
    """Return the times of a case, everybody's result compared with np.einsum's first."""
    problem = problem_for(case)
    limit = seconds / 3
    expected, _ = reference(problem, limit)
    rules = Rules(threads=threads, expected=expected, limit=limit)
    everyone = [one for one in entrants(problem, targets, rules) if one.ours or one.name in RIVAL_IDS]
    calls: dict[str, Callable[[], object]] = {short(one): one.call for one in everyone if one.call is not None}
    product = matmul_views(problem) if blas else None
    if product is not None:
        calls |= with_out(problem, product, [name for name in targets if name in calls], threads)
    found = contest(calls, rounds=rounds, seconds=seconds, drop=False)
    out = {name: one for name, one in found.timings.items() if name.startswith(BLAS)}
    return Row(
        case=case,
        times={name: one.minimum for name, one in found.timings.items() if name not in out},
        medians={name: one.median for name, one in found.timings.items() if name not in out},
        ready={one.name: one.processor for one in everyone if one.processor is not None},
        over_blas={
            name.partition(" ")[2]: out[BLAS].minimum / one.minimum for name, one in out.items() if name != BLAS
        } if BLAS in out else {},
        reasons={short(one): reason(one) for one in everyone if one.reason is not None}
        | {name: f"{each:.3g} s a call" for name, each in found.too_slow.items()},
    )  # fmt: skip


def problem_for(case: Case) -> Problem:
    """Return the arrays of a case."""
    options = Options(sizes=case.sizes, dtypes=((None, case.dtype),))
    return problem_of(read_spec(case.subscripts, options), options)


def path_seconds(case: Case) -> float:
    """Return about how long np.einsum with a path takes for a case."""
    problem = problem_for(case)
    call = NUMPY_PATH.prepare(problem.spec.subscripts, problem.arrays)
    call()
    return min(seconds_of(call) for _ in range(3))


def short(contestant: Contestant) -> str:
    """Return the name of a contestant in the table and the log."""
    return RIVAL_IDS.get(contestant.name, contestant.name)


def reason(contestant: Contestant) -> str:
    """Return why a contestant takes no part, in English."""
    from einloop.views.catalogue import load_catalogue

    assert contestant.reason is not None
    return load_catalogue("en").text(contestant.reason)


def with_out(
    problem: Problem, product: Callable[[Any], Callable[[], object]], targets: list[str], threads: int
) -> dict[str, Callable[[], object]]:
    """Return BLAS writing into an array, and the targets doing the same. Everyone has an array of its own."""
    import numpy as np

    shape = tuple(problem.sizes[label] for label in problem.spec.output)
    dtype = np.result_type(*problem.arrays)
    calls: dict[str, Callable[[], object]] = {BLAS: product(np.empty(shape, dtype))}
    for target in targets:
        made = compiled(
            problem.spec.subscripts,
            target=target,
            shapes=tuple(array.shape for array in problem.arrays),
            dtypes=problem.dtypes,
            threads=threads,
        )
        calls[f"{BLAS} {target}"] = partial(made, *problem.arrays, out=np.empty(shape, dtype))
    return calls


def matmul_views(problem: Problem) -> Callable[[Any], Callable[[], object]] | None:
    """Return np.matmul into an array where the arrays, seen as matrices without a copy, are a product of matrices."""
    import numpy as np

    if len(problem.arrays) != 2:
        return None
    left, right = (op.labels for op in problem.spec.operands)
    target = problem.spec.output
    batch = tuple(x for x in target if x in left and x in right)
    rows, columns = (
        tuple(x for x in target if x in one and x not in other) for one, other in ((left, right), (right, left))
    )
    depth = tuple(x for x in left if x in right and x not in target)
    if target != (*batch, *rows, *columns) or not rows or not columns or not depth:
        return None
    size = problem.sizes

    def matrices(array: Any, labels: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]) -> Any:
        lead = [size[x] for x in batch]
        straight = [prod(size[x] for x in first), prod(size[x] for x in second)]
        if labels == (*batch, *first, *second):
            return array.reshape(lead + straight)
        return array.reshape(lead + straight[::-1]).swapaxes(-1, -2) if labels == (*batch, *second, *first) else None

    a, b = matrices(problem.arrays[0], left, rows, depth), matrices(problem.arrays[1], right, depth, columns)
    if a is None or b is None:
        return None
    return lambda out: partial(np.matmul, a, b, out=matrices(out, target, rows, columns))
