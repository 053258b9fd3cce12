"""Templates and manifests in, the modules that a wheel carries of them out. Runs when a wheel is built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tomllib import loads

from jinja2 import __version__

from .compiled import INDEX, MANIFESTS, TEMPLATE, digest, module_name
from .environment import environment
from .target import load_target


def modules() -> Iterator[tuple[str, str]]:
    """Yield the modules of all templates and manifests, each with its file name, the same bytes every time."""
    target = load_target("python")
    env, sources = environment(target), {}
    for name in _names(target.roots[-1]):
        with open(os.path.join(target.roots[-1], *name.split("/")), encoding="utf-8") as file:
            source = file.read()
        sources[name] = digest(source)
        if name.endswith(TEMPLATE):
            yield f"{module_name(name)}.py", env.compile(source, name, raw=True, defer_init=True)
        else:
            yield f"{module_name(name)}.py", f"TABLE = {loads(source)!r}\n"
    yield INDEX, f"JINJA2 = {__version__!r}\nSOURCES = {sources!r}\n"


def _names(root: str) -> list[str]:
    """Return the templates and manifests below a folder, as templates name each other."""
    found = []
    for folder, _, files in os.walk(root):
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [f"{below}/{file}" for file in files if file.endswith(TEMPLATE) or file == MANIFESTS]
    return sorted(found)
