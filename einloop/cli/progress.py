"""A line on a terminal that says how far long work is, and goes away with it. Nothing where no terminal is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import TextIO

from ..core.console import ERASE, is_terminal, tell

AFTER = 1.0
"""Seconds before the line appears: what is shorter needs none."""
WORDS = {"checking": "checking every result", "peaks": "measuring the machine's peaks", "round": "measuring"}


@dataclass(slots=True, kw_only=True)
class Progress:
    """Tells on a stream, which may be None; a context that wipes the line at its end."""

    stream: TextIO | None
    clock: Callable[[], float] = monotonic
    start: float = 0.0
    shown: bool = field(default=False, init=False)

    @classmethod
    def on(cls, stream: TextIO, clock: Callable[[], float] = monotonic) -> Progress:
        """Return progress on a stream where that is a terminal, else one that tells nobody."""
        return cls(stream=stream if is_terminal(stream) else None, clock=clock, start=clock())

    @classmethod
    def at_once(cls, stream: TextIO, clock: Callable[[], float] = monotonic) -> Progress:
        """Return progress that tells of work before it begins."""
        return cls(stream=stream if is_terminal(stream) else None, clock=clock, start=clock() - AFTER)

    def tell(self, what: str, done: int, of: int) -> None:
        """Show what is being done, and how much of it."""
        if self.stream is None or self.clock() - self.start < AFTER:
            return
        count = f": round {done} of {of}" if of > 1 else ""
        self.shown = tell(f"{ERASE}{WORDS.get(what, what)}{count}", self.stream)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            tell(ERASE, self.stream)
