"""A line on a terminal that says what is being done, and goes away with it. Nothing where no terminal is."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import TextIO

from .console import ERASE, is_terminal, tell

USUAL_WIDTH = 80
SLOW_SECONDS = 1.0
"""What takes no longer is not worth a line."""


class ProgressLine:
    """Tells on a stream, standard error by default; a context that wipes the line at its end.

    `slow`: shown from the start of the context on, but only where it takes longer than `seconds`.

    >>> with ProgressLine(slow="compiling ..."):
    ...     answer = 42
    """

    def __init__(self, stream: TextIO | None = None, *, slow: str = "", seconds: float = SLOW_SECONDS) -> None:
        stream = sys.stderr if stream is None else stream
        self.stream = stream if is_terminal(stream) else None
        self.shown = False
        self._lock = threading.Lock()
        self.timer = threading.Timer(seconds, self.tell, [slow]) if slow and self.stream is not None else None

    def tell(self, what: str) -> None:
        """Show what is being done, on one line."""
        with self._lock:
            if self.stream is not None:
                self.shown = tell(f"{ERASE}{what[: self._width() - 1]}", self.stream)

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self.stream.fileno() if self.stream else -1).columns or USUAL_WIDTH
        except (OSError, ValueError):
            return USUAL_WIDTH

    def __enter__(self) -> ProgressLine:
        if self.timer is not None:
            self.timer.daemon = True
            with suppress(RuntimeError):  # there may be no thread more
                self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.timer is not None:
            self.timer.cancel()
        with self._lock:
            if self.shown:
                tell(ERASE, self.stream)
            self.stream = None
