"""Statements and Options in, the same with the shapes that options give out; and the arrays by name."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypeVar

from ..core.bind import Shape
from ..core.bind_sum import bind_statements, input_names
from ..core.combination import Statements
from ..core.errors import OptionError, with_article
from ..core.joined import Joined, join
from ..core.near import meant as nearest
from ..core.options import LoadedArray, Options, Per
from ..core.source import Notation
from ..core.spec import Spec
from .given import as_array
from .reading import bind, reserved_names, two_shapes

T = TypeVar("T")


def as_einsum(statements: Statements, options: Options) -> Spec | None:
    """Return the einsum that statements are, with what options give; None where they are more than one."""
    plain = statements.plain
    if plain is None:
        return None
    result = plain.result or statements.combinations[0].result
    return bind(plain.renamed(tuple(operand.name for operand in plain.operands), result), options)


def bound(statements: Statements, options: Options) -> Statements:
    """Return statements with the extents that options give. Raises EinloopError where they do not fit."""
    shapes = shapes_by_name(statements, options)
    return bind_statements(statements, shapes, options.sizes) if shapes or options.sizes else statements


def joined(statements: Statements, options: Options) -> Joined:
    """Return bound statements with one label for one index and their names."""
    return join(bound(statements, options), reserved_names(options))


def subject(statements: Statements) -> str:
    """Return the text that was read, or the statements where there was none."""
    return statements.combinations[0].source.text.strip("\n") or statements.text()


def shapes_by_name(statements: Statements, options: Options) -> dict[str, Shape]:
    """Return the shape of every array that options give one. Raises OptionError where two contradict each other."""
    shapes = by_name(statements, options.shapes, "shape")
    for name, array in by_name(statements, options.loaded, "array").items():
        if shapes.setdefault(name, array.shape) != array.shape:
            raise two_shapes(name, shapes[name], array.shape)
    return shapes


def dtypes_by_name(statements: Statements, options: Options) -> dict[str, str]:
    """Return the dtype of every array that options give one."""
    from ..core.dtypes import array_dtype, dtype_name

    if len(options.dtypes) == 1 and options.dtypes[0][0] is None:
        return dict.fromkeys(input_names(statements), dtype_name(options.dtypes[0][1]))
    found = {name: dtype_name(text) for name, text in by_name(statements, options.dtypes, "dtype").items()}
    for name, array in by_name(statements, options.loaded, "array").items():
        dtype = array_dtype(array.dtype, name)
        if found.setdefault(name, dtype) != dtype:
            raise OptionError("EL480", f"dtype {found[name]} for an array that has dtype {dtype}")
    return found


def arrays_by_name(statements: Statements, options: Options) -> dict[str, Any]:
    """Return every array that options give, as numpy has it."""
    if not options.loaded:
        return {}

    given: dict[str, LoadedArray] = by_name(statements, options.loaded, "array")
    return {name: as_array(one.array, name) for name, one in given.items()}


def by_name(statements: Statements, given: Per[T], what: str) -> dict[str, T]:
    """Return what was given for each array. What has no name is for the next array, scalars left out where it is less.

    Raises OptionError for a name that no array has, for too many values and for two values of one name.
    """
    inputs = _inputs(statements)
    results = [combination.result for combination in statements.combinations]
    names = dict.fromkeys((*inputs, *input_names(statements), *results))
    found: dict[str, T] = {}
    for name, value in given:
        if name is not None:
            _check_known(name, names, what)
            if name in found and found[name] != value:
                raise OptionError("EL480", f"two {what}s for {name}")
            found[name] = value
    unnamed = [value for name, value in given if name is None]
    free = [name for name in inputs if name not in found]
    if len(unnamed) < len(free):
        free = _meant(statements, free, len(unnamed))
    if len(unnamed) > len(free):
        listed = ", ".join(inputs)
        raise OptionError(
            "EL404", f"{len(given)} {what}s given for {len(inputs)} operand{'s' * (len(inputs) != 1)} ({listed})"
        )
    return found | dict(zip(free, unnamed, strict=False))


def _check_known(name: str, names: Iterable[str], what: str) -> None:
    names = list(names)
    if name not in names:
        listed = ", ".join(names)
        hint = nearest(name, names, "") or None
        raise OptionError("EL404", f"{with_article(what)} for {name!r}, but the operands are {listed}", hint=hint)


def _inputs(statements: Statements) -> tuple[str, ...]:
    """Return the arrays and scalars that are given, in the order in which a person gives them: that of Python code."""
    source = statements.combinations[0].source
    if not source.notation.traits.code:
        return input_names(statements)
    from .code_names import code_inputs

    return code_inputs(source.text, source.notation) or input_names(statements)


def _meant(statements: Statements, free: list[str], count: int) -> list[str]:
    """Return the names that `count` values are for: arrays are what has axes, or what code uses as arrays."""
    source = statements.combinations[0].source
    if source.notation.traits.code and source.notation is not Notation.C:
        from .code_names import meant

        with suppress(SyntaxError):
            return meant(source.text, free, count)
    summands = [summand for combination in statements.combinations for summand in combination.summands]
    pairs = [pair for summand in summands for pair in zip(summand.names, summand.spec.operands, strict=True)]
    scalars = {name for name, operand in pairs if not operand.labels}
    return [name for name in free if name not in scalars]
