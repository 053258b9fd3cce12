"""Python code that was lifted in, the same code as a snippet that binds every result to its name out. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Sequence

IMPORTS = {
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "jnp": "import jax.numpy as jnp",
    "jax": "import jax",
    "oe": "import opt_einsum as oe",
    "opt_einsum": "import opt_einsum",
    "contract": "from opt_einsum import contract",
    "einops": "import einops",
    "itertools": "import itertools",
}
"""What a library that code names without importing it is."""


def runnable(text: str, results: Sequence[str]) -> str:
    """Return code that leaves its results under their names: what its last line or its function returns, too.

    >>> print(runnable("def f(A, x):\\n    return A @ x", ["result"]))
    def f(A, x):
        return A @ x
    result = f(A, x)
    >>> print(runnable("torch.mm(A, B)", ["result"]))
    import torch
    result = torch.mm(A, B)
    """
    tree = ast.parse(text)
    *body, last = tree.body
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    unbound = [name for name in results if name not in bound]
    target = ", ".join(unbound)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if unbound and isinstance(last, ast.Expr):
        tree.body = [*body, *ast.parse(f"{target} = {ast.unparse(last.value)}").body]
    elif functions and all(isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Expr)) for node in tree.body):
        function = functions[-1]
        called = f"{function.name}({', '.join(argument.arg for argument in function.args.args)})"
        returns = any(isinstance(node, ast.Return) and node.value is not None for node in ast.walk(function))
        tree.body += ast.parse(f"{target} = {called}" if returns else called).body
    imported = {a.asname or a.name for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - imported - bound
    return "\n".join([*(IMPORTS[name] for name in sorted(named & IMPORTS.keys())), ast.unparse(tree)])
