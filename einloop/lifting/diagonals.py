"""Terms in, the same terms out: an index along a diagonal of a flat array is one that several axes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .terms import Monomial, ReadAxis

MAX_AXES = 8
"""Axes that a flat array is taken apart into."""
Levels = tuple[int, ...]
"""The label of every axis, slow to fast."""


def with_diagonals(runs: Sequence[Monomial]) -> list[Monomial]:
    """Return a term, as every run has it, where flat operands that are read along diagonals have the axes of those.

    `a[i * (n + 1)]` is `a.reshape(n, n)` with one index twice, if that is so in every run.
    """
    made = list(runs)
    for place in range(len(made[0].operands)):
        common = set.intersection(*(_readings(run, place) for run in made))
        count = len(made[0].operands[place][0].labels) if made[0].operands[place] else 0
        if common and (levels := min(common, key=lambda one: (len(one), one))) and len(levels) > count:
            made = [_read(run, place, levels) for run in made]
    return made


def _readings(run: Monomial, place: int) -> set[Levels]:
    """Return the axes that the only axis of an operand may be made of, each as long as its label, without gaps."""
    operand = run.operands[place]
    if len(operand) != 1 or operand == run.result:
        return set()
    (axis,) = operand
    return set(_levels(dict(zip(axis.labels, axis.steps, strict=True)), run.lengths, 1, ()))


def _levels(left: dict[int, int], lengths: Sequence[int], stride: int, found: Levels) -> Iterator[Levels]:
    """Yield the axes, the fastest last, whose strides add up to what is left of every label's step."""
    if not any(left.values()):
        yield found
    elif len(found) < MAX_AXES:
        for label, step in left.items():
            if step >= stride and lengths[label] > 1:
                yield from _levels({**left, label: step - stride}, lengths, stride * lengths[label], (label, *found))


def _read(run: Monomial, place: int, levels: Levels) -> Monomial:
    """Return a term whose operand has these axes."""
    steps = [1]
    for label in reversed(levels[1:]):
        steps.append(steps[-1] * run.lengths[label])
    axis = ReadAxis(labels=levels, steps=tuple(reversed(steps)), start=run.operands[place][0].start)
    return replace(run, operands=(*run.operands[:place], (axis,), *run.operands[place + 1 :]))
