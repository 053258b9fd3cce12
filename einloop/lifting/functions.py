"""The functions and methods that a text may call: which one a call means, and what it gives."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.polynomial import Polynomial
from .arrays import ARRAYS, Operation, eye, moved, swapped
from .einsums import ranks_of
from .einsums import repeat as einops_repeat
from .grids import Grid, number
from .kinds import whole_type
from .known import Unknown, unknown
from .loops import UNKNOWN
from .operators import is_scalar, root_of
from .python import Run, called
from .refused import REFUSED
from .shapes import transposed
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
COUNTS = frozenset({
    "sum", "mean", "trace", "linalg.trace", "nansum", "add.reduce", "einops.reduce", "divide", "true_divide", "div",
})  # fmt: skip
"""Calls that give numbers, also where they are given truth values: np.einsum would give truth values."""
LOGICAL = frozenset({"any", "logical_and", "logical_or"})
"""Calls that take elements for truth values."""
UNREAD_LIBRARIES = frozenset({"tf", "tensorflow", "mx", "keras", "scipy", "pd", "sp", "sympy", "cv2", "plt"})
"""Names that stand for other libraries unless a text gives them a value."""
SPACES = frozenset({"linalg", "functional", "nn", "numpy", "einops", "special", "fft", "random", "signal", "distance"})
"""Parts of libraries; what else stands before a dot is a function, as in `np.add.outer`, or a class."""
UNUSUAL = (TypeError, ValueError, IndexError, AttributeError)
"""What an argument of a kind that a function does not take, or an axis that an array does not have, leads to."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A call, and what it passes: all values in order, an array before a method first, and those with names."""

    run: Run
    node: ast.Call
    arguments: list[Any]
    keywords: dict[str, Any]
    method: bool

    @property
    def first(self) -> Any:
        """The first argument. Raises IndexError where there is none."""
        return self.arguments[0]

    @property
    def said(self) -> str:
        """The function as the text says it; a method without the value that it belongs to where that is long."""
        text, function = ast.unparse(self.node.func), self.node.func
        return text if len(text) < 40 or not isinstance(function, ast.Attribute) else f".{function.attr}"

    def get(self, place: int, *names: str) -> Any:
        """Return an argument by its place or one of its names, None where it is not passed."""
        found = [self.keywords[name] for name in names if name in self.keywords]
        return found[0] if found else self.arguments[place] if place < len(self.arguments) else None

    def refused(self, name: str) -> Refusal:
        """Return the refusal of a function that is known, and is not a sum of products."""
        reason, hint = REFUSED[name]
        return Refusal("EL807", f"{self.said} {reason}", self.node, hint=hint)

    def unread(self, why: str = "with these arguments") -> Refusal:
        """Return the refusal of arguments that a function is not read with."""
        return Refusal("EL803", f"{self.said} is not supported {why}", self.node)


def call(run: Run, node: ast.Call) -> Any:
    """Return what a call gives that is neither of Python nor of the text itself."""
    name = called(node)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    subscripts = node.args[0] if node.args else None
    einsum = name == "einsum" and isinstance(subscripts, ast.Constant) and isinstance(subscripts.value, str)
    method = owner is not None and not run.library(owner, name) and not einsum
    if method and isinstance(owner, ast.Name) and owner.id in UNREAD_LIBRARIES and run.scope.find(owner.id) is None:
        raise Refusal("EL803", f"{owner.id} is not a library that is read: numpy, torch and jax are", owner)
    dotted = name if method else _dotted(node.func)
    space, _, function = dotted.partition(".")
    names = (dotted, name) if not function or space in SPACES else (dotted,)
    if not method and name == "sqrt" and len(node.args) == 1:
        value = run.operand(run.one_number(run.value(node.args[0])), node.args[0])
        if isinstance(value, Grid) and not value.rank and sum(part.size for part in value.parts) == 1:
            value = value.cells[0]
        if is_scalar(value):
            return root_of(value, node)
    passed = Passed(run, node, [], {}, method)
    known = [one for one in names if one in ARRAYS or one in PLAIN or one in REFUSED]
    refused = known and not (known[0] in ARRAYS or known[0] in PLAIN)
    if refused and not method:
        raise passed.refused(known[0])
    if any(keyword.arg is None for keyword in node.keywords):
        raise Refusal("EL802", "keywords from a dictionary are not supported", node)
    places: list[ast.expr] = [*node.args]
    if method and owner is not None:
        places.insert(0, owner)
        passed.arguments.append(run.value(owner))
        if refused:
            raise passed.refused(known[0])
    passed.arguments.extend(item for argument in node.args for item in run.spread(argument))
    passed.keywords.update({k.arg: run.value(k.value) for k in node.keywords if k.arg and k.arg not in DROPPED})
    for one, rank in zip(*ranks_of(name, passed.arguments), strict=True):
        run.ranked(one, rank)
    for place, one in zip(places, passed.arguments, strict=False) if name in WHOLE else ():
        run.whole_needed(one, node if isinstance(place, ast.Starred) else place)
        run.not_a_number(one, passed.said, place)
    out = passed.keywords.pop("out", None)
    if known and known[0] in COUNTS | LOGICAL:
        run.bits.setdefault(known[0] in LOGICAL, node)
    found = _given(passed, names)
    if out is None:
        return found
    run.put(out, ("...",), found, node)
    run.wrote(next(keyword.value for keyword in node.keywords if keyword.arg == "out"))
    return out


