"""The functions of Python that loops are written with, on numbers, elements and lists: range, zip, sum, min."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.polynomial import Polynomial
from .access import Arrays
from .arithmetic import MAXIMUM, NUMBERS
from .expressions import MAX_STEPS, Expressions
from .grids import Grid
from .kinds import INTEGERS
from .known import Unknown, unknown
from .lists import ListRow, length, zipped
from .scopes import Function, KnownFunction, Time
from .shapes import total
from .sizes import Extent, Refusal
from .values import Part, Store

SILENT = frozenset({"print", "warn", "info", "debug", "set_printoptions", "seed", "manual_seed"})
"""Functions that say something and compute nothing."""
UNKNOWN = "give its result a name, and lift the code that uses it"
Arguments = Sequence[Any]


def turns(run: Expressions, node: ast.Call, arguments: Arguments) -> Sequence[int]:
    """Return what range gives."""
    for bound, place in zip(arguments, node.args, strict=False):
        if isinstance(bound, (Polynomial, Store, Part, Grid)):
            raise Refusal("EL804", "how often this loop runs depends on the elements of an array", place)
        if not isinstance(bound, int):
            raise Refusal("EL802", "range takes whole numbers", place)
    if not 1 <= len(arguments) <= 3 or (len(arguments) == 3 and not arguments[2]):
        raise Refusal("EL802", "this range is not supported", node)
    if len(range(*arguments)) > MAX_STEPS:
        raise Refusal("EL816", "this takes too many steps", node)
    if len(arguments) == 1 or (len(arguments) == 2 and not arguments[0]):
        return run.turns(arguments[-1])
    if len(arguments) == 2 and isinstance(arguments[1], Extent):
        return [Extent(i, arguments[1].key) for i in range(*arguments)]
    return range(*arguments)


def ndindex(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what np.ndindex gives."""
    lengths = list(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)) else arguments
    if len(lengths) == 1 and isinstance(lengths[0], Unknown):
        raise unknown(lengths[0].part.store.name, node)
    if not all(isinstance(n, int) for n in lengths):
        raise Refusal("EL812", "how many axes this goes over is not known", node)
    return crossed(node, [run.turns(n) for n in lengths])


