"""The order of loops that reads memory as it lies. In: a stage addressed by strides; out: labels, outermost first."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod, sqrt

from ..core.buffer import Access
from ..core.dtypes import item_bytes
from ..core.machine import Machine
from ..core.nest import Head, Stage, StatementKind

WRITTEN = 1.5
"""A line of the result costs more than one of an operand: it is read and written."""
FAR = 16.0
"""What a step to another line costs at most, beside 1 for the next element."""
START = 8.0
"""Iterations that the start of a loop costs, about."""


def order_by_memory(stage: Stage, machine: Machine) -> tuple[str, ...]:
    """Return the labels of a stage's loops, so that the innermost loop steps through memory in the smallest steps.

    Free indices stand outside of summed ones, but for the innermost; where one operand is read once and the result is
    small, the loops follow that operand. Stages that are tiny keep the order of the result.
    """
    if not stage.heads:
        return ()
    if stage.kind is StatementKind.TINY:
        order = _tiny_order(stage, machine)
    else:
        order = _followed(stage, machine) or _smallest_steps(stage)
    return tuple(head.label for head in order)


def _smallest_steps(stage: Stage) -> tuple[Head, ...]:
    inner = min(stage.heads, key=lambda head: _cost(stage, head) * (1 + START / _extent(head)))
    rest = [head for head in stage.heads if head is not inner]
    return (*sorted(rest, key=lambda head: (head.summed, -_reach(stage, head))), inner)


def _tiny_order(stage: Stage, machine: Machine) -> tuple[Head, ...]:
    """Return the loops with free indices first, as the result lies in memory; but an index that fills whole vectors,
    along which every array that has it is contiguous, innermost."""
    target = stage.statement.target
    lanes = max(1, machine.vector_bytes // item_bytes(stage.dtype))
    for head in stage.heads:
        moves = [access.stride(head.index) for access in stage.arrays]
        if moves and moves[0] == 1 and not set(moves) - {0, 1} and _extent(head) % lanes == 0 and len(stage.heads) > 1:
            rest = sorted((h for h in stage.heads if h is not head), key=lambda h: -abs(target.stride(h.index)))
            return (*rest, head)
    free = [head for head in stage.heads if not head.summed]
    free.sort(key=lambda head: -abs(target.stride(head.index)))
    return (*free, *(head for head in stage.heads if head.summed))


def _cost(stage: Stage, head: Head) -> float:
    """Return how far apart the elements are that neighbouring iterations touch, weighed by the size of the arrays."""
    cost = 0.0
    for weight, stride in _weighed(stage, head):
        cost += weight * (0 if not stride else 1 if stride == 1 else min(FAR, 2 + sqrt(stride)))
    return cost


def _reach(stage: Stage, head: Head) -> float:
    """Return how far an iteration moves on, weighed by the size of the arrays: what moves furthest stands outermost."""
    return sum(weight * stride for weight, stride in _weighed(stage, head))


def _weighed(stage: Stage, head: Head) -> list[tuple[float, int]]:
    """Return the stride of an index in each array, with the share that the array has of what is read and written."""
    arrays = [(access, 1.0) for access in stage.factors] + [(stage.statement.target, WRITTEN)]
    spans = [(_span(access, stage.heads), weight, access) for access, weight in arrays if access.strides is not None]
    total = sum(span for span, _, _ in spans)
    return [(span / total * weight, abs(access.stride(head.index))) for span, weight, access in spans]


def _followed(stage: Stage, machine: Machine) -> tuple[Head, ...] | None:
    """Return the loops in the order of the one operand that has all indices, where it is larger than level 2 and what
    is added to stays in a part of it; None elsewhere."""
    heads, statement = stage.heads, stage.statement
    if not any(head.summed for head in heads) or statement.target.strides is None:
        return None
    size = item_bytes(stage.dtype)
    whole = [a for a in stage.factors if a.strides is not None and all(a.stride(head.index) for head in heads)]
    if len(whole) != 1:
        return None
    (operand,) = whole
    order = tuple(sorted(heads, key=lambda head: -abs(operand.stride(head.index))))
    if _elements(operand, heads) * size <= machine.level2 or is_plain(order):
        return None
    first = next(place for place, head in enumerate(order) if head.summed)
    # what is added to again and again: the part of the result inside the outermost summed loop
    return order if _elements(statement.target, order[first:]) * size <= machine.level2 // 2 else None


def is_plain(order: tuple[Head, ...]) -> bool:
    """Return whether free indices stand outside of summed ones, but for the innermost: totals then do as well."""
    summed = [head.summed for head in order[:-1]]
    return summed == sorted(summed)


def _span(access: Access, heads: tuple[Head, ...]) -> int:
    """Return over how many elements an access runs."""
    return max([abs(access.stride(head.index)) * _extent(head) for head in heads] or [1]) or 1


def _elements(access: Access, heads: Iterable[Head]) -> int:
    """Return how many elements an access touches."""
    return prod(_extent(head) for head in heads if access.stride(head.index))


def _extent(head: Head) -> int:
    return max(head.count, 1)
