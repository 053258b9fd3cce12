"""Whole arrays with their axes in another order, summed, cut, paired or in another shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from .extents import Cut, fitting, single
from .grids import Grid, broadcast, contract, elements, of_cells
from .places import Position, Unfit
from .products import MAX_PRODUCTS, Product, merged
from .sizes import Composed, Extent, Shorter, Unequal

MAX_SPLITS = 32


def axis_of(axis: Any, rank: int) -> int:
    """Return an axis counted from the front. Raises Unfit for one that the array does not have."""
    if not isinstance(axis, int):
        raise Unfit("an axis has to be a whole number that the code says")
    if not -rank <= axis < rank:
        raise Unfit(f"an array with {rank} ax{'is' if rank == 1 else 'es'} has no axis {axis}")
    return axis % rank


def axes_of(axes: Any, rank: int) -> tuple[int, ...]:
    """Return axes counted from the front; none stands twice."""
    found = tuple(axis_of(axis, rank) for axis in (axes if isinstance(axes, (list, tuple)) else (axes,)))
    if len(set(found)) != len(found):
        raise Unfit("an axis is named twice")
    return found


def transposed(grid: Grid, order: Sequence[int] | None = None) -> Grid:
    """Return the grid with its axes in another order, reversed where none is given."""
    order = tuple(reversed(range(grid.rank))) if order is None else axes_of(order, grid.rank)
    if len(order) != grid.rank:
        raise Unfit(f"{len(order)} axes are named of an array that has {grid.rank}")
    return contract([grid], [range(grid.rank)], order)


def total(grid: Grid, axes: Any = None, keep: bool = False) -> Grid:
    """Return the grid summed over these axes, over all where none is given."""
    over = set(range(grid.rank)) if axes is None else set(axes_of(axes, grid.rank))
    summed = contract([grid], [range(grid.rank)], [axis for axis in range(grid.rank) if axis not in over])
    for axis in sorted(over) if keep else ():
        summed = with_axis(summed, axis)
    return summed


def with_axis(grid: Grid, axis: int) -> Grid:
    """Return the grid with one more axis, of length 1."""
    axis = axis_of(axis, grid.rank + 1)
    parts = (replace(p, result=(*p.result[:axis], Position(), *p.result[axis:])) for p in grid.parts)
    return Grid((*grid.shape[:axis], 1, *grid.shape[axis:]), tuple(parts))


def without_axis(grid: Grid, axis: int) -> Grid:
    """Return the grid without an axis of length 1."""
    axis = axis_of(axis, grid.rank)
    length = grid.shape[axis]
    if isinstance(length, Extent) and not length.fixed:
        raise Composed(length.key, (1,))
    if length != 1:
        raise Unfit(f"axis {axis} has length {length}, and only axes of length 1 can be squeezed away")
    return total(grid, axis)


def matmul(one: Grid, other: Grid) -> Grid:
    """Return `one @ other`: batch axes broadcast, vectors as numpy reads them."""
    if not one.rank or not other.rank:
        raise Unfit("@ takes arrays with axes, and one of these is a number", hint="multiply numbers by *")
    first: list[object] = ["row", "sum"] if one.rank > 1 else ["sum"]
    second: list[object] = ["sum", "column"] if other.rank > 1 else ["sum"]
    batches = [list(grid.shape[:-2]) for grid in (one, other)]
    depth = max(map(len, batches))
    batch: list[int] = []
    for level in range(-depth, 0):
        found = [shape[level] for shape in batches if len(shape) >= -level]
        batch.append(next((n for n in found if not single(n)), 1))
    wide = []
    for grid, core in ((one, first), (other, second)):
        own = grid.shape[:-2] if grid.rank > 1 else ()
        wide.append(broadcast(grid, (*batch[depth - len(own) :], *grid.shape[-len(core) :])) if own else grid)
    terms = [
        [*range(depth - max(len(shape), 0), depth), *core] for shape, core in zip(batches, (first, second), strict=True)
    ]
    kept = [label for label in ("row", "column") if label in (*first, *second)]
    return contract(wide, terms, [*range(depth), *kept])


def tensordot(one: Grid, other: Grid, axes: Any = 2) -> Grid:
    """Return the product of two arrays summed over pairs of axes, as numpy.tensordot does."""
    if isinstance(axes, int):
        if not 0 <= axes <= min(one.rank, other.rank):
            raise Unfit(f"{axes} axes are summed of arrays that have {one.rank} and {other.rank}")
        left, right = tuple(range(one.rank - axes, one.rank)), tuple(range(axes))
    else:
        if not isinstance(axes, (list, tuple)) or len(axes) != 2:
            raise Unfit("axes are a number, or two lists of axes")
        left, right = (axes_of(part, grid.rank) for grid, part in zip((one, other), axes, strict=True))
    if len(left) != len(right):
        raise Unfit(f"{len(left)} axes of the first are paired with {len(right)} of the second")
    first: list[object] = [("left", axis) for axis in range(one.rank)]
    second: list[object] = [("right", axis) for axis in range(other.rank)]
    for a, b in zip(left, right, strict=True):
        second[b] = first[a]
    kept = [label for axis, label in enumerate(first) if axis not in left]
    return contract([one, other], [first, second], [*kept, *(n for axis, n in enumerate(second) if axis not in right)])


def sliced(grid: Grid, index: Sequence[Any], *, literal: bool = False) -> Grid:
    """Return the part of a grid that a subscript names: whole numbers, slices, None for an axis, "new", "...".

    `literal`: numbers are those of the text, not of one turn of a loop, so that axes have to be as long as they say.
    """
    named = sum(i not in ("new", "...") if isinstance(i, str) else True for i in index)
    if [*index].count("...") > 1:
        raise Unfit("an index has one ellipsis at most")
    if named > grid.rank:
        raise Unfit(f"{named} indices for an array with {grid.rank} axes")
    spread: list[Any] = []
    for i in [*index, *(() if "..." in index else ("...",))]:
        spread += [None] * (grid.rank - named) if isinstance(i, str) and i == "..." else [i]
    axis = 0
    for i in spread:
        if isinstance(i, str):
            grid = with_axis(grid, axis)
        elif isinstance(i, int):
            grid = at_position(grid, axis, i)
            continue
        elif i is not None:
            grid = part_of_axis(grid, axis, i, literal=literal)
        axis += 1
    return grid if len(grid.parts) <= MAX_PRODUCTS else of_cells(grid.shape, elements(grid))


def _most(grid: Grid) -> int:
    """Return how many products a part may have of an array that is known element by element, or as few products."""
    return max(MAX_PRODUCTS, len(grid.parts))


def at_position(grid: Grid, axis: int, i: int) -> Grid:
    """Return the grid at one position of an axis."""
    length = grid.shape[axis]
    if not -length <= i < length:
        if isinstance(length, Extent):
            if isinstance(i, Extent):
                raise Unequal(length.key, i.key)
            raise Shorter(length.key, i + 1 if i >= 0 else -i)
        raise Unfit(f"{i} is outside an axis of {length}")
    place = Position(i if i >= 0 else i + int(length))
    return _without(grid, axis, (part for whole in grid.parts for part in whole.where(whole.result[axis], place)))


def _without(grid: Grid, axis: int, parts: Iterable[Product]) -> Grid:
    shape = (*grid.shape[:axis], *grid.shape[axis + 1 :])
    return Grid(shape, merged((p.standing((*p.result[:axis], *p.result[axis + 1 :])) for p in parts), _most(grid)))


def part_of_axis(grid: Grid, axis: int, part: slice, *, literal: bool = True) -> Grid:
    """Return the grid on a slice of an axis."""
    length = grid.shape[axis]
    if part.step == 0:
        raise Unfit("a slice has no step of 0")
    if isinstance(length, Extent) and literal:
        for bound in (part.start, part.stop):
            reach = 0 if bound is None or isinstance(bound, Extent) else abs(bound)
            if reach >= length:
                raise Shorter(length.key, reach + 1)
    over = range(*part.indices(length))
    if over == range(length):
        return grid
    size = length_of(length, part, over)

    def parts() -> Iterator[Product]:
        for whole in grid.parts:
            place = Position(over.start, ((len(whole.lengths), over.step),)) if size else Position()
            longer = Product(
                whole.coefficient, whole.factors, (*whole.result, Position(0, ((len(whole.lengths), 1),))),
                (*whole.lengths, size),
            )  # fmt: skip
            for found in longer.where(longer.result[axis], place) if size else ():
                *result, new = found.result
                yield found.standing([*result[:axis], new, *result[axis + 1 :]])

    return Grid((*grid.shape[:axis], size, *grid.shape[axis + 1 :]), merged(parts(), _most(grid)))


def length_of(length: int, part: slice, over: range) -> int:
    """Return how long a slice of an axis is, with what that belongs to."""
    if isinstance(part.stop, Extent) and not part.start and part.step in (None, 1) and len(over) == part.stop:
        return part.stop
    if not isinstance(length, Extent) or length.fixed:
        return len(over)
    if len(over) == length and part.step == -1 and part.start is None and part.stop is None:
        return length
    bounds = [bound for bound in (part.start, part.stop) if bound is not None]
    counted = part.step in (None, 1) and part.stop is not None and (part.start or 0) * part.stop >= 0
    if any(isinstance(bound, Extent) for bound in bounds) or (counted and part.stop > 0):
        return len(over)
    return Cut.of(len(over), length, part)


def reshaped(grid: Grid, shape: Sequence[Any]) -> Grid:
    """Return the elements in C order under another shape; one length may be -1.

    Raises Composed where an axis has to be a product of lengths, Unfit where axes are cut in the middle.
    """
    lengths = fitting(grid.shape, shape)
    strides = [prod(lengths[n + 1 :]) for n in range(len(lengths))]
    olds = [prod(grid.shape[n + 1 :]) for n in range(grid.rank)]

    def parts() -> Iterator[Product]:
        for part in grid.parts:
            flat = Position()
            for place, stride in zip(part.result, olds, strict=True):
                flat = flat + place * int(stride)
            yield _laid_out(replace(part, result=(flat,)), lengths, strides)

    return Grid(tuple(lengths), merged(parts()))


def _laid_out(part: Product, lengths: Sequence[int], strides: Sequence[int]) -> Product:
    """Return a product whose one place is a position in memory with that place in axes of these lengths."""
    n: int | None
    for _ in range(MAX_SPLITS):
        (flat,) = part.result
        axes = [Position() for _ in lengths]
        rest = flat.start
        for n, stride in enumerate(strides):
            axes[n], rest = Position(rest // stride), rest % stride
        cut = None
        for label, step in flat.steps:
            n = next((n for n, stride in enumerate(strides) if lengths[n] > 1 and 0 < stride <= step), None)
            if n is None or step % strides[n]:
                raise Unfit(CUT, "EL808", RESHAPE)
            axes[n] = axes[n] + Position(0, ((label, step // strides[n]),))
            room = strides[n] * lengths[n] // step
            if part.lengths[label] > room:
                cut = label, room
        if cut is None:
            if any(place.bounds(part.lengths)[1] >= n for place, n in zip(axes, lengths, strict=True)):
                raise Unfit(CUT, "EL808", RESHAPE)
            return replace(part, result=tuple(axes)).tidied()
        label, room = cut
        if room < 1 or part.lengths[label] % room:
            raise Unfit(CUT, "EL808", RESHAPE)
        new = len(part.lengths)
        split = Position(0, ((new, room), (new + 1, 1)))
        part = part.put({label: split}, (part.lengths[label] // room, room))
    raise Unfit(CUT, "EL808", RESHAPE)


CUT = "this shape cuts through an axis"
RESHAPE = "a reshape may merge axes, or split one into lengths whose product it is"
