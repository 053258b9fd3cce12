"""The licences of what a page carries, as one text: of what is installed here its own words, of the rest its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ..core.root import PACKAGE
from ..core.version import __version__
from .packing import LIBRARIES

WORDS = ("licen", "copying", "notice")
RULE = "\n\n" + "-" * 80 + "\n\n"
PYTHON = ("LICENSE.txt", "LICENSE")
PYODIDE = """Pyodide
The files pyodide.js, pyodide.asm.js and pyodide.asm.wasm, unchanged, under the Mozilla Public License, version 2.0:
https://www.mozilla.org/MPL/2.0/ Its source: https://github.com/pyodide/pyodide
It has in it what that project names, such as Emscripten's libraries, libffi and zlib, under licences of their own."""
FOUNDATION = """Python
The interpreter in pyodide.asm.wasm and the standard library in python_stdlib.zip, whose files are stored and not
compressed here, under the license of the Python Software Foundation: https://docs.python.org/3/license.html"""


def licences() -> str:
    """Return the text."""
    parts = [f"einloop {__version__}\n{_own()}", PYODIDE, "\n\n".join([FOUNDATION, *_of_python()])]
    parts += [text for library in LIBRARIES for text in _installed(library)]
    return RULE.join(part.strip() for part in parts) + "\n"


def _own() -> str:
    path = Path(os.path.dirname(PACKAGE), "LICENSE")
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return "\n".join(_texts("einloop")) or "MIT license"


def _of_python() -> Iterator[str]:
    """Yield the text of Python's license, where this Python has it."""
    for folder in (os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(os.__file__))):
        for name in PYTHON:
            path = Path(folder, name)
            if path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace")
                return


def _installed(library: str) -> Iterator[str]:
    try:
        found = distribution(library)
    except PackageNotFoundError:
        return
    kinds = [found.metadata[key] for key in ("License-Expression", "License") if key in found.metadata]
    kind = kinds[0] if kinds else ""
    texts = list(_texts(library))
    yield "\n\n".join([f"{found.metadata['Name']} {found.version}\n{kind if len(kind) < 100 else ''}".strip(), *texts])


def _texts(library: str) -> Iterator[str]:
    """Yield the licence files of an installed library."""
    try:
        files = distribution(library).files or []
    except PackageNotFoundError:
        return
    for file in sorted(files, key=str):
        inside = ".dist-info" in file.parts[0] and any(file.name.lower().startswith(word) for word in WORDS)
        path = Path(str(file.locate()))
        if inside and path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")
