"""Code and what a person gives without names in, the same by the names that the code reads out."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ..core.bind import Shape
from ..core.errors import OptionError
from ..core.options import Options, Per
from ..core.source import Notation
from ..core.spec import Spec
from ..lifting.free import free_names, kept, used_whole

T = TypeVar("T")


def shapes_by_name(text: str, options: Options, notation: Notation) -> dict[str, Shape]:
    """Return the shapes that are given, by name; those without a name are for the inputs in the order of the text.

    Raises OptionError where it is not clear which name a shape is for.
    """
    loaded: Per[Shape] = tuple((name, array.shape) for name, array in options.loaded)
    given = (*options.shapes, *loaded)
    return named_values(text, notation, given)


def named_values(text: str, notation: Notation, given: Per[T], what: str = "shape") -> dict[str, T]:
    """Return values by name; those without a name are for the inputs in the order in which the text reads them.

    Raises OptionError where it is not clear which name a value is for.
    """
    named = {name: value for name, value in given if name is not None and value is not None}
    unnamed = [value for name, value in given if name is None]
    if not unnamed:
        return named
    names = code_inputs(text, notation)
    free = meant(text, [name for name in names if name not in named], len(unnamed))
    if len(free) != len(unnamed):
        example = " ".join(f"-s {name}=2x3" for name in free or names[:2])
        raise OptionError(
            "EL404",
            f"{len(unnamed)} {what}{'s' * (len(unnamed) > 1)}, and the code reads {', '.join(names) or 'nothing'}",
            hint=f"say which shape is for which name: {example or '-s A=2x3'}" if what == "shape" else None,
        )
    return named | {name: value for name, value in zip(free, unnamed, strict=True) if value is not None}


def meant(text: str, free: list[str], count: int) -> list[str]:
    """Return the names that `count` values without one are for, of those that are `free`: all, or only arrays."""
    if len(free) <= count:
        return free
    arrays = used_whole(text)
    several = [[name for name in free if name in some] for some in (arrays, arrays | kept(text))]
    return next((some for some in several if len(some) == count), several[0])


def code_inputs(text: str, notation: Notation) -> tuple[str, ...]:
    """Return the names that a text reads, in a person's order; nothing where that is not known: of C."""
    if notation is Notation.C or not notation.traits.code:
        return ()
    try:
        return free_names(text)
    except SyntaxError:
        return ()


def on_operands(spec: Spec, given: Per[T], what: str = "shape") -> Per[T]:
    """Return what is given for names of code, for those of them that are operands of what it computes."""
    names = {operand.name for operand in spec.operands}
    found = named_values(spec.source.text, spec.source.notation, given, what)
    return tuple((name, value) for name, value in found.items() if name in names)


def by_name(spec: Spec, options: Options) -> Options:
    """Return options with shapes and arrays by the names of the code that was read."""
    if not spec.source.notation.traits.code:
        return options
    return replace(options, shapes=on_operands(spec, options.shapes), loaded=on_operands(spec, options.loaded))
