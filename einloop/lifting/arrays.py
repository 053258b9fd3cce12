"""What functions and methods of numpy and torch do with whole arrays: one table, by name.

Keywords have numpy's names; torch's are translated before a function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce as fold
from typing import Any

from . import einsums
from .extents import Merged
from .grids import (
    Grid,
    Unfit,
    added,
    broadcast,
    contract,
    multiplied,
    number,
    power,
    quotient,
    scaled,
    subtracted,
)
from .places import Position
from .products import Product
from .shapes import (
    at_position,
    axes_of,
    axis_of,
    matmul,
    part_of_axis,
    reshaped,
    tensordot,
    total,
    transposed,
    with_axis,
    without_axis,
)
from .sizes import Extent

CONJUGATES = "{name} conjugates complex numbers; this holds for real ones"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a call does: how many of its first arguments are arrays (None: all that are), and the function.

    `note`: what is to be known where it is used.
    """

    arrays: int | None
    do: Callable[..., Any]
    note: str = ""


def _of_ranks(function: Callable[..., Grid], *ranks: int) -> Callable[..., Grid]:
    """Return a function of arrays with these numbers of axes only."""

    def checked(one: Grid, other: Grid) -> Grid:
        for grid, rank in zip((one, other), ranks, strict=True):
            if grid.rank != rank:
                raise Unfit(f"an array with {rank} axes is needed here, and this has {grid.rank}")
        return function(one, other)

    return checked


def dot(one: Grid, other: Grid) -> Grid:
    """Return numpy.dot of arrays of any rank."""
    if not one.rank or not other.rank:
        return multiplied(one, other)
    return tensordot(one, other, ([one.rank - 1], [max(other.rank - 2, 0)]))


def inner(one: Grid, other: Grid) -> Grid:
    """Return numpy.inner: a sum over the last axes."""
    if not one.rank or not other.rank:
        return multiplied(one, other)
    return tensordot(one, other, ([one.rank - 1], [other.rank - 1]))


def _outer(one: Grid, other: Grid) -> Grid:
    return tensordot(reshaped(one, [-1]), reshaped(other, [-1]), 0)


def _ufunc_outer(one: Grid, other: Grid) -> Grid:
    return tensordot(one, other, 0)


def ones(grid: Grid) -> Grid:
    """Return ones in the shape of a grid."""
    return broadcast(number(1), grid.shape)


def _vdot(one: Grid, other: Grid) -> Grid:
    return total(multiplied(one, other)) if one.rank == other.rank else tensordot(
        reshaped(one, [-1]), reshaped(other, [-1]), 1
    )  # fmt: skip


def _vecdot(one: Grid, other: Grid, axis: int = -1) -> Grid:
    return total(multiplied(one, other), axis)


