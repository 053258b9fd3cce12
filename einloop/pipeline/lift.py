"""Code and Options in, the combinations that it computes out, or the Spec where it is one einsum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.bind import Shape
from ..core.combination import Statements
from ..core.errors import OptionError
from ..core.options import LoadedArray, Options, Per
from ..core.source import Notation
from ..core.spec import Spec
from ..lifting import LiftedCode, lifted_code
from ..lifting.free import free_names, kept, used_whole
from .reading import bind

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
    named = {name: shape for name, shape in given if name is not None and shape is not None}
    unnamed = [shape for name, shape in given if name is None]
    if not unnamed:
        return named
    names = _inputs(text, notation)
    free = [name for name in names if name not in named]
    if len(free) > len(unnamed) and notation is not Notation.C:
        arrays = used_whole(text)
        several = [[name for name in free if name in some] for some in (arrays, arrays | kept(text))]
        free = next((some for some in several if len(some) == len(unnamed)), several[0])
    if len(free) != len(unnamed):
        example = " ".join(f"-s {name}=2x3" for name in free or names[:2])
        raise OptionError(
            "EL404",
            f"{len(unnamed)} shapes, and the code reads {', '.join(names) or 'nothing'}",
            hint=f"say which shape is for which name: {example or '-s A=2x3'}",
        )
    return named | {name: shape for name, shape in zip(free, unnamed, strict=True) if shape is not None}


def expression_of(found: Statements, options: Options) -> Spec | Statements:
    """Return statements as commands take them: one einsum as its Spec, bound to the shapes that are given."""
    spec = found.plain
    if spec is None:
        return found
    (combination,) = found.combinations
    result = None if combination.result == UNNAMED else combination.result
    spec = spec.renamed(tuple(operand.name for operand in spec.operands), result)
    named = shapes_by_name(spec.source.text, options, spec.source.notation)
    operands = {operand.name for operand in spec.operands}
    shapes = tuple((name, shape) for name, shape in named.items() if name in operands)
    loaded = options.loaded
    if loaded and any(name is None for name, _ in loaded):
        arrays: dict[Shape, LoadedArray] = {array.shape: array for _, array in loaded}
        loaded = tuple((name, arrays[shape]) for name, shape in shapes if shape in arrays)
    return bind(spec, replace(options, shapes=shapes if not loaded else (), loaded=loaded))


def _inputs(text: str, notation: Notation) -> tuple[str, ...]:
    if notation is Notation.C:
        return ()
    try:
        return free_names(text)
    except SyntaxError:
        return ()
