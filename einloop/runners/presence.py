"""Whether numpy is installed, which loops are printed and explained without, and most are run with."""

from __future__ import annotations

MISSING = "numpy, which computes what the loops are compared with, is not installed"
"""Why loops cannot be verified."""


def has_numpy() -> bool:
    """Return whether numpy can be imported; it is imported then."""
    try:
        import numpy  # noqa: F401  # whoever asks has arrays, and needs it now
    except ImportError:
        return False
    return True
