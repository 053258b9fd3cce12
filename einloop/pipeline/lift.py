"""Code and Options in, the combinations that it computes out, or the Spec where it is one einsum."""

from __future__ import annotations

import re

from ..core.combination import Statements
from ..core.errors import LiftError
from ..core.options import Options
from ..core.source import Notation, Span
from ..core.spec import Spec
from ..lifting import LiftedCode, lifted_code
from .code_names import by_name, shapes_by_name
from .reading import bind

HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which no encoding has."""
UNNAMED = "result"
"""What the value of code is called that gives it no name."""


def lift_text(text: str, options: Options, notation: Notation, *, torch: bool = False) -> LiftedCode:
    """Return what code computes, with the shapes that `options` give. Raises LiftError. `torch`: it is torch code."""
    text = text.removeprefix("\ufeff")
    half = HALF.search(text)
    if half is not None:
        span = Span(start=half.start(), stop=half.end())
        raise LiftError("EL801", f"{half.group()!r} cannot stand in code", text=text, span=span)
    try:
        shapes = shapes_by_name(text, options, notation)
        return lifted_code(text, notation, {name: len(shape) for name, shape in shapes.items()}, shapes, torch=torch)
    except RecursionError:
        hint = "give parts of it names, in statements of their own"
        raise LiftError("EL816", "this is nested too deeply to be followed", text=text, hint=hint) from None


def expression_of(found: Statements, options: Options) -> Spec | Statements:
    """Return statements as commands take them: one einsum as its Spec, bound to the shapes that are given."""
    spec = found.plain
    if spec is None:
        return found
    (combination,) = found.combinations
    result = None if combination.result == UNNAMED else combination.result
    spec = spec.renamed(tuple(operand.name for operand in spec.operands), result)
    return bind(spec, by_name(spec, options))
