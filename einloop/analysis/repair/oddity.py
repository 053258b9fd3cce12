"""What is odd about an expression, counted from its terms and the extents at hand.

In an expression that people mean every index pairs up: it stands in two operands, or in an operand and the output. An
index that stands alone is summed before anything is multiplied; one that stands twice in an operand takes its diagonal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from ...core.spec import DOTS, Extent
from .draft import DraftExpression, Labels

LONE, DIAGONAL = 4, 4
APART, UNCONTRACTED = 2, 2
"""Points against a product. What does not pair up weighs more than what makes it worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddities:
    """What does not pair up in a product; nothing does not in an expression of one operand.

    `stretched`: indices along which an operand is repeated. `lone`: indices summed inside one operand. `diagonals`:
    places where an operand has a label again, traces left out. `groups`: into how many the operands fall that share no
    index. `uncontracted`: no index is summed across operands.
    """

    stretched: int = 0
    lone: int = 0
    diagonals: int = 0
    groups: int = 1
    uncontracted: bool = False

    @property
    def points(self) -> int:
        """The weight of all that is odd: 0 where everything pairs up."""
        worse = (self.groups - 1) * APART + self.uncontracted * UNCONTRACTED
        return self.lone * LONE + self.diagonals * DIAGONAL + (worse if self.lone else 0)


def oddities(draft: DraftExpression, extents: Mapping[str, Extent], stretched: int) -> Oddities:
    """Return what is odd about a draft. An index of one element sums nothing.

    >>> oddities(DraftExpression(terms=(("i", "j"), ("k", "l")), output=("i", "l")), {}, 0).points
    12
    >>> oddities(DraftExpression(terms=(("b", "i"), ("j", "j"), ("b", "j")), output=("b",)), {}, 0).points
    8
    """
    terms = draft.terms
    if len(terms) == 1:
        return Oddities(stretched=stretched)
    places: dict[str, list[int]] = {}
    for number, term in enumerate(terms):
        for label in term:
            places.setdefault(label, []).append(number)
    places.pop(DOTS, None)
    lone = diagonals = contracted = 0
    for label, operands in places.items():
        apart, free = len(set(operands)), label in draft.output
        contracted += apart > 1 and not free
        if extents.get(label) == 1:
            continue
        if apart > 1 or free:
            diagonals += len(operands) - apart
        else:
            lone += 1
    return Oddities(
        stretched=stretched,
        lone=lone,
        diagonals=diagonals,
        groups=_groups(terms),
        uncontracted=not contracted,
    )


def unusual(draft: DraftExpression) -> int:
    """Return how much is legal and rare: it ranks expressions in which everything pairs up.

    Counted are places of an index beyond two, pairs of labels that stand in one order here and in the other there,
    operands with the term of another, and sums over an index that leads every term it is in.

    >>> unusual(DraftExpression(terms=(("i", "j"), ("j", "k")), output=("i", "k")))
    0
    >>> unusual(DraftExpression(terms=(("j", "i"), ("j", "k")), output=("k", "i")))
    1
    """
    every = (*draft.terms, draft.output)
    places = {label: sum(label in term for term in every) for label in draft.labels}
    orders = {pair for term in every for pair in combinations(term, 2)}
    leading = {term[0] for term in draft.terms if term}
    led = [x for x in leading if x not in draft.output and all(t[0] == x for t in draft.terms if x in t)]
    return (
        sum(max(count - 2, 0) for count in places.values())
        + sum((after, before) in orders for before, after in orders if before < after)
        + len(draft.terms)
        - len(set(draft.terms))
        + sum(sum(x in term for term in draft.terms) > 1 for x in led)
    )


def _groups(terms: tuple[Labels, ...]) -> int:
    """Return into how many groups the operands fall that share no index; scalars belong to all."""
    found: list[set[str]] = []
    for term in filter(None, terms):
        linked = [group for group in found if not group.isdisjoint(term)]
        found = [group for group in found if group.isdisjoint(term)]
        found.append(set(term).union(*linked))
    return len(found)
