"""The functions and methods that a text may call, as operations on whole arrays of polynomials."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product as product_of
from typing import Any

from ..core.polynomial import Polynomial
from .grids import Grid, Unfit, contract, elementwise, matmul, reshaped, sliced, tensordot, total, transposed
from .lists import Row
from .python import Run, called
from .sizes import Extent, Refusal
from .values import Part, Store


def call(run: Run, node: ast.Call) -> Any:
    """Return what a call gives."""
    name = called(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = owner is not None and not run.library(owner)
    arguments = [item for arg in node.args for item in run.spread(arg)]
    keywords = {keyword.arg: run.value(keyword.value) for keyword in node.keywords if keyword.arg}
    if method and owner is not None:
        if name == "append":
            return run.value(owner).append(*arguments)
        arguments.insert(0, run.value(owner))
    if name in PLAIN:
        return PLAIN[name](run, node, arguments, keywords)
    if name in ARRAYS:
        wanted, function = ARRAYS[name]
        grids = [run.grid(value, node) for value in arguments[:wanted]]
        return run.fitted(lambda: function(*grids, *arguments[wanted:], **keywords), node)
    raise Refusal("EL803", f"what {ast.unparse(node.func)} does is not known", node)


# functions of numbers and of any value: (run, node, arguments, keywords)


def _range(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Sequence[int]:
    if not all(isinstance(bound, int) for bound in arguments):
        raise Refusal("EL805", "how often this loop turns depends on the elements of an array", node)
    if not all(isinstance(arg, (ast.Name, ast.Constant)) for arg in node.args):
        run.odd.append(node)
    if len(arguments) == 1 and isinstance(arguments[0], Extent):
        return [Extent(i, arguments[0].key) for i in range(arguments[0])]
    return range(*arguments)


def _ndindex(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> list[tuple[int, ...]]:
    lengths = list(arguments[0]) if isinstance(arguments[0], (tuple, list)) else arguments
    return list(product_of(*([Extent(i, n.key) if isinstance(n, Extent) else i for i in range(n)] for n in lengths)))


def _sum(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    if isinstance(node.func, ast.Name) and isinstance(arguments[0], (list, tuple, range)):
        result = arguments[1] if len(arguments) > 1 else 0
        for item in arguments[0]:
            result = run.binary(ast.Add(), result, item, node)
        return result
    axes = keywords.get("axis", keywords.get("dim", arguments[1] if len(arguments) > 1 else None))
    keep = bool(keywords.get("keepdims", keywords.get("keepdim", False)))
    axes = (axes,) if isinstance(axes, int) else axes
    return total(run.grid(arguments[0], node), axes, keep)


def _mean(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Grid:
    grid = run.grid(arguments[0], node)
    found = _sum(run, node, arguments, keywords)
    weight = Fraction(len(found.cells), len(grid.cells))
    raise Refusal(
        "EL807", "a mean divides by a length", node, hint=f"sum, and divide by the length: here 1/{1 / weight}"
    )


def _zeros(value: int) -> Callable[..., Store]:
    def allocate(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
        shape = (
            arguments[0]
            if isinstance(arguments[0], (tuple, list))
            else tuple(a for a in arguments if isinstance(a, int))
        )
        if not all(isinstance(length, int) for length in shape):
            raise Refusal("EL803", "the shape of this array is not known", node)
        return Store("", given=False, shape=tuple(shape), fill=Polynomial.number(value))

    return allocate


def _full(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
    shape = arguments[0] if isinstance(arguments[0], (tuple, list)) else (arguments[0],)
    return Store("", given=False, shape=tuple(shape), fill=run.scalar(arguments[1], node))


def _like(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
    return Store("", given=False, shape=run.grid(arguments[0], node).shape, fill=Polynomial.number(0))


def _least(choose: Callable[..., int]) -> Callable[..., int]:
    def among(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> int:
        if not all(isinstance(value, int) for value in arguments):
            raise Refusal(
                "EL807",
                "the least or largest of elements is no sum of products",
                node,
                hint="np.minimum and np.maximum",
            )
        return choose(*arguments)

    return among


def _same(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return arguments[0]


def _array(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return arguments[0] if isinstance(arguments[0], (Store, Part)) else run.grid(arguments[0], node)


def _list(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return list(run.items(arguments[0], node)) if arguments else []


def _tolist(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return _nested(run.grid(arguments[0], node))


def _nested(grid: Grid) -> Any:
    if not grid.rank:
        return grid.cells[0]
    return Row.of((_nested(sliced(grid, (i,))) for i in range(grid.shape[0])), grid.shape[0])


PLAIN: Mapping[str, Callable[..., Any]] = {
    "range": _range,
    "ndindex": _ndindex,
    "len": lambda run, node, arguments, keywords: (
        len(arguments[0]) if isinstance(arguments[0], (list, tuple)) else run.shape(arguments[0], node)[0]
    ),
    "enumerate": lambda run, node, arguments, keywords: list(enumerate(run.items(arguments[0], node))),
    "zip": lambda run, node, arguments, keywords: list(zip(*(run.items(a, node) for a in arguments), strict=False)),
    "reversed": lambda run, node, arguments, keywords: list(run.items(arguments[0], node))[::-1],
    "list": _list,
    "tuple": _list,
    "sum": _sum,
    "min": _least(min),
    "max": _least(max),
    "float": _same,
    "int": _same,
    "complex": _same,
    "float64": _same,
    "float32": _same,
    "longdouble": _same,
    "clongdouble": _same,
    "complex64": _same,
    "complex128": _same,
    "zeros": _zeros(0),
    "empty": _zeros(0),
    "ones": _zeros(1),
    "full": _full,
    "zeros_like": _like,
    "empty_like": _like,
    "array": _array,
    "asarray": _array,
    "ascontiguousarray": _array,
    "tensor": _array,
    "astype": _same,
    "copy": _array,
    "contiguous": _same,
    "tolist": _tolist,
    "dtype": _same,
    "result_type": lambda *_: "dtype",
    "einsum": lambda run, node, arguments, keywords: run.fitted(
        lambda: einsum(arguments[0], *(run.grid(value, node) for value in arguments[1:])), node
    ),
}

PLAIN = {**PLAIN, "contract": PLAIN["einsum"]}


# operations on whole arrays


def einsum(text: str, *operands: Grid) -> Grid:
    """Return np.einsum's result."""
    inputs, arrow, output = text.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if "." in text:
        raise Unfit("an ellipsis inside of code")
    if not arrow:
        output = "".join(sorted(letter for letter in set(inputs) - {","} if inputs.count(letter) == 1))
    return contract(operands, terms, output)


