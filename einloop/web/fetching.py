"""Pyodide from npm, which checks what it downloads: the files that a page carries."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ..core.errors import OptionError
from .packing import MAX_BYTES, PYODIDE, check_pyodide

VERSION = "0.29.4"
SECONDS = 600
QUIET = ("--loglevel", "error", "--fetch-retries", "1", "--fetch-timeout", "60000")
HINT = (
    "unpack the npm package pyodide (npm pack pyodide@{version}) anywhere, and give --pyodide FOLDER; "
    "--no-python writes the page with its first example alone"
)


def fetch_pyodide(version: str = VERSION) -> dict[str, bytes]:
    """Return the files of Pyodide by name, downloaded by npm. Raises OptionError, which says how else to get them."""
    hint = HINT.format(version=version)
    npm = shutil.which("npm")
    if npm is None:
        raise OptionError("EL490", "npm, which fetches Pyodide, is not installed", hint=hint)
    with TemporaryDirectory() as folder:
        command = [npm, "pack", f"pyodide@{version}", "--pack-destination", folder, *QUIET]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise OptionError("EL490", f"npm took more than {SECONDS} seconds to fetch Pyodide", hint=hint) from None
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise OptionError("EL490", f"npm does not fetch pyodide@{version}: {_reason(done)}", hint=hint)
        try:
            found = dict(_members(archives[0]))
        except (tarfile.TarError, OSError, EOFError) as error:
            raise OptionError("EL490", f"what npm fetched cannot be read: {error}", hint=hint) from None
    missing = [name for name in PYODIDE if name not in found]
    if missing:
        raise OptionError("EL490", f"pyodide@{version} has no {missing[0]}", hint=hint)
    check_pyodide(found)
    return found


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line in which npm says what went wrong."""
    lines = [line.removeprefix("npm").strip() for line in done.stderr.splitlines()]
    plain = [line.removeprefix("error").removeprefix("ERR!").strip() for line in lines]
    told = [line for line in plain if line and not line.startswith(("code ", "errno ", "syscall ", "A complete log"))]
    return told[0] if told else f"exit code {done.returncode}"


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of Pyodide in a package."""
    with tarfile.open(archive) as package:
        for name in PYODIDE:
            try:
                member = package.getmember(f"package/{name}")
            except KeyError:
                continue
            file = package.extractfile(member) if member.isfile() and member.size <= MAX_BYTES else None
            if file is not None:
                yield name, file.read()
