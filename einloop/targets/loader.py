"""Finds built-in templates: compiled where a wheel carries them for this version of jinja2, else by their source."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template, __version__

from ..core.errors import TemplateError
from .compiled import compiled, compiled_by

MAX_BYTES = 1_000_000
"""Bytes of a template that are read."""


class ForeignLoader(FileSystemLoader):
    """Loads a user's templates, and the built-in ones that they lack."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the text of a template, its place, and whether it still holds. Raises TemplateError for a huge one."""
        for root in self.searchpath:
            path = os.path.join(root, *template.split("/"))
            if os.path.isfile(path) and os.path.getsize(path) > MAX_BYTES:
                raise TemplateError("EL506", f"{path} has more than {MAX_BYTES:,} bytes, which no template takes")
        return super().get_source(environment, template)


class BuiltInLoader(FileSystemLoader):
    """Loads the templates below the built-in root."""

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Return a template. Raises jinja2's TemplateNotFound, and what its compiler raises."""
        source, path, _ = self.get_source(environment, name)
        module = compiled(name, source) if compiled_by() == __version__ else None
        if module is None:
            return super().load(environment, name, globals)
        template = environment.template_class.from_module_dict(environment, vars(module), globals or {})
        template.filename = path  # errors speak of the template
        return template
