"""The lengths that a text asks for while it runs on polynomials: different unless the text needs them equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from ..core.registry import topic_of
from ..core.topic import Topic

Key = str | tuple[str, int]
"""What a length belongs to: a name that counts, or an axis of an array."""


class Refusal(Exception):  # noqa: N818  what a refusal is called everywhere
    """Why a text is not lifted: the id and the reason, the node of its syntax tree, and what to do instead.

    `final`: it would be the same with other lengths. `unknown`: the array whose number of axes is not known, where that
    is the reason.
    """

    def __init__(
        self, id: str, reason: str, node: object = None, hint: str = "", *, final: bool = False, unknown: str = ""
    ) -> None:
        super().__init__(reason)
        self.id, self.reason, self.node, self.hint, self.final = id, reason, node, hint, final
        self.unknown = unknown

    @property
    def topic(self) -> Topic | None:
        """What code has to know of the refusal, None where that is nothing."""
        return topic_of(self.id)


TOO_LONG = "this takes too many steps"
PART = "give one part of it: one nest of loops, or one statement"


def too_long(node: object = None) -> Refusal:
    """Return the refusal of a text that takes too much work."""
    return Refusal("EL816", TOO_LONG, node, PART)


class Unequal(Exception):  # noqa: N818  no error: the text is run again
    """Two lengths have to be one for the text to make sense; it is run again with one."""

    def __init__(self, one: Key, other: Key) -> None:
        super().__init__()
        self.one, self.other = one, other


class Shorter(Exception):  # noqa: N818  no error: the text is run again
    """An axis was chosen shorter than the text needs it, or not as long as it says; it is run again."""

    def __init__(self, key: Key, least: int, *, exact: bool = False) -> None:
        super().__init__()
        self.key, self.least, self.exact = key, least, exact


@dataclass(frozen=True, slots=True)
class Offset:
    """A length and a number that is added to it."""

    key: Key
    added: int


Factor = Key | int | Offset
"""What a length is a product of."""


def said(key: Factor) -> str:
    """Return a length in the words of the text."""
    if isinstance(key, Offset):
        return f"({said(key.key)} {'-' if key.added < 0 else '+'} {abs(key.added)})"
    return str(key) if isinstance(key, (str, int)) else f"{key[0]}.shape[{key[1]}]"


class Composed(Exception):  # noqa: N818  no error: the text is run again
    """A length has to be the product of others, or of numbers, for the text to make sense."""

    def __init__(self, key: Key, parts: tuple[Factor, ...]) -> None:
        super().__init__()
        self.key, self.parts = key, parts


class Extent(int):
    """A length that a text asks for, and what it belongs to. `parts`: what it is a product of, () for nothing."""

    key: Key
    parts: tuple[Factor, ...]
    loose = False
    """A number may be the same length by what a turn of a loop makes it."""

    def __new__(cls, size: int, key: Key, parts: tuple[Factor, ...] = ()) -> Extent:
        """Return a length of something."""
        made = super().__new__(cls, size)
        made.key, made.parts = key, parts
        return made

    @property
    def fixed(self) -> bool:
        """It can have no other value."""
        return bool(self.parts) and all(isinstance(part, int) for part in self.parts)


class Sizes:
    """The lengths of one run: all small, and different unless they are joined or given.

    `composed`: lengths that are products of others, and of numbers. `turn`: which of the runs it is that a text is
    lifted from.
    """

    def __init__(
        self,
        lengths: tuple[int, ...],
        joins: Mapping[Key, Key],
        given: Mapping[Key, int],
        composed: Mapping[Key, tuple[Factor, ...]] | None = None,
        *,
        turn: int = 0,
    ) -> None:
        self.turn = turn
        self.lengths, self.joins, self.given, self.composed = lengths, joins, given, composed or {}
        self.chosen: dict[Key, int] = {}
        self.loose = False
        """Numbers are those of one turn of a loop."""
        self.multiples: Mapping[str, int] = {}
        """Lengths that are multiples of a number, whatever is given."""
        self.exact: set[Key] = set()
        """Lengths that the text says by a number."""

    def home(self, key: Key) -> Key:
        """Return the length that stands for all that are joined with this one."""
        while key in self.joins:
            key = self.joins[key]
        return key

    def __getitem__(self, key: Key) -> Extent:
        """Return a length, chosen when it is first asked for."""
        key = self.home(key)
        parts = tuple(self._at_home(part) for part in self.composed.get(key, ()))
        if key not in self.chosen:
            if parts:
                self.chosen[key] = prod(self._value(part) for part in parts)
            else:
                size = self.given.get(key, self.lengths[len(self.chosen) % len(self.lengths)])
                step = self.multiples.get(key, 1) if isinstance(key, str) else 1
                self.chosen[key] = -(-size // step) * step
        found = Extent(self.chosen[key], key, parts)
        found.loose = self.loose
        return found

    def _at_home(self, part: Factor) -> Factor:
        if isinstance(part, int):
            return part
        return Offset(self.home(part.key), part.added) if isinstance(part, Offset) else self.home(part)

    def _value(self, part: Factor) -> int:
        if isinstance(part, int):
            return part
        return int(self[part.key]) + part.added if isinstance(part, Offset) else int(self[part])
