"""The lengths that a text asks for while it runs on polynomials: different unless the text needs them equal."""

from __future__ import annotations

from collections.abc import Mapping

Key = str | tuple[str, int]
"""What a length belongs to: a name that counts, or an axis of an array."""


class Refusal(Exception):  # noqa: N818  what a refusal is called everywhere
    """Why a text is not lifted: the id and the reason, the node of its syntax tree, and what to do instead.

    `final`: it would be the same with other lengths.
    """

    def __init__(self, id: str, reason: str, node: object = None, hint: str = "", *, final: bool = False) -> None:
        super().__init__(reason)
        self.id, self.reason, self.node, self.hint, self.final = id, reason, node, hint, final


class Unequal(Exception):  # noqa: N818  no error: the text is run again
    """Two lengths have to be one for the text to make sense; it is run again with one."""

    def __init__(self, one: Key, other: Key) -> None:
        super().__init__()
        self.one, self.other = one, other


class Extent(int):
    """A length that a text asks for, and what it belongs to."""

    key: Key

    def __new__(cls, size: int, key: Key) -> Extent:
        made = super().__new__(cls, size)
        made.key = key
        return made


class Sizes:
    """The lengths of one run: all small, and different unless they are joined or given."""

    def __init__(self, lengths: tuple[int, ...], joins: Mapping[Key, Key], given: Mapping[Key, int]) -> None:
        self.lengths, self.joins, self.given = lengths, joins, given
        self.chosen: dict[Key, int] = {}

    def home(self, key: Key) -> Key:
        """Return the length that stands for all that are joined with this one."""
        while key in self.joins:
            key = self.joins[key]
        return key

    def __getitem__(self, key: Key) -> Extent:
        """Return a length, chosen when it is first asked for."""
        key = self.home(key)
        if key not in self.chosen:
            self.chosen[key] = self.given.get(key, self.lengths[len(self.chosen) % len(self.lengths)])
        return Extent(self.chosen[key], key)
