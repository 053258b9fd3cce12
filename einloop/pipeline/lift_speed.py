"""How long the ways to compute a lifted einsum take: loops, np.einsum, plain numpy, compiled loops. Measures here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ..core.bind import bind_sizes
from ..core.combination import Statements
from ..core.errors import EinloopError
from ..core.options import Options
from ..core.report import Report
from ..core.spec import Spec
from ..measure.rivals import NUMPY, NUMPY_PATH, RIVALS, Rival
from .bench import bench_spec
from .bench_request import BenchRequest
from .bench_sum import STATEMENT, bench_sum
from .contestants import usual_rivals
from .problem import Problem
from .statements import bind_combination

POINTS = 100_000
"""Loop iterations of the sizes that are chosen where none are given."""
SECONDS = 0.5
TARGETS = ("c", "python")
NAMES = {"c": "einloop.compile", "python": "the loops in Python", STATEMENT: "this statement"}


def speed_note(spec: Spec) -> str | None:
    """Return how long each way takes, the quickest first; None where nothing can be measured."""
    if not spec.indices:
        return None
    sizes, sized = _sizes(spec), spec
    if not all(isinstance(index.extent, int) for index in spec.indices):
        bare = replace(spec, operands=tuple(replace(operand, shape=None) for operand in spec.operands))
        sized = bind_sizes(bare, sizes=sizes)
    try:
        report = bench_spec(sized, Options(), BenchRequest(targets=TARGETS, seconds=SECONDS, rivals=_rivals))
    except EinloopError:
        return None
    return _told(report, sizes)


def speed_note_of_sum(statements: Statements, options: Options) -> str | None:
    """Return the same of a sum of einsums; None of several statements too, and of parts of arrays."""
    try:
        spec = bind_combination(statements.combinations[0], options).spec
        known = {name: size for name, size in options.sizes.items() if name not in spec.by_label}
        sizes = _sizes(spec)
        given = replace(options, sizes={**known, **sizes}, target="python", schedule=())
        report = bench_sum(statements, given, BenchRequest(targets=TARGETS, seconds=SECONDS))
    except EinloopError:
        return None
    return _told(report, sizes)


def _sizes(spec: Spec) -> dict[str, int]:
    """Return the extent of every index, chosen where it is not known."""
    extent = max(2, round(POINTS ** (1 / max(len(spec.indices), 1))))
    return {i.label: i.extent if isinstance(i.extent, int) else extent for i in spec.indices}


def _told(report: Report, sizes: Mapping[str, int]) -> str:
    rows: list[Mapping[str, Any]] = next(
        cast("Any", section.facts["contestants"]) for section in report.sections if "contestants" in section.facts
    )
    timed = sorted((row["minimum"], NAMES.get(row["name"], row["name"])) for row in rows if row.get("minimum"))
    lengths = ", ".join(f"{label}={extent}" for label, extent in sizes.items())
    return f"measured at {lengths}: {', '.join(f'{name} {_shown(seconds)}' for seconds, name in timed)}"


def _rivals(problem: Problem) -> tuple[Rival, ...]:
    """Return numpy's ways alone: other libraries take seconds to load."""
    return tuple(one for one in usual_rivals(problem) if one in (NUMPY, NUMPY_PATH) or one not in RIVALS)


def _shown(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
