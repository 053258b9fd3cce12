"""What an expression means and costs: one analysis a file, each `(Spec, Names) -> Section | None`."""

from __future__ import annotations

from .cost import cost
from .one import one_element
from .order import order
from .roles import roles
from .sentence import sentence
from .shapes import shapes
from .steps import steps

__all__ = ["cost", "one_element", "order", "roles", "sentence", "shapes", "steps"]
