"""`%einloop` and `%%einloop`: a line, or a line and a cell, in; objects that show themselves out."""

from __future__ import annotations

from typing import Any

from ..cli.parser import asked_language
from .cells import run_watched, wishes
from .names import filled
from .running import run_command, told
from .views import Views
from .words import split_line


def run_line(shell: Any, line: str) -> Any:
    """Return what a line asks for, as an object that shows itself; several as one."""
    words = line.split()

    def run() -> Any:
        names = shell.user_ns
        found = [run_command([filled(word, names) for word in one], names) for one in split_line(line)]
        return found[0] if len(found) == 1 else Views(tuple(found))

    return told(run, asked_language(words))


def run_cell(shell: Any, line: str, cell: str) -> None:
    """Run a cell, and show what is to be seen of its einsum calls."""
    asked = told(lambda: wishes(line), asked_language(line.split()))
    run_watched(shell, cell, asked)
