"""The version of einloop, for every room that has to tell one from another."""

from __future__ import annotations

__version__ = "0.1.0"
