"""What the templates of functions and scripts get beside the nest: names, shapes, a script's inputs."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from ..core.dtypes import DTYPES, DtypeKind, common_dtype, summing_dtype
from ..core.exact import exact_bound
from ..core.frozen import dataclass
from ..core.names import Names
from ..core.nest import Nest
from ..core.sizes import axis_sizes, covered_rank, sensible_sizes
from ..core.spec import DOTS, Dots, Spec

SEED = 0
COVERED = 2
"""The extent of the axis that an ellipsis of unknown rank covers in a script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapedOperand:
    """A name and the names of the extents of its axes, for a docstring."""

    name: str
    axes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One input of a script: integers in low..high-1 of this shape and dtype, or the file at `path`."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    low: int
    high: int
    path: str | None = None


def function_context(spec: Spec, names: Names, entry: str, statement: str | None = None) -> dict[str, Any]:
    """Return `entry`, `inputs`, `operands` (with their axes), `arguments`, `result_axes`, `subscripts`, `is_view`,
    `sums` (anything is summed), `free_extents` (those not known as numbers), `loop_extents` (one per
    index) and `statement` (that of a sum of einsums, else None)."""
    shown = {label: f"*{name}" if label == DOTS else name for label, name in names.extent.items()}
    operands = [
        ShapedOperand(
            name=name,
            axes=tuple("1" if k in op.stretched else shown[x] for k, x in enumerate(op.labels) if x in shown),
        )
        for name, op in zip(names.operands, spec.operands, strict=True)
    ]
    return {
        "entry": entry,
        "inputs": names.inputs,
        "operands": tuple(dict.fromkeys(operands)),
        "arguments": names.operands,
        "result_axes": tuple(shown[label] for label in spec.output),
        "subscripts": spec.subscripts,
        "statement": statement,
        "is_view": spec.is_view,
        "sums": bool(spec.summed),
        "free_extents": free_extents(spec, names),
        "loop_extents": tuple(names.extent[index.label] for index in spec.indices),
    }


def free_extents(spec: Spec, names: Names) -> tuple[str, ...]:
    """Return the names of the extents that are not known as numbers."""
    return tuple(dict.fromkeys(names.extent[x.label] for x in spec.indices if not isinstance(x.extent, int)))


def script_context(
    spec: Spec, names: Names, nest: Nest, paths: Mapping[str, str], value: str | None = None, *, whole: bool = True
) -> dict[str, Any]:
    """Return `data` (the inputs), `exact` (their sums are exact), `seed`, `extents` by name, and the `value` that a sum
    of einsums has, as Python. `whole`: its factors are whole numbers.

    Without files the inputs are integers small enough for exact sums, in known or sensible shapes.
    """
    sizes = sensible_sizes(spec, names)
    dtypes = [buffer.dtype or "float64" for buffer in nest.inputs]
    terms = prod(sizes[index.label] for index in spec.summed)
    bound = exact_bound(summing_dtype(common_dtype(dtypes)), len(spec.operands), terms)
    data = [
        _datum(name, dtype, _shape(spec, names, names.operands.index(name), sizes), max(bound, 1), paths.get(name))
        for name, dtype in zip(names.inputs, dtypes, strict=True)
    ]
    return {
        "data": data,
        "exact": bound > 0 and not paths and whole,
        "value": value,
        "seed": SEED,
        "fresh": names.local,
        "extents": {names.extent[index.label]: sizes[index.label] for index in spec.indices if index.label in sizes},
    }


def _shape(spec: Spec, names: Names, number: int, sizes: dict[str, int]) -> tuple[int, ...]:
    """Return a shape for an operand; an ellipsis of unknown rank covers one axis where it may."""
    named, dots = axis_sizes(spec, number, sizes), spec.operands[number].dots
    if dots is None or spec.dots is Dots.EMPTY:
        return named
    rank = covered_rank(spec, names.operands, number, 1)
    return (*named[:dots], *(COVERED,) * rank, *named[dots:])


def _datum(name: str, dtype: str, shape: tuple[int, ...], bound: int, path: str | None) -> Datum:
    low = 0 if DTYPES[dtype].kind in (DtypeKind.LOGIC, DtypeKind.UNSIGNED) else -bound
    high = 2 if dtype == "bool" else bound + 1
    return Datum(name=name, shape=shape, dtype=dtype, low=low, high=high, path=path)
