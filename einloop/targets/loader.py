"""Finds built-in templates: compiled where a wheel carries them for this version of jinja2, else by their source."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template, __version__

from .compiled import compiled, compiled_by


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
