"""Lowers a Spec to a loop nest and transforms nests. A schedule never changes a result; it writes no text."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import TemplateError
from ..core.names import Names
from ..core.nest import Nest
from ..core.spec import Spec
from .accumulate import accumulate
from .fold import fold
from .lower import lower
from .order import order_by_appearance, order_by_output, read_order, reorder
from .prepare import Request

__all__ = ["ORDERS", "PASSES", "Request", "fold", "lower", "schedule"]

ORDERS = {"appearance": order_by_appearance, "output": order_by_output}
"""Orders that have a name."""

PASSES = ("order", "accumulate")
"""The steps a style may list, as `step` or `step(argument)`."""


def schedule(nest: Nest, spec: Spec, names: Names, *, steps: Sequence[str], order: str | None, limit: int) -> Nest:
    """Return `nest` after the `steps` of a style, the user's `order` taking the place of the style's.

    `limit` is how many loops the target can nest. Raises OptionError where order and style contradict each
    other, TemplateError for a step that does not exist.
    """
    if order is None:
        order = next((_argument(step) for step in steps if step.startswith("order(")), None)
    if order is not None:
        nest = reorder(nest, _labels(spec, order))
    for step in steps:
        if step == "accumulate":
            nest = accumulate(nest, names.local("total"))
        elif not step.startswith("order("):
            raise TemplateError("EL504", f"the schedule has a step {step!r}; there are {', '.join(PASSES)}")
    return fold(nest, limit)


def _labels(spec: Spec, order: str) -> tuple[str, ...]:
    named = ORDERS.get(order)
    return named(spec) if named is not None else read_order(spec, order)


def _argument(step: str) -> str:
    return step.partition("(")[2].rstrip(")")
