"""Code in, the names that it reads and gives no value out: its inputs, in the order in which they first stand there."""

from __future__ import annotations

import ast
import builtins

LIBRARIES = frozenset({"np", "numpy", "torch", "jnp", "jax", "opt_einsum", "oe", "einops", "math", "F", "itertools"})


def free_names(text: str) -> tuple[str, ...]:
    """Return the inputs of Python code: the parameters of its last function, or the names that nothing sets.

    >>> free_names("C = alpha * A @ B.T"), free_names("def f(x, n):\\n    return sum(x[i] for i in range(n))")
    (('alpha', 'A', 'B'), ('x', 'n'))
    """
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    steps = (ast.For, ast.Assign, ast.AugAssign, ast.Expr)
    if functions and not any(isinstance(node, steps) for node in tree.body[1:]):
        return tuple(argument.arg for argument in functions[-1].args.args)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)} | {node.name for node in functions}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    unknown = stored | called | LIBRARIES | frozenset(dir(builtins))
    return tuple(dict.fromkeys(node.id for node in names if node.id not in unknown))


def used_whole(text: str) -> frozenset[str]:
    """Return the names that code uses as arrays: they are indexed, asked for attributes, multiplied by @, or passed on.

    >>> sorted(used_whole("C = alpha * A @ B.T"))
    ['A', 'B']
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
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
