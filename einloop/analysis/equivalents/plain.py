"""A Spec in, the shortest plain expression out: one array rearranged and summed, or products of two at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from ...core.arrays import ArrayNode, Multiply, Name
from ...core.names import Names
from ...core.spec import DOTS, Dots, Spec
from .cost import cost
from .labelled import Idiom, Labelled, Labels, aligned, permuted, reduced, summed_over
from .pairs import Goal, products

MAX_SEARCHED_OPERANDS = 4
"""With up to so many operands every order of taking two is tried; with more, `first_pair` decides."""
MAX_WAYS_KEPT = 3
"""How many ways of writing an intermediate are followed up."""
MAX_OPERANDS = 12
"""Beyond, nothing is searched."""


def prepared(spec: Spec, names: Names, style: Idiom) -> list[Labelled]:
    """Return every operand without stretched summed axes, without repeated indices, and without indices that
    nothing else needs.
    """
    arrays: list[Labelled] = []
    left = [set(operand_labels(spec, n)) - squeezed(spec, n) for n in range(len(spec.operands))]
    for number, name in enumerate(names.operands):
        labels, thin = operand_labels(spec, number), thin_labels(spec, number)
        array = Labelled(tree=Name(name=name), labels=labels, factors=(number,), thin=thin)
        keep = set(spec.output).union(*left[:number], *left[number + 1 :])
        arrays.append(reduced(array, keep, squeezed(spec, number), style))
    return arrays


def operand_labels(spec: Spec, number: int) -> Labels:
    """Return the labels of an operand's axes; an ellipsis that may cover nothing is none."""
    labels = spec.operands[number].labels
    return tuple(x for x in labels if x != DOTS) if spec.dots is Dots.EMPTY else labels


def thin_labels(spec: Spec, number: int) -> frozenset[str]:
    """Return the labels along which an operand is stretched."""
    operand = spec.operands[number]
    return frozenset(operand.labels[axis] for axis in operand.stretched)


def squeezed(spec: Spec, number: int) -> set[str]:
    """Return the summed labels along which an operand is stretched: its one element counts once for each of theirs."""
    return set(thin_labels(spec, number)) - set(spec.output)


def plain_expression(spec: Spec, names: Names, style: Idiom) -> Labelled | None:
    """Return the shortest expression found, or None where there are too many operands or none is right for every rank.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,kj->ik")
    >>> numpy = Idiom(library="numpy", reverses=True, traces=True, bmm=False)
    >>> plain_expression(spec, choose_names(spec), numpy).tree
    Matmul(left=Name(name='A'), right=Reverse(array=Name(name='B')))
    """
    if len(spec.operands) > MAX_OPERANDS:
        return None
    arrays = prepared(spec, names, style)
    if len(arrays) == 1:
        return permuted(arrays[0], spec.output, style)
    found = _ways(arrays, set(spec.output), spec.output, style)
    found += _all_multiplied(arrays, spec.output, style)
    return min(found, key=cost, default=None)


def _ways(arrays: list[Labelled], output: set[str], goal: Goal, style: Idiom) -> list[Labelled]:
    """Return the best ways found to multiply all arrays."""
    if len(arrays) == 1:
        return [arrays[0] if goal is None else permuted(arrays[0], goal, style)]
    found: list[Labelled] = []
    for first, second in _pairs(arrays, output):
        rest = [array for n, array in enumerate(arrays) if n not in (first, second)]
        keep = output.union(*(array.labels for array in rest))
        done = products(arrays[first], arrays[second], keep, goal if not rest else None, style)
        for product in done[:MAX_WAYS_KEPT] if len(arrays) <= MAX_SEARCHED_OPERANDS else done[:1]:
            found += _ways([*rest[:first], product, *rest[first:]], output, goal, style) if rest else [product]
    return sorted(found, key=cost)[:MAX_WAYS_KEPT]


def _pairs(arrays: list[Labelled], output: set[str]) -> list[tuple[int, int]]:
    """Return which two may be taken first; two without a common index only where no two have one."""
    if len(arrays) > MAX_SEARCHED_OPERANDS:
        return [first_pair([array.labels for array in arrays], output)]
    pairs = list(combinations(range(len(arrays)), 2))
    return [pair for pair in pairs if _meet(arrays, pair)] or pairs


def _meet(arrays: list[Labelled], pair: tuple[int, int]) -> bool:
    one, other = (set(arrays[n].labels) for n in pair)
    return not one or not other or bool(one & other)


def first_pair(terms: Sequence[Labels], output: Iterable[str]) -> tuple[int, int]:
    """Return the first two arrays, from left to right, that can be summed over; else that share an index; else the
    first two.

    >>> first_pair([("a", "b"), ("c", "d"), ("b", "c")], ("a", "d"))
    (0, 2)
    """
    count = Counter(label for term in terms for label in term)
    count.update(output)
    shared: tuple[int, int] | None = None
    for first, second in combinations(range(len(terms)), 2):
        common = [label for label in terms[first] if label in terms[second]]
        if any(count[label] == 2 for label in common):
            return first, second
        shared = shared or ((first, second) if common else None)
    return shared or (0, 1)


def _all_multiplied(arrays: list[Labelled], goal: Labels, style: Idiom) -> list[Labelled]:
    """Return the product of all arrays at once, each broadcast to all indices, with a sum if there is anything to sum.

    Only where some array has all indices, or nothing is summed: no product is larger than it has to be.
    """
    every = dict.fromkeys((*goal, *(x for array in arrays for x in array.labels)))
    union = tuple(every)
    summed = [n for n, label in enumerate(union) if label not in goal]
    if len(arrays) < 3 or (summed and all(set(array.labels) != set(union) for array in arrays)):
        return []
    parts = [aligned(array, union, style) for array in arrays]
    tree: ArrayNode | None = None
    for part in parts:
        if part is None:
            return []
        tree = part.tree if tree is None else Multiply(left=tree, right=part.tree)
    assert tree is not None
    factors = tuple(n for array in arrays for n in array.factors)
    loops = len(union) * (len(arrays) - 1)
    whole = replace(arrays[0], tree=tree, labels=union, factors=factors, loops=loops)
    return [summed_over(whole, summed) if summed else whole]
