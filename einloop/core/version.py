"""The version of einloop, for every room that has to tell one from another."""

from __future__ import annotations

VERSION = "0.1.0"
