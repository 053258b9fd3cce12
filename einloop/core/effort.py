"""How much work something may take, counted where the work is done, so that nothing that a person gives runs long.

A unit is about a microsecond. Steps are counted, not time: the same text is refused on every machine, or on none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class TooMuchError(Exception):
    """Something takes more work than it may; those who limit it say what that means."""


class Effort:
    """The units that are left."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


_EFFORT: ContextVar[Effort | None] = ContextVar("effort", default=None)


@contextmanager
def limited(most: int) -> Iterator[None]:
    """Let what is inside spend so many units, and no more than what is around it has left.

    >>> with limited(10):
    ...     spend(11)
    Traceback (most recent call last):
        ...
    einloop.core.effort.TooMuchError
    """
    outer = _EFFORT.get()
    effort = Effort(most if outer is None else min(most, outer.left))
    given = effort.left
    token = _EFFORT.set(effort)
    try:
        yield
    finally:
        _EFFORT.reset(token)
        if outer is not None:
            outer.left -= given - effort.left


def spend(units: int) -> None:
    """Count work that is about to be done, where it is limited. Raises TooMuchError where too little is left."""
    effort = _EFFORT.get()
    if effort is not None:
        effort.left -= units
        if effort.left < 0:
            raise TooMuchError
