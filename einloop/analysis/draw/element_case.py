"""The element of the result that a picture of cells shows, and how many products make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from ...core.message import Code, Message
from .equation import DrawnProduct, Equation

MAX_BADGES = 99
"""Terms that are numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCase:
    """An equation whose indices all have lengths, and one element of its result.

    `at`: the place along every index of the result, None where the result has no element.
    """

    equation: Equation
    at: Mapping[str, int] | None
    size: Mapping[str, int]

    def terms(self, one: DrawnProduct) -> int:
        """Return how many products a term adds up."""
        return prod(self.size[label] for label in one.over)

    @property
    def most_terms(self) -> int:
        """The terms of the product with the most."""
        return max(map(self.terms, self.equation.products), default=0)

    @property
    def countable(self) -> bool:
        """Whether there are several terms, and few enough to have numbers."""
        return 1 < self.most_terms <= MAX_BADGES

    def sentence(self) -> Message:
        """Return which element is lit, and how many products it is the sum of."""
        if self.at is None:
            return Message("draw.no_element")
        element = Code(self.equation.whole(self.equation.result, self.at))
        count = sum(map(self.terms, self.equation.products))
        return Message("draw.element", {"element": element, "count": count})
