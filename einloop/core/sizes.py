"""Which extents go together, and sensible ones for an expression whose shapes are unknown. Draws nothing at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .bind import Shape, show_shape
from .errors import OptionError
from .names import Names
from .spec import DOTS, Dots, Index, Spec

SENSIBLE_POINTS = 100_000
"""Loop points beyond which further indices get extent 1."""


def tied_indices(spec: Spec, operands: tuple[str, ...]) -> tuple[tuple[Index, ...], ...]:
    """Return the indices in groups that must have one extent, in order of appearance.

    One array given twice (`operands` names it twice), or one name of an extent, ties indices. The batch index
    of an ellipsis of unknown rank is left out.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,ik->jk")
    >>> [[index.label for index in group] for group in tied_indices(spec, ("X", "X"))]
    [['i'], ['j', 'k']]
    """
    named = [index for index in spec.indices if index.label != DOTS]
    pairs: list[tuple[object, object]] = []
    for index in named:
        own = (index.label,)  # a label is not a name of an extent
        pairs += [(own, own), *((own, (operands[p.operand], p.axis)) for p in index.places if not p.stretched)]
        pairs += [(own, index.extent)] if isinstance(index.extent, str) else []
    leader, groups = connected(pairs), dict[object, list[Index]]()
    for index in named:
        groups.setdefault(leader[index.label,], []).append(index)
    return tuple(tuple(group) for group in groups.values())


def connected(pairs: Iterable[tuple[object, object]]) -> dict[object, object]:
    """Return for everything in `pairs` the representative of what it is connected with.

    >>> groups = connected([("a", "b"), ("c", "d"), ("b", "e")])
    >>> groups["a"] == groups["e"], groups["a"] == groups["c"]
    (True, False)
    """
    leader: dict[object, object] = {}

    def root(item: object) -> object:
        while leader.setdefault(item, item) != item:
            item = leader[item]
        return item

    for one, other in pairs:
        leader[root(one)] = root(other)
    return {item: root(item) for item in leader}


def one_array_one_shape(spec: Spec, shapes: Sequence[Shape | None]) -> tuple[Shape | None, ...]:
    """Return `shapes` with a shape given for one operand given to all of the same user's name.

    Raises OptionError where one array has two shapes.
    """
    known: dict[str, Shape] = {}
    for number, (op, shape) in enumerate(zip(spec.operands, shapes, strict=True)):
        if op.name and shape is not None and known.setdefault(op.name, shape) != shape:
            raise OptionError(
                "EL403",
                f"{op.name} is one array, with shape {show_shape(known[op.name])} and {show_shape(shape)} at once",
                operand=number,
            )
    return tuple(
        known.get(op.name, shape) if op.name else shape for op, shape in zip(spec.operands, shapes, strict=True)
    )


def check_ties(spec: Spec) -> None:
    """Raise OptionError where one array under two terms ties indices whose extents are known to differ."""
    if all(index.extent is None for index in spec.indices):
        return
    names = tuple(op.name or f"{number}" for number, op in enumerate(spec.operands))
    for group in tied_indices(spec, names):
        known = [index for index in group if index.extent is not None]
        for index in known:
            if index.extent != known[0].extent:
                raise OptionError(
                    "EL403",
                    f"{known[0].label!r} is {known[0].extent} and {index.label!r} is {index.extent}, "
                    "but they run over the same axis of one array",
                )


def check_lists_show(spec: Spec, operands: tuple[str, ...]) -> None:
    """Raise OptionError for shapes that nested lists cannot show: nothing after an empty axis can be measured."""
    for number, (name, op) in enumerate(zip(operands, spec.operands, strict=True)):
        if op.shape is not None and 0 in op.shape[:-1]:
            raise OptionError(
                "EL481", f"nested lists cannot show the shape of {name}, {show_shape(op.shape)}", operand=number
            )


def needs_cube(spec: Spec, operands: tuple[str, ...]) -> bool:
    """Return whether one array stands under several ellipses, or under one and none.

    Then its axes are covered here and named there, and only equal extents throughout surely fit.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> needs_cube(read_subscripts("...i,i..."), ("x", "x"))
    True
    """
    terms = {(name, op.labels) for name, op in zip(operands, spec.operands, strict=True)}
    return spec.dots is not Dots.ABSENT and len(terms) > len(set(operands))


def covered_rank(spec: Spec, operands: tuple[str, ...], number: int, wanted: int) -> int:
    """Return how many axes the ellipsis of an operand can cover, as near to `wanted` as the same array's other terms
    allow: a term without an ellipsis fixes the rank, a longer one with an ellipsis needs its named axes.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> covered_rank(read_subscripts("...,i...->..."), ("A", "A"), 0, 0)
    1
    """
    terms = [op for name, op in zip(operands, spec.operands, strict=True) if name == operands[number]]
    named = sum(label != DOTS for label in spec.operands[number].labels)
    for op in terms:
        if op.dots is None:
            return len(op.labels) - named
    return max(wanted, *(len(op.labels) - 1 - named for op in terms))


def sensible_sizes(spec: Spec, names: Names) -> dict[str, int]:
    """Return an extent for every index: the known ones, for others 2, 3, 4 ..., all different while loops stay short.

    Where they would not, smaller ones are taken, so that the indices that follow can have 2; and 1 as a last resort.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> sensible_sizes(spec, choose_names(spec))
    {'i': 2, 'j': 3, 'k': 4}
    """
    sizes: dict[str, int] = {}
    points, following, cube = 1, 2, needs_cube(spec, names.operands)
    groups = tied_indices(spec, names.operands)
    left = sum(not isinstance(index.extent, int) for group in groups for index in group)
    for group in groups:
        known = [index.extent for index in group if isinstance(index.extent, int)]
        left -= sum(not isinstance(index.extent, int) for index in group)
        size = known[0] if known else _fitting(following, len(group), SENSIBLE_POINTS // max(points, 1), left)
        following += not known and not cube
        points *= max(size, 1) ** len(group)
        sizes.update({index.label: size for index in group})
    return sizes


def _fitting(wanted: int, axes: int, most: int, left: int) -> int:
    """Return the largest extent up to `wanted` of so many axes that leaves enough points for 2 along all axes left.

    >>> _fitting(9, 1, 100, 3), _fitting(9, 1, 100, 9), _fitting(9, 2, 3, 0)
    (9, 2, 1)
    """
    for size in range(wanted, 1, -1):
        if size**axes * 2**left <= most:
            return size
    return 2 if 2**axes <= most else 1


def axis_sizes(spec: Spec, number: int, sizes: dict[str, int]) -> tuple[int, ...]:
    """Return the shape of one operand for these extents, stretched axes 1, without an ellipsis of unknown rank."""
    operand = spec.operands[number]
    labels = [label for label in operand.labels if label != DOTS]
    return tuple(1 if axis in operand.stretched else sizes[label] for axis, label in enumerate(labels))
