"""A Spec and Options in, the Spec with its names, shapes and sizes out."""

from __future__ import annotations

from typing import TypeVar

from ..core.bind import Shape, show_shape
from ..core.errors import OptionError
from ..core.generated import Form
from ..core.names import check_name, choose_names
from ..core.options import Options, Per, per_operand
from ..core.sizes import check_ties, one_array_one_shape
from ..core.source import Notation
from ..core.spec import Spec
from ..targets.target import load_target
from .advice import bind_with_advice
from .expecting import expectation
from .naming import named_by_shapes

T = TypeVar("T")
DEFAULT_ENTRY = "loops"
NEEDED_BY_LOOPS = frozenset({"np", "len", "range", "any", "isinstance", "ValueError", "TypeError"})


def bind(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names, shapes and sizes that `options` give."""
    spec = named_by_shapes(_named(spec, options), options)
    if not (options.shapes or options.loaded or options.sizes):
        return spec
    bound = bind_with_advice(spec, given_shapes(spec, options), options.sizes, expectation(spec, options))
    check_ties(bound)
    return bound


def given_shapes(spec: Spec, options: Options) -> tuple[Shape | None, ...]:
    """Return the shape of every operand that `options` give, None where they give none."""
    loaded = values_of(spec, options.loaded, "array", options)
    shapes = values_of(spec, options.shapes, "shape", options)
    for number, (shape, array) in enumerate(zip(shapes, loaded, strict=True)):
        if shape is not None and array is not None and shape != array.shape:
            raise two_shapes(choose_names(spec, reserved_names(options)).operands[number], shape, array.shape)
    both = [shape if array is None else array.shape for shape, array in zip(shapes, loaded, strict=True)]
    return one_array_one_shape(spec, both)


def two_shapes(name: str, shape: Shape, held: Shape) -> OptionError:
    """Return the refusal of a shape for an operand whose array has another."""
    return OptionError("EL480", f"shape {show_shape(shape)} for {name}, whose array has shape {show_shape(held)}")


def values_of(spec: Spec, given: Per[T], what: str, options: Options) -> tuple[T | None, ...]:
    """Return what is given for each operand, None where it is nothing.

    What has no name is for the operands in their order, of Python code for what it reads, in the order of the text.
    """
    notation = spec.source.notation
    python = notation.traits.code and notation is not Notation.C
    if python and not options.names and any(name is None for name, _ in given):
        from .code_names import on_operands  # what reads code is loaded where there is code

        given = on_operands(spec, given, what)
    return per_operand(spec, given, what, reserved_names(options))


def reserved_names(options: Options) -> tuple[str, ...]:
    """Return the names that nothing in the loops may have: the templates' own, and that of a program's function."""
    reserved = load_target(options.target, options.templates).reserved
    entry = entry_name(options) if options.form is Form.SCRIPT else None
    return reserved if entry is None else (*reserved, entry)


def entry_name(options: Options) -> str | None:
    """Return the name of the function around the loops, if there is one."""
    if options.form is Form.SNIPPET:
        return None
    entry = check_name(DEFAULT_ENTRY if options.function is None else options.function, "the function name")
    if entry in NEEDED_BY_LOOPS or entry in load_target(options.target, options.templates).reserved:
        raise OptionError(
            "EL401", f"a function called {entry!r} would hide what the loops use", hint="choose another name"
        )
    return entry


def _named(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names given in `options` in place of those in the text."""
    if not options.names and options.result is None:
        return spec
    count = len(spec.operands)
    if len(options.names) > count:
        shown = ", ".join(name or "" for name in options.names)
        operands = "1 operand" if count == 1 else f"{count} operands"
        raise OptionError("EL404", f"{len(options.names)} names for {operands} ({shown})")
    given = [*options.names, *([None] * (count - len(options.names)))]
    checked = tuple(
        op.name if name is None else check_name(name, "the operand name")
        for op, name in zip(spec.operands, given, strict=True)
    )
    result = spec.result if options.result is None else check_name(options.result, "the result name")
    return spec.renamed(checked, result)
