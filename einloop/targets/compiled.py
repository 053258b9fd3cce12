"""What a wheel carries of `templates/` in compiled form: a module of Python for every template and every manifest.

Python need not compile them at each start then, where it may not keep what it compiled. A checkout has none.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import import_module
from types import ModuleType

PACKAGE = "_compiled"
"""The package of these modules, in `einloop`."""

INDEX = "__init__.py"
"""Its index: `JINJA2` is the version that compiled, `SOURCES` the digest of every file that was."""

TEMPLATE, MANIFEST = ".j2", ".toml"
MANIFESTS = "target" + MANIFEST


def compiled(name: str, source: str) -> ModuleType | None:
    """Return the module of a file below `templates/`, None where there is none, or where its text is another by now."""
    index = _index()
    if index is None or index.SOURCES.get(name) != digest(source):
        return None
    return _import(f"{index.__name__}.{module_name(name)}")


def compiled_by() -> str | None:
    """Return the version of jinja2 that compiled the templates: code for another version need not run."""
    index = _index()
    return None if index is None else str(index.JINJA2)


@cache
def _index() -> ModuleType | None:
    return _import(f"{__name__.split('.', 1)[0]}.{PACKAGE}")


def _import(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def digest(source: str) -> str:
    """Return what tells one text from another."""
    return sha256(source.encode()).hexdigest()


def module_name(name: str) -> str:
    """Return the name of the module of a file.

    >>> module_name("python/numpy.j2")
    'python_numpy_j2'
    """
    return name.replace("/", "_").replace(".", "_")
