"""Keeps compiled templates beside them, as Python keeps compiled modules. A cache that cannot be used is only slow."""

from __future__ import annotations

import os
import sys

from jinja2 import __version__
from jinja2.bccache import Bucket, BytecodeCache

FOLDER = "__pycache__"
VERSION = f"jinja{__version__}-1"
"""Part of the names of entries. The last number changes with the options of the environment."""


class TemplateCache(BytecodeCache):
    """Compiled templates in `__pycache__` under the built-in template root.

    jinja2 checks version and source before it uses an entry; a damaged entry is thrown away.
    """

    def __init__(self, root: str) -> None:
        self.folder = os.path.join(root, FOLDER)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` where there is a good entry."""
        try:
            with open(self._path(bucket), "rb") as file:
                bucket.load_bytecode(file)
        except Exception:
            # whatever a damaged entry raises, the template is compiled anew
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write `bucket` in one step, so that no other process sees half of it."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        part = f"{path}.{os.getpid()}"
        try:
            os.makedirs(self.folder, exist_ok=True)
            with open(part, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(part, path)
        except OSError:
            return

    def _path(self, bucket: Bucket) -> str:
        return os.path.join(self.folder, f"{bucket.key}.{sys.implementation.cache_tag}.{VERSION}.j2c")

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a file name for a template: its own name."""
        return name.replace("/", ".")
