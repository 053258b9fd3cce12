"""The second story of an einsum: diagonals, operands lined up, one product, one sum, with the shape after each.

In: a Spec, bound or not, names, and a path where there is one. Out: a Story, and the section that shows it.
"""

from .held import DtypeRules
from .page import story_section
from .tell import tell
from .values import with_values

__all__ = ["DtypeRules", "story_section", "tell", "with_values"]
