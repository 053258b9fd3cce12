"""Any expression as transposes, reshapes, diagonals, sums, `@` and `*`: for tools that know no einsum.

Two operands at a time become stacks of matrices, (batch, rows, contracted) @ (batch, contracted, columns); a group of
several indices is merged by a reshape, and every step that would do nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod

from ...core.arrays import (
    ArrayAssign,
    ArrayNode,
    AxisLength,
    Expand,
    Matmul,
    Multiply,
    Name,
    Reshape,
    Size,
    Slot,
    Squeeze,
)
from ...core.names import Names
from ...core.spec import DOTS, Spec
from .labelled import Idiom, Labelled, Labels, aligned, permuted
from .pairs import Goal, Groups, groups, joined
from .plain import first_pair, prepared

Path = Sequence[Sequence[int]]
"""Which arrays to take together, by their places in what is left; the product goes to the end (as opt_einsum says)."""

Cut = Callable[[Labelled], Labelled]
"""Ends a line of the text: gives what is computed so far a name."""


def matmul_expression(spec: Spec, names: Names, style: Idiom, path: Path | None = None) -> Labelled | None:
    """Return the expression as one tree, or None for an ellipsis of unknown rank."""
    return _lowered(spec, names, style, path, lambda array: array)


def matmul_lines(spec: Spec, names: Names, style: Idiom, path: Path | None = None) -> tuple[ArrayAssign, ...]:
    """Return the same as assignments, one for each array that is arranged and each product."""
    lines: list[ArrayAssign] = []
    taken = set(names.taken)

    def cut(array: Labelled) -> Labelled:
        if isinstance(array.tree, Name):
            return array
        number = len(lines)
        while f"t{number}" in taken:
            number += 1
        name = f"t{number}"
        taken.add(name)
        lines.append(ArrayAssign(name=name, array=array.tree))
        return replace(array, tree=Name(name=name))

    whole = _lowered(spec, names, style, path, cut)
    if whole is None:
        return ()
    last = lines.pop() if isinstance(whole.tree, Name) and lines and lines[-1].name == whole.tree.name else None
    return (*lines, ArrayAssign(name=names.result, array=last.array if last else whole.tree))


def _lowered(spec: Spec, names: Names, style: Idiom, path: Path | None, cut: Cut) -> Labelled | None:
    arrays = prepared(spec, names, style)
    if any(DOTS in array.labels for array in arrays):
        return None
    steps = iter(path or ())
    while len(arrays) > 1:
        step = tuple(next(steps)) if path else first_pair([array.labels for array in arrays], spec.output)
        picked = [arrays[n] for n in sorted(step)]
        arrays = [array for n, array in enumerate(arrays) if n not in step]
        product = picked[0]
        for n, other in enumerate(picked[1:], start=2):
            rest = [array.labels for array in (*arrays, *picked[n:])]
            keep = set(spec.output).union(*rest)
            goal = None if rest else spec.output
            product = cut(_product(spec, names, (product, other), keep, goal=goal, style=style, cut=cut))
        arrays.insert(len(arrays) if path else min(step), product)
    return permuted(arrays[0], spec.output, style)


def _product(
    spec: Spec,
    names: Names,
    pair: tuple[Labelled, Labelled],
    keep: set[str],
    *,
    goal: Goal,
    style: Idiom,
    cut: Cut,
) -> Labelled:
    left, right = sorted(pair, key=lambda array: array.factors)
    parts = groups(left, right, keep)
    if not parts.contracted:
        return _elementwise(left, right, goal, style, cut)
    parts = _ordered(parts, goal)
    bare = not parts.batch
    one = permuted(left, parts.batch + parts.rows + parts.contracted, style)
    one = cut(_grouped(one, (parts.rows, parts.contracted), parts.batch, _lengths(spec, names, left), bare=bare))
    other = permuted(right, parts.batch + parts.contracted + parts.columns, style)
    other = cut(
        _grouped(other, (parts.contracted, parts.columns), parts.batch, _lengths(spec, names, right), bare=bare)
    )
    product = joined(left, right, Matmul(left=one.tree, right=other.tree), parts.batch + parts.rows + parts.columns)
    product = replace(product, tree=_divided(product, parts, _lengths(spec, names, product)))
    return product if goal is None else permuted(product, goal, style)


def _elementwise(left: Labelled, right: Labelled, goal: Goal, style: Idiom, cut: Cut) -> Labelled:
    union = goal or left.labels + tuple(x for x in right.labels if x not in left.labels)
    one, other = aligned(left, union, style), aligned(right, union, style)
    assert one is not None
    assert other is not None
    return joined(left, right, Multiply(left=cut(one).tree, right=cut(other).tree), union)


def _ordered(parts: Groups, goal: Goal) -> Groups:
    """Return the free groups in the order of the goal, so that as little as possible is left to permute."""
    if goal is None:
        return parts
    return replace(
        parts,
        batch=tuple(sorted(parts.batch, key=goal.index)),
        rows=tuple(sorted(parts.rows, key=goal.index)),
        columns=tuple(sorted(parts.columns, key=goal.index)),
    )


def _grouped(
    array: Labelled, pair: tuple[Labels, Labels], batch: Labels, lengths: dict[str, Size], *, bare: bool
) -> Labelled:
    """Return an array as (batch, group, group). Without a batch an empty group needs no axis: `@` takes vectors."""
    sizes = [len(group) for group in pair]
    if max(sizes) < 2:
        if bare or 0 not in sizes:
            return array
        slots = [*[Slot.AXIS] * len(batch), *(Slot.AXIS if size else Slot.NEW for size in sizes)]
        while slots[-1] is Slot.AXIS:
            slots.pop()
        return replace(array, tree=Expand(array=array.tree, slots=tuple(slots)))
    merged = [_times(group, lengths) for group in pair if group or not bare]
    shape = (*(lengths[label] for label in batch), *merged)
    return replace(array, tree=Reshape(array=array.tree, shape=_inferred(shape)))


def _divided(product: Labelled, parts: Groups, lengths: dict[str, Size]) -> ArrayNode:
    """Return the product with merged groups apart again, and without the axes of empty groups."""
    if max(len(parts.rows), len(parts.columns)) > 1:
        shape = tuple(lengths[label] for label in product.labels)
        return Reshape(array=product.tree, shape=_inferred(shape))
    empty = tuple(axis for axis, group in ((-2, parts.rows), (-1, parts.columns)) if not group)
    return Squeeze(array=product.tree, axes=empty) if parts.batch and empty else product.tree


def _lengths(spec: Spec, names: Names, array: Labelled) -> dict[str, Size]:
    """Return the length that every index has in `array`: 1 where it is stretched, else its number, or the axis to read
    it from, one of the array's own where it can be.
    """
    found: dict[str, Size] = {}
    for index in spec.indices:
        places = [place for place in index.places if not place.stretched]
        place = min(places, key=lambda place: place.operand not in array.factors)
        read = Size(lengths=(AxisLength(names.operands[place.operand], place.axis),))
        known = 1 if index.label in array.thin else index.extent
        found[index.label] = Size(number=known) if isinstance(known, int) else read
    return found


def _times(group: Labels, lengths: dict[str, Size]) -> Size:
    sizes = [lengths[label] for label in group]
    return Size(number=prod(size.number for size in sizes), lengths=tuple(x for size in sizes for x in size.lengths))


def _inferred(shape: tuple[Size, ...]) -> tuple[Size, ...]:
    """Return the shape with -1 for the longest length that has to be read; never beside a 0, which leaves it open."""
    unknown = [size for size in shape if size.lengths]
    if not unknown or any(size.number == 0 for size in shape):
        return shape
    longest = shape.index(max(unknown, key=lambda size: (len(size.lengths), size.number)))
    return tuple(Size(number=-1) if n == longest else size for n, size in enumerate(shape))
