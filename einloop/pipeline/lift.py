"""Code and Options in, the combinations that it computes out, or the Spec where it is one einsum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ..core.bind import Shape
from ..core.combination import Statements
from ..core.errors import LiftError, OptionError
from ..core.options import Options, Per
from ..core.source import Notation, Span
from ..core.spec import Spec
from ..lifting import LiftedCode, lifted_code
from ..lifting.free import free_names, kept, used_whole
from .reading import bind

T = TypeVar("T")
UNNAMED = "result"
"""What the value of code is called that gives it no name."""
Trials = Sequence[Mapping[str, int | tuple[int, ...]]]
"""What code is given by name, for several choices of lengths: lengths, and shapes of arrays."""


def lift_text(text: str, options: Options, notation: Notation) -> LiftedCode:
    """Return what code computes, with the shapes that `options` give. Raises LiftError."""
    text = text.removeprefix("\ufeff")
    shapes = shapes_by_name(text, options, notation)
    return lifted_code(text, notation, {name: len(shape) for name, shape in shapes.items()}, shapes)


def shapes_by_name(text: str, options: Options, notation: Notation) -> dict[str, Shape]:
    """Return the shapes that are given, by name; those without a name are for the inputs in the order of the text.

    Raises OptionError where it is not clear which name a shape is for.
    """
    loaded: Per[Shape] = tuple((name, array.shape) for name, array in options.loaded)
    given = (*options.shapes, *loaded)
    return named_values(text, notation, given)


def named_values(text: str, notation: Notation, given: Per[T]) -> dict[str, T]:
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
            f"{len(unnamed)} shapes, and the code reads {', '.join(names) or 'nothing'}",
            hint=f"say which shape is for which name: {example or '-s A=2x3'}",
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


def on_operands(spec: Spec, given: Per[T]) -> Per[T]:
    """Return what is given for names of code, for those of them that are operands of what it computes."""
    names = {operand.name for operand in spec.operands}
    found = named_values(spec.source.text, spec.source.notation, given)
    return tuple((name, value) for name, value in found.items() if name in names)


def by_name(spec: Spec, options: Options) -> Options:
    """Return options with shapes and arrays by the names of the code that was read."""
    if not spec.source.notation.traits.code:
        return options
    return replace(options, shapes=on_operands(spec, options.shapes), loaded=on_operands(spec, options.loaded))


def expression_of(found: Statements, options: Options) -> Spec | Statements:
    """Return statements as commands take them: one einsum as its Spec, bound to the shapes that are given."""
    spec = found.plain
    if spec is None:
        return found
    (combination,) = found.combinations
    result = None if combination.result == UNNAMED else combination.result
    spec = spec.renamed(tuple(operand.name for operand in spec.operands), result)
    return bind(spec, by_name(spec, options))


def refuse_several(found: Statements) -> LiftError:
    """Return the refusal of a command that takes one einsum."""
    count = sum(max(len(one.summands), 1) for one in found.combinations)
    source = found.combinations[0].source
    what = "one with a factor, or one that adds to its result" if count == 1 else f"a sum of {count}"
    if len(found.combinations) > 1:
        what = f"a text of {len(found.combinations)} statements"
    return LiftError(
        "EL820",
        f"this command takes a single einsum, and this is {what}",
        text=source.text,
        span=Span(start=0, stop=len(source.text.rstrip())),
        hint="einloop, verify, explain, check, why, diff and compile take sums; lift prints this one",
    )
