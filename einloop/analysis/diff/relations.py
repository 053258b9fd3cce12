"""What turns one form into another: a transpose, another order of operands, a sum, a diagonal. Each is proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations, permutations

from ...core.canonical import FIXED, CanonicalForm, Correspondence, correspondence
from ...core.errors import OptionError
from ...core.spec import DOTS

MAX_SEARCH = 100_000
"""Steps of a search for a relation, which gives up early: it is a finding on the side."""

MAX_PERMUTED_AXES = 6
"""Axes of an output up to which every order is tried; longer ones where the axes tell which is which."""

MAX_SUMMED = 3
"""Indices that are summed at once."""


class RelationKind(Enum):
    """How one expression is made from the other."""

    TRANSPOSE = "transpose"
    OPERANDS = "operands"
    SUM = "sum"
    DIAGONAL = "diagonal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One expression made from the other; `swapped`: the first from the second.

    `order`: the permutation that makes it (of operands, or of axes where their number is known). `labels`: what is
    summed or made one, or the first's output in the second's order.
    """

    kind: RelationKind
    swapped: bool = False
    order: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()


def relation(first: CanonicalForm, second: CanonicalForm) -> Relation | None:
    """Return the simplest relation between two forms that differ, or None where none was found.

    What it says holds for every legal shape; of forms whose operands have other ranks only another order can help.

    >>> one = CanonicalForm(arrays=("A",), terms=(("i", "j"),), output=("i", "j"))
    >>> relation(one, CanonicalForm(arrays=("A",), terms=(("a", "b"),), output=("b", "a"))).order
    (1, 0)
    >>> relation(one, CanonicalForm(arrays=("A",), terms=(("a", "b"),), output=("a",))).labels
    ('j',)
    """
    for find in (_transposed, _reordered, _summed_or_diagonal):
        found = find(first, second)
        if found is not None:
            return found
    return None


def _alike(first: CanonicalForm, second: CanonicalForm) -> Correspondence | None:
    try:
        return correspondence(first, second, MAX_SEARCH)
    except OptionError:
        return None


def _transposed(first: CanonicalForm, second: CanonicalForm) -> Relation | None:
    """Return the order of the first's output axes that makes the second's."""
    count = len(first.output)
    if count != len(second.output):
        return None
    for order in _orders(first, second):
        ordered = first.ordered(order)
        if order != tuple(range(count)) and _alike(ordered, second):
            return Relation(
                kind=RelationKind.TRANSPOSE, order=() if DOTS in first.output else order, labels=ordered.output
            )
    return None


def _orders(first: CanonicalForm, second: CanonicalForm) -> Iterator[tuple[int, ...]]:
    """Yield the orders to try: every one of few axes, else the one that places in the operands suggest."""
    if len(first.output) <= MAX_PERMUTED_AXES:
        yield from permutations(range(len(first.output)))
        return
    where = [_places(first, label) for label in first.output]
    if len(set(map(str, where))) == len(where):
        wanted = [_places(second, label) for label in second.output]
        if sorted(map(str, wanted)) == sorted(map(str, where)):
            yield tuple(where.index(places) for places in wanted)


def _places(form: CanonicalForm, label: str) -> list[tuple[str, int]]:
    pairs = zip(form.arrays, form.terms, strict=True)
    return sorted((array, axis) for array, term in pairs for axis, x in enumerate(term) if x == label)


def _reordered(first: CanonicalForm, second: CanonicalForm) -> Relation | None:
    """Return the order in which the second has to be given the operands to compute what the first does."""
    if len(set(first.arrays)) < len(first.arrays) or len(set(second.arrays)) < len(second.arrays):
        return None
    how = _alike(_anonymous(first), _anonymous(second))
    if how is None:
        return None
    return Relation(kind=RelationKind.OPERANDS, order=tuple(how.operands.index(n) for n in range(len(second.terms))))


def _anonymous(form: CanonicalForm) -> CanonicalForm:
    return replace(form, arrays=tuple("" for _ in form.arrays))


def _summed_or_diagonal(first: CanonicalForm, second: CanonicalForm) -> Relation | None:
    for swapped, whole, part in ((False, first, second), (True, second, first)):
        if len(part.output) >= len(whole.output):
            continue
        for labels in _choices(whole, len(whole.output) - len(part.output)):
            output = tuple(label for label in whole.output if label not in labels)
            if _alike(replace(whole, output=output), part):
                return Relation(kind=RelationKind.SUM, swapped=swapped, labels=labels)
        for pair in _choices(whole, 2) if len(part.output) == len(whole.output) - 1 else ():
            if any(_alike(merged, part) for merged in _diagonals(whole, pair)):
                return Relation(kind=RelationKind.DIAGONAL, swapped=swapped, labels=pair)
    return None


def _choices(form: CanonicalForm, count: int) -> Iterator[tuple[str, ...]]:
    labels = [label for label in form.output if label not in FIXED]
    return combinations(labels, count) if count <= MAX_SUMMED else iter(())


def _diagonals(form: CanonicalForm, pair: tuple[str, ...]) -> Iterator[CanonicalForm]:
    """Yield the form on the diagonal of two output axes, kept in the place of the one or of the other."""
    kept, lost = pair
    terms = tuple(tuple(kept if label == lost else label for label in term) for term in form.terms)
    for gone in (lost, kept):
        output = tuple(kept if label == lost else label for label in form.output if label != gone)
        yield replace(form, terms=terms, output=output)
