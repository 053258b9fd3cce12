"""Python code that was lifted in, the same code as a snippet that binds every result to its name out. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .counting import is_annotation, settings
from .entry import entry, inputs_of, returned
from .inputs import is_example
from .scopes import OF_ARRAYS
from .variables import subscripted

IMPORTS = {
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "jnp": "import jax.numpy as jnp",
    "jax": "import jax",
    "oe": "import opt_einsum as oe",
    "opt_einsum": "import opt_einsum",
    "contract": "from opt_einsum import contract",
    "einops": "import einops",
    **{name: f"import {name}" for name in ("itertools", "math", "time", "copy", "functools", "operator", "numba")},
    "nb": "import numba as nb",
    "prange": "prange = range",
    "tqdm": "def tqdm(over, *_, **__): return over\ntqdm.tqdm, tqdm.trange = tqdm, range",
    "trange": "trange = range",
    "rearrange": "from einops import rearrange",
}
"""What a library that code names without importing it is."""
ABOUT = (ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Expr)
"""What stands beside a function in a text that is about it."""


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
    tree.body = [
        node
        for node in tree.body
        if not is_example(node, settings(tree)) and not _is_main(node) and not _shows_progress(node)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []  # those that are read change nothing of what is computed
    *body, last = tree.body
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {
        subscripted(node)[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    function = entry([node for node in tree.body if isinstance(node, ast.FunctionDef)])
    if function is not None and all(isinstance(node, ABOUT) or _is_type(node) for node in tree.body):
        called = f"{function.name}({', '.join(inputs_of(function))})"
        target = ", ".join(returned(function))
        tree.body += ast.parse(f"{target} = {called}" if target else called).body
    elif isinstance(last, ast.Expr) and (unbound := [name for name in results if name not in bound]):
        tree.body = [*body, *ast.parse(f"{', '.join(unbound)} = {ast.unparse(last.value)}").body]
    imported = {
        a.asname or a.name for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names
    }
    owners = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr not in OF_ARRAYS]
    owners += [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {node.id for node in owners if isinstance(node, ast.Name)} - imported - bound
    return "\n".join([*(IMPORTS[name] for name in sorted(named & IMPORTS.keys())), ast.unparse(tree)])


def _shows_progress(node: ast.stmt) -> bool:
    """Return whether a statement imports what only shows how far loops are."""
    module = node.module if isinstance(node, ast.ImportFrom) else None
    return (module or "").split(".")[0] == "tqdm" or (
        isinstance(node, ast.Import) and [one.name for one in node.names] == ["tqdm"]
    )


def _is_type(node: ast.stmt) -> bool:
    """Return whether a statement gives a type a name: `Matrix = list[list[float]]`."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and is_annotation(node.value)


def _is_main(node: ast.stmt) -> bool:
    """Return whether a statement is run only where the text is a program: `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and "__name__" in {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}
