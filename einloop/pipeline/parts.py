"""Loops over parts of arrays: what stands around them, and what a function says of the arrays that it is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.generated import Form, Values
from ..core.joint import JointSum
from ..core.names import Names
from ..core.nest import Nest
from ..core.options import Options
from ..core.viewed import Viewed, check_lists, viewed
from ..schedule import Draft
from ..schedule.parts import around_parts
from ..targets.context import ShapedOperand
from ..targets.target import Style
from .reading import reserved_names
from .statements import refuse_script


def check_forms(joint: JointSum, options: Options, style: Style) -> None:
    """Raise OptionError for a form, or a style, that has no room for parts of arrays."""
    if options.form is Form.SCRIPT:
        raise refuse_script(joint)
    if style.values is Values.LISTS:
        check_lists(joint)


def stands_around(joint: JointSum, names: Names, options: Options) -> Viewed | None:
    """Return what stands around the loops of a sum; the arrays that parts are of keep their names where they can."""
    return viewed(joint, names.operands, reserved_names(options), names.taken)


def around(draft: Draft, nest: Nest) -> Nest:
    """Return loops with the lines that name parts of arrays."""
    assert draft.viewed is not None
    return around_parts(nest, draft.viewed, lists=draft.request.values is Values.LISTS)


def context_around(draft: Draft, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the template of a function gets, in the words of the arrays that it is given."""
    views = draft.viewed
    if views is None or not context:
        return context
    texts = {view.name: view.text for view in views.views}
    inside = tuple(
        ShapedOperand(name=texts.get(operand.name, operand.name), axes=operand.axes) for operand in context["operands"]
    )
    said = {operand.name for operand in inside}
    lengths = tuple(
        ShapedOperand(name=one.name, axes=()) for one in views.inputs if one.length and one.name not in said
    )
    axes = context["result_axes"] if views.target is None else None
    return {**context, "operands": (*inside, *lengths), "inputs": views.names, "result_axes": axes}
