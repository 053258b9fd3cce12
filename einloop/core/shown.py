"""How results and refusals show themselves in IPython and in notebooks. Imports neither of them."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

PACKAGE = __name__.partition(".")[0]


def pretty(self: object, printer: Any, cycle: bool) -> None:
    """Print a result as its text where it stands alone, inside a list or a tuple by its `repr`.

    A class whose method `_repr_pretty_` this is has to have it itself: a `__repr__` below its base classes goes first.
    """
    printer.text(repr(self) if cycle or len(printer.stack) > 1 else str(self))


def callers(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback up to the line that called einloop; all of it where no line is einloop's."""
    frames = []
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__")).partition(".")[0] == PACKAGE:
            break
        frames.append(trace)
        trace = trace.tb_next
    cut = None
    for frame in reversed(frames):
        cut = TracebackType(cut, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return cut


def ipython_lines(error: BaseException, trace: TracebackType | None) -> list[str]:
    """Return an error that has no traceback of its own as IPython writes it, with the frames of `trace`."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if shell is None or trace is None:
        return [f"{type(error).__name__}: {error}"]
    lines: list[str] = shell.InteractiveTB.structured_traceback(type(error), error, trace, tb_offset=1)
    return lines
