"""Syntax trees of Python in, the names that count out, and the numbers that lengths meet. Runs nothing.

A name counts where it stands in a range, an index or a shape, or in what such a name is made of: when nothing was
assigned to it, it is a length that the text was not given. All other names without a value are arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .scopes import TYPES
from .variables import nodes, subscripted


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a text shows before it is run: names that count, and those of lists that are no data; see the functions.

    `arrays_only`: it has no loops. `splits`: it splits axes. `torch`: its arrays are torch's.
    """

    counting: frozenset[str]
    settings: frozenset[str]
    below: frozenset[str]
    literals: tuple[int, ...]
    long: frozenset[int]
    lists: bool
    ranks: Mapping[str, int]
    sliced: frozenset[str]
    arrays_only: bool
    splits: bool
    torch: bool


def facts(tree: ast.Module) -> Facts:
    """Return what a text shows before it is run."""
    every = nodes(tree)
    names = {getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None) for node in every}
    names |= {alias.name.partition(".")[0] for alias in every if isinstance(alias, ast.alias)}
    return Facts(
        counting=counting(tree),
        settings=settings(tree),
        below=below(tree),
        literals=literals(tree),
        long=long_lengths(tree),
        lists=has_lists(tree),
        ranks=named_ranks(tree),
        sliced=sliced(tree),
        arrays_only=not any(isinstance(node, LOOPS) for node in every),
        splits=any(isinstance(node, ast.Call) and called(node) in SPLITS for node in every),
        torch=not names.isdisjoint(TORCH),
    )


LOOPS = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
SPLITS = frozenset({"view", "reshape", "unflatten"})
TORCH = frozenset({"torch", "F", "nn", "view", "permute", "unsqueeze", "bmm", "dim", "keepdim", "unflatten"})
"""Names, methods and keywords that numpy does not have."""


COUNTS = frozenset({
    "range", "prange", "xrange", "trange", "arange", "zeros", "empty", "ones", "full", "reshape", "view", "ndindex",
    "eye", "identity", "expand", "broadcast_to", "unflatten", "narrow",
})  # fmt: skip
"""Calls whose arguments are lengths."""
OF_ARRAYS = frozenset({"reshape", "broadcast_to", "narrow", "expand", "unflatten"})
"""Those whose first argument is an array where they are functions of a library."""
NAMED_LENGTHS = frozenset({"rearrange", "reduce", "repeat"})
"""Calls whose keywords are lengths."""
ROOTS = frozenset({"np", "numpy", "torch", "jnp"})
CHOOSE = frozenset({"min", "max", "range", "int"})
"""Calls that give a length where their arguments are lengths."""


