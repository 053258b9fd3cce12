"""How a text for one large shape is run: whether memory and time allow it, and how much of its result is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from ..core.dtypes import COMPLEXES, common_dtype, item_bytes
from ..core.memory import free_memory, shown_bytes
from ..core.sizes import axis_sizes, tied_indices
from ..core.spec import Spec
from .contraction import AGAIN, BY_LOOPS, contraction_seconds

UNKNOWN = 2
"""The extent of an index that the text leaves open."""
SAMPLED = 256
"""Elements that are compared where all of them would take too long."""
HANDLED = 1e7
"""Numbers that are drawn, or compared, in a second."""
SPARE = 0.9
"""The share of the free memory that may be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run: extents by label, shapes per distinct input, how many elements are sampled (None: all are
    compared), and how many seconds that takes; `refused` says why nothing is run.

    `again`: time and memory are left for one more run with other values.
    """

    sizes: dict[str, int]
    shapes: tuple[tuple[int, ...], ...]
    seconds: float = 0.0
    sampled: int | None = None
    refused: str | None = None
    again: bool = False


def plan_large(
    spec: Spec, operands: tuple[str, ...], dtypes: Sequence[str], text_seconds: float, seconds: float
) -> Plan:
    """Return how a text is run at its own size in so many seconds, or why it is not run.

    `operands` names the array of each operand, `dtypes` has one entry per array; the text itself takes `text_seconds`.
    """
    sizes = _sizes(spec, operands)
    distinct = list(dict.fromkeys(operands))
    shapes = tuple(axis_sizes(spec, operands.index(name), sizes) for name in distinct)
    elements, results = sum(map(prod, shapes)), prod(sizes[label] for label in spec.output)
    wide = 16 if common_dtype(dtypes) in COMPLEXES else 8
    arrays = sum(prod(shape) * item_bytes(dtype) for shape, dtype in zip(shapes, dtypes, strict=True))
    arrays += results * item_bytes(common_dtype(dtypes)) + elements * 24
    exact = elements * wide + results * (wide * 2 + 8)
    needed = text_seconds + elements / HANDLED
    terms, own = [op.labels for op in spec.operands], [shapes[distinct.index(name)] for name in operands]
    reference = contraction_seconds(terms, spec.output, own) * wide / 8
    reference += results / HANDLED
    free = free_memory()
    refused = _refusal(arrays, free, needed, seconds)
    if refused is not None:
        return Plan(sizes=sizes, shapes=shapes, refused=refused)
    if needed + reference <= seconds and (free is None or arrays + exact <= SPARE * free):
        total, once_more = needed + reference, text_seconds + AGAIN * reference
        fits = total + once_more <= seconds and (free is None or arrays + 2 * exact <= SPARE * free)
        return Plan(sizes=sizes, shapes=shapes, seconds=total, again=fits)
    each = prod(sizes[index.label] for index in spec.summed) / BY_LOOPS * wide / 8
    count = min(SAMPLED, int((seconds - needed) / each)) if each else SAMPLED
    if count < 1:
        why = f"one element of the result alone would take {_shown(each)} to compute, above the {seconds:g} s allowed"
        return Plan(sizes=sizes, shapes=shapes, refused=why)
    return Plan(sizes=sizes, shapes=shapes, seconds=needed + count * each, sampled=count)


def _refusal(size: int, free: int | None, needed: float, seconds: float) -> str | None:
    """Return why a text is not run that takes so many bytes and seconds, None where it is."""
    if free is not None and size > SPARE * free:
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


def _sizes(spec: Spec, operands: tuple[str, ...]) -> dict[str, int]:
    """Return the extent of every index: those in the text, and small ones for the others."""
    sizes: dict[str, int] = {}
    for group in tied_indices(spec, operands):
        known = [index.extent for index in group if isinstance(index.extent, int)] or [UNKNOWN]
        sizes |= {i.label: i.extent if isinstance(i.extent, int) else known[0] for i in group}
    return sizes
