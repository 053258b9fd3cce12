"""Names while a text runs on polynomials: what they stand for, where they are found, when they are read and written."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .sizes import Refusal
from .variables import nodes

LIBRARIES = frozenset(
    {
        "np",
        "numpy",
        "torch",
        "jnp",
        "opt_einsum",
        "oe",
        "einops",
        "math",
        "itertools",
        "jax",
        "F",
        "nn",
        "scipy",
        "operator",
        "functools",
        "time",
        "copy",
        "numba",
        "nb",
        "tqdm",
    }
)
"""Names that stand for libraries unless a text gives them a value."""
MODULES: Mapping[str, str] = {
    "numpy": "np", "torch": "torch", "jax.numpy": "jnp", "opt_einsum": "opt_einsum", "einops": "einops",
    "cupy": "np", "math": "math", "itertools": "itertools", "numpy.linalg": "np", "torch.nn.functional": "torch",
    "jax": "jax", "copy": "copy",
    "torch.nn": "torch", "torch.linalg": "torch", "operator": "operator", "functools": "functools", "time": "time",
}  # fmt: skip
"""Modules whose functions are known, and the name that they go by."""
OF_ARRAYS = frozenset({"shape", "T", "ndim", "size", "reshape", "transpose", "sum", "mean"})
"""What F is asked for where it is an array, and not torch.nn.functional."""
TYPES = frozenset({
    "list", "List", "tuple", "Tuple", "Sequence", "dict", "Dict", "Optional", "Union", "Callable", "NDArray",
})  # fmt: skip
"""What types are made with: what a text names so, `list[float]`, is no array."""
SILENT = frozenset({
    "__future__", "typing", "numba", "collections", "collections.abc", "numpy.typing", "tqdm", "tqdm.auto",
    "tqdm.notebook",
})  # fmt: skip
"""Modules of which decorators and types are used; their functions are not known, but for `prange`."""
DECORATORS = frozenset({
    "njit", "jit", "errstate", "no_grad", "inference_mode", "lru_cache", "cache", "staticmethod", "script", "prange",
})  # fmt: skip
"""Decorators that leave what a function computes as it is."""


@dataclass(slots=True, eq=False)
class Scope:
    """Names of a module or of one call of a function; those of what is around it are read through it.

    `local`: names that the function gives a value somewhere. `read` and `written`: steps at which a name was last.
    """

    around: Scope | None = None
    names: dict[str, Any] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    read: dict[str, int] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    loops: set[str] = field(default_factory=set)
    """Names that loops go through: none is a result."""

    def find(self, name: str) -> Scope | None:
        """Return the scope in which a name has a value, None where nothing gave it one."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.around
        return None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the text, and the scope in which it stands. `kept`: the defaults that its calls share."""

    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "this lambda"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A module or a function of one that is not known."""

    name: str


@dataclass(frozen=True, slots=True)
class Time:
    """What a clock says, or how long something took: nothing that is computed depends on it."""


@dataclass(frozen=True, slots=True)
class KnownFunction:
    """A function of a library, by its own name: from `from numpy import einsum as es`."""

    name: str


def assigned(node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the names that a function gives a value, its parameters among them."""
    found = {one.arg for one in parameters(node.args)}
    for inner in nodes(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            found.add(inner.id)
    return frozenset(found)


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return the parameters of a function, in order."""
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    """Return what parameters are when nothing is passed for them."""
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    found = dict(zip(names[len(names) - len(arguments.defaults) :], arguments.defaults, strict=True))
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {**found, **{one.arg: value for one, value in pairs if value is not None}}


def bound(function: Function, passed: Sequence[Any], named: Mapping[str, Any], node: ast.AST) -> dict[str, Any]:
    """Return what a call passes for each parameter. Raises Refusal where it does not fit."""
    arguments = function.node.args
    if arguments.vararg or arguments.kwarg:
        raise Refusal("EL802", "a function with any number of arguments is not supported", function.node)
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    if len(passed) > len(names):
        raise Refusal("EL813", f"{function.name} takes {len(names)} arguments, {len(passed)} are passed", node)
    found = dict(zip(names, passed, strict=False))
    for name, value in named.items():
        if name in found or name not in {one.arg for one in parameters(arguments)}:
            raise Refusal("EL813", f"{function.name} does not take {name} here", node)
        found[name] = value
    return found


SHAPE = re.compile(
    r"^[ \t]*(\w+)[ \t]*(?:\([^()\n]*\)[ \t]*)?:"
    r"(?:[^\n]*?\bshape[ :=]*[\[(]([\w, ]*)[\])]|[ \t]*(?:\w+[ \t]+)*?[\[(](\w+,[\w, ]*)[\])])",
    re.MULTILINE,
)
"""A line of a docstring that says the shape of an array: `A: shape (I, 3)`, `x : array of shape (n,)`, `W: (n, m)`."""


def shapes_of(function: ast.FunctionDef) -> dict[str, tuple[int | None, ...]]:
    """Return what the annotations and the docstring of a function say of its arrays: numbers, None for any length.

    >>> text = "def f(A: list[list[float]], s: float, x: 'np.ndarray', W: Float[Array, 'n m']):\\n  'x: shape (n, 3)'"
    >>> shapes_of(ast.parse(text).body[0])
    {'A': (None, None), 's': (), 'W': (None, None), 'x': (None, 3)}
    """
    found: dict[str, tuple[int | None, ...]] = {}
    for one in parameters(function.args):
        rank = None if one.annotation is None else rank_of(one.annotation)
        if rank is not None:
            found[one.arg] = (None,) * rank
    for name, spelled, bare in SHAPE.findall(ast.get_docstring(function) or ""):
        lengths = spelled or bare
        said = [part.strip() for part in lengths.split(",") if part.strip()]
        found[name] = tuple(int(part) if part.isdecimal() and len(part) < 9 else None for part in said)
    return found


def rank_of(annotation: ast.expr) -> int | None:
    """Return how many axes an annotation says, None where it says nothing of them."""
    match annotation:
        case ast.Name(id="float" | "complex"):
            return 0
        case ast.Subscript(value=ast.Name(id="list" | "List" | "Sequence"), slice=inner):
            rank = 0 if isinstance(inner, ast.Name) and inner.id == "int" else rank_of(inner)
            return None if rank is None else rank + 1
        case ast.Subscript(slice=ast.Tuple(elts=[_, ast.Constant(value=str(axes))])):  # jaxtyping: Float[Array, "b n"]
            return None if "..." in axes or "*" in axes else len(axes.split())
        case ast.Constant(value=str(text)):
            try:
                return rank_of(ast.parse(text, mode="eval").body)
            except (SyntaxError, ValueError):
                return None
    return None
