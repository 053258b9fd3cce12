"""Runs emitted text on arrays. Each runner answers one name in a `target.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..core.generated import Runner
from .namespace import python_runner

RUNNERS: Mapping[str, Callable[[str, Sequence[str], str, str | None], Runner]] = {"python": python_runner}
"""What makes a callable of a text, its inputs, its result and its function."""
