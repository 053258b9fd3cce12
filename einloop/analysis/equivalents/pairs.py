"""Two arrays in, the ways to write their product: `@`, `*`, a sum of `*`, an outer product, a tensordot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...core.arrays import ArrayNode, BatchedMatmul, Matmul, Multiply, Outer, Tensordot
from ...core.spec import DOTS
from .cost import cost
from .labelled import Idiom, Labelled, Labels, aligned, permuted, summed_over

Goal = Labels | None
"""The order of axes that is wanted, or None where any order will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The indices of two arrays by the part they play in a matrix product."""

    batch: Labels
    rows: Labels
    columns: Labels
    contracted: Labels


def groups(left: Labelled, right: Labelled, keep: Iterable[str]) -> Groups:
    """Return the groups, each in the order of the array it stands in (the left one for what is shared)."""
    keep = set(keep)
    shared = [label for label in left.labels if label in right.labels]
    return Groups(
        batch=tuple(label for label in shared if label in keep),
        contracted=tuple(label for label in shared if label not in keep),
        rows=tuple(label for label in left.labels if label not in right.labels),
        columns=tuple(label for label in right.labels if label not in left.labels),
    )


def products(left: Labelled, right: Labelled, keep: Iterable[str], goal: Goal, style: Idiom) -> list[Labelled]:
    """Return the ways to multiply two arrays and sum over what is shared and not kept, the best first.

    Of several ways with the same order of axes only the best is returned.
    """
    keep = set(keep)
    found: dict[Labels, Labelled] = {}
    for one, other in ((left, right), (right, left)):
        for product in _products(one, other, keep, goal, style):
            done = product if goal is None else permuted(product, goal, style)
            if done.labels not in found or cost(done) < cost(found[done.labels]):
                found[done.labels] = done
    return sorted(found.values(), key=cost)


def _products(left: Labelled, right: Labelled, keep: set[str], goal: Goal, style: Idiom) -> Iterator[Labelled]:
    parts = groups(left, right, keep)
    if not parts.contracted:
        yield from _outer(left, right)
        yield from _multiplied(left, right, goal, style)
        return
    if len(parts.contracted) == 1:
        yield from _matmuls(left, right, parts, goal, style)
    if not parts.batch and DOTS not in left.labels + right.labels and len(left.labels + right.labels) > 2:
        yield _tensordot(left, right, parts)
    if not parts.rows or not parts.columns:
        for product in _multiplied(left, right, goal, style, parts.contracted):
            yield summed_over(product, [n for n, x in enumerate(product.labels) if x in parts.contracted])


def joined(left: Labelled, right: Labelled, tree: ArrayNode, labels: Labels) -> Labelled:
    """Return a product of two arrays."""
    thin = frozenset(x for x in labels if all(x in part.thin or x not in part.labels for part in (left, right)))
    loops = left.loops + right.loops + len({*left.labels, *right.labels})
    return Labelled(tree=tree, labels=labels, factors=left.factors + right.factors, thin=thin, loops=loops)


def _outer(left: Labelled, right: Labelled) -> Iterator[Labelled]:
    labels = left.labels + right.labels
    if len(left.labels) == len(right.labels) == 1 and len(set(labels)) == 2 and DOTS not in labels:
        yield joined(left, right, Outer(left=left.tree, right=right.tree), labels)


def _multiplied(left: Labelled, right: Labelled, goal: Goal, style: Idiom, last: Labels = ()) -> Iterator[Labelled]:
    """Yield the elementwise product in the orders of axes that may be short to write."""
    for union in _unions(left.labels, right.labels, goal, last):
        one, other = aligned(left, union, style), aligned(right, union, style)
        if one is not None and other is not None:
            yield joined(left, right, Multiply(left=one.tree, right=other.tree), union)


def _unions(left: Labels, right: Labels, goal: Goal, last: Labels = ()) -> list[Labels]:
    """Return orders of all labels of two arrays, an ellipsis first."""
    only_left = tuple(x for x in left if x not in right)
    only_right = tuple(x for x in right if x not in left)
    orders = [left + only_right, only_right + left, right + only_left, only_left + right]
    if goal is not None:
        whole = tuple(x for x in goal if x in left or x in right) + last
        orders.insert(0, whole)
    return list(dict.fromkeys(_dots_first(order) for order in orders))


def _dots_first(labels: Labels) -> Labels:
    return (DOTS, *(x for x in labels if x != DOTS)) if DOTS in labels else labels


def _matmuls(left: Labelled, right: Labelled, parts: Groups, goal: Goal, style: Idiom) -> Iterator[Labelled]:
    summed = parts.contracted
    if right.labels == summed:
        one = permuted(left, (*(x for x in left.labels if x not in summed), *summed), style)
        yield joined(left, right, Matmul(left=one.tree, right=right.tree), one.labels[:-1])
    if len(right.labels) == 2 and len(parts.columns) == 1 and DOTS in left.labels:
        for order in _batch_orders(tuple(x for x in left.labels if x not in summed), (), goal):
            one, other = permuted(left, (*order, *summed), style), permuted(right, summed + parts.columns, style)
            yield joined(left, right, Matmul(left=one.tree, right=other.tree), order + parts.columns)
    for column in parts.columns:
        if column != DOTS and left.labels == summed:
            batch = tuple(x for x in parts.columns if x != column)
            for order in _batch_orders((), batch, goal):
                other = permuted(right, (*order, *summed, column), style)
                yield joined(left, right, Matmul(left=left.tree, right=other.tree), (*order, column))
        for row in parts.rows:
            if DOTS not in (row, column):
                yield from _matrices(left, right, row, column, parts, goal=goal, style=style)


def _matrices(
    left: Labelled, right: Labelled, row: str, column: str, parts: Groups, *, goal: Goal, style: Idiom
) -> Iterator[Labelled]:
    """Yield stacks of matrix products: rows by one index of the left array, columns by one of the right."""
    one_only = tuple(x for x in left.labels if x not in (row, *parts.contracted))
    other_only = tuple(x for x in right.labels if x not in (column, *parts.contracted))
    for batch in _batch_orders(one_only, other_only, goal):
        one = aligned(left, (*batch, row, *parts.contracted), style)
        other = aligned(right, (*batch, *parts.contracted, column), style)
        if one is None or other is None:
            continue
        ranks = len(one.labels), len(other.labels)
        plain = ranks == (3, 3) and not (one.thin | other.thin) and DOTS not in batch
        kind = BatchedMatmul if style.bmm and plain else Matmul
        yield joined(left, right, kind(left=one.tree, right=other.tree), (*batch, row, column))


def _batch_orders(left: Labels, right: Labels, goal: Goal) -> list[Labels]:
    return [order for order in _unions(left, right, _only(goal, left + right)) if DOTS not in order[1:]]


def _only(goal: Goal, labels: Labels) -> Goal:
    return None if goal is None else tuple(x for x in goal if x in labels)


def _tensordot(left: Labelled, right: Labelled, parts: Groups) -> Labelled:
    count = len(parts.contracted)
    tree = Tensordot(
        left=left.tree,
        right=right.tree,
        left_axes=tuple(left.labels.index(x) for x in parts.contracted),
        right_axes=tuple(right.labels.index(x) for x in parts.contracted),
        adjacent=left.labels[-count:] == parts.contracted == right.labels[:count],
    )
    return joined(left, right, tree, parts.rows + parts.columns)