def _given(passed: Passed, names: Sequence[str]) -> Any:
    """Return what the function of the first of these names that is known gives."""
    for name in names:
        if name in PLAIN and not (passed.method and name in FUNCTIONS_ONLY):
            try:
                return PLAIN[name](passed)
            except UNUSUAL:
                raise passed.unread() from None
        if name in ARRAYS:
            return _applied(passed, ARRAYS[name])
    raise Refusal("EL803", f"what {passed.said} does is not known", passed.node, hint=UNKNOWN)


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


def _applied(passed: Passed, operation: Operation) -> Any:
    """Return what an operation on whole arrays gives."""
    names = PAIRED if "dim2" in passed.keywords else KEYWORDS
    kept = {names.get(name, name): value for name, value in passed.keywords.items()}
    arguments = [*passed.arguments]
    for count, words in enumerate(POSITIONAL):
        for word in words:
            if len(arguments) == count and word in kept:
                arguments.append(kept.pop(word))
    for value, rank in zip(arguments, operation.ranks, strict=False):
        passed.run.ranked(value, rank)
    count = len(arguments) if operation.arrays is None else operation.arrays
    several = operation.arrays is None
    arguments = [_operand(passed, n, value, array=n < count, several=several) for n, value in enumerate(arguments)]
    kept = {name: _operand(passed, -1, value, array=False, several=True) for name, value in kept.items()}
    try:
        inspect.signature(operation.do).bind(*arguments, **kept)
    except TypeError as error:
        raise passed.unread(f"with these arguments: {error}") from None
    if operation.note:
        passed.run.note(operation.note.format(name=passed.said))
    try:
        return passed.run.fitted(lambda: operation.of(arguments, kept), passed.node)
    except UNUSUAL:
        raise passed.unread() from None


POSITIONAL = (("input", "a", "x"), ("other", "b", "v", "mat2", "vec2", "x2", "tensor", "exponent"))
"""The names of first and second arguments."""


def _operand(passed: Passed, place: int, value: Any, *, array: bool, several: bool) -> Any:
    """Return an argument as an array where it is one, or has to be one; `several`: a list may be one of arrays."""
    args = passed.node.args
    where = args[place] if 0 <= place < len(args) else passed.node
    if isinstance(value, (Store, Part, Polynomial)):
        return passed.run.grid(value, where)
    if isinstance(value, (list, tuple)) and any(isinstance(one, (Store, Part, Grid)) for one in value):
        if array and not several:
            return passed.run.grid(value, where)
        grids = (Store, Part)
        return [passed.run.grid(one, passed.node) if isinstance(one, grids) else one for one in value]
    if array and isinstance(value, (int, float, complex)) and not isinstance(value, bool):
        return number(value)
    if array and isinstance(value, list) and value and not all(isinstance(one, int) for one in value):
        return passed.run.grid(value, where)
    return value


# functions of numbers and of any value


def _transposed(passed: Passed) -> Any:
    """Return a transpose: numpy's takes all axes in their new order, torch's two that change places."""
    run, node, order = passed.run, passed.node, passed.arguments[1:]
    grid = run.grid(passed.first, node)
    named = {KEYWORDS.get(name, name): value for name, value in passed.keywords.items()}
    if "axis1" in named:
        return run.fitted(lambda: swapped(grid, named["axis1"], named["axis2"]), node)
    if "axes" in named or not order or order[0] is None or isinstance(order[0], (list, tuple)):
        given = named.get("axes", order[0] if order else None)
        return run.fitted(lambda: transposed(grid, given), node)
    if len(order) != 2 or not all(isinstance(axis, int) for axis in order):
        return run.fitted(lambda: transposed(grid, order), node)
    swap = run.fitted(lambda: swapped(grid, *order), node)
    if grid.rank == 2 and [axis % 2 for axis in order] == [0, 1] and passed.method and not run.torch:
        reason = "transpose(0, 1) swaps axes in torch, and leaves them as they are in numpy"
        raise Refusal("EL802", reason, node, hint="write .T")
    return swap


