"""A machine that remembers what it was asked for: a view asks for the same cells again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

from ...core.trace import SearchedMachine, TracedCell, TracedLoops, TracedRole, TraceStep

MAX_REMEMBERED = 50_000
"""Values, and steps; then all are forgotten."""
AT_LEAST = 2
"""Values that are computed however long they take, so that every picture has more of them."""
LATER = ".."
"""Stands for a value that is not computed yet."""


def remembering(trace: TracedLoops) -> TracedLoops:
    """Return the trace with a machine that computes nothing twice in a row."""
    return replace(trace, machine=memory_of(trace))


def memory_of(trace: TracedLoops) -> RememberingMachine:
    """Return a machine that computes nothing twice in a row."""
    fixed = frozenset(array.name for array in trace.arrays if array.role is TracedRole.OPERAND)
    return RememberingMachine(trace.machine, fixed)


class RememberingMachine:
    """A machine and what it said. `fixed`: arrays that the loops do not write.

    With `patience` it computes values for so many seconds; for those asked for later it has `LATER`, and is `behind`.
    """

    def __init__(self, machine: SearchedMachine, fixed: frozenset[str]) -> None:
        self.machine, self.fixed = machine, fixed
        self.steps: dict[int, TraceStep] = {}
        self.values: dict[tuple[TracedCell, int], Any] = {}
        self.patience: float | None = None
        self.behind = False
        self.fresh = 0

    def begin(self, seconds: float) -> None:
        """Compute values for so many seconds from now on."""
        self.patience, self.behind, self.fresh = monotonic() + seconds, False, 0

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
            if cell.array not in self.fixed:
                if self.fresh >= AT_LEAST and self.patience is not None and monotonic() > self.patience:
                    self.behind = True
                    return LATER
                self.fresh += 1
            if len(self.values) > MAX_REMEMBERED:
                self.values.clear()
            self.values[key] = self.machine.value(cell, number)
        return self.values[key]

    def writing(self, cell: TracedCell, *, after: int = 0, reverse: bool = False) -> Iterator[int]:
        """Yield the numbers of the steps that write a cell."""
        return self.machine.writing(cell, after=after, reverse=reverse)

    def written(self, cell: TracedCell, until: int) -> int:
        """Return how many of the steps up to one write a cell."""
        return self.machine.written(cell, until)

    def until(self, cell: TracedCell, number: int) -> int:
        """Return how many steps are made before the sum that a step adds to is begun anew, or the loops end."""
        return self.machine.until(cell, number)

    def reading(self, cell: TracedCell, *, after: int = 0) -> Iterator[int]:
        """Yield the numbers of the steps that read a cell."""
        return self.machine.reading(cell, after=after)

    def first_odd(self, *, infinite: bool) -> int | None:
        """Return the first step that writes a nan, or with `infinite` an infinite number too; None where none does."""
        return self.machine.first_odd(infinite=infinite)
