"""The products that make one element of the result, in words, for the report of a mismatch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from math import prod

from ..core.spec import Dots
from .einsum import Array
from .subject import Subject

MAX_TERMS_SHOWN = 8


def element_terms(subject: Subject, arrays: Sequence[Array], element: tuple[int, ...]) -> tuple[str, ...]:
    """Return the first terms of one output element, like `A[0, 1] * B[1, 2] = 3 * 4 = 12`.

    `arrays`: one per distinct input. Empty where an ellipsis of unknown rank stands in the way.
    """
    spec = subject.spec
    if spec.dots is not Dots.ABSENT:
        return ()
    operands = list(zip(subject.operands, spec.operands, subject.per_operand(arrays), strict=True))
    sizes: dict[str, int] = {}
    for _, op, array in operands:
        for label, size in zip(op.labels, array.shape, strict=True):
            sizes[label] = size if sizes.get(label, 1) == 1 else sizes[label]
    summed = [index.label for index in spec.summed]
    lines = []
    for values in islice(product(*(range(sizes[label]) for label in summed)), MAX_TERMS_SHOWN):
        at = dict(zip((*spec.output, *summed), (*element, *values), strict=True))
        read = [tuple(at[x] if n > 1 else 0 for x, n in zip(op.labels, a.shape, strict=True)) for _, op, a in operands]
        pairs = list(zip(operands, read, strict=True))
        names = (f"{name}[{', '.join(map(str, place))}]" if place else name for (name, _, _), place in pairs)
        lines.append(f"{' * '.join(names)} = {' * '.join(str(array[place]) for (_, _, array), place in pairs)}")
    total = prod(sizes[label] for label in summed)
    return (*lines, f"... and {total - MAX_TERMS_SHOWN} more terms") if total > MAX_TERMS_SHOWN else tuple(lines)
