"""The lengths that a text asks for while it runs on polynomials: small, and different unless the text needs them equal."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

Key = str | tuple[str, int]
"""What a length belongs to: a name that counts, or an axis of an array."""


class Refusal(Exception):
    """Why a text is not lifted: the id and the reason, the node of its syntax tree, and what to do instead."""

    def __init__(self, id: str, reason: str, node: object = None, hint: str = "", unknown: str = "") -> None:
        super().__init__(reason)
        self.id, self.reason, self.node, self.hint = id, reason, node, hint
        self.unknown = unknown
        """The array whose number of axes is not known, where that is the reason."""


class Demand(Exception):
    """What lengths have to be for a text to make sense; it is run again with that."""


class Unequal(Demand):
    """Two lengths have to be one."""

    def __init__(self, one: Key, other: Key) -> None:
        super().__init__()
        self.one, self.other = one, other


class Composed(Demand):
    """A length has to be the product of others."""

    def __init__(self, key: Key, parts: tuple[Key | int, ...]) -> None:
        super().__init__()
        self.key, self.parts = key, parts


class Shorter(Demand):
    """An axis was chosen shorter than the text needs it."""

    def __init__(self, key: Key, least: int) -> None:
        super().__init__()
        self.key, self.least = key, least


class Extent(int):
    """A length that a text asks for, and what it belongs to."""

    key: Key

    def __new__(cls, size: int, key: Key) -> Extent:
        made = super().__new__(cls, size)
        made.key = key
        return made

    @property
    def said(self) -> str:
        """What it belongs to, in the words of the text."""
        return self.key if isinstance(self.key, str) else f"{self.key[0]}.shape[{self.key[1]}]"


class Sizes:
    """The lengths of one run: all small, and different unless the text needs them to be something.

    `given` are lengths that are numbers. `joins`: lengths that are another; `composed`: products of others; `least`: what
    lengths are at least. All three grow by `meet`.
    """

    def __init__(self, lengths: tuple[int, ...], joins: dict[Key, Key], given: Mapping[Key, int]) -> None:
        self.lengths, self.joins, self.given = lengths, joins, given
        self.composed: dict[Key, tuple[Key | int, ...]] = {}
        self.least: dict[Key, int] = {}
        self.chosen: dict[Key, int] = {}
        self._choosing: list[Key] = []

    def home(self, key: Key) -> Key:
        """Return the length that stands for all that are joined with this one."""
        while key in self.joins:
            key = self.joins[key]
        return key

    def __getitem__(self, key: Key) -> Extent:
        key = self.home(key)
        if key not in self.chosen:
            if key in self._choosing:
                raise Refusal("EL813", IMPOSSIBLE)
            self._choosing.append(key)
            self.chosen[key] = self._choose(key)
            self._choosing.pop()
        return Extent(self.chosen[key], key)

    def _choose(self, key: Key) -> int:
        if key in self.composed:
            return prod(part if isinstance(part, int) else int(self[part]) for part in self.composed[key])
        if key in self.given:
            return self.given[key]
        length = self.lengths[len(self.chosen) % len(self.lengths)]
        return length + max(0, self.least.get(key, 0) - min(self.lengths))

    def meet(self, demand: Demand) -> None:
        """Forget what was chosen, and choose so that a demand is met from now on. Raises Refusal where nothing does."""
        match demand:
            case Unequal():
                self._join(demand.one, demand.other)
            case Composed():
                key, parts = self.home(demand.key), demand.parts
                known = key in self.composed
                if not known and key not in self.given:
                    self.composed[key] = parts
                else:
                    left, right = self._apart(self.composed.get(key, (self.given.get(key, 0),)), parts)
                    if len(left) == len(right) == 1 and not isinstance(left[0], int) and not isinstance(right[0], int):
                        self._join(left[0], right[0])
                    else:
                        raise Refusal("EL813", IMPOSSIBLE)
            case Shorter():
                key = self.home(demand.key)
                if key in self.given or key in self.composed or self.least.get(key, 0) >= demand.least:
                    raise Refusal("EL813", IMPOSSIBLE)
                self.least[key] = demand.least
        self.chosen.clear()
        self._choosing.clear()

    def _join(self, one: Key, other: Key) -> None:
        one, other = self.home(one), self.home(other)
        fixed = [key in self.composed or key in self.given for key in (one, other)]
        if one == other or all(fixed):
            raise Refusal("EL813", IMPOSSIBLE)
        if fixed[0]:
            one, other = other, one
        self.joins[one] = other
        if one in self.least:
            self.least[other] = max(self.least.pop(one), self.least.get(other, 0))

    def _apart(
        self, one: tuple[Key | int, ...], other: tuple[Key | int, ...]
    ) -> tuple[list[Key | int], list[Key | int]]:
        """Return the factors of two products that they do not share."""
        left, right = ([n if isinstance(n, int) else self.home(n) for n in part] for part in (one, other))
        for factor in list(left):
            if factor in right:
                left.remove(factor)
                right.remove(factor)
        return left, right


IMPOSSIBLE = "lengths that cannot be one have to be one"