def called(node: ast.Call) -> str:
    """Return the last name of what a call calls, "" where that is no name."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def counting(tree: ast.AST) -> frozenset[str]:
    """Return the names that a text counts with: in ranges, indices, shapes, and in what these are made of.

    >>> sorted(counting(ast.parse("m = 2 * n; y = [s * x[i + k] for i in range(m)]")))
    ['i', 'k', 'm', 'n']
    """
    made: dict[str, list[ast.AST]] = {}
    for name, value in _made_of(tree):
        made.setdefault(name, []).append(value)
    compared = [set(_names_in([node])) for node in nodes(tree) if isinstance(node, ast.Compare)]
    indices = _indices(tree)
    found = set(_names_in(_counted(tree)))
    waiting = list(found | indices)
    while waiting:
        name = waiting.pop()
        new = (
            set(_names_in(made.get(name, ()))).union(*(names for names in compared if name in names)) - found - indices
        )
        found |= new
        waiting += new
    return frozenset(found)


def _indices(tree: ast.AST) -> set[str]:
    """Return the names of indices: what loops over ranges go through."""
    return {
        node.target.id
        for node in nodes(tree)
        if isinstance(node, (ast.For, ast.comprehension))
        and isinstance(node.target, ast.Name)
        and isinstance(node.iter, ast.Call)
        and called(node.iter) in ("range", "prange")
    }


def _counted(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that are lengths or positions."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node) in COUNTS:
            root = node.func.value if isinstance(node.func, ast.Attribute) else None
            of_array = called(node) in OF_ARRAYS and (root is None or (isinstance(root, ast.Name) and root.id in ROOTS))
            yield from node.args[1:] if of_array else node.args
        elif isinstance(node, ast.Call) and called(node) in NAMED_LENGTHS:
            yield from (keyword.value for keyword in node.keywords)
        elif isinstance(node, ast.Subscript) and not is_annotation(node):
            yield node.slice
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, ast.List):  # [0] * n
                    yield other


def is_annotation(node: ast.Subscript) -> bool:
    """Return whether this is a type (`list[float]`): what it names is no position."""
    return isinstance(node.value, ast.Name) and node.value.id in TYPES


def _made_of(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield every name that something is assigned to, with it; parameters with what calls pass for them."""
    functions = {node.name: node for node in nodes(tree) if isinstance(node, ast.FunctionDef)}
    for node in nodes(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _pairs(target, value)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.Call(func=ast.Name(id=name), args=passed, keywords=keywords) if name in functions:
                parameters = functions[name].args
                names = [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
                yield from zip(names, passed, strict=False)
                yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                yield from _pairs(one, other)


def _names_in(nodes: Sequence[ast.AST] | Iterator[ast.AST]) -> Iterator[str]:
    """Yield the names in expressions that count, but for arrays whose length or shape is asked."""
    for node in nodes:
        match node:
            case ast.Name(id=name):
                yield name
            case ast.BinOp() | ast.UnaryOp() | ast.Tuple() | ast.List() | ast.Slice() | ast.IfExp() | ast.Starred():
                yield from _names_in(ast.iter_child_nodes(node))
            case ast.Compare() | ast.BoolOp():
                yield from _names_in(ast.iter_child_nodes(node))
            case ast.Call(args=arguments) if called(node) in CHOOSE:
                yield from _names_in(arguments)
            case ast.Subscript(slice=index):
                yield from _names_in([index])


LONG = 16
"""From here on a number may stand for any length."""


def literals(tree: ast.AST) -> tuple[int, ...]:
    """Return the whole numbers that lengths may meet: in bounds, steps, comparisons, divisions, slices, positions.

    What a text does for lengths below such a number may differ from what it does above.

    >>> literals(ast.parse("b = 32\\nfor i in range(0, n - n % 4, b):\\n    if n > 100: y[i + 2] = 7 * x[i]"))
    (2, 4, 32, 100)
    """
    found = _numbers(tree, _bounds(tree)) | _numbers(tree, _indices_in(tree))
    return tuple(sorted(number for number in found if number > 1))


def long_lengths(tree: ast.AST) -> frozenset[int]:
    """Return the long numbers that are lengths and nothing else: `range(1000)` says what it says for any length.

    >>> sorted(long_lengths(ast.parse("n = 100\\nfor i in range(n):\\n    y[i] = x[i] + z[20 * i + j]")))
    [100]
    """
    found = _numbers(tree, _bounds(tree)) - _numbers(tree, _indices_in(tree))
    return frozenset(number for number in found if number >= LONG)


def _numbers(tree: ast.AST, places: Iterator[ast.AST]) -> set[int]:
    """Return the whole numbers in expressions, written out or by a name."""
    constants = {name: value.value for name, value in _made_of(tree) if isinstance(value, ast.Constant)}
    found: set[int] = set()
    for place in places:
        for node in _written(place):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(node, ast.Name):
                value = constants.get(node.id)
            if type(value) is int:
                found.add(value)
    return found


def _written(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of an expression, but for the axes of shapes."""
    yield node
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"):
        for child in ast.iter_child_nodes(node):
            yield from _written(child)


def _bounds(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions in which a length meets a number, but for indices."""
    for node in nodes(tree):
        match node:
            case ast.Call(args=arguments) if called(node) in COUNTS | CHOOSE:
                yield from arguments
            case ast.Compare():
                yield node
            case ast.BinOp(op=ast.FloorDiv() | ast.Mod(), right=right):
                yield right


def _indices_in(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in subscripts."""
    for node in nodes(tree):
        if isinstance(node, ast.Subscript) and not (
            isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
        ):
            yield node.slice


SETTINGS = frozenset({
    "transpose", "permute", "reshape", "view", "tensordot", "einsum", "moveaxis", "sum", "mean", "expand", "zeros",
    "full", "empty", "ones", "product", "ndindex", "contract", "rearrange", "squeeze", "repeat",
})  # fmt: skip
"""Calls for which a list may be an order of axes or a shape."""

GROWS = frozenset({"append", "extend", "insert", "pop"})
"""Methods that make a list longer or shorter."""
OF_PYTHON = frozenset({"math", "itertools", "functools", "operator", "time", "random", "sys", "copy", "typing"})
"""Modules that have no arrays."""
LISTS = GROWS | {"copy", "reverse", "product", "sqrt"}
"""Attributes that plain Python has for lists."""


def below(tree: ast.AST) -> frozenset[str]:
    """Return the names that are given a negative number and nothing else.

    >>> sorted(below(ast.parse("k = -1; m = -2; m = n")))
    ['k']
    """
    made: dict[str, list[bool]] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Assign):
            negative = isinstance(node.value, ast.UnaryOp) and isinstance(node.value.operand, ast.Constant)
            for target in node.targets:
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, []).append(negative)
    return frozenset(name for name, every in made.items() if all(every))


def settings(tree: ast.AST) -> frozenset[str]:
    """Return the names of lists that are no data: orders of axes and shapes that calls take, lists that grow."""
    found: set[str] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node) in SETTINGS:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            found |= {inner.id for value in values for inner in ast.walk(value) if isinstance(inner, ast.Name)}
        if isinstance(node, ast.Attribute) and node.attr in GROWS and isinstance(node.value, ast.Name):
            found.add(node.value.id)
    return frozenset(found)


def named_ranks(tree: ast.AST) -> dict[str, int]:
    """Return how many axes the subscripts of a text name of each array at least.

    >>> named_ranks(ast.parse("y[i] += A[i][j] * T[0, :, None, k]"))
    {'y': 1, 'A': 2, 'T': 3}
    """
    found: dict[str, int] = {}
    for node in nodes(tree):
        name, indices = subscripted(node)
        count = sum(not _new(index) for index in indices)
        if name and count:
            found[name] = max(count, found.get(name, 0))
    return found


def _new(part: ast.expr) -> bool:
    """Return whether an index names no axis that is there: None, np.newaxis, `...`."""
    return (isinstance(part, ast.Constant) and part.value in (None, ...)) or (
        isinstance(part, ast.Attribute) and part.attr == "newaxis"
    )


def sliced(tree: ast.AST) -> frozenset[str]:
    """Return the names of arrays of which a text takes slices: each of their axes stands there.

    >>> sorted(sliced(ast.parse("y = A[:, 0] + x[:, None] - W[0] @ b")))
    ['A', 'x']
    """
    return frozenset(
        node.value.id
        for node in nodes(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and any(isinstance(inner, ast.Slice) for inner in ast.walk(node.slice))
    )


def has_lists(tree: ast.AST) -> bool:
    """Return whether a text is plain Python: its arrays are nested lists, of which a slice is a copy.

    >>> has_lists(ast.parse("B = [row[:] for row in A]")), has_lists(ast.parse("x = A[0, :]\\nfor i in x: s += i"))
    (True, False)
    """
    loops = False
    for node in nodes(tree):
        loops = loops or isinstance(node, (ast.For, ast.comprehension))
        of_python = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OF_PYTHON
        if isinstance(node, ast.Attribute) and node.attr not in LISTS and not of_python:
            return False
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            return False
        if isinstance(node, ast.MatMult):
            return False
        if isinstance(node, ast.Import) and any(alias.name not in OF_PYTHON for alias in node.names):
            return False
    return loops
