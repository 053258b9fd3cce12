"""Python code in, the first construct that is more than loops, arithmetic, indexing and known calls out. Runs nothing.

Lifting follows the branches that small lengths take; before the text itself runs, all of it has to be harmless.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection

from .arrays import ARRAYS
from .counting import GROWS, called
from .functions import PLAIN, SPACES
from .inputs import RANDOM
from .loops import OPERATORS
from .runnable import IMPORTS
from .scopes import TYPES

ALLOWED = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.If, ast.IfExp, ast.Pass, ast.Assert),
    *(ast.FunctionDef, ast.Return, ast.Lambda, ast.arguments, ast.arg, ast.Call, ast.keyword, ast.Starred, ast.Raise),
    *(ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.JoinedStr, ast.Break),
    *(ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Continue),
    *(ast.FormattedValue, ast.Import, ast.ImportFrom, ast.alias, ast.Dict),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context),
)
CALLS = frozenset({
    "print", "transpose", "sqrt", "map", "isinstance", "abs", "type", "str", "format", "seed", "reverse", "range",
    "len", "zip", "enumerate", "reversed", "sum", "min", "max", "list", "tuple", "int", "float", "complex", "bool",
    "any", "all", "prange", "product", "sorted", "manual_seed", "default_rng", *RANDOM,
    "ndindex", "ndenumerate", "arange", "deepcopy", "starmap", "time", "perf_counter", "monotonic", "process_time",
    "jit", "njit", "no_grad", "xrange", "trange", "tqdm", "linspace", "fsum", "sumprod",
})  # fmt: skip
"""Calls beside those of arrays that read and write nothing outside."""
RAISES = "Error"
"""How the names of exceptions end."""
LIBRARIES = frozenset(
    {"numpy", "np", "math", "typing", "__future__", "numba", "functools", "operator", "copy", "random", "time", "tqdm"}
)


TYPING = frozenset({"typing", "__future__", "numpy.typing"})
"""Modules of which any name may be imported."""
VALUES = frozenset({
    "shape", "T", "mT", "H", "mH", "ndim", "dtype", "device", "kind", "name", "real", "imag", "newaxis", "pi", "e",
    "inf", "nan", "lib", "stride_tricks", "object", "bool_", "int8", "int16", "uint8", "uint16", "uint32", "uint64",
    "intp", "long", "type", "ndarray", "Tensor", "Array", "jit", "njit", "no_grad", "__name__",
    *SPACES, *OPERATORS, *TYPES, *IMPORTS,
})  # fmt: skip
"""Attributes, and names of Python, that stand for no function, or for one that reads and writes nothing outside."""


def unchecked(text: str, inputs: Collection[str] = ()) -> ast.AST | None:
    """Return the first node that is not known to be harmless, None where there is none.

    What is called has to be known, and so has a function that only stands there: others may call it. `inputs`: names
    that are given values, whatever they are in Python.

    >>> unchecked("for i in range(n): y[i] = x[i] * np.sqrt(2)") is None
    True
    >>> ast.unparse(unchecked("y = x if n else open('file')")), ast.unparse(unchecked("y = x.__class__"))
    ("open('file')", 'x.__class__')
    >>> unchecked("print(*map(eval, x))").id, unchecked("y = input @ x", ["input", "x"])
    ('eval', None)
    """
    tree = ast.parse(text)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    known = own | CALLS | GROWS | PLAIN.keys() | ARRAYS.keys()
    known |= {name.rpartition(".")[2] for name in known}
    values = known | VALUES
    called_names = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not _harmless(node, known) or (node not in called_names and not _plain(node, values, inputs)):
            return node
    return None


def _harmless(node: ast.AST, known: Collection[str]) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.startswith("__") and name != "__name__":
            return False
        case ast.Call():
            return called(node) in known or called(node).endswith(RAISES)
        case ast.Import(names=names):
            return all(_library(one.name) for one in names)
        case ast.ImportFrom(module=module, names=names):
            plain = module in TYPING or all(one.name in known or one.name in VALUES for one in names)
            return _library(module or "") and plain
        case ast.FunctionDef(decorator_list=decorators):
            return all(_named(one).endswith(("jit", "prange", "no_grad")) for one in decorators)
    return isinstance(node, ALLOWED)


def _plain(node: ast.AST, values: Collection[str], inputs: Collection[str]) -> bool:
    """Return whether a name, or an attribute, that is not called is no function that does more."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if hasattr(builtins, name):
            return name in values or name in inputs or name.endswith(RAISES)
        case ast.Attribute(attr=name):
            return name in values
    return True


def _named(node: ast.expr) -> str:
    return called(node) if isinstance(node, ast.Call) else ast.unparse(node)


def _library(name: str) -> bool:
    root = name.partition(".")[0]
    return root in LIBRARIES or root in IMPORTS or any(root in said.split() for said in IMPORTS.values())
