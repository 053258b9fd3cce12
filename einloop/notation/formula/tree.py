"""The right side of a formula as a tree: numbers, operands, sums, products, quotients, powers, sum signs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ...core.source import Span
from .cursor import SumSign, WrittenAccess

if TYPE_CHECKING:
    from ...core.polynomial import Number

FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number."""

    value: Number
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A sum of parts, each with whether it is subtracted."""

    parts: tuple[tuple[bool, Branch], ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplied:
    """A product."""

    parts: tuple[Branch, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """A quotient: `top` divided by each of `bottoms`."""

    top: Branch
    bottoms: tuple[Branch, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A power with a whole exponent."""

    base: Branch
    power: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The square root of a number."""

    inside: Branch
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """A sum over indices: those that sign number `sign` of the formula lists, or `labels`, which no sign lists."""

    body: Branch
    span: Span
    sign: int | None = None
    labels: tuple[str, ...] = ()


Branch = Constant | WrittenAccess | Added | Multiplied | Divided | Raised | Root | Summed


class Sign(Enum):
    """How the right side changes what the left side holds."""

    SET = "="
    PLUS = "+="
    MINUS = "-="
    TIMES = "*="
    OVER = "/="


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFormula:
    """A formula as it is written: its left side, the sign and where it stands, and the right side as a tree.

    `factors` and `sums` are all operands and sum signs of the tree in order of writing, an operand to a power as often
    as it counts. `groups` are the factors in parentheses, as (start, stop), `roots` the numbers in square roots.
    """

    left: WrittenAccess
    sign: Sign
    sign_span: Span
    right: Branch
    factors: tuple[WrittenAccess, ...]
    sums: tuple[SumSign, ...]
    groups: tuple[tuple[int, int], ...]
    roots: tuple[WrittenAccess, ...] = ()

    @property
    def adds(self) -> bool:
        """Whether it adds to what the left side holds."""
        return self.sign in (Sign.PLUS, Sign.MINUS)
