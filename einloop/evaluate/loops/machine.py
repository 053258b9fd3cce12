"""The steps of loops, each computed when it is asked for, with the numbers that the emitted text has at that point.

What a cell holds after a step follows from the steps that wrote it before, and from what those read: nothing else is
run. What was computed is kept, so that steps in a row take no longer than running the loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce
from typing import Any

from ...core.arithmetic import arithmetic
from ...core.errors import DtypeError, OptionError
from ...core.plain_array import PlainArray
from ...core.polynomial import Polynomial
from ...core.trace import MAX_WRITES, UNKNOWN, TracedCell, TracedProduct, TraceStep
from ..defaults import symbol_text
from ..typed import TypedNumber, computed, negated, of_python
from .adding import Adding, adding
from .reading import LoopTree
from .search import CellSearch, Found, how_many, needs, steps
from .tree import Event, Indices, NamedElement, Node, Repeat, Term, Write, count, find, loops_in, writes_in

MAX_KEPT = 200_000
"""Values of cells that are kept."""
MISSING = TypedNumber(UNKNOWN, "object")
"""A number that would take too long to compute."""


class LoopMachine:
    """Computes the steps of loops for arrays by name; `symbolic`: their elements are symbols."""

    def __init__(self, tree: LoopTree, arrays: Mapping[str, PlainArray], *, symbolic: bool = False) -> None:
        self.tree, self.arrays, self.symbolic = tree, arrays, symbolic
        self.count = count(tree.nodes, {})
        self._blocks = {loop.name: loop.start for loop in loops_in(tree.nodes) if loop.start is not None}
        self._hidden = {loop.name for loop in loops_in(tree.nodes) if loop.hidden}
        self._writes = tuple(writes_in(tree.nodes))
        self._events = tuple(_events(tree.nodes))
        self._made = {*(write.target.array for write in self._writes), *(event.array for event in self._events)}
        self._fixed = {name: array for name, array in arrays.items() if name not in self._made}
        self._kept: dict[tuple[TracedCell, int], TypedNumber | None] = {}
        self._searches: dict[TracedCell, CellSearch] = {}

    def step(self, number: int) -> TraceStep:
        """Return a step. Raises OptionError for a number that there is not."""
        if not 1 <= number <= self.count:
            steps = f"{self.count:,} step{'s' if self.count != 1 else ''}"
            raise OptionError("EL439", f"there is no step {number}", hint=f"the loops make {steps}")
        write, indices = find(self.tree.nodes, number)
        target = TracedCell(write.target.array, write.target.at(indices))
        before = self._number(target, number - 1, anew=True) if write.adds else None
        terms = [self._term(write, term, indices, number) for term in write.terms]
        after = self._kept.setdefault((target, number), _after(write, before, terms, exact=self.symbolic))
        return TraceStep(
            number=number,
            line=write.line,
            indices=tuple((name, value) for name, value in indices.items() if name not in self._hidden),
            target=target,
            terms=tuple(term for term, _ in terms),
            before=_raw(before),
            after=_raw(after),
            dtype=None if self.symbolic or after is None or after.weak else after.dtype,
            begun=self._begun(target, number),
        )

    def value(self, cell: TracedCell, number: int) -> Any:
        """Return what a cell holds after a step (0: before the first); None where it holds nothing yet."""
        return _raw(self._number(cell, number, anew=number in (0, self.count)))

    def writing(self, cell: TracedCell, *, after: int = 0, reverse: bool = False) -> Iterator[int]:
        """Yield the numbers of the steps that write a cell, in order; from the last one on where `reverse` is set."""
        search = replace(self._history(cell), events=frozenset(), inside={}, places={})
        yield from (found[0] for found in self._steps(search, after + 1, self.count, reverse=reverse))

    def written(self, cell: TracedCell, until: int) -> int:
        """Return how many of the steps up to one write a cell."""
        return how_many(self.tree.nodes, self._history(cell), until)

    def reading(self, cell: TracedCell, *, after: int = 0) -> Iterator[int]:
        """Yield the numbers of the steps that read a cell, in order."""
        wanted = {
            write: [values for place in write.reads for values in needs(place, cell, self._blocks)]
            for write in self._writes
        }
        search = _search(wanted, lambda write, indices: any(_is(place, cell, indices) for place in write.reads))
        yield from (found[0] for found in self._steps(search, after + 1, self.count))

    def _steps(self, search: CellSearch, first: int, last: int, *, reverse: bool = False) -> Iterator[Found]:
        return steps(self.tree.nodes, search, first=first, last=last, reverse=reverse)

    def _number(self, cell: TracedCell, number: int, *, anew: bool) -> TypedNumber | None:
        """Return what a cell holds after a step; `anew`: what is begun between it and the next is begun."""
        if cell.array not in self._made:
            return self._given(cell)
        behind: list[Found] = []
        value: TypedNumber | None = None
        for found in self._steps(self._history(cell), 1, number, reverse=True):
            position, node, _ = found
            if isinstance(node, Event):
                if position < number or anew:
                    value = self._begin(node, cell, position)
                    break
                continue
            if (cell, position) in self._kept:
                value = self._kept[cell, position]
                break
            behind.append(found)
            if not node.adds:
                break
            if len(behind) > MAX_WRITES:
                return MISSING
        else:
            value = self._given(cell)
        self._forward(cell, value, behind[::-1])
        return self._kept[cell, behind[0][0]] if behind else value

    def _forward(self, cell: TracedCell, value: TypedNumber | None, found: list[Found]) -> None:
        """Compute what a cell holds after some steps in order, and keep it; `value` is what it held before them."""
        if len(self._kept) > MAX_KEPT:
            self._kept.clear()
        before: Write | None = None
        add: Adding | None = None
        for position, node, indices in found:
            assert isinstance(node, Write)
            if node is before and add is not None and value is not None:
                try:
                    value = TypedNumber(add(value.value, indices), value.dtype, value.weak)
                except (TypeError, ArithmeticError, AttributeError) as error:
                    raise _refused(error) from None
            else:
                terms = [self._term(node, term, indices, position) for term in node.terms]
                value = _after(node, value if node.adds else None, terms, exact=self.symbolic)
                if node is not before:
                    known = node.adds and not self.symbolic and value is not MISSING
                    add = adding(node, value, self._fixed, self.tree.dtypes) if known else None
                before = node
            self._kept[cell, position] = value

    def _history(self, cell: TracedCell) -> CellSearch:
        """Return the search for what changes a cell."""
        if cell not in self._searches:
            if len(self._searches) > MAX_KEPT:
                self._searches.clear()
            wanted = {write: needs(write.target, cell, self._blocks) for write in self._writes}
            search = _search(wanted, lambda write, indices: _is(write.target, cell, indices))
            events = frozenset(event for event in self._events if event.array == cell.array)
            self._searches[cell] = replace(search, events=events)
        return self._searches[cell]

    def _begun(self, cell: TracedCell, number: int) -> int:
        """Return how many steps were made when the sum began that a step adds to."""
        for position, node, _ in self._steps(self._begins(cell), 1, number, reverse=True):
            if isinstance(node, Write):
                return position - 1
            if position < number:
                return position
        return 0

    def until(self, cell: TracedCell, number: int) -> int:
        """Return how many steps are made before the sum that a step adds to is begun anew, or the loops end."""
        for position, node, _ in self._steps(self._begins(cell), number + 1, self.count):
            if isinstance(node, Write):
                return position - 1
            return position
        return self.count

    def _begins(self, cell: TracedCell) -> CellSearch:
        """Return the search for what begins the sum of a cell."""
        history = self._history(cell)
        begins = {write: values for write, values in history.wanted.items() if not write.adds}
        return replace(history, wanted=begins, inside={}, places={}, alone=[])

    def _begin(self, event: Event, cell: TracedCell, position: int) -> TypedNumber | None:
        if event.copies is not None:
            return self._number(TracedCell(event.copies, cell.at), position, anew=False)
        if event.value is None:
            return None
        dtype = self.tree.dtypes[event.array]
        if self.symbolic or dtype is None:
            return of_python(0 if self.symbolic else event.value)
        return TypedNumber(arithmetic(dtype).cast(event.value), dtype)

    def _given(self, cell: TracedCell) -> TypedNumber | None:
        """Return an element of an array that was given, or a number that has a name."""
        array = self.arrays.get(cell.array)
        if array is None:
            number = self.tree.numbers.get(cell.array)
            if isinstance(number, float):
                return TypedNumber(number, "float64")
            return None if number is None else of_python(number)
        if self.symbolic:
            return TypedNumber(array.at(cell.at), "object")
        dtype = self.tree.dtypes[cell.array]
        value = array.at(cell.at)
        return of_python(value) if dtype is None else TypedNumber(arithmetic(dtype).cast(value), dtype)

    def _term(self, write: Write, term: Term, indices: Indices, number: int) -> tuple[TracedProduct, TypedNumber]:
        """Return a product with what it is made of, without its sign."""
        factors, scale, divisors = term
        read = [self._read(place, indices, number, write.wide) for place in factors]
        over = [self._read(place, indices, number, None) for place in divisors]
        parts = [of_python(scale.multiplier)] if scale.multiplier != 1 or not factors else []
        value = reduce(partial(_computed, "multiply"), [*parts, *(one for _, one in read)])
        below = [*(one for _, one in over), *([of_python(scale.denominator)] if scale.denominator != 1 else [])]
        value = reduce(_divided if self.symbolic else partial(_computed, "divide"), below, value)
        traced = TracedProduct(
            factors=tuple((cell, _raw(one)) for cell, one in read),
            value=_raw(value),
            times=scale.multiplier,
            over=(*((cell, _raw(one)) for cell, one in over), *([scale.denominator] if scale.denominator != 1 else [])),
            negative=scale.negative,
        )
        return traced, value

    def _read(
        self, place: NamedElement, indices: Indices, number: int, wide: str | None
    ) -> tuple[TracedCell, TypedNumber]:
        cell = TracedCell(place.array, place.at(indices))
        until = number - 1 if place.until is None else min(number - 1, place.until)
        value = self._number(cell, until, anew=True)
        assert value is not None, "the loops read what they have not written"
        if value is MISSING or self.symbolic:
            return cell, value
        if place.python:
            return cell, of_python(value.value)
        dtype = place.dtype if wide is None or value.weak else wide
        if dtype is None or value.weak or dtype == value.dtype:
            return cell, value
        return cell, TypedNumber(arithmetic(dtype).cast(value.value), dtype)


def _events(nodes: tuple[Node, ...]) -> Iterator[Event]:
    for node in nodes:
        if isinstance(node, Event):
            yield node
        elif isinstance(node, Repeat):
            yield from _events(node.body)


def _search(wanted: Mapping[Write, list[dict[str, int]]], exact: Callable[[Write, Indices], bool]) -> CellSearch:
    """Return the search for statements with the values that their indices must have, in one of the ways of each."""
    ways = {write: found for write, found in wanted.items() if found}
    single = all(len(found) == 1 for found in ways.values())
    values = {write: found[0] if len(found) == 1 else {} for write, found in ways.items()}
    return CellSearch(wanted=values, exact=None if single else exact)


def _is(place: NamedElement, cell: TracedCell, indices: Indices) -> bool:
    return place.array == cell.array and place.at(indices) == cell.at


def _after(
    write: Write, before: TypedNumber | None, terms: list[tuple[TracedProduct, TypedNumber]], *, exact: bool
) -> TypedNumber:
    """Return what a cell holds after a step; `exact`: numbers are not rounded to any dtype."""
    total: TypedNumber | None = None
    for term, value in terms:
        minus = term.negative and not write.minus
        if total is None:
            total = (value if value is MISSING else negated(value)) if minus else value
        else:
            total = _computed("subtract" if minus else "add", total, value)
    assert total is not None
    if write.from_zero:
        total = _computed("add", of_python(0), total)
    if not exact:
        total = _cast(total, write.cast)
    if before is not None:
        total = _computed("subtract" if write.minus else "add", before, total)
    return total if exact else _cast(total, write.dtype)


def _cast(number: TypedNumber, dtype: str | None) -> TypedNumber:
    if dtype is None or number is MISSING:
        return number
    return TypedNumber(arithmetic(dtype).cast(number.value), dtype)


def _computed(operation: str, one: TypedNumber, other: TypedNumber) -> TypedNumber:
    if MISSING in (one, other):
        return MISSING
    try:
        return computed(operation, one, other)
    except (TypeError, ArithmeticError, AttributeError) as error:
        raise _refused(error) from None


def _refused(error: Exception) -> DtypeError:
    """Return what is said of objects whose product or sum raises something."""
    return DtypeError("EL304", f"these objects cannot be multiplied and added up: {error}")


def _divided(one: TypedNumber, other: TypedNumber) -> TypedNumber:
    """Return symbols divided by a number. Raises OptionError where they are divided by symbols."""
    if isinstance(other.value, Polynomial):
        raise OptionError("EL471", "symbols are not divided by symbols", hint="leave --symbolic out")
    return TypedNumber(one.value * (Fraction(1) / Fraction(other.value)), "object")


def _raw(number: TypedNumber | None) -> Any:
    if number is None:
        return None
    return symbol_text(number.value) if isinstance(number.value, Polynomial) else number.value
