"""An array expression that knows the index of each of its axes, and the steps that rearrange one array."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from ...core.arrays import (
    ArrayNode,
    Diagonal,
    DiagonalSum,
    Expand,
    MoveAxes,
    Permute,
    Reverse,
    Slot,
    Squeeze,
    Sum,
    SwapLast,
)
from ...core.spec import DOTS

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """What a library's arrays can do.

    `reverses`: `.T` reverses any number of axes, not two only. `traces`: a trace may leave other axes over.
    `bmm`: it has a batched product of its own.
    `plain`: as people write it; otherwise nothing but what tools without einsum know.
    """

    library: str
    reverses: bool
    traces: bool
    bmm: bool
    plain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A tree and the label of each of its axes.

    `factors`: the operands that it multiplies, in this order. `thin`: the labels along which it has size 1. `loops`:
    how many loops its products would take, one after the other.
    """

    tree: ArrayNode
    labels: Labels
    factors: tuple[int, ...]
    thin: frozenset[str] = frozenset()
    loops: int = 0

    def axis(self, position: int) -> int:
        """Return how an axis is counted: from the end after an ellipsis of unknown rank."""
        return axis_number(self.labels, position)


def axis_number(labels: Labels, position: int) -> int:
    """Return the number of the axis at `position`: negative after an ellipsis of unknown rank.

    >>> axis_number(("i", "...", "j"), 2), axis_number(("i", "...", "j"), 0)
    (-1, 0)
    """
    return position - len(labels) if DOTS in labels[:position] else position


def reduced(array: Labelled, keep: Iterable[str], squeezed: Iterable[str], style: Idiom) -> Labelled:
    """Return the array with distinct labels, all of them in `keep`.

    Axes of size 1 along `squeezed` are left out, diagonals taken, and every other index that is not kept is summed.
    """
    keep, squeezed = set(keep), set(squeezed)
    gone = [n for n, label in enumerate(array.labels) if label in squeezed]
    if gone:
        tree: ArrayNode = Squeeze(array=array.tree, axes=tuple(array.axis(n) for n in gone))
        array = replace(array, tree=tree, labels=_without(array.labels, gone), thin=array.thin - squeezed)
    array = _traced(array, keep, style)
    array = _diagonals(array)
    summed = [n for n, label in enumerate(array.labels) if label not in keep]
    return summed_over(array, summed) if summed else array


def summed_over(array: Labelled, positions: list[int]) -> Labelled:
    """Return the sum over the axes at `positions`."""
    every = len(positions) == len(array.labels)
    axes = None if every else tuple(array.axis(n) for n in positions)
    return replace(array, tree=Sum(array=array.tree, axes=axes), labels=_without(array.labels, positions))


def _traced(array: Labelled, keep: set[str], style: Idiom) -> Labelled:
    for label in dict.fromkeys(array.labels):
        places = [n for n, other in enumerate(array.labels) if other == label]
        whole = len(array.labels) == 2
        if style.plain and len(places) == 2 and label not in keep and (whole or style.traces):
            axes = (array.axis(places[0]), array.axis(places[1]))
            tree = DiagonalSum(array=array.tree, axes=axes, whole=whole)
            array = replace(array, tree=tree, labels=_without(array.labels, places))
    return array


def _diagonals(array: Labelled) -> Labelled:
    while len(set(array.labels)) < len(array.labels):
        label = next(label for label in array.labels if array.labels.count(label) > 1)
        first = array.labels.index(label)
        places = [first, array.labels.index(label, first + 1)]
        tree = Diagonal(array=array.tree, axes=(array.axis(places[0]), array.axis(places[1])))
        array = replace(array, tree=tree, labels=(*_without(array.labels, places), label))
    return array


def _without(labels: Labels, positions: Iterable[int]) -> Labels:
    gone = set(positions)
    return tuple(label for n, label in enumerate(labels) if n not in gone)


def permuted(array: Labelled, wanted: Labels, style: Idiom) -> Labelled:
    """Return the array with its axes in the order of `wanted`, by the shortest means."""
    labels = array.labels
    if labels == wanted:
        return array
    tree: ArrayNode
    if len(labels) > 2 and labels == (*wanted[:-2], wanted[-1], wanted[-2]):
        tree = SwapLast(array=array.tree)
    elif DOTS in labels:
        tree = _moved(array, wanted)
    elif labels == wanted[::-1] and (len(labels) == 2 or style.reverses):
        tree = Reverse(array=array.tree)
    else:
        tree = Permute(array=array.tree, axes=tuple(labels.index(label) for label in wanted))
    return replace(array, tree=tree, labels=wanted)


def _moved(array: Labelled, wanted: Labels) -> ArrayNode:
    """Return the fewest moves: whatever stays has the same order before and after."""
    named = [label for label in array.labels if label != DOTS]
    for count in range(1, len(named) + 1):
        for moving in combinations(named, count):
            if _others(array.labels, moving) == _others(wanted, moving):
                source = tuple(array.axis(array.labels.index(label)) for label in moving)
                destination = tuple(axis_number(wanted, wanted.index(label)) for label in moving)
                return MoveAxes(array=array.tree, source=source, destination=destination)
    raise AssertionError("with every named axis moved, only the ellipsis is left")


def _others(labels: Labels, moving: Labels) -> Labels:
    return tuple(label for label in labels if label not in moving)


def aligned(array: Labelled, union: Labels, style: Idiom) -> Labelled | None:
    """Return the array so that it broadcasts as the axes `union`, or None where an ellipsis stands in the way.

    Axes it lacks become new ones of size 1, except in front, where broadcasting adds them.
    """
    if DOTS in union[1:]:
        return None
    array = permuted(array, tuple(label for label in union if label in array.labels), style)
    start = next((n for n, label in enumerate(union) if label in array.labels), len(union))
    rest = union[start:]
    if rest == array.labels:
        return array
    slots = [Slot.DOTS if x == DOTS else Slot.AXIS if x in array.labels else Slot.NEW for x in rest]
    if Slot.DOTS not in slots:
        while slots[-1] is Slot.AXIS:
            slots.pop()
    else:
        slots = _short_dots(slots)
    tree = Expand(array=array.tree, slots=tuple(slots))
    return replace(array, tree=tree, labels=rest, thin=array.thin | (set(rest) - set(array.labels)))


def _short_dots(slots: list[Slot]) -> list[Slot]:
    """Return the slots without axes that the ellipsis in front covers as well."""
    first = slots.index(Slot.NEW)
    return [Slot.DOTS, *slots[first:]]
