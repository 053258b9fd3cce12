"""How long an expert finds an array expression: the fewer and the more usual its steps, the better."""

from __future__ import annotations

from ...core.arrays import ArrayNode, nodes
from .labelled import Labelled

STEPS = {
    "name": 0.0,
    "reverse": 1.0,
    "swap_last": 1.1,
    "permute": 3.0,
    "move_axes": 4.0,
    "diagonal": 3.0,
    "trace": 2.0,
    "sum": 2.0,
    "squeeze": 2.0,
    "expand": 1.5,
    "reshape": 4.0,
    "matmul": 1.0,
    "bmm": 0.9,
    "multiply": 1.0,
    "outer": 1.6,
    "tensordot": 4.5,
}
"""Weight by kind of node: about the characters it adds, four to one."""

SWAPPED = 0.5
"""Factors in another order than the operands."""

LOOP = 0.3
"""One loop more for a product: `A @ (B @ c)` is better than `A @ B @ c`."""


def cost(array: Labelled) -> float:
    """Return the weight of an expression, smaller is better."""
    swapped = any(a > b for a, b in zip(array.factors, array.factors[1:], strict=False))
    return tree_cost(array.tree) + SWAPPED * swapped + LOOP * array.loops


def tree_cost(tree: ArrayNode) -> float:
    """Return the weight of the steps of a tree."""
    return sum(STEPS[node.block] for node in nodes(tree))
