"""The arrays that a person gave, by the name of their operand. Opens no file: options hold what was opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..core.errors import OptionError
from ..core.generated import Generated
from ..core.names import choose_names
from ..core.options import Options
from ..core.spec import Spec
from .given import as_array, same_array
from .reading import reserved_names, values_of


def given_arrays(
    spec: Spec, options: Options, *, names: Sequence[str] | None = None, masked: bool = False
) -> dict[str, Any]:
    """Return the array of every operand that was given one, in the operands' order.

    `names`: the operands' own in the loops. `masked`: masked arrays keep their mask. Raises OptionError where one name
    is given two arrays that differ.
    """
    if not options.loaded:
        return {}

    reserved = reserved_names(options)
    arrays = (one and one.array for one in values_of(spec, options.loaded, "array", options))
    found = by_name(names or choose_names(spec, reserved).operands, arrays)
    return found if masked else {name: as_array(array, name) for name, array in found.items()}


def input_arrays(generated: Generated, options: Options) -> list[Any] | None:
    """Return the array of every input, or None where some input was given none."""
    if generated.viewed is not None and generated.statements is not None:
        from .summed import arrays_by_name

        return every(generated.inputs, arrays_by_name(generated.statements, options))
    return every(generated.inputs, given_arrays(generated.spec, options, names=generated.operands))


def every(names: Sequence[str], arrays: Mapping[str, Any]) -> list[Any] | None:
    """Return one array for each of `names`, or None where some name has none."""
    return [arrays[name] for name in names] if all(name in arrays for name in names) else None


def by_name(names: Iterable[str], arrays: Iterable[Any]) -> dict[str, Any]:
    """Return the arrays by name, None left out. Raises OptionError where one name is given two that differ."""

    found: dict[str, Any] = {}
    for number, (name, array) in enumerate(zip(names, arrays, strict=True)):
        if array is not None and not same_array(found.setdefault(name, array), array):
            raise OptionError("EL403", f"{name} is one array, and is given two with different values", operand=number)
    return found
