"""Cells run in an IPython shell of its own process, and what each of them showed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import einloop

ROOT = Path(einloop.__file__).parents[1]
CODE = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

shell = InteractiveShell.instance(colors="nocolor")
shell.history_manager.enabled = False
answers = sys.stdout
for line in sys.stdin:
    shell.reset()
    found = []
    for cell in json.loads(line):
        with capture_output() as seen:
            result = shell.run_cell(cell, store_history=True)
        found.append({
            "good": result.success,
            "out": seen.stdout,
            "err": seen.stderr,
            "shown": [one.data for one in seen.outputs],
            "value": repr(result.result),
        })
    print(json.dumps(found, default=str), file=answers, flush=True)
"""


@cache
def shell() -> subprocess.Popen[str]:
    """Return a process with an IPython shell, which all tests use; each begins with no names."""
    return subprocess.Popen(
        [sys.executable, "-c", CODE],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def end() -> None:
    """End the shell, if there is one."""
    if shell.cache_info().currsize:
        shell().communicate()
        shell.cache_clear()


@dataclass(frozen=True)
class Ran:
    """What a cell did: whether it ended well, what it printed, what it showed (by MIME type), and its value."""

    good: bool
    out: str
    err: str
    shown: list[dict[str, str]]
    value: str

    @property
    def text(self) -> str:
        """All that was shown, as plain text."""
        return "\n".join(one["text/plain"] for one in self.shown)


def run_cells(*cells: str) -> list[Ran]:
    """Return what each of the cells did; the extension is loaded before them."""
    pytest.importorskip("IPython")
    running = shell()
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(json.dumps(["%reload_ext einloop", *cells]) + "\n")
    running.stdin.flush()
    return [Ran(**one) for one in json.loads(running.stdout.readline())][1:]
