"""Which names of a text go into which others, and which of them are ends. In time that grows as the text does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Node = str | int
"""A name, or the number of an assignment, through which every name that it reads goes into every name that it binds."""


class Flows:
    """What is computed from what.

    >>> flows = Flows()
    >>> flows.add({"a"}, {"b"})
    >>> flows.add({"b", "c"}, {"c", "d"})
    >>> flows.reached(["a"]) == {"b", "c", "d"}, flows.is_end("d"), flows.is_end("b")
    (True, True, False)
    """

    def __init__(self) -> None:
        self._after: dict[Node, set[Node]] = {}
        self._ends: set[Node] | None = None

    def add(self, read: Iterable[str], bound: set[str]) -> None:
        """Say that what is read goes into what is bound."""
        before = [name for name in read if bound - {name}] if len(bound) == 1 else list(read)
        if before and bound:
            number = len(self._after)
            for name in before:
                self._after.setdefault(name, set()).add(number)
            self._after[number] = set(bound)
            self._ends = None

    def reached(self, starts: Iterable[str]) -> set[str]:
        """Return the names that something is computed for from some of `starts`."""
        found: set[Node] = set()
        waiting: list[Node] = list(starts)
        while waiting:
            new = self._after.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return {name for name in found if isinstance(name, str)}

    def is_end(self, name: str) -> bool:
        """Return whether nothing is computed from a name except what goes back into it."""
        if self._ends is None:
            self._ends = _ends(self._after)
        return name in self._ends or name not in self._after


def _ends(after: Mapping[Node, set[Node]]) -> set[Node]:
    """Return the nodes of the circles that no edge leaves (S. R. Kosaraju's two searches, without recursion)."""
    before: dict[Node, set[Node]] = {}
    for one, others in after.items():
        for other in others:
            before.setdefault(other, set()).add(one)
    ends: set[Node] = set()
    seen: set[Node] = set()
    for start in reversed(_finished(before)):
        circle, leaves, waiting = {start}, False, [start] if start not in seen else []
        while waiting:
            others = after.get(waiting.pop(), set())
            leaves |= not seen.isdisjoint(others)
            new = others - circle - seen
            circle |= new
            waiting += new
        if start not in seen:
            seen |= circle
            ends |= set() if leaves else circle
    return ends


def _finished(after: Mapping[Node, set[Node]]) -> list[Node]:
    """Return every node in the order in which a search in depth is done with it."""
    order: list[Node] = []
    seen: set[Node] = set()
    waiting = [(node, False) for node in after]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting += ((other, False) for other in after.get(node, ()))
    return order
