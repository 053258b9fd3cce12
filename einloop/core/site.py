"""Where a pasted call stands: the names its text uses, what it is given, where its value goes. Runs and reads nothing.

Every text here is Python that a reader parsed and wrote again (`ast.unparse`), on one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An array that a call is given, as an expression.

    `plain`: a name that holds the array while the loops run. `loose`: it may be a list, a range or another thing that
    is not an array. `dtype`: the one that its text shows, None where it shows none. `reads`: the variables, and
    attributes of variables, that it is computed from.
    """

    text: str
    plain: bool = False
    loose: bool = False
    dtype: str | None = None
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What loops need to take the place of a call without harm.

    `words` are the names in the whole text, which nothing but the call's own target may assign. `arguments` stand for
    the operands, None for those that come out of `rest`, an expression that unpacks into them (`rest_loose`: into what
    may be no arrays; `rest_dtype`: the one that all of these visibly have). `target` is the name
    that gets the very value of the call, if that is all that happens to it. `endings` are what the statement does with
    the value, a statement each: texts to be joined by the name of the result. `beside` are the parts of the text that
    change the value, its dtype, or an array that is there before: `dtype='f4'`, `out=c`, `c[0] = ...`.
    """

    words: frozenset[str]
    arguments: tuple[Argument | None, ...]
    rest: str | None = None
    rest_loose: bool = False
    rest_dtype: str | None = None
    target: str | None = None
    endings: tuple[tuple[str, ...], ...] = ()
    beside: tuple[str, ...] = ()


class Around(Enum):
    """What of a text is not read; its value is the id of the refusal or note that says so."""

    EXPRESSION = "EL160"
    """An expression that the call is part of, or text that is not Python."""
    CALLS = "EL161"
    """Further einsum calls."""
    STATEMENTS = "EL162"
    """Other statements."""
    ADDED = "EL163"
    """The call's value is added to (subtracted from ...) what its target holds."""
    ZEROS = "EL164"
    """A formula adds to its left side, and the loops start from zeros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part of a text that is not read: where it is, and `shown`, the call that is read or the array that is added to.

    `count`: how many calls there are, for CALLS.
    """

    kind: Around
    spans: tuple[Span, ...]
    shown: str
    count: int = 1
