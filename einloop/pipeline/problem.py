"""An expression whose extents are known in, the arrays and the work of it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ..analysis.path import contraction_path
from ..core.dtypes import common_dtype, item_bytes
from ..core.errors import OptionError
from ..core.memory import free_memory, shown_bytes
from ..core.options import Options
from ..core.path import path_steps, path_terms
from ..core.roofline import Work
from ..core.sizes import axis_sizes
from ..core.spec import DOTS, Spec
from ..measure.arrays import random_arrays
from .dtypes import numpy_dtypes

DRAWING_COPIES = 2
"""How many times the bytes of an operand its random numbers take while they are drawn."""
RESULT_COPIES = 2
"""How many results there are at once: the right one, and the one that is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What everybody computes: an expression, the extent of every index, a dtype an operand, and the arrays."""

    spec: Spec
    sizes: Mapping[str, int]
    dtypes: tuple[str, ...]
    arrays: tuple[Any, ...]

    @property
    def points(self) -> int:
        """How many times the body of one nest of loops over all indices runs."""
        return prod(self.sizes.values())

    @property
    def terms(self) -> int:
        """How many products one element of the result adds up."""
        return prod(self.sizes[index.label] for index in self.spec.summed)

    def shrunk(self, points: int) -> tuple[tuple[Any, ...], int]:
        """Return arrays for the same expression with at most about `points` loop points, and how many they are."""
        sizes = shrunk_sizes(self.sizes, points)
        return drawn(self.spec, sizes, self.dtypes), prod(sizes.values())


def problem_of(spec: Spec, options: Options) -> Problem:
    """Return the problem of a bound spec, with arrays of random numbers.

    Floats are drawn from 0 to 1, integers from 0 to 4. Raises OptionError where an extent is unknown (EL460), and,
    before anything is drawn, where operands and results do not fit the memory that is free (EL461).
    """
    unknown = [index.label for index in spec.indices if not isinstance(index.extent, int)]
    if unknown:
        shown = ", ".join("the axes of '...'" if label == DOTS else repr(label) for label in unknown)
        example = ",".join(f"{label}=64" for label in unknown if label != DOTS)
        hint = f"give --sizes {example}" if DOTS not in unknown else "give shapes: -s 64x64"
        raise OptionError("EL460", f"no size is known for {shown}: nothing can be measured", hint=hint)
    sizes = {index.label: int(index.extent or 0) for index in spec.indices}
    dtypes = numpy_dtypes(spec, options) or ("float64",) * len(spec.operands)
    operands, result = _bytes(spec, sizes, dtypes)
    free = free_memory()
    if free is not None and sum(operands) + max(DRAWING_COPIES * max(operands), RESULT_COPIES * result) > free:
        raise too_large(spec, sizes, dtypes, f"the {shown_bytes(free)} that are free")
    try:
        arrays = drawn(spec, sizes, dtypes)
    except (MemoryError, ValueError):  # numpy says ValueError where the count of bytes itself is too large
        raise too_large(spec, sizes, dtypes) from None
    return Problem(spec=spec, sizes=sizes, dtypes=dtypes, arrays=arrays)


def too_large(
    spec: Spec, sizes: Mapping[str, int], dtypes: Sequence[str], memory: str = "there is here"
) -> OptionError:
    """Return the refusal of arrays that the memory does not hold."""
    operands, result = _bytes(spec, sizes, dtypes)
    return OptionError(
        "EL461",
        f"the operands take {shown_bytes(sum(operands))} and the result {shown_bytes(result)}; to measure them takes "
        f"more memory than {memory}",
        hint="smaller sizes can be measured",
    )


def _bytes(spec: Spec, sizes: Mapping[str, int], dtypes: Sequence[str]) -> tuple[list[int], int]:
    """Return the bytes of every operand, and of the result."""
    operands = [prod(axis_sizes(spec, number, dict(sizes))) * item_bytes(dtype) for number, dtype in enumerate(dtypes)]
    return operands, prod(sizes[label] for label in spec.output) * item_bytes(common_dtype(dtypes))


def drawn(spec: Spec, sizes: Mapping[str, int], dtypes: Sequence[str]) -> tuple[Any, ...]:
    """Return one contiguous array an operand, the same ones at every call."""
    return random_arrays([axis_sizes(spec, number, dict(sizes)) for number in range(len(spec.operands))], dtypes)


def shrunk_sizes(sizes: Mapping[str, int], points: int) -> dict[str, int]:
    """Return smaller extents whose product is at most `points`, the largest ones cut first.

    >>> shrunk_sizes({"i": 512, "j": 3, "k": 512}, 3000)
    {'i': 31, 'j': 3, 'k': 31}
    """
    low, high = 1, max(sizes.values(), default=1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if prod(min(n, middle) for n in sizes.values()) <= points else (low, middle - 1)
    return {label: min(size, low) for label, size in sizes.items()}


def work_of(spec: Spec, sizes: Mapping[str, int], dtypes: Sequence[str]) -> Work:
    """Return the operations and bytes of an expression.

    Counted are the multiplications and additions of the loops that one would write by hand: an index that one
    operand alone has is summed first, three and more operands are taken two at a time. A complex product counts 6, a
    complex sum 2. Every array is touched once, a diagonal without what lies beside it.
    """
    terms = path_terms(spec)
    common = common_dtype(dtypes)
    times, plus = (6, 2) if common.startswith("c") else (1, 1)
    touched = sum(prod(sizes[x] for x in term) * item_bytes(d) for term, d in zip(terms, dtypes, strict=True))
    written = prod(sizes[x] for x in spec.output) * item_bytes(common)
    operations = 0
    if len(terms) > 1:
        for number, term in enumerate(terms):
            rest = {x for other in (*terms[:number], *terms[number + 1 :], spec.output) for x in other}
            if not set(term) <= rest:
                operations += plus * prod(sizes[x] for x in term)
                terms = (*terms[:number], tuple(x for x in term if x in rest), *terms[number + 1 :])
    steps = contraction_path(spec) if len(terms) > 2 else None
    order = [step.taken for step in steps] if steps else [tuple(range(len(terms)))]
    for step in path_steps(terms, spec.output, order):
        points = step.points(sizes)
        operations += times * points * (len(step.terms) - 1) + (plus * points if step.summed else 0)
    return Work(operations=operations, bytes=touched + written)
