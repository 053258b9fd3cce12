"""The functions and methods that a text may call: which one a call means, and what it gives."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.polynomial import Polynomial
from .access import Unknown, unknown
from .arrays import ARRAYS, Operation, eye, moved, swapped
from .einsums import ranks_of
from .einsums import repeat as einops_repeat
from .grids import Grid, number
from .lists import ListRow
from .loops import UNKNOWN
from .operators import is_scalar, root_of
from .python import Run, called
from .refused import REFUSED
from .shapes import sliced, transposed
from .sizes import Refusal
from .values import Part, Store

KEYWORDS: Mapping[str, str] = {
    "dim": "axis", "dims": "axes", "keepdim": "keepdims", "dim0": "axis1", "dim1": "axis2", "newshape": "shape",
}  # fmt: skip
"""torch's names of arguments, and old ones, as numpy's."""
PAIRED: Mapping[str, str] = {**KEYWORDS, "dim1": "axis1", "dim2": "axis2"}
"""The same for functions of two axes that torch counts from 1."""
DROPPED = frozenset({
    "dtype", "optimize", "casting", "subok", "device", "requires_grad", "like", "precision", "copy", "backend",
    "preferred_element_type", "layout", "pin_memory", "memory_limit", "use_blas", "stable",
})  # fmt: skip
"""Arguments that change nothing of what is computed but how."""


WHOLE = frozenset({
    "dot", "matmul", "inner", "outer", "vdot", "sum", "tensordot", "einsum", "trace", "mean", "mm", "mv", "bmm", "kron",
})  # fmt: skip
"""Calls that do something else with a row than with an element."""


def call(run: Run, node: ast.Call) -> Any:
    """Return what a call gives that is neither of Python nor of the text itself."""
    name = called(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    subscripts = node.args[0] if node.args else None
    einsum = name == "einsum" and isinstance(subscripts, ast.Constant) and isinstance(subscripts.value, str)
    method = owner is not None and not run.library(owner, name) and not einsum
    dotted = name if method else _dotted(node.func)
    own = not dotted.partition(".")[2] or dotted.partition(".")[0] in SPACES
    if not method and name == "sqrt" and len(node.args) == 1:
        value = run.value(node.args[0])
        if run.arrays_only and isinstance(value, Store) and value.given and run.left(Part(value)) is None:
            run.ranked(value, 0)
            run.note(f"{value.name} is one number")
        value = run.operand(value, node.args[0])
        if is_scalar(value):
            return root_of(value, node)
    if not method:
        _refuse(node, *((dotted, name) if own else (dotted,)))
    if any(keyword.arg is None for keyword in node.keywords):
        raise Refusal("EL802", "keywords from a dictionary are not supported", node)
    value = run.value(owner) if method and owner is not None else None
    if method:
        _refuse(node, name)
    arguments = [item for argument in node.args for item in run.spread(argument)]
    keywords = {one.arg: run.value(one.value) for one in node.keywords if one.arg and one.arg not in DROPPED}
    arguments = [value, *arguments] if method else arguments
    nodes = [owner, *node.args] if method and owner is not None else node.args
    for one, rank in zip(*ranks_of(name, arguments), strict=True):
        run.ranked(one, rank)
    for place, one in zip(nodes, arguments, strict=False) if name in WHOLE else ():
        run.whole_needed(one, node if isinstance(place, ast.Starred) else place)
    out = keywords.pop("out", None)
    found = _given(run, node, (dotted, name) if own else (dotted,), arguments, keywords, method=method)
    if out is not None:
        run.put(out, ("...",), found, node)
        target = next(keyword.value for keyword in node.keywords if keyword.arg == "out")
        run.wrote(target)
        return out
    return found


def _given(
    run: Run, node: ast.Call, names: Sequence[str], arguments: list[Any], keywords: dict[str, Any], *, method: bool
) -> Any:
    """Return what the function of the first of these names that is known gives."""
    for name in names:
        if name in PLAIN and not (method and name in FUNCTIONS_ONLY):
            try:
                return PLAIN[name](run, node, arguments, keywords)
            except UNUSUAL:
                raise _unread(node) from None
        if name in ("transpose",):
            return _transposed(run, node, arguments, keywords, method=method)
        if name in ARRAYS:
            return _applied(run, node, ARRAYS[name], arguments, keywords)
    raise Refusal("EL803", f"what {_said(node.func)} does is not known", node, hint=UNKNOWN)


SPACES = frozenset({"linalg", "functional", "nn", "numpy", "einops", "special", "fft", "random", "signal", "distance"})
"""Parts of libraries; what else stands before a dot is a function, as in `np.add.outer`, or a class."""
UNUSUAL = (TypeError, ValueError, IndexError, AttributeError)
"""What an argument of a kind that a function does not take, or an axis that an array does not have, leads to."""


def _unread(node: ast.Call) -> Refusal:
    return Refusal("EL803", f"{_said(node.func)} is not supported with these arguments", node)


def _said(node: ast.expr) -> str:
    """Return a function as the text says it; a method without the value that it belongs to where that is long."""
    text = ast.unparse(node)
    return text if len(text) < 40 or not isinstance(node, ast.Attribute) else f".{node.attr}"


def _refuse(node: ast.Call, *names: str) -> None:
    """Raise Refusal for a function that is known, and is not a sum of products."""
    for name in names:
        if name in REFUSED and name not in ARRAYS and name not in PLAIN:
            reason, hint = REFUSED[name]
            raise Refusal("EL807", f"{_said(node.func)} {reason}", node, hint=hint)
        if name in ARRAYS or name in PLAIN:
            return


def _dotted(node: ast.expr) -> str:
    """Return the name of a library's function without the library: `linalg.trace`, `add.reduce`; `einops.reduce`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    root = node.id if isinstance(node, ast.Name) else ""
    if not parts:
        return f"einops.{root}" if root in ("reduce", "repeat") else root
    return ".".join(["einops", *parts] if root == "einops" else parts[-2:])


