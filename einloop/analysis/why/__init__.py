"""One element of a result: the terms that make it, why it is not finite, and what floats and small integers do to it.

In: a Spec with known extents, names, arrays. Out: Sections of a Report. Reads no files and binds no shapes.
"""

from .element import MOST_TERMS, Traced, trace
from .factors import Factors, factors_of
from .nonfinite import NonFinite, locate
from .page import nonfinite_section, reached_section, symbolic_sections, traced_sections
from .place import place_in, sized

__all__ = [
    "MOST_TERMS",
    "Factors",
    "NonFinite",
    "Traced",
    "factors_of",
    "locate",
    "nonfinite_section",
    "place_in",
    "reached_section",
    "sized",
    "symbolic_sections",
    "trace",
    "traced_sections",
]
