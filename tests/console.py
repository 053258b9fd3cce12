"""Console blocks of a Markdown page, and what they print. `python tests/console.py PAGE...` writes it in anew."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
SHELL = f'einloop() {{ "{sys.executable}" -m einloop "$@"; }}; python() {{ "{sys.executable}" "$@"; }}; '


def sessions(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output printed under it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str, folder: str | os.PathLike[str]) -> str:
    """Return what a command prints, on both streams, in a terminal of 80 columns without colours.

    It runs in a folder that has the files of examples/lift/.
    """
    shutil.copytree(ROOT / "examples" / "lift", folder, dirs_exist_ok=True)
    return subprocess.run(
        ["bash", "-c", SHELL + command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


def played(block: str) -> str:
    """Return a console block with the output that its commands give now."""
    with tempfile.TemporaryDirectory() as folder:
        return "".join(f"$ {command}\n{run(command, folder)}" for command, _ in sessions(block))


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        text = page.read_text(encoding="utf-8")
        page.write_text(BLOCK.sub(lambda block: played(block[0]), text), encoding="utf-8")