def _applied(run: Run, node: ast.Call, operation: Operation, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    """Return what an operation on whole arrays gives."""
    names = PAIRED if "dim2" in keywords else KEYWORDS
    kept = {names.get(name, name): value for name, value in keywords.items() if name not in DROPPED}
    for name in ("input", "a", "x"):
        if not arguments and name in kept:
            arguments = [kept.pop(name)]
    for name in ("other", "b", "v", "mat2", "vec2", "x2", "tensor", "exponent"):
        if len(arguments) == 1 and name in kept:
            arguments.append(kept.pop(name))
    count = len(arguments) if operation.arrays is None else operation.arrays
    arguments = [_operand(run, node, n, value, n < count) for n, value in enumerate(arguments)]
    kept = {name: _operand(run, node, -1, value, False) for name, value in kept.items()}
    try:
        inspect.signature(operation.do).bind(*arguments, **kept)
    except TypeError as error:
        raise Refusal("EL803", f"{_said(node.func)} is not supported with these arguments: {error}", node) from None
    if operation.note:
        run.note(operation.note.format(name=_said(node.func)))
    try:
        return run.fitted(lambda: operation.do(*arguments, **kept), node)
    except UNUSUAL:
        raise _unread(node) from None


def _operand(run: Run, node: ast.Call, place: int, value: Any, array: bool) -> Any:
    """Return an argument as an array where it is one, or has to be one."""
    where = node.args[place] if 0 <= place < len(node.args) and len(node.args) > place else node
    if isinstance(value, (Store, Part, Polynomial)):
        return run.grid(value, where)
    if isinstance(value, (list, tuple)) and any(isinstance(one, (Store, Part, Grid)) for one in value):
        return [_operand(run, node, -1, one, True) if isinstance(one, (Store, Part)) else one for one in value]
    if array and isinstance(value, (int, float, complex)) and not isinstance(value, bool):
        return number(value)
    if array and isinstance(value, list) and value and not all(isinstance(one, int) for one in value):
        return run.grid(value, where)
    return value


def _transposed(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any], *, method: bool) -> Any:
    """Return a transpose: numpy's takes all axes in their new order, torch's two that change places."""
    grid = run.grid(arguments[0], node)
    named = {KEYWORDS.get(name, name): value for name, value in keywords.items()}
    if "axis1" in named:
        return run.fitted(lambda: swapped(grid, named["axis1"], named["axis2"]), node)
    order = arguments[1:]
    if "axes" in named or (order and isinstance(order[0], (list, tuple))) or not order or order[0] is None:
        given = named.get("axes", order[0] if order else None)
        return run.fitted(lambda: transposed(grid, given), node)
    if len(order) != 2 or not all(isinstance(axis, int) for axis in order):
        return run.fitted(lambda: transposed(grid, order), node)
    swap = run.fitted(lambda: swapped(grid, *order), node)
    same = grid.rank == 2 and [axis % 2 for axis in order] == [0, 1]
    if same and method and not run.torch:
        raise Refusal(
            "EL802", "transpose(0, 1) swaps axes in torch, and leaves them as they are in numpy", node, hint="write .T"
        )
    return swap


