"""One element of a result taken apart, as data; and how much may be computed for it. Loads no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .blocks import BLOCK_POINTS
from .factors import Factors
from .kinds import ElementKind
from .values import minus

MAX_TERMS = 10**9
"""Terms of a sum; to add up more takes minutes."""

MAX_CHECKED = 2_000
"""Elements near the limit of their dtype that are computed one by one, as np.einsum does."""

MAX_WHOLE_POINTS = 2 * 10**7
"""Loop iterations that np.einsum may take for the whole result: a tenth of a second or so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is computed: of the whole result, at a time, and of elements one by one."""

    whole_points: int = MAX_WHOLE_POINTS
    block_points: int = BLOCK_POINTS
    checked: int = MAX_CHECKED


USUAL = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermValue:
    """One product: its place along the summed indices, its factors, and the product, exact where it is finite."""

    place: tuple[int, ...]
    factors: tuple[Any, ...]
    product: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One element of a result.

    `terms`: all of them in order, or the largest, largest first. `total`: the exact sum (of booleans, how many terms
    are true), None where a factor is not finite; for objects their own sum. `rest`: what the terms left out sum to,
    where that is known. `magnitude`: the sum of the terms' sizes. `value`: np.einsum's element; `whole`: taken from the
    whole result, else computed from the slices that make it. `precise`: the total is exact, not only to 30 digits.
    `loops`: what loops come to that add one term after the other, in the dtype in which loops add; None but for floats.
    """

    factors: Factors
    terms: tuple[TermValue, ...]
    total: Any
    rest: Any
    magnitude: Fraction
    value: Any
    whole: bool
    precise: bool
    loops: Any

    @property
    def left_out(self) -> int:
        """How many terms are not among `terms`."""
        return self.factors.count - len(self.terms)

    @property
    def finite_inputs(self) -> bool:
        """Every factor is finite."""
        return self.total is not None


def rest_of(kind: ElementKind, total: Any, terms: tuple[TermValue, ...]) -> Any:
    """Return what the terms left out sum to, or None where that is not known."""
    if total is None or kind in (ElementKind.OTHER, ElementKind.OBJECT):
        return None
    if kind is ElementKind.LOGIC:
        return total - sum(bool(term.product) for term in terms)
    rest = total
    for term in terms:
        rest = minus(rest, term.product)
    return rest
