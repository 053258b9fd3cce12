"""Syntax trees of Python in, the names that count out, and the numbers that lengths meet. Runs nothing.

A name counts where it stands in a range, an index or a shape, or in what such a name is made of: when nothing was
assigned to it, it is a length that the text was not given. All other names without a value are arrays.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

COUNTS = frozenset({"range", "prange", "zeros", "empty", "ones", "full", "reshape", "view", "ndindex"})
"""Calls whose arguments are lengths."""
CHOOSE = frozenset({"min", "max", "range", "int"})
"""Calls that give a length where their arguments are lengths."""
FLOORS = (ast.FloorDiv, ast.Mod)
COUNTED_FACTORS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


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
    compared = [set(_names_in([node])) for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    indices = _indices(tree)
    found = set(_names_in(_counted(tree)))
    waiting = list(found | indices)
    while waiting:
        name = waiting.pop()
        new = set(_names_in(made.get(name, ()))).union(*(names for names in compared if name in names)) - found - indices
        found |= new
        waiting += new
    return frozenset(found)


def _indices(tree: ast.AST) -> set[str]:
    """Return the names of indices: what loops over ranges go through."""
    return {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, (ast.For, ast.comprehension))
        and isinstance(node.target, ast.Name)
        and isinstance(node.iter, ast.Call)
        and called(node.iter) in ("range", "prange")
    }


def _counted(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that are lengths or positions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in COUNTS:
            yield from node.args
        elif isinstance(node, ast.Subscript) and not _is_annotation(node):
            yield node.slice


def _is_annotation(node: ast.Subscript) -> bool:
    """Return whether this is a type (`list[float]`): what it names is no position."""
    owner = node.value
    return isinstance(owner, ast.Name) and owner.id in ("list", "List", "tuple", "Tuple", "Sequence", "dict", "Optional")


def _made_of(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield every name that something is assigned to, with it; parameters with what calls pass for them."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
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
            case (
                ast.BinOp() | ast.UnaryOp() | ast.Tuple() | ast.List() | ast.Slice() | ast.IfExp() | ast.Starred()
            ):
                yield from _names_in(ast.iter_child_nodes(node))
            case ast.Compare() | ast.BoolOp():
                yield from _names_in(ast.iter_child_nodes(node))
            case ast.Call(args=arguments) if called(node) in CHOOSE:
                yield from _names_in(arguments)
            case ast.Subscript(slice=index):
                yield from _names_in([index])


def literals(tree: ast.AST) -> tuple[int, ...]:
    """Return the whole numbers that lengths may meet: in bounds, steps, comparisons, divisions, slices, positions.

    What a text does for lengths below such a number may differ from what it does above.

    >>> literals(ast.parse("b = 32\\nfor i in range(0, n - n % 4, b):\\n    if n > 100: y[i + 2] = 7 * x[i]"))
    (0, 2, 4, 32, 100)
    """
    constants = {name: value.value for name, value in _made_of(tree) if isinstance(value, ast.Constant)}
    found: set[int] = set()
    for place in _places(tree):
        for node in ast.walk(place):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(node, ast.Name):
                value = constants.get(node.id)
            if type(value) is int:
                found.add(value)
    return tuple(sorted(found))


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions in which a length meets a number."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=arguments) if called(node) in COUNTS | CHOOSE:
                yield from arguments
            case ast.Compare():
                yield node
            case ast.BinOp(op=ast.FloorDiv() | ast.Mod(), right=right):
                yield right
            case ast.Subscript(slice=index):
                yield index


SETTINGS = frozenset({
    "transpose", "permute", "reshape", "view", "tensordot", "einsum", "moveaxis", "sum", "mean", "expand", "zeros", "full",
    "empty", "ones", "product", "ndindex", "contract", "rearrange", "squeeze", "repeat",
})  # fmt: skip
"""Calls for which a list may be an order of axes or a shape."""

GROWS = frozenset({"append", "extend", "insert", "pop"})
"""Methods that make a list longer or shorter."""
LISTS = GROWS | {"copy", "reverse", "product", "sqrt"}
"""Attributes that plain Python has for lists."""


def settings(tree: ast.AST) -> frozenset[str]:
    """Return the names of lists that are no data: orders of axes and shapes that calls take, lists that grow."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SETTINGS:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            found |= {inner.id for value in values for inner in ast.walk(value) if isinstance(inner, ast.Name)}
        if isinstance(node, ast.Attribute) and node.attr in GROWS and isinstance(node.value, ast.Name):
            found.add(node.value.id)
    return frozenset(found)


def has_lists(tree: ast.AST) -> bool:
    """Return whether a text is plain Python: its arrays are nested lists, of which a slice is a copy.

    >>> has_lists(ast.parse("B = [row[:] for row in A]")), has_lists(ast.parse("x = A[0, :]\\nfor i in x: s += i"))
    (True, False)
    """
    loops = False
    for node in ast.walk(tree):
        loops = loops or isinstance(node, (ast.For, ast.comprehension))
        if isinstance(node, ast.Attribute) and node.attr not in LISTS:
            return False
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            return False
        if isinstance(node, (ast.MatMult, ast.Import)):
            return False
    return loops
