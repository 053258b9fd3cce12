"""EL711, EL712: what combining the operands two at a time costs, against inputs and output, and against one nest."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from ...core.message import Code, Message, codes
from ...core.path import Step
from ...core.report import Finding, Severity
from ...core.spec import Spec
from ..path import contraction_path, path_sizes
from .case import Case, amount

FAR_LARGER = 10
"""How many times larger than every input and the output an intermediate is worth a note."""
LARGE = 10**6
"""Elements below which no intermediate is worth a note: 8 MB of float64."""
MANY_TIMES = 10
LONG_RUN = 10**7
"""Iterations of one nest that np.einsum takes some hundredths of a second for; below nobody asks why it is slow."""


def path_costs(case: Case) -> Iterator[Finding]:
    """Yield notes on the largest intermediate, and on iterations that a path saves; where every extent is known."""
    spec = case.spec
    numbers = all(isinstance(index.extent, int) for index in spec.indices)
    if len(spec.operands) < 3 or not numbers or any(index.extent == 0 for index in spec.indices):
        return
    steps = contraction_path(spec)
    if steps is None:
        return
    sizes = dict(path_sizes(spec))
    yield from _largest(spec, steps, sizes)
    naive = prod(sizes.values())
    along = sum(step.points(sizes) for step in steps)
    if naive >= LONG_RUN and naive >= MANY_TIMES * along:
        values = {"naive": amount(naive), "along": amount(along), "call": Code("optimize=True")}
        message = Message("diagnose.naive", values)
        yield Finding(id="EL712", severity=Severity.NOTE, message=message, text=spec.source.text)


def _largest(spec: Spec, steps: tuple[Step, ...], sizes: dict[str, int]) -> Iterator[Finding]:
    ends = [prod(extent for extent in op.shape or () if isinstance(extent, int)) for op in spec.operands]
    ends.append(prod(sizes[label] for label in spec.output))
    largest = max(steps[:-1], key=lambda step: step.elements(sizes), default=None)
    if largest is None or largest.elements(sizes) < FAR_LARGER * max(ends) or largest.elements(sizes) < LARGE:
        return
    values = {
        "elements": amount(largest.elements(sizes)),
        "indices": codes(list(largest.output)),
        "largest": amount(max(ends)),
    }
    message = Message("diagnose.intermediate", values)
    yield Finding(id="EL711", severity=Severity.NOTE, message=message, text=spec.source.text)
