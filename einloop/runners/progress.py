"""A line on standard error while something takes long: on terminals only, erased afterwards."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from types import TracebackType

from ..core.console import ERASE, is_terminal, tell

SECONDS = 1.0
"""What takes no longer is not worth a line."""
TEXT = "compiling ..."


class Progress:
    """Around something that may take long: a line appears after a while, and goes where it ends.

    >>> with Progress():
    ...     answer = 42
    >>> answer
    42
    """

    def __init__(self, text: str = TEXT, seconds: float = SECONDS) -> None:
        self.text = text
        self.shown = False
        self.lock = threading.Lock()
        self.ended = False
        stream = sys.stderr
        self.stream = stream if is_terminal(stream) else None
        self.timer = threading.Timer(seconds, self.show)
        self.timer.daemon = True

    def __enter__(self) -> Progress:
        if self.stream is not None:
            with suppress(RuntimeError):  # there may be no thread more
                self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        with self.lock:
            self.ended = True
            if self.shown:
                self._write(ERASE)

    def show(self) -> None:
        """Write the line, unless it is over."""
        with self.lock:
            if not self.ended:
                self.shown = True
                self._write(ERASE + self.text)  # in place of a line that says what all of it is

    def _write(self, text: str) -> None:
        if not tell(text, self.stream):
            self.stream = None  # the terminal went away
            self.shown = False