def _multiplied(one: Grid, other: Grid) -> Grid:
    return elementwise(lambda a, b: a * b, one, other)


def _dot(one: Grid, other: Grid) -> Grid:
    if not one.rank or not other.rank:
        return _multiplied(one, other)
    return tensordot(one, other, ([one.rank - 1], [max(other.rank - 2, 0)]))


def _outer(one: Grid, other: Grid) -> Grid:
    return tensordot(reshaped(one, [-1]), reshaped(other, [-1]), 0)


def _vdot(one: Grid, other: Grid) -> Grid:
    return tensordot(reshaped(one, [-1]), reshaped(other, [-1]), 1)


def _inner(one: Grid, other: Grid) -> Grid:
    if not one.rank or not other.rank:
        return _multiplied(one, other)
    return tensordot(one, other, ([one.rank - 1], [other.rank - 1]))


def _diagonal(grid: Grid, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Grid:
    if offset:
        raise Unfit("a diagonal beside the main one")
    labels: list[object] = list(range(grid.rank))
    labels[axis1 % grid.rank] = labels[axis2 % grid.rank] = "diagonal"
    return contract([grid], [labels], [*(label for label in labels if label != "diagonal"), "diagonal"])


def _trace(grid: Grid, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Grid:
    found = _diagonal(grid, offset, axis1, axis2)
    return total(found, (found.rank - 1,))


def _permuted(grid: Grid, *order: Any, axes: Any = None, dims: Any = None) -> Grid:
    given = axes or dims or (order[0] if order and not isinstance(order[0], int) else order)
    return transposed(grid, given or None)


def _swapped(grid: Grid, one: int, other: int) -> Grid:
    order = list(range(grid.rank))
    order[one], order[other] = order[other], order[one]
    return transposed(grid, order)


def _moved(grid: Grid, source: int, destination: int) -> Grid:
    order = [axis for axis in range(grid.rank) if axis != source % grid.rank]
    order.insert(destination % grid.rank, source % grid.rank)
    return transposed(grid, order)


def _torch_transposed(grid: Grid, *order: Any, axes: Any = None) -> Grid:
    return _swapped(grid, *order) if len(order) == 2 and grid.rank != 2 else _permuted(grid, *order, axes=axes)


def _reshaped(grid: Grid, *shape: Any) -> Grid:
    return reshaped(grid, shape[0] if shape and not isinstance(shape[0], int) else shape)


def _unsqueezed(grid: Grid, axis: int = 0, dim: int | None = None) -> Grid:
    axis = axis if dim is None else dim
    place = axis % (grid.rank + 1)
    return Grid((*grid.shape[:place], 1, *grid.shape[place:]), grid.cells)


def _squeezed(grid: Grid, axis: int | None = None, dim: int | None = None) -> Grid:
    axis = axis if dim is None else dim
    gone = [n for n, length in enumerate(grid.shape) if length == 1] if axis is None else [axis % grid.rank]
    if any(grid.shape[n] != 1 for n in gone):
        raise Unfit("only axes of length 1 can be squeezed away")
    return Grid(tuple(length for n, length in enumerate(grid.shape) if n not in gone), grid.cells)


def _tensordot(one: Grid, other: Grid, axes: Any = 2, dims: Any = None) -> Grid:
    axes = axes if dims is None else dims
    if not isinstance(axes, int):
        axes = tuple([part] if isinstance(part, int) else part for part in axes)
    return tensordot(one, other, axes)


def _kron(one: Grid, other: Grid) -> Grid:
    rank = max(one.rank, other.rank)
    one, other = (Grid((1,) * (rank - g.rank) + g.shape, g.cells) for g in (one, other))
    pairs = contract([one, other], [[("a", n) for n in range(rank)], [("b", n) for n in range(rank)]],
                     [(side, n) for n in range(rank) for side in "ab"])  # fmt: skip
    return reshaped(pairs, [a * b for a, b in zip(one.shape, other.shape, strict=True)])


ARRAYS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "matmul": (2, matmul), "mm": (2, matmul), "bmm": (2, matmul), "mv": (2, matmul), "dot": (2, _dot),
    "inner": (2, _inner), "outer": (2, _outer), "vdot": (2, _vdot), "tensordot": (2, _tensordot), "kron": (2, _kron),
    "multiply": (2, _multiplied), "mul": (2, _multiplied), "trace": (1, _trace), "diagonal": (1, _diagonal),
    "diag": (1, _diagonal), "transpose": (1, _torch_transposed), "permute": (1, _permuted), "swapaxes": (1, _swapped),
    "moveaxis": (1, _moved), "t": (1, transposed), "reshape": (1, _reshaped), "view": (1, _reshaped),
    "ravel": (1, lambda grid: reshaped(grid, [-1])), "flatten": (1, lambda grid: reshaped(grid, [-1])),
    "expand_dims": (1, _unsqueezed), "unsqueeze": (1, _unsqueezed), "squeeze": (1, _squeezed),
}  # fmt: skip
"""What a call of this name does: how many arguments are arrays, and the operation on them."""
