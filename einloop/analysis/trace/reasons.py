"""Why a step comes when it does, from the steps right before and after it, and what it does to the cell it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...core.frozen import dataclass
from ...core.message import Code, Message, Value
from ...core.plain_array import PlainArray
from ...core.trace import StepMachine, TracedArray, TracedCell, TracedRole, TraceStep
from .numbers import number_reasons
from .search import first_odd

MAX_KEPT = 10_000
"""Steps that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumTold:
    """What there is to tell of a sum: how many steps wrote its cell before it, how many add to it, and where it goes.

    `onto`: it is added onto what its cell holds; `into` is the cell that takes a running total.
    """

    before: int
    of: int
    onto: bool = False
    into: TracedCell | None = None


class ExplainedMachine:
    """The steps of a machine, each with its reasons.

    `operands` are the arrays that the loops are given; `scaled`: something else than products of elements is added up.
    """

    def __init__(
        self,
        machine: StepMachine,
        arrays: tuple[TracedArray, ...],
        operands: Mapping[str, PlainArray],
        *,
        scaled: bool,
    ) -> None:
        self.operands, self.scaled = operands, scaled
        self.machine, self.arrays = machine, {array.name: array for array in arrays}
        self.result = arrays[-1].name
        self.value, self.reading = machine.value, machine.reading
        self.writing, self.written, self.until = machine.writing, machine.written, machine.until
        self._steps: dict[int, TraceStep] = {}
        self._sums: dict[tuple[TracedCell, int], SumTold] = {}

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.machine.count

    def step(self, number: int) -> TraceStep:
        """Return a step with its reasons. Raises OptionError for a number that there is not."""
        step = self._step(number)
        return replace(step, reasons=tuple(self._reasons(step)))

    def first_odd(self, *, infinite: bool) -> int | None:
        """Return the first step that writes a nan, or with `infinite` an infinite number too; None where none does.

        Raises OptionError where it takes too long.
        """
        return first_odd(self.machine, self.operands, infinite=infinite, scaled=self.scaled)

    def _step(self, number: int) -> TraceStep:
        """Return a step; those asked for last are kept, as each is the neighbour of two others."""
        found = self._steps.get(number)
        if found is None:
            if len(self._steps) > MAX_KEPT:
                self._steps.clear()
            found = self._steps[number] = self.machine.step(number)
        return found

    def _reasons(self, step: TraceStep) -> Iterator[Message]:
        before = self._step(step.number - 1) if step.number > 1 else None
        after = self._step(step.number + 1) if step.number < self.count else None
        if not (rounds := step.rounds):
            yield from _turn(before, step)
            if before is not None:
                yield from _same(before, step)
        yield from number_reasons(step, rounds=rounds)
        yield from self._progress(step)
        if after is None:
            yield Message("trace.last", {"result": Code(self.result)})
        elif not rounds:
            yield from self._next(step, after)

    def _is_total(self, step: TraceStep) -> bool:
        return self.arrays[step.target.array].role is TracedRole.TOTAL

    def _progress(self, step: TraceStep) -> Iterator[Message]:
        """Yield which of the terms of its sum a step adds, and whether the sum is complete."""
        told = self._sum(step)
        if told.of < 2:
            return
        own = self.machine.written(step.target, step.number) - told.before
        values: dict[str, Value] = {"cell": Code(str(step.target)), "number": own, "of": told.of}
        if told.into is not None:
            yield Message("trace.total", values | {"into": Code(str(told.into))})
        elif told.onto:
            yield Message("trace.added" if own == told.of else "trace.adds", values)
        else:
            yield Message("trace.complete" if own == told.of else "trace.term", values)

    def _sum(self, step: TraceStep) -> SumTold:
        """Return what there is to tell of the sum that a step adds to."""
        key = step.target, step.begun
        if key not in self._sums:
            if len(self._sums) > MAX_KEPT:
                self._sums.clear()
            self._sums[key] = self._sum_of(step)
        return self._sums[key]

    def _sum_of(self, step: TraceStep) -> SumTold:
        before = self.machine.written(step.target, step.begun)
        last = self.machine.until(step.target, step.number)
        of = self.machine.written(step.target, last) - before
        if self._is_total(step):
            number = next(self.machine.reading(step.target, after=step.number), None)
            return SumTold(before=before, of=of, into=None if number is None else self._step(number).target)
        first = self._step(next(self.machine.writing(step.target, after=step.begun)))
        return SumTold(before=before, of=of, onto=first.starts_from is not None)

    def _next(self, step: TraceStep, after: TraceStep) -> Iterator[Message]:
        """Yield what the next step changes."""
        if after.line == step.line:
            turned = _turned(step, after)
            if turned is not None:
                name, value, _ = turned
                yield Message("trace.next.turn", {"name": Code(name), "value": value})
        elif self._is_total(step) and not self._is_total(after):
            yield Message("trace.next.into", {"cell": Code(str(after.target))})


def _turned(before: TraceStep, step: TraceStep) -> tuple[str, int, tuple[str, ...]] | None:
    """Return the outermost index that has another value than in the step before, its value, and the loops inside it
    that began again; None where all are as before, or other loops run."""
    old = dict(before.indices)
    names = [name for name, _ in step.indices]
    shared = [name for name in names if name in old]
    if names[: len(shared)] != shared:
        return None
    for place, (name, value) in enumerate(step.indices):
        if name in old and old[name] != value:
            inner = (other for other, _ in (*before.indices, *step.indices) if other not in names[: place + 1])
            return name, value, tuple(dict.fromkeys(inner))
    return None


def _turn(before: TraceStep | None, step: TraceStep) -> Iterator[Message]:
    """Yield which loop turned to come to a step."""
    if before is None:
        if step.indices:
            yield Message("trace.first")
        return
    turned = _turned(before, step)
    if turned is not None:
        name, value, inner = turned
        values: Mapping[str, Code | int] = {"name": Code(name), "value": value, "inner": Code(", ".join(inner))}
        yield Message("trace.outer" if inner else "trace.fastest", values)
    elif step.line != before.line:
        run = [name for name, _ in before.indices if name not in dict(step.indices)]
        if run and len(before.indices) > len(step.indices):
            yield Message("trace.through", {"inner": Code(", ".join(run))})


def _same(before: TraceStep, step: TraceStep) -> Iterator[Message]:
    """Yield which factors are those of the step before, where one is another and one is not."""
    if before.line != step.line or len(step.terms) != 1 or len(before.terms) != 1:
        return
    pairs = list(zip(before.terms[0].factors, step.terms[0].factors, strict=False))
    same = [new for (old, _), (new, _) in pairs if old == new]
    changed = [old for (old, _), (new, _) in pairs if old != new]
    if len(changed) == 1 and len(same) == 1:
        values = {"old": Code(str(changed[0])), "same": Code(str(same[0]))}
        yield Message("trace.same", values)