def _lengths(passed: Passed, most: int | None = None) -> tuple[int, ...]:
    """Return the shape that is passed: by name, as one argument, or as `most` arguments."""
    named = [passed.keywords[name] for name in ("shape", "size") if name in passed.keywords]
    given = named[:1] or [one for one in passed.arguments[:most] if not isinstance(one, str)]
    if given and isinstance(given[0], Unknown):
        raise unknown(given[0].part.store.name, passed.node)
    shape = given[0] if given and isinstance(given[0], (tuple, list)) else given
    found = tuple(length for length in shape if isinstance(length, int))
    if len(found) < len(shape) or not given:
        raise Refusal("EL803", "the shape of this array is not known", passed.node)
    if any(length < 0 for length in found):
        raise Refusal("EL813", "a length cannot be negative", passed.node)
    return found


def _filled(value: int | None, *, like: bool = False, unset: bool = False) -> Callable[[Passed], Store]:
    """Return what makes an array of one number; None: of the number that is passed."""

    def allocate(passed: Passed) -> Store:
        run, node = passed.run, passed.node
        fill = passed.get(1, "fill_value") if value is None else value
        shape = run.grid(passed.first, node).shape if like else _lengths(passed, 1 if value is None else None)
        made = Store("", given=False, shape=shape, fill=run.scalar(fill, node), unset=unset)
        made.kind = whole_type(node, truths=False)
        if made.kind is not None:
            run.whole_stores.append(made)
        return made

    return allocate


def _eye(passed: Passed) -> Any:
    return passed.run.fitted(lambda: eye(*passed.arguments, **passed.keywords), passed.node)


def _same(passed: Passed) -> Any:
    if not passed.arguments:
        raise passed.unread("without an argument")
    return passed.first


def _array(passed: Passed) -> Any:
    value = _same(passed)
    return value if isinstance(value, (Store, Part)) else passed.run.grid(value, passed.node)


def _stacked(passed: Passed) -> Any:
    """Return the array of a list that the text made row by row."""
    axis, places = passed.keywords.get("axis", passed.keywords.get("dim", 0)), passed.node.args
    written_out = not places or isinstance(places[0], (ast.List, ast.Tuple))
    if written_out or len(passed.arguments) > 1 or not isinstance(axis, int) or not passed.first:
        raise passed.refused("stack")
    grid = passed.run.grid(passed.first, passed.node)
    return passed.run.fitted(lambda: moved(grid, 0, axis), passed.node)


def _repeat(passed: Passed) -> Any:
    if not isinstance(passed.get(1), str):
        raise passed.refused("repeat")
    return _applied(passed, Operation(1, einops_repeat))


def _shape_of(passed: Passed) -> Any:
    lengths, axis = passed.run.shape(passed.first, passed.node), passed.get(1, "dim")
    if isinstance(lengths, tuple) and isinstance(axis, int) and not -len(lengths) <= axis < len(lengths):
        raise Refusal("EL813", f"an array with {len(lengths)} axes has no axis {axis}", passed.node)
    return lengths if axis is None else lengths[axis]


def _rank_of(passed: Passed) -> int:
    return passed.run.grid(passed.first, passed.node).rank


SAME = (
    "float", "int", "complex", "float64", "float32", "float16", "longdouble", "clongdouble", "complex64", "complex128",
    "int64", "int32", "double", "astype", "contiguous", "dtype", "item", "detach", "cpu", "cuda", "to", "numpy",
    "clone", "type_as", "requires_grad_", "ascontiguousarray", "from_numpy", "as_tensor", "asfortranarray", "half",
    "bfloat16", "tolist",
)  # fmt: skip
PLAIN: Mapping[str, Callable[[Passed], Any]] = {
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(("array", "asarray", "tensor", "copy", "deepcopy"), _array),
    "transpose": _transposed, "stack": _stacked, "eye": _eye, "identity": _eye,
    "zeros": _filled(0), "empty": _filled(0, unset=True), "ones": _filled(1), "full": _filled(None),
    "zeros_like": _filled(0, like=True), "empty_like": _filled(0, like=True, unset=True),
    "ones_like": _filled(1, like=True), "full_like": _filled(None, like=True),
    "shape": _shape_of, "size": _shape_of, "ndim": _rank_of, "dim": _rank_of,
    "repeat": _repeat, "einops.repeat": _repeat,
    "result_type": lambda _: "dtype", "default_rng": lambda _: "generator",
}  # fmt: skip
"""What functions and methods give that take other things than whole arrays."""
FUNCTIONS_ONLY = frozenset({"array", "zeros", "ones", "full", "int"})
"""Names that mean this as functions only, not as methods."""
