"""What a trace of emitted loops is: arrays, indices, steps, and sentences that say why. Computes none of them.

A step is one execution of a statement that writes a cell. Steps are numbered from 1 and are made when they are asked
for: a trace of 10**9 steps is as light as one of ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass as inheritable
from enum import Enum
from typing import Any, Protocol

from .frozen import dataclass
from .message import Message

Position = tuple[int, ...]
UNKNOWN = "?"
"""Stands for a value that would take too long to compute."""
MAX_WRITES = 100_000
"""How many steps are computed at the most for what one cell holds."""


class TracedRole(Enum):
    """What an array, or a scalar, is in the loops."""

    OPERAND = "operand"
    RESULT = "result"
    INTERMEDIATE = "intermediate"
    TOTAL = "total"
    """A running total inside the loops: it begins anew, again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedArray:
    """An array of the loops: `axes` are the names of the indices along its axes, `dtype` is None for symbols."""

    name: str
    role: TracedRole
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedIndex:
    """A name that a loop counts with: `label` is its index (of `i0`, which runs over blocks, it is `i`)."""

    name: str
    label: str
    extent: int
    colour: int
    summed: bool


@dataclass(frozen=True, slots=True)
class TracedCell:
    """An element of an array, or a scalar (`at` is empty).

    >>> str(TracedCell("C", (1, 2))), str(TracedCell("total"))
    ('C[1,2]', 'total')
    """

    array: str
    at: Position = ()

    def __str__(self) -> str:
        return f"{self.array}[{','.join(map(str, self.at))}]" if self.at else self.array


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedProduct:
    """A product of a step: cells with their values, `times` and `over` numbers beside them, and its value.

    It is subtracted where it is `negative`; `value` is without the sign.
    """

    factors: tuple[tuple[TracedCell, Any], ...]
    value: Any
    times: int | float | complex = 1
    over: tuple[tuple[TracedCell, Any] | int, ...] = ()
    negative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One execution of a statement.

    `line` counts from 1; `indices` are the loops around it with their values, outermost first. `before` is what the
    cell held, None where the statement assigns and does not add; `begun` is how many steps were made when the sum began
    that it adds to: the steps of one sum share it. Values are numbers of the dtype of the cell (`dtype`, None for
    Python's own), texts where the trace is symbolic, or `UNKNOWN`.
    """

    number: int
    line: int
    indices: tuple[tuple[str, int], ...]
    target: TracedCell
    terms: tuple[TracedProduct, ...]
    before: Any | None
    after: Any
    dtype: str | None
    begun: int = 0
    reasons: tuple[Message, ...] = ()

    @property
    def rounds(self) -> bool:
        """Whether the step gives its cell another dtype, and nothing is added."""
        return not self.indices and any(cell == self.target for term in self.terms for cell, _ in term.factors)

    @property
    def starts_from(self) -> Any | None:
        """What the cell held, where that is a term of a sum that begins with this step: neither nothing nor 0."""
        return self.before if self.before and self.before != "0" else None


class StepMachine(Protocol):
    """What computes the steps of a trace."""

    @property
    def count(self) -> int:
        """How many steps there are."""

    def step(self, number: int) -> TraceStep:
        """Return a step. Raises OptionError for a number that there is not."""

    def value(self, cell: TracedCell, number: int) -> Any:
        """Return what a cell holds after a step (0: before the first); None where it holds nothing yet."""

    def writing(self, cell: TracedCell, *, after: int = 0, reverse: bool = False) -> Iterator[int]:
        """Yield the numbers of the steps that write a cell, in order; from the last one on where `reverse` is set."""

    def written(self, cell: TracedCell, until: int) -> int:
        """Return how many of the steps up to one write a cell."""

    def until(self, cell: TracedCell, number: int) -> int:
        """Return how many steps are made before the sum that a step adds to is begun anew, or the loops end."""

    def reading(self, cell: TracedCell, *, after: int = 0) -> Iterator[int]:
        """Yield the numbers of the steps that read a cell, in order."""


class SearchedMachine(StepMachine, Protocol):
    """A machine that finds steps by what they write."""

    def first_odd(self, *, infinite: bool) -> int | None:
        """Return the first step that writes a nan, or with `infinite` an infinite number too; None where none does.

        Raises OptionError where it takes too long.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceDifference:
    """The step that completes the first cell that another array has otherwise, None where none does; what is said."""

    step: int | None
    said: tuple[Message, ...]


@inheritable(frozen=True, slots=True, kw_only=True)
class TracedLoops:
    """Emitted loops, the arrays that they read and write, and every step of them.

    `formula` says what is computed, `expression` is what was given, `source` has the lines of the text. `arrays` are
    the operands in order, intermediates and running totals, and last the result; `indices` what the loops count with,
    outermost first. `notes` are what is to be known, such as lengths that nobody gave.
    """

    expression: str
    formula: str
    source: tuple[str, ...]
    arrays: tuple[TracedArray, ...]
    indices: tuple[TracedIndex, ...]
    machine: SearchedMachine
    notes: tuple[Message, ...] = ()

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.machine.count

    @property
    def result(self) -> TracedArray:
        """The array that the loops make."""
        return self.arrays[-1]

    def step(self, number: int) -> TraceStep:
        """Return a step, by its number from 1. Raises OptionError for a number that there is not."""
        return self.machine.step(number)

    def steps(self, first: int = 1, last: int | None = None) -> Iterator[TraceStep]:
        """Yield the steps from `first` to `last`, both included."""
        for number in range(first, (self.count if last is None else min(last, self.count)) + 1):
            yield self.step(number)

    def value(self, array: str, at: Sequence[int], number: int) -> Any:
        """Return what an element holds after a step (0: before the first); None where it holds nothing yet."""
        return self.machine.value(TracedCell(array, tuple(at)), number)

    def first_step(self, at: Sequence[int]) -> int | None:
        """Return the first step that writes an element of the result, None where none does."""
        return next(self.machine.writing(TracedCell(self.result.name, tuple(at))), None)

    def first_nan(self) -> int | None:
        """Return the first step that writes a nan, None where none does. Raises OptionError where it takes too long."""
        return self.machine.first_odd(infinite=False)

    def first_nonfinite(self) -> int | None:
        """Return the first step that writes a nan or an infinite number; like `first_nan`."""
        return self.machine.first_odd(infinite=True)
