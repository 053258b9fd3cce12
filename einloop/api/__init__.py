"""The Python face: strings and plain values in, values of core/ out. Thin: turns arguments into Options."""

from .emission import generate
from .proof import verify

__all__ = ["generate", "verify"]
