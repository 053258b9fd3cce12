"""A browser's Python, and einloop with the libraries that it needs there, as files that a page carries.

Pyodide's files come from a folder or from npm (`fetching.py`), unchanged but for the standard library: what is in an
archive is stored, and the whole is compressed once, which takes less room. The same input gives the same bytes, under
one version of this Python.
"""

from __future__ import annotations

import ast
import gzip
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from ..core.errors import OptionError
from ..core.root import PACKAGE, template_root

LOADER, MACHINE, WASM = "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm"
LIBRARY, LOCK = "python_stdlib.zip", "pyodide-lock.json"
PYODIDE = (LOADER, MACHINE, WASM, LIBRARY, LOCK)
"""The files of Pyodide 0.29 that start it, as the npm package `pyodide` has them."""
APPLICATION = "einloop.zip"
LIBRARIES = ("jinja2", "markupsafe", "opt_einsum", "pycparser")
"""Libraries that are Python alone, and that reading, loops and pages need, or paths, or C."""
MAX_BYTES = 32 << 20
"""Of one file of Pyodide; the largest has ten million."""
ELSEWHERE = frozenset({"api", "cli", "dropin", "measure", "notebook"})
"""Rooms of einloop that a page does not enter."""
BUILDERS = frozenset({"building.py", "fetching.py", "licences.py", "packing.py", "serving.py"})
"""Files of this room that make the page, which it does not need itself."""
LEFT_OUT = (".pyc", ".pyi", ".c", ".so", ".pyd", ".cfg", ".typed")
DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive."""


def read_pyodide(folder: str | Path) -> dict[str, bytes]:
    """Return the files of Pyodide in a folder by name. Raises OptionError where one is missing or is something else."""
    found = {}
    for name in PYODIDE:
        path = Path(folder, name)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise OptionError("EL490", f"{str(path)!r} is larger than any file of Pyodide")
            found[name] = path.read_bytes()
        except (OSError, ValueError) as error:
            if isinstance(error, OptionError):
                raise
            reason = getattr(error, "strerror", None) or str(error)
            hint = (
                f"give the folder with {', '.join(PYODIDE[:-1])} and {PYODIDE[-1]}, as the npm package pyodide has it"
            )
            raise OptionError("EL490", f"{str(path)!r} cannot be read: {reason}", hint=hint) from None
    check_pyodide(found)
    return found


def check_pyodide(files: Mapping[str, bytes]) -> None:
    """Raise OptionError for files that are not what their names say."""
    signs = {WASM: b"\0asm", LIBRARY: b"PK", LOCK: b"{"}
    for name, sign in signs.items():
        if not files[name].lstrip().startswith(sign) and not files[name].startswith(sign):
            raise OptionError("EL490", f"{name} is not a file of Pyodide", hint="take all files from one package")
    for name, word in ((LOADER, b"loadPyodide"), (MACHINE, b"_createPyodideModule")):
        if word not in files[name]:
            hint = "Pyodide 0.29 is known to this einloop; other versions may have modules instead of scripts"
            raise OptionError("EL490", f"{name} says nothing of {word.decode()}", hint=hint)


def packed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what a page carries by name: Pyodide with its library stored, and einloop."""
    return {**files, LIBRARY: stored(files[LIBRARY]), APPLICATION: application()}


def encoded(data: bytes) -> str:
    """Return bytes as text for a page: compressed, in base64.

    >>> gzip.decompress(__import__("base64").b64decode(encoded(b"abc")))
    b'abc'
    """
    return b64encode(gzip.compress(data, 9, mtime=0)).decode()


def stored(archive: bytes) -> bytes:
    """Return an archive with the same files, none compressed. Raises OptionError where it is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(archive)) as old:
            names = [one.filename for one in old.infolist() if not one.is_dir()]
            return archive_of((name, old.read(name)) for name in names)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise OptionError("EL490", f"{LIBRARY} is damaged: {error}") from None


def archive_of(files: Iterator[tuple[str, bytes]]) -> bytes:
    """Return files as an archive in which they are stored as they are, in the order of their names."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as made:
        for name, data in sorted(files):
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            made.writestr(entry, data)
    return whole.getvalue()


@cache
def application() -> bytes:
    """Return einloop with its templates and the libraries it needs, as an archive."""
    return archive_of(_application())


def missing_libraries() -> tuple[str, ...]:
    """Return the libraries that a page would have if they were installed here."""
    return tuple(name for name in LIBRARIES if find_spec(name) is None)


def _application() -> Iterator[tuple[str, bytes]]:
    package = Path(PACKAGE)
    for path, name in _files(package):
        rooms = name.split("/")
        if rooms[0] in ELSEWHERE or rooms[0].startswith("_templates") or (rooms[0] == "web" and rooms[-1] in BUILDERS):
            continue
        yield f"einloop/{name}", bare(path.read_text(encoding="utf-8")).encode()
    for path, name in _files(Path(template_root())):
        if not name.startswith(("pages/web", "pages/trace")) and not name.endswith((".tex", ".md")):
            yield f"einloop/_templates/{name}", path.read_bytes()
    for library in LIBRARIES:
        spec = find_spec(library)
        if spec is not None and spec.origin is not None:
            for path, name in _files(Path(spec.origin).parent):
                yield f"{library}/{name}", path.read_bytes()


def bare(source: str) -> str:
    """Return a module without its comments and docstrings, a quarter of einloop that no page reads.

    >>> print(bare("def f():\\n    \'Return 1.\'\\n    return 1  # one"), end="")
    def f():
        return 1
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [one for one in node.body if not _says(one)] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _says(statement: ast.stmt) -> bool:
    """Return whether a statement is a text alone."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every file below a folder that Python reads, with its path there."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and path.suffix not in LEFT_OUT and not {"__pycache__", "tests"} & {*parts}:
            yield path, "/".join(parts)
