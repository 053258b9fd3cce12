"""One array in several places: expressions that differ only in which of these comes first are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations, product

from .fitting import Sample, count
from .search import BestFirst, Candidate, Labels

MAX_COUNTED = 5_000
"""Expressions that are looked at one by one to count those that differ: under half a second."""


def unique(candidates: Iterable[Candidate], names: Sequence[str]) -> Iterator[Candidate]:
    """Yield candidates without those that exchanging operands of one name makes an earlier one.

    >>> gram = Sample(operands=((2, 3), (2, 3)), result=(3, 3))
    >>> [one.subscripts for one in unique(BestFirst(gram), ("A", "A"))]
    ['ij,ik->jk', 'ij,kl->jl']
    """
    orders = _orders(names)
    seen: set[tuple[tuple[Labels, ...], Labels]] = set()
    for candidate in candidates:
        if len(orders) > 1:
            key = min(_numbered([candidate.terms[place] for place in order], candidate.output) for order in orders)
            if key in seen:
                continue
            seen.add(key)
        yield candidate


def how_many(sample: Sample, names: Sequence[str]) -> int | None:
    """Return how many einsums fit that differ for operands of these names, None where that takes too long to count.

    >>> squares = Sample(operands=((4, 4), (4, 4)), result=())
    >>> how_many(squares, ("A", "A")), how_many(squares, ("A", "B"))
    (11, 15)
    """
    every = count(sample)
    if len(set(names)) == len(names):
        return every
    return sum(1 for _ in unique(BestFirst(sample), names)) if every <= MAX_COUNTED else None


def _orders(names: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the orders of the operands in which each place keeps its name."""
    groups = [[place for place, name in enumerate(names) if name == one] for one in dict.fromkeys(names)]
    orders = []
    for some in product(*(permutations(group) for group in groups)):
        places: dict[int, int] = {}
        for group, order in zip(groups, some, strict=True):
            places |= zip(group, order, strict=True)
        orders.append(tuple(places[place] for place in range(len(names))))
    return orders


def _numbered(terms: Sequence[Labels], output: Labels) -> tuple[tuple[Labels, ...], Labels]:
    """Return terms and output with their labels numbered by first appearance."""
    order = list(dict.fromkeys(label for term in terms for label in term))
    return tuple(tuple(map(order.index, term)) for term in terms), tuple(map(order.index, output))
