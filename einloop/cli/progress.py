"""A line on a terminal that says how far long work is, and goes away with it. Nothing where no terminal is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import TextIO

from ..core.console import ERASE, is_terminal, tell

USUAL_WIDTH = 80


@dataclass(slots=True, kw_only=True)
class ProgressLine:
    """Tells on a stream, which may be None; a context that wipes the line at its end."""

    stream: TextIO | None
    shown: bool = field(default=False, init=False)

    @classmethod
    def on(cls, stream: TextIO) -> ProgressLine:
        """Return progress on a stream where that is a terminal, else one that tells nobody."""
        return cls(stream=stream if is_terminal(stream) else None)

    def tell(self, what: str) -> None:
        """Show what is being done, on one line."""
        if self.stream is not None:
            self.shown = tell(f"{ERASE}{what[: self._width() - 1]}", self.stream)

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self.stream.fileno() if self.stream else -1).columns or USUAL_WIDTH
        except (OSError, ValueError):
            return USUAL_WIDTH

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            tell(ERASE, self.stream)