# functions of numbers and of any value: (run, node, arguments, keywords)


def _len(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> int:
    value = arguments[0]
    return len(value) if isinstance(value, (list, tuple, range)) else run.shape(value, node)[0]


def _sum(run: Run, node: ast.Call, arguments: list[Any], keywords: dict[str, Any]) -> Any:
    if isinstance(node.func, ast.Name) and isinstance(arguments[0], (list, tuple, range)):
        result = arguments[1] if len(arguments) > 1 else 0
        for item in arguments[0]:
            result = run.binary(ast.Add(), result, item, node)
        return result
    return _applied(run, node, ARRAYS["sum"], [run.grid(arguments[0], node), *arguments[1:]], keywords)


def _shaped(run: Run, node: ast.Call, arguments: Sequence[Any]) -> tuple[int, ...]:
    if arguments and isinstance(arguments[0], Unknown):
        raise unknown(arguments[0].part.store.name, node)
    shape = arguments[0] if arguments and isinstance(arguments[0], (tuple, list)) else arguments
    found = tuple(length for length in shape if isinstance(length, int))
    if len(found) < len(shape) or not arguments:
        raise Refusal("EL803", "the shape of this array is not known", node)
    if any(length < 0 for length in found):
        raise Refusal("EL813", "a length cannot be negative", node)
    return found


def _filled(value: int, *, unset: bool = False) -> Callable[..., Store]:
    def allocate(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
        given = [keywords["shape"]] if "shape" in keywords else [keywords["size"]] if "size" in keywords else arguments
        given = [one for one in given if not isinstance(one, str)]
        shape = _shaped(run, node, given)
        return Store("", given=False, shape=shape, fill=Polynomial.number(value), unset=unset)

    return allocate


def _full(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
    value = keywords["fill_value"] if "fill_value" in keywords else arguments[1] if len(arguments) > 1 else None
    shape = keywords.get("shape", keywords.get("size", arguments[0] if arguments else None))
    shape = shape if isinstance(shape, (tuple, list)) else (shape,)
    return Store("", given=False, shape=_shaped(run, node, [shape]), fill=run.scalar(value, node))


def _like(value: int | None, *, unset: bool = False) -> Callable[..., Store]:
    def allocate(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Store:
        shape = run.grid(arguments[0], node).shape
        fill = value if value is not None else keywords.get("fill_value", arguments[1] if len(arguments) > 1 else None)
        return Store("", given=False, shape=shape, fill=run.scalar(fill, node), unset=unset)

    return allocate


def _eye(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Grid:
    found: Grid = run.fitted(lambda: eye(*arguments, **{k: v for k, v in keywords.items() if k not in DROPPED}), node)
    return found


def _same(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    if not arguments:
        raise Refusal("EL803", f"{_said(node.func)} is not supported without an argument", node)
    return arguments[0]


def _array(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    value = _same(run, node, arguments, keywords)
    return value if isinstance(value, (Store, Part)) else run.grid(value, node)


def _stacked(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    """Return the array of a list that the text made row by row."""
    axis = keywords.get("axis", keywords.get("dim", 0))
    written_out = not node.args or isinstance(node.args[0], (ast.List, ast.Tuple))
    if written_out or len(arguments) > 1 or not isinstance(axis, int) or not arguments[0]:
        reason, hint = REFUSED["stack"]
        raise Refusal("EL807", f"{_said(node.func)} {reason}", node, hint=hint)
    grid = run.grid(arguments[0], node)
    return run.fitted(lambda: moved(grid, 0, axis), node)


def _copy(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    value = arguments[0] if arguments else None
    if isinstance(value, (Store, Part)) and run.left(value if isinstance(value, Part) else Part(value)) is not None:
        grid = run.grid(value, node)
        store = Store("", given=False, shape=grid.shape)
        store.write(grid)
        return store
    return _array(run, node, arguments, keywords)


def _list(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return list(run.items(arguments[0], node)) if arguments else []


def _tolist(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    return _nested(run.grid(arguments[0], node))


def _nested(grid: Grid) -> Any:
    if not grid.rank:
        return grid.cells[0]
    return ListRow.of((_nested(sliced(grid, (i,))) for i in range(grid.shape[0])), grid.shape[0])


def _repeat(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        reason, hint = REFUSED["repeat"]
        raise Refusal("EL807", f"{_said(node.func)} {reason}", node, hint=hint)
    return _applied(run, node, Operation(1, einops_repeat), arguments, keywords)


def _shape_of(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> Any:
    lengths = run.shape(arguments[0], node)
    axis = keywords.get("dim", arguments[1] if len(arguments) > 1 else None)
    if isinstance(lengths, tuple) and isinstance(axis, int) and not -len(lengths) <= axis < len(lengths):
        raise Refusal("EL813", f"an array with {len(lengths)} axes has no axis {axis}", node)
    return lengths if axis is None else lengths[axis]


def _rank_of(run: Run, node: ast.Call, arguments: list[Any], keywords: Mapping[str, Any]) -> int:
    return run.grid(arguments[0], node).rank


SAME = (
    "float", "int", "complex", "float64", "float32", "float16", "longdouble", "clongdouble", "complex64", "complex128",
    "int64", "int32", "double", "astype", "contiguous", "dtype", "item", "detach", "cpu", "cuda", "to", "numpy",
    "clone", "type_as", "requires_grad_", "ascontiguousarray", "from_numpy", "as_tensor", "asfortranarray", "half",
    "bfloat16",
)  # fmt: skip
PLAIN: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(SAME, _same),
    "len": _len,
    "list": _list,
    "tuple": lambda run, node, arguments, keywords: tuple(_list(run, node, arguments, keywords)),
    "sum": _sum,
    "zeros": _filled(0),
    "empty": _filled(0, unset=True),
    "ones": _filled(1),
    "full": _full,
    "zeros_like": _like(0),
    "empty_like": _like(0, unset=True),
    "ones_like": _like(1),
    "full_like": _like(None),
    "eye": _eye,
    "identity": _eye,
    "array": _array,
    "asarray": _array,
    "tensor": _array,
    "stack": _stacked,
    "copy": _copy,
    "tolist": _tolist,
    "result_type": lambda *_: "dtype",
    "default_rng": lambda *_: "generator",
    "shape": _shape_of,
    "size": _shape_of,
    "ndim": _rank_of,
    "dim": _rank_of,
    "repeat": _repeat,
    "einops.repeat": _repeat,
}
FUNCTIONS_ONLY = frozenset(
    {"range", "len", "list", "tuple", "zip", "enumerate", "array", "zeros", "ones", "full", "int"}
)
"""Names that mean this as functions only, not as methods."""
