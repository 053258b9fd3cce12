"""A person's Python text in, its syntax tree out, or an error with a caret. Runs nothing."""

from __future__ import annotations

import ast
import textwrap
import warnings

from ..core.errors import RunError
from ..core.source import Span
from .uses import line_of


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a text; raise RunError with a caret where it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise _syntax_refusal(text, error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise RunError("EL610", f"the source does not parse: {str(error) or type(error).__name__}") from None


def _syntax_refusal(text: str, error: SyntaxError) -> RunError:
    lines = text.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    start = min(max((error.offset or 1) - 1, 0), len(lines[number - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == number else 0
    first = sum(len(line) + 1 for line in lines[: number - 1])
    span = Span(start=first + start, stop=first + max(stop, start + 1))
    shared = isinstance(error, IndentationError) and textwrap.dedent(text) != text
    hint = "remove the indentation that all lines share" if shared else None
    return RunError("EL610", f"line {number} does not parse: {error.msg}", text=text, span=span, hint=hint)


def refusal(id: str, message: str, text: str, node: ast.AST, hint: str) -> RunError:
    """Return an error with its caret under the first line of `node`."""
    lines = text.split("\n")
    number, column = line_of(node), getattr(node, "col_offset", 0)
    line = lines[number - 1].encode()
    last = getattr(node, "end_lineno", number)
    first = sum(len(line) + 1 for line in lines[: number - 1])
    start = first + len(line[:column].decode())
    stop = first + len(line[: getattr(node, "end_col_offset", 0)].decode()) if last == number else first + len(line)
    return RunError(id, message, text=text, span=Span(start=start, stop=stop), hint=hint)


LIST_MODULES = frozenset({"__future__", "collections", "functools", "itertools", "math", "operator", "typing"})
"""What loops on nested lists may import."""

OF_ARRAYS = frozenset({
    "T", "all", "any", "astype", "conj", "dot", "dtype", "fill", "flat", "flatten", "max", "mean", "min", "mT", "ndim",
    "prod", "ravel", "reshape", "shape", "size", "strides", "sum", "swapaxes", "tolist", "trace", "transpose",
})  # fmt: skip
"""Attributes that arrays have and lists have not."""


def on_lists(source: str) -> bool:
    """Return whether a text has loops and nothing that needs arrays: no numpy, no `.shape`, no `@`, no `A[i, j]`.

    >>> on_lists("C = [[0] * len(B[0]) for _ in A]"), on_lists("C = [[0] * B.shape[1] for _ in A]")
    (True, False)
    """
    nodes = list(ast.walk(parse(source)))
    return any(map(_walks, nodes)) and not any(map(_needs_arrays, nodes))


def _walks(node: ast.AST) -> bool:
    walkers = ("enumerate", "len", "map", "sum", "zip")
    return (
        isinstance(node, ast.For | ast.While | ast.comprehension | ast.Name) and getattr(node, "id", "len") in walkers
    )


def _needs_arrays(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="np" | "numpy"):
            return True
        case ast.Attribute(attr=name):
            return name in OF_ARRAYS
        case ast.Subscript(slice=ast.Tuple()) | ast.MatMult():
            return True
        case ast.Import(names=names):
            return any(alias.name.split(".")[0] not in LIST_MODULES for alias in names)
        case ast.ImportFrom(module=module):
            return module is None or module.split(".")[0] not in LIST_MODULES
    return False
