"""What happens to one operand before it is multiplied: diagonals, axes left out, and its axes lined up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ...core.arrays import ArrayNode, Cast, Diagonal, Expand, Permute, Slot, Squeeze
from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from ...core.story import StageKind
from ..equivalents.labelled import Idiom, Labelled, permuted
from .held import DtypeRules, Held, Labels, StoryTeller

PLAIN = Idiom(library="numpy", reverses=False, traces=False, bmm=False)


def cast(telling: StoryTeller, held: Held, rules: DtypeRules | None) -> Held:
    """Return an array converted to the dtype in which products are made, where it has another one."""
    if rules is None or held.dtype == rules.sums:
        return held
    dtype = rules.sums
    kind = "story.cast" if dtype == rules.result else "story.cast.wide"
    why = Message(kind, {"array": Code(held.of), "dtype": Code(dtype)})
    made = replace(held, name=telling.after(held), dtype=dtype)
    return telling.made(StageKind.CAST, made, Cast(array=held.node, dtype=dtype), sources=[held], why=[why])


def rounded(telling: StoryTeller, held: Held, dtype: str) -> Held:
    """Return what was computed in the dtype of the result, where it is another one."""
    if held.dtype == dtype:
        return held
    made = replace(held, name=telling.after(held), dtype=dtype)
    why = Message("story.round", {"dtype": Code(dtype)})
    return telling.made(StageKind.ROUND, made, Cast(array=held.node, dtype=dtype), sources=[held], why=[why])


def diagonals(telling: StoryTeller, held: Held) -> Held:
    """Return an array without repeated labels: a stage for every two axes that become one."""
    while len(set(held.labels)) < len(held.labels):
        label = next(label for label in held.labels if held.labels.count(label) > 1)
        first = held.labels.index(label)
        second = held.labels.index(label, first + 1)
        one, other = held.axes((first, second))
        rest = tuple(x for place, x in enumerate(held.labels) if place not in (first, second))
        made = replace(held, name=telling.after(held), labels=(*rest, label))
        values: dict[str, Value] = {
            "index": Code(telling.names.shown(label)), "array": Code(held.of), "first": one, "second": other,
        }  # fmt: skip
        held = telling.made(
            StageKind.DIAGONAL,
            made,
            Diagonal(array=held.node, axes=(one, other)),
            sources=[held],
            about=[label],
            why=[Message("story.diagonal", values)],
        )
    return held


def squeezed(telling: StoryTeller, held: Held, kept: Collection[str]) -> Held:
    """Return an array without axes of length 1 along indices that this step does not have."""
    gone = [place for place, label in enumerate(held.labels) if label in held.thin and label not in kept]
    if not gone:
        return held
    labels = [held.labels[place] for place in gone]
    left = tuple(label for label in held.labels if label not in labels)
    made = replace(held, name=telling.after(held), labels=left, thin=held.thin.difference(labels))
    values: dict[str, Value] = {"array": Code(held.of), **_axes(telling, labels)}
    return telling.made(
        StageKind.SQUEEZE,
        made,
        Squeeze(array=held.node, axes=held.axes(gone)),
        sources=[held],
        about=labels,
        why=[Message("story.squeeze", values)],
    )


def lined_up(telling: StoryTeller, held: Held, union: Labels) -> Held:
    """Return an array whose axes are `union`, those that it lacks with length 1; a number stays as it is, and axes of
    unknown number in front that it lacks are left to broadcasting."""
    wanted = tuple(label for label in union if label in held.labels)
    goal = union if DOTS in held.labels else tuple(label for label in union if label != DOTS)
    missing = [label for label in goal if label not in held.labels]
    if not wanted or (held.labels == wanted and not missing):
        return held
    tree = _ordered(held, wanted)
    why, values = list[Message](), {"array": Code(held.of)}
    if held.labels != wanted:
        order = Code(", ".join(telling.shown(wanted)))
        why.append(Message("story.line_up.moved", {**values, "order": order}))
    if missing:
        tree = Expand(array=tree, slots=tuple(_slot(label, held.labels) for label in goal))
        why.append(Message("story.line_up.inserted", {**values, **_axes(telling, missing)}))
    made = replace(held, name=telling.after(held), labels=goal, thin=held.thin.union(missing))
    return telling.made(StageKind.LINE_UP, made, tree, sources=[held], about=missing, why=why)


def in_order(telling: StoryTeller, held: Held, output: Labels) -> Held:
    """Return an array with its axes in the order of the output."""
    if held.labels == output:
        return held
    made = replace(held, name=telling.after(held), labels=output)
    why = Message("story.order", {"order": Code(", ".join(telling.shown(output)))})
    return telling.made(StageKind.ORDER, made, _ordered(held, output), sources=[held], about=output, why=[why])


def _slot(label: str, labels: Labels) -> Slot:
    return Slot.DOTS if label == DOTS else Slot.AXIS if label in labels else Slot.NEW


def _ordered(held: Held, wanted: Labels) -> ArrayNode:
    """Return an array with its axes in another order: turned, if it has two, and else by their numbers."""
    if DOTS in wanted or len(wanted) < 3:
        return permuted(Labelled(tree=held.node, labels=held.labels, factors=()), wanted, PLAIN).tree
    if held.labels == wanted:
        return held.node
    return Permute(array=held.node, axes=tuple(map(held.labels.index, wanted)))


def _axes(telling: StoryTeller, labels: Sequence[str]) -> dict[str, Value]:
    """Return the values of a sentence about axes."""
    return {"indices": Code(", ".join(telling.shown(labels))), "count": len(labels)}
