"""Where a cell is written or read: the steps that do, found from the loops' bounds without looking at others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from ...core.frozen import dataclass
from ...core.trace import TracedCell
from .tree import Event, Indices, NamedElement, Node, Repeat, Write, count, per_turn

Found = tuple[int, Write | Event, Indices]
"""The number of a step with its statement, or with an event how many steps are before it, and the indices' values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSearch:
    """What is looked for: statements with the values that names must have, and events.

    `exact` are statements for which that is not enough: the function says whether it is one.
    """

    wanted: Mapping[Write, Mapping[str, int]]
    events: frozenset[Event] = frozenset()
    exact: Callable[[Write, Indices], bool] | None = None
    inside: dict[Node, bool] = field(default_factory=dict)
    places: dict[Repeat, frozenset[int] | None] = field(default_factory=dict)
    alone: list[CellSearch] = field(default_factory=list)

    @property
    def singles(self) -> list[CellSearch]:
        """One search for each of the statements."""
        if not self.alone:
            self.alone.extend(CellSearch(wanted={write: values}) for write, values in self.wanted.items())
        return self.alone

    def has(self, node: Node) -> bool:
        """Return whether something that is looked for is inside a node."""
        if node not in self.inside:
            if isinstance(node, Repeat):
                self.inside[node] = any(self.has(one) for one in node.body)
            else:
                self.inside[node] = node in (self.events if isinstance(node, Event) else self.wanted)
        return self.inside[node]

    def turns(self, node: Repeat, values: range) -> range | list[int]:
        """Return which turns of a loop can hold what is looked for: all, or those with the values that it needs."""
        if node not in self.places:
            self.places[node] = self._needed(node)
        needed = self.places[node]
        if needed is None:
            return range(len(values))
        first = (place - place % node.step for place in needed)
        return sorted({values.index(place) for place in first if place in values})

    def _needed(self, node: Repeat) -> frozenset[int] | None:
        """Return the values of a loop's name with which it holds what is looked for; None where that are all."""
        found = set[int]()
        for one in _leaves(node):
            if isinstance(one, Event) and one in self.events:
                return None
            if isinstance(one, Write) and one in self.wanted:
                value = self.wanted[one].get(node.name)
                if value is None:
                    return None
                found.add(value)
        return frozenset(found)


def _leaves(node: Repeat) -> Iterator[Write | Event]:
    for one in node.body:
        if isinstance(one, Repeat):
            yield from _leaves(one)
        else:
            yield one


def needs(place: NamedElement, cell: TracedCell, blocks: Mapping[str, str]) -> list[dict[str, int]]:
    """Return the values of names with which a place is a cell, one entry for each way; none where it never is.

    `blocks` says in which loop over blocks a name begins.
    """
    if place.array != cell.array:
        return []
    found = []
    for at in place.origins(cell.at):
        values: dict[str, int] = {}
        for axis, where in zip(place.axes, at, strict=True):
            if (axis if isinstance(axis, int) else values.setdefault(axis, where)) != where:
                break
        else:
            for name in list(values):
                outer = blocks.get(name)
                if outer is not None:
                    values[outer] = values[name]
            found.append(values)
    return found


def steps(
    nodes: tuple[Node, ...], search: CellSearch, *, first: int, last: int, reverse: bool = False
) -> Iterator[Found]:
    """Yield what is looked for among the steps from `first` to `last`, in order or from the last one on.

    Events are those from right before the first step to right after the last.
    """
    yield from _among(nodes, search, 0, {}, (first, last), reverse=reverse)


def _among(
    nodes: tuple[Node, ...], search: CellSearch, before: int, indices: Indices, span: tuple[int, int], *, reverse: bool
) -> Iterator[Found]:
    placed = []
    for node in nodes:
        placed.append((before, node))
        before += count((node,), indices)
    for start, node in reversed(placed) if reverse else placed:
        if not search.has(node):
            continue
        if isinstance(node, Repeat):
            yield from _turns(node, search, start, indices, span, reverse=reverse)
        elif isinstance(node, Event):
            if span[0] - 1 <= start <= span[1]:
                yield start, node, indices
        elif span[0] <= start + 1 <= span[1] and (search.exact is None or search.exact(node, indices)):
            yield start + 1, node, dict(indices)


def _turns(
    node: Repeat, search: CellSearch, start: int, indices: Indices, span: tuple[int, int], *, reverse: bool
) -> Iterator[Found]:
    values = node.values(indices)
    if not values:
        return
    each, _ = per_turn(node, values, indices)
    turns = search.turns(node, values)
    if isinstance(turns, range) and each:  # all of them: those that reach into the span
        low = max((span[0] - 1 - start) // each, 0)
        high = min((span[1] - start) // each, len(values) - 1)
        turns = range(min(low, len(values) - 1), high + 1)
    for turn in reversed(turns) if reverse else turns:
        inner = {**indices, node.name: values[turn]}
        yield from _among(node.body, search, start + turn * each, inner, span, reverse=reverse)


def how_many(nodes: tuple[Node, ...], search: CellSearch, last: int) -> int:
    """Return how many of the statements that are looked for the steps up to `last` execute, without looking at each."""
    if search.exact is not None:
        return sum(isinstance(node, Write) for _, node, _ in steps(nodes, search, first=1, last=last))
    return sum(_up_to(nodes, one, last) for one in search.singles)


def _up_to(nodes: tuple[Node, ...], search: CellSearch, last: int) -> int:
    """Return how often the one statement of a search is executed among the steps up to `last`."""
    total, indices = 0, Indices()
    while last > 0:
        for node in nodes:
            size = count((node,), indices)
            if last < size:
                break
            total += _every((node,), search, indices)
            last -= size
        else:
            return total
        if not last:
            return total
        assert isinstance(node, Repeat)
        values = node.values(indices)
        each, _ = per_turn(node, values, indices)
        turn = min(last // each, len(values) - 1)
        turns = search.turns(node, values)
        before = min(turn, len(turns)) if isinstance(turns, range) else sum(one < turn for one in turns)
        if before:  # all of them are full turns
            total += before * _every(node.body, search, {**indices, node.name: values[turns[0]]})
        last -= turn * each
        indices[node.name] = values[turn]
        if turn not in turns:
            return total
        nodes = node.body
    return total


def _every(nodes: tuple[Node, ...], search: CellSearch, indices: Indices) -> int:
    """Return how often the one statement of a search is executed by all turns of some nodes."""
    total = 0
    for node in nodes:
        if not search.has(node):
            continue
        if isinstance(node, Repeat):
            values = node.values(indices)
            turns = search.turns(node, values)
            if turns:
                first = last = _every(node.body, search, {**indices, node.name: values[turns[0]]})
                if node.name in node.starts:
                    last = _every(node.body, search, {**indices, node.name: values[turns[-1]]})
                total += first * (len(turns) - 1) + last
        elif isinstance(node, Write):
            total += 1
    return total
