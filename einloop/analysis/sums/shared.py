"""What the terms of sums have in common: arrays and scalars that stand in several, and indices."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.joined import Joined
from ...core.message import Code, Join, Message, Value
from ...core.report import Fact, Section, Table
from ...core.spec import DOTS
from .formula import term_formula

MAX_TERMS = 200
"""Terms up to which what they share is told."""


def shared(joined: Joined) -> Section | None:
    """Return a table with a row for each array, scalar and summed index that stands in two terms or more; nothing for
    none. Free indices are those of the result: every term has them."""
    numbers = list(_terms(joined))
    if not 1 < len(numbers) <= MAX_TERMS:
        return None
    kinds: tuple[dict[str, list[int]], ...] = ({}, {}, {})
    for number, *told in numbers:
        for found, names in zip(kinds, told, strict=True):
            for name in dict.fromkeys(names):
                found.setdefault(name, []).append(number)
    arrays, scalars, sums = kinds
    said = ("array", arrays), ("scalar", scalars), ("summed", sums)
    rows = [row for kind, where in said for row in _rows(kind, where, len(numbers))]
    if not rows:
        return None
    heads = (Message("shared.name"), Message("shared.what"), Message("shared.terms"))
    facts: dict[str, Fact] = {
        "arrays": {name: [*where] for name, where in arrays.items() if len(where) > 1},
        "scalars": {name: [*where] for name, where in scalars.items() if len(where) > 1},
        "summed": {name: [*where] for name, where in sums.items() if len(where) > 1},
    }
    return Section(id="shared", parts=(Table(heads=heads, rows=tuple(rows)),), facts=facts)


def _terms(joined: Joined) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Yield the number of each term, from 1, the arrays that it reads, its scalars and what it sums over."""
    number = 0
    for combination in joined.statements.combinations:
        ones = {view.name for view in combination.views if view.ones}
        for summand in combination.summands:
            number += 1
            operands = zip(joined.of(combination, summand).operands, summand.names, summand.spec.operands, strict=True)
            read = [(name, op) for name, own, op in operands if own not in ones]
            scalars = [*summand.factors, *(name for name, op in read if not op.labels), *summand.divisors]
            over = tuple(x for x in term_formula(joined, combination, summand).over if x != DOTS)
            yield number, tuple(name for name, op in read if op.labels), tuple(scalars), over


def _rows(kind: str, found: dict[str, list[int]], count: int) -> Iterator[tuple[Value, ...]]:
    for name, where in found.items():
        if len(where) > 1:
            numbers = Join(tuple(where), "comma")
            said: Value = Message("shared.all") if len(where) == count else numbers
            yield Code(name), Message(f"shared.{kind}"), said
