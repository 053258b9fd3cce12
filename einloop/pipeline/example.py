"""The operands of an example that comes without an expression: their names, shapes and arrays, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.bind import Shape, show_shape
from ..core.errors import OptionError
from ..core.names import check_name
from ..core.options import LoadedArray, Options
from .given import same_array
from .reading import two_shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOperand:
    """An operand: its shape, and its name and its array where it has them."""

    shape: Shape
    name: str | None = None
    array: LoadedArray | None = None


def given_operands(options: Options) -> tuple[GivenOperand, ...]:
    """Return the operands that `options` give by shapes, arrays and names.

    Arrays come first where both are given, which then need names. Raises OptionError where there is no operand, where
    one has no shape, or two shapes, and where it is not clear which shape belongs to which array.

    >>> [one.name for one in given_operands(Options(shapes=((None, (2, 3)), (None, (3, 4))), names=("X",)))]
    ['X', None]
    """
    if not options.shapes and not options.loaded:
        hint = "-s 2x3, or --load A=a.npy, for every operand"
        raise OptionError("EL474", "there is no operand: neither a shape nor an array is given", hint=hint)
    found = [GivenOperand(shape=array.shape, name=_checked(name), array=array) for name, array in options.loaded]
    shaped = [(_checked(name), shape) for name, shape in options.shapes]
    if found and shaped and any(name is None for name in (*(one.name for one in found), *(name for name, _ in shaped))):
        hint = "name them all: -s A=2x3 --load B=b.npy"
        raise OptionError("EL404", "which shapes belong to which arrays is not clear without names", hint=hint)
    loaded = {one.name: one for one in found}
    for number, (name, shape) in enumerate(shaped):
        if shape is None:
            raise OptionError("EL404", f"operand {number} has no shape", hint="a shape for every operand")
        if name is not None and name in loaded:
            if shape != loaded[name].shape:
                raise two_shapes(name, shape, loaded[name].shape)
        else:
            found.append(GivenOperand(shape=shape, name=name))
    named = _named(found, options.names)
    _check_same(named, by_names=bool(options.names))
    return named


def _checked(name: str | None) -> str | None:
    return None if name is None else check_name(name, "the operand name")


def _named(found: Sequence[GivenOperand], names: Sequence[str | None]) -> tuple[GivenOperand, ...]:
    if len(names) > len(found):
        shown = ", ".join(name or "" for name in names)
        operands = "1 operand" if len(found) == 1 else f"{len(found)} operands"
        raise OptionError("EL404", f"{len(names)} names for {operands} ({shown})")
    given = [*names, *([None] * (len(found) - len(names)))]
    return tuple(
        one if name is None else replace(one, name=_checked(name)) for one, name in zip(found, given, strict=True)
    )


def _check_same(found: Sequence[GivenOperand], *, by_names: bool) -> None:
    """Raise OptionError where two operands of one name differ: they are one array. `by_names`: names came apart."""
    first: dict[str, GivenOperand] = {}
    for number, one in enumerate(found):
        if one.name is None:
            continue
        other = first.setdefault(one.name, one)
        if one.shape != other.shape:
            shapes = f"{show_shape(other.shape)} and {show_shape(one.shape)}"
            if by_names:
                hint = "one name is one array: give one of them another"
                raise OptionError("EL480", f"two operands are called {one.name}, of shapes {shapes}", hint=hint)
            raise OptionError("EL480", f"two shapes for {one.name}: {shapes}")
        if one.array is not None and other.array is not None and not same_array(one.array.array, other.array.array):
            what = f"{one.name} is one array, and is given two with different values"
            raise OptionError("EL403", what, operand=number)
