"""A machine that remembers what it was asked for: a view asks for the same cells again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..core.trace import ArrayRole, Machine, Trace, TracedCell, TraceStep

MAX_REMEMBERED = 50_000
"""Values, and steps; then all are forgotten."""


def remembering(trace: Trace) -> Trace:
    """Return the trace with a machine that computes nothing twice in a row."""
    if isinstance(trace.machine, RememberingMachine):
        return trace
    fixed = frozenset(array.name for array in trace.arrays if array.role is ArrayRole.OPERAND)
    return replace(trace, machine=RememberingMachine(trace.machine, fixed))


class RememberingMachine:
    """A machine and what it said. `fixed`: arrays that the loops do not write."""

    def __init__(self, machine: Machine, fixed: frozenset[str]) -> None:
        self.machine, self.fixed = machine, fixed
        self.steps: dict[int, TraceStep] = {}
        self.values: dict[tuple[TracedCell, int], Any] = {}

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.machine.count

    def step(self, number: int) -> TraceStep:
        """Return a step. Raises OptionError for a number that there is not."""
        if number not in self.steps:
            if len(self.steps) > MAX_REMEMBERED:
                self.steps.clear()
            self.steps[number] = self.machine.step(number)
        return self.steps[number]

    def value(self, cell: TracedCell, number: int) -> Any:
        """Return what a cell holds after a step; None where it holds nothing yet."""
        key = (cell, 0 if cell.array in self.fixed else number)
        if key not in self.values:
            if len(self.values) > MAX_REMEMBERED:
                self.values.clear()
            self.values[key] = self.machine.value(cell, number)
        return self.values[key]

    def writing(self, cell: TracedCell, *, after: int = 0, reverse: bool = False) -> Iterator[int]:
        """Yield the numbers of the steps that write a cell."""
        return self.machine.writing(cell, after=after, reverse=reverse)

    def reading(self, cell: TracedCell, *, after: int = 0) -> Iterator[int]:
        """Yield the numbers of the steps that read a cell."""
        return self.machine.reading(cell, after=after)
