"""Pictures of an expression: what meets what, the tensor diagram, the contraction tree, where axes go.

In: a Spec or a sum of them, and names. Out: a Drawing. Reads no values.
"""

from ...core.slide import Heading
from .axes import draw_axes
from .cells import draw_cells
from .equation import Equation, equation_of, equation_of_sum
from .network import draw_network
from .tree import draw_path

__all__ = [
    "Equation",
    "Heading",
    "draw_axes",
    "draw_cells",
    "draw_network",
    "draw_path",
    "equation_of",
    "equation_of_sum",
]
