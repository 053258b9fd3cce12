"""How a text for one large shape is run: whether memory and time allow it, and how much of its result is compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from ..core.dtypes import COMPLEXES, common_dtype, item_bytes
from ..core.memory import free_memory, shown_bytes
from ..core.sizes import axis_sizes, tied_indices
from .einsum import LOOP_POINTS, WEIGHED_TIMES, contraction_seconds
from .subject import Subject

OPEN_EXTENT = 2
"""The extent of an index that the text leaves open."""
MAX_SAMPLED = 256
"""Elements that are compared where all of them would take too long."""
NUMBERS_A_SECOND = 1e7
"""Numbers that are drawn, or compared, in a second."""
MEMORY_SHARE = 0.9
"""The share of the free memory that may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """About how many seconds the text itself runs, and plain loops in its language, and how many all may take.

    `memory`: the bytes that are free, None where nobody knows.
    """

    text: float
    plain: float
    every: float
    memory: int | None = field(default_factory=free_memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run: extents by label, shapes per distinct input, how many seconds that takes.

    `sampled`: how many elements are compared, None where all are. `refused` says why nothing is run. `again`: time and
    memory are left for one more run with other values.
    """

    sizes: dict[str, int]
    shapes: tuple[tuple[int, ...], ...]
    seconds: float = 0.0
    sampled: int | None = None
    refused: str | None = None
    again: bool = False


def plan_large(subject: Subject, allowance: Allowance) -> Plan:
    """Return how a text is run at its own size, or why it is not run."""
    spec, operands, dtypes = subject.spec, subject.operands, subject.dtypes
    seconds, free = allowance.every, allowance.memory
    sizes = _sizes(subject)
    shapes = tuple(axis_sizes(spec, operands.index(name), sizes) for name in subject.inputs)
    elements, results = sum(map(prod, shapes)), prod(sizes[label] for label in spec.output)
    wide = 16 if common_dtype(dtypes) in COMPLEXES else 8
    arrays = sum(prod(shape) * item_bytes(dtype) for shape, dtype in zip(shapes, dtypes, strict=True))
    arrays += results * item_bytes(common_dtype(dtypes)) + elements * 24
    exact = elements * wide + results * (wide * 2 + 8)
    needed = allowance.text + elements / NUMBERS_A_SECOND
    terms = [op.labels for op in spec.operands]
    reference = contraction_seconds(terms, spec.output, subject.per_operand(shapes)) * wide / 8
    reference += results / NUMBERS_A_SECOND
    refused = _refusal(arrays, free, needed, seconds)
    if refused is not None:
        return Plan(sizes=sizes, shapes=shapes, refused=refused)
    if needed + reference <= seconds and (free is None or arrays + exact <= MEMORY_SHARE * free):
        total, once_more = needed + reference, allowance.text + WEIGHED_TIMES * reference
        fits = total + once_more <= seconds and (free is None or arrays + 2 * exact <= MEMORY_SHARE * free)
        return Plan(sizes=sizes, shapes=shapes, seconds=total, again=fits)
    each = prod(sizes[index.label] for index in spec.summed) / LOOP_POINTS * wide / 8
    count = min(MAX_SAMPLED, int((seconds - needed) / each)) if each else MAX_SAMPLED
    if count < 1:
        why = f"one element of the result alone would take {_shown(each)} to compute, above the {seconds:g} s allowed"
        return Plan(sizes=sizes, shapes=shapes, refused=why)
    return Plan(sizes=sizes, shapes=shapes, seconds=needed + count * each, sampled=count)


def _refusal(size: int, free: int | None, needed: float, seconds: float) -> str | None:
    """Return why a text that takes `size` bytes and `needed` seconds is not run, None where it is."""
    if free is not None and size > MEMORY_SHARE * free:
        return (
            f"operands and result of these shapes take {shown_bytes(size)} to fill and compare, this machine has "
            f"{shown_bytes(free)} left, and the text is for no others"
        )
    if needed > seconds:
        return (
            f"the text would run for about {_shown(needed)} at these shapes, above the {seconds:g} s allowed, "
            "and it is for no others"
        )
    return None


def _shown(seconds: float) -> str:
    """Return a time in words.

    >>> _shown(40), _shown(5400), _shown(1e6)
    ('40 s', '90 minutes', '278 hours')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:,.0f} hours"


def _sizes(subject: Subject) -> dict[str, int]:
    """Return the extent of every index: those in the text, and small ones for the others."""
    sizes: dict[str, int] = {}
    for group in tied_indices(subject.spec, subject.operands):
        known = [index.extent for index in group if isinstance(index.extent, int)] or [OPEN_EXTENT]
        sizes |= {i.label: i.extent if isinstance(i.extent, int) else known[0] for i in group}
    return sizes