def counted(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what np.ndenumerate gives: every position of an array with the element there."""
    shape = run.shape(arguments[0], node)
    if isinstance(shape, Unknown):
        raise unknown(shape.part.store.name, node)
    return [(at, run.part(arguments[0], at, node)) for at in ndindex(run, node, [shape])]


def cross(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what itertools.product gives."""
    return crossed(node, [run.listed(one, place) for one, place in zip(arguments, node.args, strict=False)])


def crossed(node: ast.AST, lists: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return every choice of one item of each list, the last fastest."""
    found: list[tuple[Any, ...]] = [()]
    for items in lists:
        if len(found) * len(items) > MAX_STEPS // 4:
            raise Refusal("EL816", "this takes too many steps", node)
        found = [(*one, item) for one in found for item in items]
    return found


def enumerated(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what enumerate gives; its numbers know what they go over."""
    start = arguments[1] if len(arguments) > 1 else 0
    items = run.listed(arguments[0], node)
    numbers = run.turns(length(items)) if not start else range(start, start + len(items))
    return ListRow.of(zip(numbers, items, strict=True), length(items))


def zip_of(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what zip gives."""
    if len(node.args) == 1 and isinstance(node.args[0], ast.Starred):
        starred = run.listed(run.value(node.args[0].value), node)
        rows = zipped([run.listed(one, node) for one in starred])
        return ListRow.of((ListRow.of(row, length(starred)) for row in rows), length(rows))
    return zipped([run.listed(one, node) for one in arguments])


def length_of(run: Expressions, node: ast.Call, arguments: Arguments) -> int:
    """Return what len gives."""
    if isinstance(arguments[0], (list, tuple, range)):
        return length(arguments[0])
    shape = run.shape(arguments[0], node)
    if not isinstance(shape, Unknown) and not shape:
        raise Refusal("EL813", "an element has no length", node)
    found: int = shape[0]
    return found


def summed(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what Python's sum gives."""
    result = arguments[1] if len(arguments) > 1 else 0
    rows = arguments[0]
    if run.arrays_only and isinstance(rows, Grid) and rows.rank:
        return run.binary(ast.Add(), result, run.fitted(lambda: total(rows, 0), node), node)
    for item in run.items(arguments[0], node):
        run.step(node)
        result = run.binary(ast.Add(), result, item, node)
    return result


def summed_products(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what math.sumprod gives."""
    pairs = zipped([run.listed(one, node) for one in arguments])
    return summed(run, node, [[run.binary(ast.Mult(), one, other, node) for one, other in pairs]])


def folded(op: ast.operator, start: bool) -> Callable[..., Any]:
    """Return what any and all do: `or` and `and` of all elements."""

    def fold(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
        items = list(run.items(arguments[0], node))
        if all(isinstance(item, bool) for item in items):
            return any(items) if isinstance(op, ast.BitOr) else all(items)
        result: Any = int(start)
        for item in items:
            result = run.binary(op, result, run.scalar(item, node), node)
        return result

    return fold


def chosen(choose: Callable[..., Any]) -> Callable[..., Any]:
    """Return what min and max do with numbers; those of elements are refused."""

    def among(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
        values = list(run.items(arguments[0], node)) if len(arguments) == 1 else list(arguments)
        if not values or not all(isinstance(value, (int, float)) for value in values):
            raise Refusal("EL807", "the minimum or maximum of elements is not a sum of products", node, hint=MAXIMUM)
        for number, value in enumerate(values[1:]):
            if isinstance(values[0], int) and isinstance(value, int):
                run.comparisons.met((node, number), "<=", values[0], value)
        return choose(sorted(values, key=lambda value: not isinstance(value, Extent)))  # of equal ones, one with a name

    return among


def same(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return a number as another type of number; an element as it is."""
    if len(arguments) != 1 or isinstance(arguments[0], (str, list, tuple)):
        raise Refusal("EL802", "this does not convert a number to a number", node)
    return run.operand(arguments[0], node)


def whole(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return a number without its fraction; of elements that is not a sum of products."""
    value = same(run, node, arguments)
    if isinstance(value, (Polynomial, Grid)):
        raise Refusal("EL807", "rounding an element is not a sum of products", node)
    if isinstance(value, complex):
        raise Refusal("EL802", "this does not convert a number to a number", node)
    return value if isinstance(value, int) else int(value)


def powered(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what pow gives."""
    if len(arguments) != 2:
        raise Refusal("EL807", "a power like this one is not a product", node)
    base, exponent = arguments
    return run.binary(ast.Pow(), base, exponent, node)


def listed(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what list gives."""
    return run.listed(arguments[0], node) if arguments else ListRow()


OPERATORS: Mapping[str, ast.operator] = {
    "add": ast.Add(), "sub": ast.Sub(), "mul": ast.Mult(), "truediv": ast.Div(), "matmul": ast.MatMult(),
    "multiply": ast.Mult(), "subtract": ast.Sub(),
}  # fmt: skip
"""Functions that do what an operator does, those of operator and of numpy."""


PASSED = frozenset({"sum", "float", "int", "list", "tuple", "len"})
"""Functions of Python that may be passed to others."""
TAKE_FUNCTIONS = frozenset({"map", "starmap", "reduce"})


def applied(run: Expressions, node: ast.Call, function: Any, arguments: Sequence[Any]) -> Any:
    """Return what a function that is passed to another gives: one of the text, or an operator."""
    if isinstance(function, Function):
        return run.applied(function, arguments, node)
    name = function.name if isinstance(function, KnownFunction) else function if isinstance(function, str) else ""
    if name in PASSED and len(arguments) == 1:
        return FUNCTIONS[name](run, node, arguments)
    if name in OPERATORS and len(arguments) == 2:
        return run.binary(OPERATORS[name], arguments[0], arguments[1], node)
    raise Refusal("EL803", "what the function that is passed here does is not known", node, hint=UNKNOWN)


def mapped(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what map gives."""
    if len(arguments) < 2:
        raise Refusal("EL802", "map takes a function and what it is applied to", node)
    rows = [run.listed(one, node) for one in arguments[1:]]
    turns = rows[0] if len(rows) == 1 else zipped(rows)
    found = [applied(run, node, arguments[0], [one] if len(rows) == 1 else one) for one in turns]
    return ListRow.of(found, length(turns))


def spread_over(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what itertools.starmap gives."""
    turns = run.listed(arguments[1], node)
    return ListRow.of((applied(run, node, arguments[0], [*run.items(one, node)]) for one in turns), length(turns))


def reduced(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what functools.reduce gives."""
    items = [*run.items(arguments[1], node)]
    if len(arguments) > 2:
        items.insert(0, arguments[2])
    if not items:
        raise Refusal("EL813", "reduce of nothing needs a value to start with", node)
    result = items[0]
    for item in items[1:]:
        result = applied(run, node, arguments[0], [result, item])
    return result


def backwards(run: Expressions, node: ast.Call, arguments: Arguments) -> Any:
    """Return what reversed gives."""
    items = run.listed(arguments[0], node)
    return ListRow.of(items[::-1], length(items))


def refused(reason: str, hint: str = "") -> Callable[..., Any]:
    """Return what refuses a function that is not a sum of products."""

    def refuse(run: Arrays, node: ast.Call, arguments: Arguments) -> Any:
        if arguments and all(isinstance(one, NUMBERS) for one in arguments) and reason.startswith("a distance"):
            return abs(arguments[0])
        raise Refusal("EL807", f"{reason} is not a sum of products", node, hint=hint)

    return refuse


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("range", "prange", "xrange", "trange"), turns),
    "len": length_of, "enumerate": enumerated, "zip": zip_of, "sum": summed,
    "list": listed, "tuple": lambda *a: tuple(listed(*a)), "reversed": backwards, "iter": listed, "map": mapped,
    "min": chosen(min), "max": chosen(max), "any": folded(ast.BitOr(), False), "all": folded(ast.BitAnd(), True),
    "float": same, "complex": same, "bool": same, "int": whole, "pow": powered,
    "abs": refused("a distance from zero", "np.abs"), "sorted": refused("an order of elements", "np.sort"),
    "round": refused("a rounded number", "np.round"), "divmod": refused("a remainder"),
}  # fmt: skip
"""Functions of Python itself, called by their plain names."""
OF_LIBRARIES: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("prange", "arange", "trange"), turns), "ndindex": ndindex, "ndenumerate": counted,
    "product": cross, "bool_": same, "fsum": summed, "sumprod": summed_products, "starmap": spread_over,
    **dict.fromkeys(("time", "perf_counter", "monotonic", "process_time"), lambda *_: Time()),
    **dict.fromkeys(INTEGERS, whole),
}  # fmt: skip
"""Functions of numpy, itertools and numba that loops are written with."""
