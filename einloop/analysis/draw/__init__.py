"""Pictures of an expression: what meets what, the tensor diagram, the contraction tree, where axes go, stages.

In: a Spec or a sum of them, and names. Out: a Drawing.
"""

from ...core.slide import Heading
from .axes import draw_axes
from .cells import draw_cells
from .element_case import ElementCase
from .equation import Equation, equation_of, equation_of_sum
from .network import draw_network
from .stages import draw_stages
from .tree import draw_path

__all__ = [
    "ElementCase",
    "Equation",
    "Heading",
    "draw_axes",
    "draw_cells",
    "draw_network",
    "draw_path",
    "draw_stages",
    "equation_of",
    "equation_of_sum",
]
