"""EL712: how many iterations combining the operands two at a time saves."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ..path import contraction_path, path_sizes
from .case import CheckCase, amount

MANY_TIMES = 10
LONG_RUN = 10**7
"""Iterations of one nest that np.einsum takes some hundredths of a second for; below nobody asks why it is slow."""


def path_costs(case: CheckCase) -> Iterator[Finding]:
    """Yield a note on iterations that a path saves; where every extent is known."""
    spec = case.spec
    numbers = all(isinstance(index.extent, int) for index in spec.indices)
    if not case.numpy or len(spec.operands) < 3 or not numbers or any(index.extent == 0 for index in spec.indices):
        return
    steps = contraction_path(spec)
    if steps is None:
        return
    sizes = dict(path_sizes(spec))
    naive = prod(sizes.values())
    along = sum(step.points(sizes) for step in steps)
    if naive >= LONG_RUN and naive >= MANY_TIMES * along:
        values = {"naive": amount(naive), "along": amount(along), "call": Code("optimize=True")}
        message = Message("diagnose.naive", values)
        yield Finding(id="EL712", severity=Severity.NOTE, message=message, text=spec.source.text)
