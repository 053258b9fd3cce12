"""The loops of a nest for given lengths, as a tree of which every statement's executions can be counted and found.

Nothing is run here. A step is one execution of a `Write`; an `Event` stands between steps and makes an array anew. As
lengths are known, the number of a step and the values of its indices follow from each other without counting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from ...core.buffer import Scale
from ...core.frozen import dataclass
from ...core.plain_array import PlainArray, strides_of
from ...core.trace import Position

Indices = dict[str, int]
"""Values of the names that loops count with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedElement:
    """An element as a statement names it: for each axis a name of a loop, or a number.

    `view`: what is named is a part of `array`, and this says which element of the array, flat, each of its own is.
    `shape` is that of what is named. `until`: it is read as it was after so many steps. `dtype` is the one in which it
    is read; `python`: it is read as a number of Python.
    """

    array: str
    axes: tuple[str | int, ...]
    shape: tuple[int, ...]
    base: tuple[int, ...]
    view: PlainArray | None = None
    until: int | None = None
    dtype: str | None = None
    python: bool = False

    def at(self, indices: Mapping[str, int]) -> Position:
        """Return the position in the array."""
        own = tuple(indices[axis] if isinstance(axis, str) else axis for axis in self.axes)
        return own if self.view is None else unflattened(self.view.at(own), self.base)

    def origins(self, at: Position) -> list[Position]:
        """Return the positions in what is named that are one position in the array."""
        if self.view is None:
            return [at]
        flat = sum(place * stride for place, stride in zip(at, strides_of(self.base), strict=True))
        return [unflattened(n, self.shape) for n, place in enumerate(self.view.values) if place == flat]


def unflattened(flat: int, shape: tuple[int, ...]) -> Position:
    """Return the position of an element from its number in C order.

    >>> unflattened(5, (2, 3))
    (1, 2)
    """
    return tuple(flat // stride % size for stride, size in zip(strides_of(shape), shape, strict=True))


Term: TypeAlias = tuple[tuple[NamedElement, ...], Scale, tuple[NamedElement, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Write:
    """A statement that writes a cell: the sum of its terms, each the factors, what scales them, and divisors.

    `minus`: the sum is subtracted. `wide` is the dtype in which products are computed, `cast` the one that the sum is
    given before it is written, `dtype` that of the array; each None where nothing is converted. `rounds`: it rounds the
    whole array, one cell after the other.
    """

    target: NamedElement
    terms: tuple[Term, ...]
    adds: bool
    line: int
    dtype: str | None = None
    cast: str | None = None
    minus: bool = False
    logic: bool = False
    from_zero: bool = False
    wide: str | None = None
    rounds: bool = False

    @property
    def reads(self) -> Iterator[NamedElement]:
        """What it reads beside the cell that it writes."""
        for factors, _, divisors in self.terms:
            yield from factors
            yield from divisors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Event:
    """What makes an array or a scalar anew: every element is `value`, or what those of `copies` are then."""

    array: str
    value: Any = None
    copies: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeat:
    """A loop: `name` counts from 0, or from the value of `start` on for at most `size`, up to `extent`, by `step`.

    `hidden`: no loop of the text, but what a statement does to every element of an array.
    """

    name: str
    extent: int
    body: tuple[Node, ...]
    step: int = 1
    start: str | None = None
    size: int = 0
    hidden: bool = False
    starts: frozenset[str] = field(default=frozenset())
    """The names, of its own or outer loops, on whose values depends how often something inside is executed."""
    each: int | None = None
    """How many steps every turn makes, where that depends on nothing."""

    def values(self, indices: Mapping[str, int]) -> range:
        """Return the values that its name takes."""
        if self.start is None:
            return range(0, self.extent, self.step)
        first = indices[self.start]
        return range(first, min(first + self.size, self.extent), self.step)


Node: TypeAlias = Write | Event | Repeat


def repeat(**parts: Any) -> Repeat:
    """Return a loop that knows on what the number of its executions depends."""
    made = Repeat(**parts)
    found = {node.start for node in loops_in((made,)) if node.start is not None}
    return Repeat(**parts, starts=frozenset(found), each=None if found else count(made.body, {}))


def loops_in(nodes: tuple[Node, ...]) -> Iterator[Repeat]:
    """Yield all loops, at every depth."""
    for node in nodes:
        if isinstance(node, Repeat):
            yield node
            yield from loops_in(node.body)


def writes_in(nodes: tuple[Node, ...]) -> Iterator[Write]:
    """Yield all statements that write cells, at every depth."""
    for node in nodes:
        if isinstance(node, Repeat):
            yield from writes_in(node.body)
        elif isinstance(node, Write):
            yield node


def count(nodes: tuple[Node, ...], indices: Indices) -> int:
    """Return how many steps statements make, for given values of the indices around them.

    Where blocks have several lengths, all but the last are full: a loop over blocks has twice two counts to ask for.
    """
    total = 0
    for node in nodes:
        if isinstance(node, Write):
            total += 1
        elif isinstance(node, Repeat):
            values = node.values(indices)
            if values:
                each, last = per_turn(node, values, indices)
                total += each * (len(values) - 1) + last
    return total


def per_turn(node: Repeat, values: range, indices: Indices) -> tuple[int, int]:
    """Return how many steps each turn of a loop makes, and the last one. Needs a value."""
    if node.each is not None:
        return node.each, node.each
    each = count(node.body, {**indices, node.name: values[0]})
    if node.name not in node.starts or len(values) == 1:
        return each, each
    return each, count(node.body, {**indices, node.name: values[-1]})


def find(nodes: tuple[Node, ...], number: int) -> tuple[Write, Indices]:
    """Return the statement that a step executes, and the values of the indices around it. Needs 1 <= number <= count.

    >>> from einloop.core.buffer import BARE
    >>> cell = NamedElement(array="c", axes=("i",), shape=(3,), base=(3,))
    >>> write = Write(target=cell, terms=(((cell,), BARE, ()),), adds=True, line=2)
    >>> find((repeat(name="i", extent=3, body=(write, write)),), 4)[1]
    {'i': 1}
    """
    indices: Indices = {}
    while True:
        for node in nodes:
            size = count((node,), indices)
            if number <= size:
                break
            number -= size
        if isinstance(node, Write):
            return node, indices
        assert isinstance(node, Repeat)
        values = node.values(indices)
        each, _ = per_turn(node, values, indices)
        turn = min((number - 1) // each, len(values) - 1) if each else len(values) - 1
        number -= turn * each
        indices[node.name] = values[turn]
        nodes = node.body
