"""The second story of an einsum: diagonals, operands lined up, one product, one sum, with the shape after each.

In: a Spec, bound or not, names, and a path where there is one. Out: a Story, and the sections that show it.
"""

from .held import DtypeRules
from .page import story_sections
from .sums import tell_statement
from .tell import tell
from .values import with_values

__all__ = ["DtypeRules", "story_sections", "tell", "tell_statement", "with_values"]
