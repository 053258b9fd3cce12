"""Sentences as data: an id of the catalogue and the values that its placeholders take. Holds no human language.

A view gives the sentence its words (`templates/languages/`) and its marks (bold, colours, TeX).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from .frozen import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """Text that no language translates: an index, an element, a shape, a call. Views set it as code."""

    text: str


@dataclass(frozen=True, slots=True)
class Join:
    """Values in a row, joined as the language does: "i, j and k". `kind` names the joiner in the catalogue
    (`join.and`, `join.or`, `join.comma`).
    """

    items: tuple[Value, ...]
    kind: str = "and"


@dataclass(frozen=True, slots=True)
class Message:
    """A whole sentence or phrase: its id in the catalogue, and what its named placeholders stand for.

    Where the catalogue's entry has forms (`one`, `other`), the value called `count` chooses.

    >>> Message("sentence.sum", {"element": Code("A[i,j]"), "over": Join((Code("j"),))}).id
    'sentence.sum'
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value: TypeAlias = "int | float | Code | Join | Message"
"""What may stand for a placeholder. A number is written as the language writes numbers."""


def codes(texts: tuple[str, ...] | list[str], kind: str = "and") -> Join:
    """Return texts that no language translates, joined.

    >>> codes(["i", "j"]).items
    (Code(text='i'), Code(text='j'))
    """
    return Join(tuple(Code(text) for text in texts), kind)
