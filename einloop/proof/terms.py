"""The products that make one element of the result, in words, for the report of a mismatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, product

from ..core.spec import Dots, Spec
from .data import Array

SHOWN = 8


def element_terms(
    spec: Spec, operands: Sequence[str], arrays: Mapping[str, Array], element: tuple[int, ...]
) -> tuple[str, ...]:
    """Return the first terms of one output element, like `A[0, 1] * B[1, 2] = 3 * 4 = 12`.

    Empty where an ellipsis of unknown rank stands in the way.
    """
    if spec.dots is not Dots.ABSENT:
        return ()
    sizes: dict[str, int] = {}
    for name, op in zip(operands, spec.operands, strict=True):
        for label, size in zip(op.labels, arrays[name].shape, strict=True):
            sizes[label] = size if sizes.get(label, 1) == 1 else sizes[label]
    fixed = dict(zip(spec.output, element, strict=True))
    summed = [index.label for index in spec.summed]
    lines = []
    for values in islice(product(*(range(sizes[label]) for label in summed)), SHOWN):
        at = fixed | dict(zip(summed, values, strict=True))
        lines.append(_term(spec, operands, arrays, at))
    total = 1
    for label in summed:
        total *= sizes[label]
    return (*lines, f"... and {total - SHOWN} more terms") if total > SHOWN else tuple(lines)


def _term(spec: Spec, operands: Sequence[str], arrays: Mapping[str, Array], at: Mapping[str, int]) -> str:
    names, values = [], []
    for name, op in zip(operands, spec.operands, strict=True):
        place = tuple(at[x] if n > 1 else 0 for x, n in zip(op.labels, arrays[name].shape, strict=True))
        names.append(f"{name}[{', '.join(map(str, place))}]" if place else name)
        values.append(str(arrays[name][place]))
    return f"{' * '.join(names)} = {' * '.join(values)}"
