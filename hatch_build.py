"""Compiles the templates when a wheel is built, so that a start need not. An editable install has none of it."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledTemplates(BuildHookInterface):
    """Adds the package `einloop._compiled` to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the modules into a folder outside the tree, and say where they go."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from einloop.targets.compiled import PACKAGE
        from einloop.targets.precompile import modules

        self._folder = TemporaryDirectory()
        for name, text in modules():
            path = Path(self._folder.name, name)
            path.write_text(text, encoding="utf-8", newline="\n")
            build_data["force_include"][str(path)] = f"einloop/{PACKAGE}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        if version != "editable":
            self._folder.cleanup()
