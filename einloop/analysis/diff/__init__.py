"""Two expressions: whether they are the same, how they correspond, how they differ, and inputs that show it.

In: two Specs. Out: what was decided, and Sections of a Report. Reads no text and binds no shapes.
"""

from .example import Example
from .page import page
from .pairing import Pairing, pair
from .verdict import Compared, compare

__all__ = ["Compared", "Example", "Pairing", "compare", "page", "pair"]
