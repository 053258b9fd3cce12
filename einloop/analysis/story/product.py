"""One product and its sum: arrays in, the stages from them to one array out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ...core.arrays import ArrayNode, KeptSum, Multiply, Sum
from ...core.dtypes import DTYPES, DtypeKind
from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from ...core.story import PRODUCT, StageKind
from ..explain.counts import product_of
from ..explain.shapes import extent
from .held import DtypeRules, Held, Labels, StoryTeller
from .operand import cast, diagonals, in_order, lined_up, squeezed

WIDE = 8
"""Bytes from which on numpy's sums keep the dtype of integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """What a step makes of arrays: the labels of its output, and those that it sums over, in this order. `product` is
    how what it multiplies is called."""

    output: Labels
    summed: Labels
    product: str

    @property
    def labels(self) -> Labels:
        """Every label of the step."""
        return (*self.output, *self.summed)


def multiplied_and_summed(
    telling: StoryTeller, arrays: Sequence[Held], plan: StepPlan, rules: DtypeRules | None
) -> Held:
    """Return the array that a step makes; every array is told from the start."""
    for held in arrays:
        telling.given(held, _ready(held, arrays, plan))
    converted = [cast(telling, held, rules) for held in arrays]
    distinct = [diagonals(telling, held) for held in converted]
    prepared = [squeezed(telling, held, plan.labels) for held in distinct]
    if len(prepared) == 1:
        whole = prepared[0]
    else:
        union = _union(plan, prepared)
        whole = _multiplied(telling, [lined_up(telling, held, union) for held in prepared], union, plan)
    return in_order(telling, _summed(telling, whole, plan), plan.output)


def _ready(held: Held, arrays: Sequence[Held], plan: StepPlan) -> tuple[Message, ...]:
    """Return what is to be said of an array that is multiplied as it is."""
    if len(arrays) < 2:
        return ()
    values: dict[str, Value] = {"array": Code(held.name)}
    if not held.labels:
        return (Message("story.given.number", values),)
    return (Message("story.given.ready", values),) if held.labels == _union(plan, arrays) else ()


def _union(plan: StepPlan, arrays: Sequence[Held]) -> Labels:
    """Return the axes of the product: those of the output, then those that are summed.

    Axes of unknown number stand in front, where broadcasting lines them up.
    """
    present = {label for held in arrays for label in held.labels}
    every = tuple(label for label in plan.labels if label in present)
    return (DOTS, *(label for label in every if label != DOTS)) if DOTS in every else every


def _multiplied(telling: StoryTeller, arrays: Sequence[Held], union: Labels, plan: StepPlan) -> Held:
    """Return the product of arrays that are lined up."""
    nodes: list[ArrayNode] = [held.node for held in arrays]
    tree = reduce(lambda left, right: Multiply(left=left, right=right), nodes)
    made = Held(name=telling.local(plan.product), of=PRODUCT, labels=union, dtype=arrays[0].dtype)
    about = [label for label in union if any(held.labels and label in _repeated(held, union) for held in arrays)]
    why = [*_stretched(telling, arrays), Message("story.multiply" if about else "story.multiply.alike")]
    if plan.summed:
        size = product_of(extent(telling.spec, telling.names, label) for label in union)
        why.append(Message("story.multiply.held", {"elements": size}))
    return telling.made(StageKind.MULTIPLY, made, tree, sources=arrays, about=about, why=why)


def _stretched(telling: StoryTeller, arrays: Sequence[Held]) -> Iterator[Message]:
    """Yield for each factor along which axes of length 1, its own ones, it is repeated."""
    for held in arrays:
        labels = [label for label in held.labels if label in held.stretched]
        if labels:
            shown = Code(", ".join(telling.shown(labels)))
            values: dict[str, Value] = {"array": Code(held.of), "indices": shown, "count": len(labels)}
            yield Message("story.multiply.repeated", values)


def _repeated(held: Held, union: Labels) -> list[str]:
    """Return the labels along which a factor is repeated."""
    return [label for label in union if label in held.thin or label not in held.labels]


def _summed(telling: StoryTeller, held: Held, plan: StepPlan) -> Held:
    """Return the sum over all labels that the output has not."""
    places = [place for place, label in enumerate(held.labels) if label not in plan.output]
    if not places:
        return held
    labels = tuple(held.labels[place] for place in places)
    axes = None if len(places) == len(held.labels) else held.axes(places)
    left = tuple(label for label in held.labels if label not in labels)
    made = replace(held, name=telling.after(held), labels=left)
    shown = Code(", ".join(telling.shown(labels)))
    why = Message("story.sum", {"indices": shown, "count": len(labels)})
    tree = _sum(held, axes)
    return telling.made(StageKind.SUM, made, tree, sources=[held], about=labels, why=[why])


def _sum(held: Held, axes: tuple[int, ...] | None) -> ArrayNode:
    """Return the sum of an array, which stays in its dtype: numpy's own sums of narrow integers do not."""
    row = DTYPES.get(held.dtype or "")
    whole = row is not None and row.kind in (DtypeKind.SIGNED, DtypeKind.UNSIGNED, DtypeKind.LOGIC)
    if row is None or not whole or row.bytes >= WIDE:
        return Sum(array=held.node, axes=axes)
    return KeptSum(array=held.node, axes=axes, dtype=row.name)
