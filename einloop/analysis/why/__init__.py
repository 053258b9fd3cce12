"""One element of a result: the terms that make it, why it is not finite, and what floats and small integers do to it.

In: a Spec with known extents, names, arrays. Out: Sections of a Report. `page` needs numpy.
"""

from .place import place_in, sized
from .symbolic import symbolic_sections

__all__ = ["place_in", "sized", "symbolic_sections"]
