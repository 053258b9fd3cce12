"""What functions and methods of numpy and torch do with whole arrays: one table, by name.

Keywords have numpy's names; torch's are translated before a function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

    `note`: what is to be known where it is used. `ranks`: how many axes the arrays have, where it takes no others.
    """

    arrays: int | None
    do: Callable[..., Any]
    note: str = ""
    ranks: tuple[int | None, ...] = ()

    def of(self, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        """Return what it does with these arguments."""
        for grid, rank in zip(arguments, self.ranks, strict=False):
            if rank is not None and grid.rank != rank:
                raise Unfit(f"an array with {rank} axes is needed here, and this has {grid.rank}")
        return self.do(*arguments, **keywords)


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


def _beside(one: Grid, other: Grid) -> tuple[Grid, Grid]:
    """Return each array with the axes of the other, as np.add.outer pairs them."""
    left, right = (broadcast(number(1), grid.shape) for grid in (one, other))
    return tensordot(one, right, 0), tensordot(left, other, 0)


def _vdot(one: Grid, other: Grid) -> Grid:
    if one.rank == other.rank:
        return total(multiplied(one, other))
    return tensordot(reshaped(one, [-1]), reshaped(other, [-1]), 1)


def _product(one: Grid, other: Grid) -> Grid:
    return multiplied(one, other)


def _mse(one: Grid, other: Grid, reduction: str = "mean") -> Grid:
    """Return torch's mean of squared differences."""
    if one.rank != other.rank or reduction not in ("mean", "sum", "none"):
        raise Unfit("arrays of one shape are compared, and reduction is mean, sum or none", "EL803")
    squares = power(subtracted(one, other), 2)
    return squares if reduction == "none" else _mean(squares) if reduction == "mean" else total(squares)


def _unflattened(grid: Grid, axis: Any, sizes: Any) -> Grid:
    """Return an array with one axis as several."""
    at = axis_of(axis, grid.rank)
    return reshaped(grid, [*grid.shape[:at], *sizes, *grid.shape[at + 1 :]])


def _listed(values: Sequence[Any]) -> Sequence[Any]:
    """Return what is passed as several arguments, or as one list."""
    return values[0] if values and isinstance(values[0], (list, tuple)) else values


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
    if grid.rank == 1 and k:
        raise Unfit("only the main diagonal is read", "EL807", "np.diag(v), and slices where it is put elsewhere")
    if grid.rank == 1:
        square = broadcast(grid, (grid.shape[0], grid.shape[0]))
        return multiplied(square, eye(grid.shape[0]))
    if grid.rank != 2:
        raise Unfit(f"diag takes a vector or a matrix, and this array has {grid.rank} axes")
    return diagonal(grid, k)


def eye(rows: int, columns: int | None = None, k: int = 0) -> Grid:
    """Return the unit matrix: ones where two indices are one."""
    if k or not isinstance(rows, int) or (columns is not None and columns != rows):
        raise Unfit("only a square identity matrix is supported", "EL807")
    place = Position(0, ((0, 1),)) if rows != 1 else Position()
    return Grid((rows, rows), (Product(1, (), (place, place), (rows,) if rows != 1 else ()),))


def _permuted(grid: Grid, *order: Any, axes: Any = None) -> Grid:
    return transposed(grid, axes if axes is not None else _listed(order) or None)


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


ORDERS = "order='F' is that of the reversed axes: A.T.ravel(), or A.T.reshape(m, n).T for the shape (n, m)"


def _reshaped(grid: Grid, *shape: Any, order: str = "C") -> Grid:
    if order != "C":
        raise Unfit("only order='C' is supported", "EL807", ORDERS)
    return reshaped(grid, _listed(shape))


def _flattened(grid: Grid, start_dim: Any = 0, end_dim: int = -1, order: str = "C") -> Grid:
    if order != "C" or isinstance(start_dim, str):
        raise Unfit("only order='C' is supported", "EL807", ORDERS)
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
    lengths = list(_listed(shape))
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
    given = _listed(matrices)
    grids = [grid for grid in given if isinstance(grid, Grid)]
    if len(grids) < 2 or len(grids) < len(given):
        raise Unfit("this takes a list of at least two arrays", "EL802")
    return fold(dot, grids)


def _power(grid: Grid, exponent: Any) -> Grid:
    exponent = exponent.constant if isinstance(exponent, Grid) else exponent
    whole = isinstance(exponent, (int, float, Fraction)) and exponent == int(exponent)
    return power(grid, int(exponent) if whole else exponent)


def _table(
    arrays: int | None, functions: Mapping[str, Callable[..., Any]], *ranks: int | None, note: str = ""
) -> dict[str, Operation]:
    return {name: Operation(arrays, do, note, ranks) for names, do in functions.items() for name in names.split()}


ARRAYS: Mapping[str, Operation] = {
    **_table(1, {
        "negative neg": lambda grid: scaled(grid, -1), "positive": lambda grid: grid,
        "square": lambda grid: power(grid, 2), "power pow float_power": _power, "sum any": _sum, "mean": _mean,
        "trace": _trace, "linalg.trace": lambda grid: _trace(grid, 0, -2, -1), "diagonal": diagonal,
        "linalg.diagonal": lambda grid: diagonal(grid, 0, -2, -1), "diag": _diag, "permute permute_dims": _permuted,
        "swapaxes swapdims": swapped, "moveaxis movedim": moved, "t": transposed,
        "matrix_transpose": last_two_swapped, "reshape view": _reshaped, "ravel flatten": _flattened,
        "expand_dims unsqueeze": _expanded_dims, "squeeze": _squeezed, "expand": _expanded,
        "broadcast_to": _broadcast_to, "unflatten": _unflattened,
        "diagflat": lambda grid: _diag(reshaped(grid, [-1])),
        "select": lambda grid, axis, index: at_position(grid, axis_of(axis, grid.rank), index),
        "narrow": lambda grid, axis, start, length: part_of_axis(
            grid, axis_of(axis, grid.rank), slice(start, start + length)
        ),
        "rearrange": einsums.rearrange, "einops.reduce": einsums.reduce, "einops.repeat": einsums.repeat,
        "add.reduce": lambda grid, axis=0, keepdims=False: total(grid, axis, keepdims),
    }),
    **_table(1, {"nansum": _sum}, note="nansum takes nan as 0; this holds without nan"),
    **_table(2, {
        "matmul": matmul, "dot": dot, "inner": inner, "outer": _outer, "tensordot": _tensordot,
        "kron": _kron, "matvec": lambda a, x: total(multiplied(a, with_axis(x, -2)), -1),
        "multiply mul": _product, "logical_and": _product, "logical_or": added, "divide true_divide div": quotient,
        "add": lambda a, b, *, alpha=1: added(a, multiplied(b, as_operand(alpha))),
        "subtract sub": lambda a, b, *, alpha=1: subtracted(a, multiplied(b, as_operand(alpha))),
        "multiply.outer": lambda a, b: tensordot(a, b, 0), "add.outer": lambda a, b: added(*_beside(a, b)),
        "subtract.outer": lambda a, b: subtracted(*_beside(a, b)), "mse_loss": _mse,
    }),
    **_table(2, {"vdot": _vdot, "vecdot": lambda a, b, axis=-1: total(multiplied(a, b), axis)}, note=CONJUGATES),
    **_table(2, {"ger linalg.outer": _outer}, 1, 1),
    **_table(2, {"mm": matmul}, 2, 2), **_table(2, {"bmm": matmul}, 3, 3), **_table(2, {"mv": matmul}, 2, 1),
    **_table(3, {"addmm": _with_product(matmul)}, None, 2, 2),
    **_table(3, {"baddbmm": _with_product(matmul)}, None, 3, 3),
    **_table(3, {"addbmm": _with_product(lambda a, b: total(matmul(a, b), 0))}, None, 3, 3),
    **_table(3, {"addmv": _with_product(matmul)}, None, 2, 1),
    **_table(3, {"addr": _with_product(_outer)}, None, 1, 1), **_table(3, {"addcmul": _addcmul}),
    **_table(None, {
        "linear": _linear, "bilinear": _bilinear, "multi_dot chain_matmul": _chain,
        "einsum contract": einsums.einsum, "einops.einsum": einsums.named_einsum,
    }),
}  # fmt: skip
"""What a call of this name does."""
