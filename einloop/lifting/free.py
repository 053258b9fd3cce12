"""Code in, the names that it reads and gives no value out: its inputs, in the order in which they first stand there."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .variables import nodes, parsed

LIBRARIES = frozenset({
    "np", "numpy", "torch", "jnp", "jax", "opt_einsum", "oe", "einops", "math", "F", "itertools", "operator",
})  # fmt: skip
"""Names that stand for libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesUsed:
    """What a text does with its names.

    `arrays`: used as arrays, not in arithmetic only. `least`: how many axes subscripts name of each. `sums`: inputs
    that a sum is added to. `added`: names that are added or subtracted as they are.
    """

    arrays: frozenset[str]
    least: Mapping[str, int]
    sums: frozenset[str]
    added: frozenset[str]


def uses_of(text: str, named: Mapping[str, int]) -> NamesUsed:
    """Return what a text does with its names. `named`: how many axes its subscripts name of arrays."""
    arrays = used_whole(text) | (kept(text) - _twins(text)) | named.keys()
    return NamesUsed(arrays=arrays, least=named, sums=added_to(text), added=_added(text))


def _twins(text: str) -> frozenset[str]:
    """Return the names of things that get another name: `y = x` says nothing of whether x is a number."""
    return frozenset(
        node.value.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)
    )


def _added(text: str) -> frozenset[str]:
    sums = [node for node in nodes(parsed(text)) if isinstance(node, ast.BinOp)]
    sides = [side for one in sums if isinstance(one.op, ast.Add | ast.Sub) for side in (one.left, one.right)]
    return frozenset(side.id for side in sides if isinstance(side, ast.Name))


def free_names(text: str) -> tuple[str, ...]:
    """Return the inputs of Python code: the parameters of its last function, or the names that nothing sets.

    >>> free_names("C = alpha * A @ B.T"), free_names("def f(x, n):\\n    return sum(x[i] for i in range(n))")
    (('alpha', 'A', 'B'), ('x', 'n'))
    >>> free_names("y += alpha * A @ x"), free_names("C = A @ B + beta * C; D = C @ C")
    (('y', 'alpha', 'A', 'x'), ('A', 'B', 'beta', 'C'))
    """
    tree = parsed(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    steps = (ast.For, ast.Assign, ast.AugAssign, ast.Expr)
    if functions and not any(isinstance(node, steps) for node in tree.body[1:]):
        return tuple(argument.arg for argument in functions[-1].args.args)
    called = {node.func.id for node in nodes(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    known = {node.name for node in functions} | called | LIBRARIES | frozenset(dir(builtins))
    return tuple(name for name in _read_first(tree) if name not in known)


def _read_first(tree: ast.AST) -> list[str]:
    """Return the names that are read before they are given a value, in the order in which the text has them."""
    given: set[str] = set()
    found: dict[str, None] = {}
    for name, read in _uses(tree):
        if not read:
            given.add(name)
        elif name not in given:
            found[name] = None
    return [*found]


def _uses(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield names in the order in which they are read (True) or given a value."""
    match node:
        case ast.Name(id=name, ctx=context):
            yield name, isinstance(context, ast.Load)
        case ast.FunctionDef(args=arguments) | ast.Lambda(args=arguments):
            yield from ((one.arg, False) for one in ast.walk(arguments) if isinstance(one, ast.arg))
    for part in _in_order(node):
        yield from _uses(part)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, False


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node as they are evaluated."""
    parts = [*ast.iter_child_nodes(node)]
    match node:
        case ast.Assign(targets=targets, value=value):
            parts = [value, *targets]
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            parts = [ast.Name(id=name, ctx=ast.Load()), value]
        case ast.For(target=target, iter=over, body=body, orelse=orelse):
            parts = [over, target, *body, *orelse]
        case ast.ListComp(elt=element, generators=generators) | ast.GeneratorExp(elt=element, generators=generators):
            parts = [*generators, element]
        case ast.comprehension(target=target, iter=over, ifs=tests):
            parts = [over, target, *tests]
    yield from parts


def kept(text: str) -> frozenset[str]:
    """Return the inputs of code to which it gives a new value as a whole, after or while it reads the old one.

    >>> sorted(kept("C = alpha * A @ B + beta * C; y += x"))
    ['C', 'y']
    """
    tree = parsed(text)
    targets: set[str] = set()
    for node in nodes(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
                targets.add(name)
    return frozenset(_read_first(tree)) & targets


def added_to(text: str) -> frozenset[str]:
    """Return the inputs of code that a sum is added to, which has as many axes as they have.

    >>> sorted(added_to("C = alpha * A @ B + beta * C; y += x; z = z * w"))
    ['C', 'y']
    """
    found: set[str] = set()
    for node in nodes(parsed(text)):
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Sub()):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                terms = list(_terms(value))
                own = [term for term in terms if name in {n.id for n in ast.walk(term) if isinstance(n, ast.Name)}]
                if len(own) < len(terms) and own and all(_scaled(term, name) for term in own):
                    found.add(name)
    return kept(text) & found


def _terms(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the terms of a sum."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _scaled(node: ast.expr, name: str) -> bool:
    """Return whether a term is a name, or that times numbers and other names."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        return _scaled(node.left, name) and _scaled(node.right, name)
    return isinstance(node, (ast.Name, ast.Constant))


def used_whole(text: str) -> frozenset[str]:
    """Return the names that code uses as arrays: they are indexed, asked for attributes, multiplied by @, or passed on.

    >>> sorted(used_whole("C = alpha * A @ B.T"))
    ['A', 'B']
    """
    found: set[str] = set()
    for node in nodes(parsed(text)):
        match node:
            case ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name)):
                found.add(name)
            case ast.BinOp(op=ast.MatMult()):
                found |= {side.id for side in (node.left, node.right) if isinstance(side, ast.Name)}
                if isinstance(node.left, ast.BinOp) and isinstance(node.left.right, ast.Name):
                    found.add(node.left.right.id)  # alpha * A @ B
            case ast.Call(args=arguments):
                found |= {argument.id for argument in arguments if isinstance(argument, ast.Name)}
            case ast.For(iter=ast.Name(id=name)) | ast.comprehension(iter=ast.Name(id=name)):
                found.add(name)
    return frozenset(found) - LIBRARIES
