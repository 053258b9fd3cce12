"""Which names of a text go into which others, and which of them are ends. In time that grows as the text does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
        self._groups: dict[Node, int] | None = None
        self._left: set[int] = set()

    def add(self, read: Iterable[str], bound: set[str]) -> None:
        """Say that what is read goes into what is bound."""
        before = [name for name in read if bound - {name}] if len(bound) == 1 else list(read)
        if before and bound:
            number = len(self._after)
            for name in before:
                self._after.setdefault(name, set()).add(number)
            self._after[number] = set(bound)
            self._groups = None

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
        if self._groups is None:
            self._groups = circles(self._after, lambda node: self._after.get(node, ()))
            groups = self._groups
            pairs = ((groups[one], groups[other]) for one, after in self._after.items() for other in after)
            self._left = {one for one, other in pairs if one != other}
        return self._groups.get(name, -1) not in self._left


def circles(nodes: Iterable[Node], after: Callable[[Node], Iterable[Node]]) -> dict[Node, int]:
    """Return a number for each node that can be reached: one for all of a circle (Tarjan 1972, without recursion).

    >>> found = circles(["a"], {"a": ["b"], "b": ["c"], "c": ["b"]}.__getitem__)
    >>> found["b"] == found["c"], found["a"] == found["b"]
    (True, False)
    """
    order: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    groups: dict[Node, int] = {}
    held: list[Node] = []
    for root in nodes:
        work = [] if root in order else [(root, iter(after(root)))]
        if work:
            order[root] = lowest[root] = len(order)
            held.append(root)
        while work:
            node, others = work[-1]
            other = next(others, None)
            if other is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == order[node]:
                    group = len(groups)
                    while node not in groups:
                        groups[held.pop()] = group
            elif other not in order:
                order[other] = lowest[other] = len(order)
                held.append(other)
                work.append((other, iter(after(other))))
            elif other not in groups:
                lowest[node] = min(lowest[node], order[other])
    return groups