def diagonal(grid: Grid, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Grid:
    """Return the diagonal of two axes, as the last axis."""
    if offset:
        raise Unfit("a diagonal other than the main one is not an einsum", "EL807", "slice the array first: A[:-1, 1:]")
    one, other = axes_of((axis1, axis2), grid.rank)
    labels: list[object] = list(range(grid.rank))
    labels[one] = labels[other] = "diagonal"
    return contract([grid], [labels], [*(label for label in labels if label != "diagonal"), "diagonal"])


def _trace(grid: Grid, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Grid:
    found = diagonal(grid, offset, axis1, axis2)
    return total(found, found.rank - 1)


def _diag(grid: Grid, k: int = 0) -> Grid:
    if grid.rank == 1 and not k:
        square = broadcast(grid, (grid.shape[0], grid.shape[0]))
        return multiplied(square, eye(grid.shape[0]))
    if grid.rank != 2:
        raise Unfit(f"diag takes a vector or a matrix, and this has {grid.rank} axes")
    return diagonal(grid, k)


def eye(rows: int, columns: int | None = None, k: int = 0) -> Grid:
    """Return the unit matrix: ones where two indices are one."""
    if k or not isinstance(rows, int) or (columns is not None and columns != rows):
        raise Unfit("only a square identity matrix is supported", "EL807")
    place = Position(0, ((0, 1),)) if rows != 1 else Position()
    return Grid((rows, rows), (Product(1, (), (place, place), (rows,) if rows != 1 else ()),))


def _permuted(grid: Grid, *order: Any, axes: Any = None) -> Grid:
    given = axes if axes is not None else order[0] if order and not isinstance(order[0], int) else order
    return transposed(grid, given or None)


def swapped(grid: Grid, axis1: int, axis2: int) -> Grid:
    """Return the grid with two axes in each other's place."""
    one, other = axis_of(axis1, grid.rank), axis_of(axis2, grid.rank)
    order = list(range(grid.rank))
    order[one], order[other] = order[other], order[one]
    return transposed(grid, order)


def moved(grid: Grid, source: Any, destination: Any) -> Grid:
    """Return the grid with some axes moved to other places."""
    sources, places = axes_of(source, grid.rank), axes_of(destination, grid.rank)
    if len(sources) != len(places):
        raise Unfit(f"{len(sources)} axes are moved to {len(places)} places")
    order = [axis for axis in range(grid.rank) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return transposed(grid, order)


def last_two_swapped(grid: Grid) -> Grid:
    """Return the grid with its last two axes in each other's place."""
    if grid.rank < 2:
        raise Unfit("a matrix has two axes, and this array has fewer")
    return swapped(grid, -2, -1)


def _reshaped(grid: Grid, *shape: Any, order: str = "C") -> Grid:
    if order != "C":
        raise Unfit("only order='C' is supported", "EL807")
    return reshaped(grid, shape[0] if shape and isinstance(shape[0], (list, tuple)) else shape)


def _flattened(grid: Grid, start_dim: Any = 0, end_dim: int = -1, order: str = "C") -> Grid:
    if order != "C" or isinstance(start_dim, str):
        raise Unfit("only order='C' is supported", "EL807")
    if not grid.rank:
        return reshaped(grid, [1])
    first, last = axis_of(start_dim, grid.rank), axis_of(end_dim, grid.rank)
    return reshaped(grid, [*grid.shape[:first], -1, *grid.shape[last + 1 :]]) if first != last else grid


def _expanded_dims(grid: Grid, axis: Any) -> Grid:
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    for one in sorted(axes_of(axes, grid.rank + len(axes))):
        grid = with_axis(grid, one)
    return grid


def _squeezed(grid: Grid, axis: Any = None) -> Grid:
    if axis is None:
        unsure = [n for n in grid.shape if isinstance(n, Extent) and not n.fixed]
        if unsure:
            raise Unfit("which axes have length 1 is not known", "EL812", "name the axis, or give the shape")
        axis = [n for n, length in enumerate(grid.shape) if length == 1]
    for one in sorted(axes_of(axis, grid.rank), reverse=True):
        grid = without_axis(grid, one)
    return grid


def _expanded(grid: Grid, *shape: Any) -> Grid:
    lengths = list(shape[0] if shape and isinstance(shape[0], (list, tuple)) else shape)
    own = [*(1 for _ in range(len(lengths) - grid.rank)), *grid.shape]
    if len(own) != len(lengths) or not all(isinstance(n, int) and n >= -1 for n in lengths):
        raise Unfit(f"an array with {grid.rank} axes does not fit this shape")
    return broadcast(grid, [mine if n == -1 else n for n, mine in zip(lengths, own, strict=True)])


def _broadcast_to(grid: Grid, shape: Any) -> Grid:
    lengths = shape if isinstance(shape, (list, tuple)) else (shape,)
    if not all(isinstance(n, int) and n >= 0 for n in lengths):
        raise Unfit("a shape is whole numbers, none of them below zero")
    return broadcast(grid, lengths)


def _tensordot(one: Grid, other: Grid, axes: Any = 2) -> Grid:
    if not isinstance(axes, int):
        axes = tuple([part] if isinstance(part, int) else part for part in axes)
    return tensordot(one, other, axes)


def _kron(one: Grid, other: Grid) -> Grid:
    rank = max(one.rank, other.rank)
    for _ in range(rank - one.rank):
        one = with_axis(one, 0)
    for _ in range(rank - other.rank):
        other = with_axis(other, 0)
    pairs = contract([one, other], [[("a", n) for n in range(rank)], [("b", n) for n in range(rank)]],
                     [(side, n) for n in range(rank) for side in "ab"])  # fmt: skip
    return reshaped(pairs, [Merged.of(pair) for pair in zip(one.shape, other.shape, strict=True)])


def _sum(grid: Grid, axis: Any = None, dtype: Any = None, *, keepdims: Any = False) -> Grid:
    return total(grid, axis, bool(keepdims) or dtype is True)  # torch's third argument is keepdim


def _mean(grid: Grid, axis: Any = None, dtype: Any = None, *, keepdims: Any = False) -> Grid:
    keepdims = keepdims or dtype is True
    over = range(grid.rank) if axis is None else axes_of(axis, grid.rank)
    count = 1
    for one in over:
        count *= int(grid.shape[one])
    if not count:
        raise Unfit("this is the mean of nothing", "EL807")
    return scaled(total(grid, axis, bool(keepdims)), Fraction(1, count))


def _product(one: Grid, other: Grid) -> Grid:
    return multiplied(one, other)


def _scaled_sum(one: Grid, other: Grid, *, alpha: Any = 1) -> Grid:
    return added(one, multiplied(other, as_operand(alpha)))


def _scaled_difference(one: Grid, other: Grid, *, alpha: Any = 1) -> Grid:
    return subtracted(one, multiplied(other, as_operand(alpha)))


def as_operand(value: Any) -> Grid:
    """Return a number, or an array, as an array."""
    if isinstance(value, Grid):
        return value
    if isinstance(value, (int, float, complex, Fraction)):
        return number(value)
    raise Unfit("this is not a number", "EL802")


def _with_product(product: Callable[..., Grid]) -> Callable[..., Grid]:
    """Return torch's `beta * input + alpha * product`."""

    def operation(start: Grid, one: Grid, other: Grid, beta: Any = 1, alpha: Any = 1) -> Grid:
        return added(multiplied(start, as_operand(beta)), multiplied(product(one, other), as_operand(alpha)))

    return operation


def _addcmul(start: Grid, one: Grid, other: Grid, value: Any = 1) -> Grid:
    return added(start, multiplied(one, other, as_operand(value)))


def _linear(x: Grid, weight: Grid, bias: Any = None) -> Grid:
    found = matmul(x, transposed(weight) if weight.rank > 1 else weight)
    return found if bias is None else added(found, as_operand(bias))


def _bilinear(one: Grid, other: Grid, weight: Grid, bias: Any = None) -> Grid:
    found = contract(
        [one, weight, other],
        [[*range(one.rank - 1), "a"], ["out", "a", "b"], [*range(other.rank - 1), "b"]],
        [*range(one.rank - 1), "out"],
    )
    return found if bias is None else added(found, as_operand(bias))


def _chain(*matrices: Any) -> Grid:
    given = matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (list, tuple)) else matrices
    grids = [grid for grid in given if isinstance(grid, Grid)]
    if len(grids) < 2 or len(grids) < len(given):
        raise Unfit("this takes a list of at least two arrays", "EL802")
    return fold(dot, grids)


def _selected(grid: Grid, axis: int, index: int) -> Grid:
    return at_position(grid, axis_of(axis, grid.rank), index)


def _narrowed(grid: Grid, axis: int, start: int, length: int) -> Grid:
    return part_of_axis(grid, axis_of(axis, grid.rank), slice(start, start + length))


def _power(grid: Grid, exponent: Any) -> Grid:
    exponent = exponent.constant if isinstance(exponent, Grid) else exponent
    whole = isinstance(exponent, (int, float, Fraction)) and exponent == int(exponent)
    return power(grid, int(exponent) if whole else exponent)


ARRAYS: Mapping[str, Operation] = {
    "matmul": Operation(2, matmul), "mm": Operation(2, _of_ranks(matmul, 2, 2)),
    "bmm": Operation(2, _of_ranks(matmul, 3, 3)), "mv": Operation(2, _of_ranks(matmul, 2, 1)),
    "matvec": Operation(2, lambda a, x: total(multiplied(a, with_axis(x, -2)), -1)),
    "dot": Operation(2, dot), "inner": Operation(2, inner), "outer": Operation(2, _outer), "ger": Operation(2, _outer),
    "vdot": Operation(2, _vdot, CONJUGATES), "vecdot": Operation(2, _vecdot, CONJUGATES),
    "tensordot": Operation(2, _tensordot), "kron": Operation(2, _kron),
    "multiply": Operation(2, _product), "mul": Operation(2, _product),
    "add": Operation(2, _scaled_sum), "subtract": Operation(2, _scaled_difference),
    "sub": Operation(2, _scaled_difference), "divide": Operation(2, quotient), "true_divide": Operation(2, quotient),
    "div": Operation(2, quotient), "negative": Operation(1, lambda grid: scaled(grid, -1)),
    "neg": Operation(1, lambda grid: scaled(grid, -1)), "positive": Operation(1, lambda grid: grid),
    "square": Operation(1, lambda grid: power(grid, 2)), "power": Operation(1, _power), "pow": Operation(1, _power),
    "float_power": Operation(1, _power),
    "sum": Operation(1, _sum), "nansum": Operation(1, _sum, "nansum takes nan as 0; this holds without nan"),
    "mean": Operation(1, _mean), "trace": Operation(1, _trace), "diagonal": Operation(1, diagonal),
    "linalg.trace": Operation(1, lambda grid: _trace(grid, 0, -2, -1)),
    "linalg.diagonal": Operation(1, lambda grid: diagonal(grid, 0, -2, -1)),
    "linalg.outer": Operation(2, _outer), "diag": Operation(1, _diag),
    "permute": Operation(1, _permuted), "permute_dims": Operation(1, _permuted),
    "swapaxes": Operation(1, swapped), "swapdims": Operation(1, swapped), "moveaxis": Operation(1, moved),
    "movedim": Operation(1, moved), "t": Operation(1, transposed), "matrix_transpose": Operation(1, last_two_swapped),
    "reshape": Operation(1, _reshaped), "view": Operation(1, _reshaped), "ravel": Operation(1, _flattened),
    "flatten": Operation(1, _flattened), "expand_dims": Operation(1, _expanded_dims),
    "unsqueeze": Operation(1, _expanded_dims), "squeeze": Operation(1, _squeezed), "expand": Operation(1, _expanded),
    "broadcast_to": Operation(1, _broadcast_to), "select": Operation(1, _selected), "narrow": Operation(1, _narrowed),
    "addmm": Operation(3, _with_product(_of_ranks(matmul, 2, 2))),
    "baddbmm": Operation(3, _with_product(_of_ranks(matmul, 3, 3))),
    "addmv": Operation(3, _with_product(_of_ranks(matmul, 2, 1))), "addr": Operation(3, _with_product(_outer)),
    "addbmm": Operation(3, _with_product(lambda a, b: total(matmul(a, b), 0))), "addcmul": Operation(3, _addcmul),
    "linear": Operation(None, _linear), "bilinear": Operation(None, _bilinear), "multi_dot": Operation(None, _chain),
    "chain_matmul": Operation(None, _chain),
    "einsum": Operation(None, einsums.einsum), "contract": Operation(None, einsums.einsum),
    "einops.einsum": Operation(None, einsums.named_einsum), "rearrange": Operation(1, einsums.rearrange),
    "einops.reduce": Operation(1, einsums.reduce), "einops.repeat": Operation(1, einsums.repeat),
    "add.reduce": Operation(1, lambda grid, axis=0, keepdims=False: total(grid, axis, keepdims)),
    "multiply.outer": Operation(2, _ufunc_outer),
    "add.outer": Operation(2, lambda a, b: added(_ufunc_outer(a, ones(b)), _ufunc_outer(ones(a), b))),
    "subtract.outer": Operation(2, lambda a, b: subtracted(_ufunc_outer(a, ones(b)), _ufunc_outer(ones(a), b))),
}  # fmt: skip
"""What a call of this name does."""
