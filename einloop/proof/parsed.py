"""A person's Python text in, its syntax tree out, or an error with a caret. Runs nothing."""

from __future__ import annotations

import ast
import sys
import textwrap
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence

from ..core.errors import RunError
from ..core.source import Span
from .uses import line_of, loaded_names

LONGEST_LINE = 400
"""Characters of a line that is shown."""
MOST_LISTED = 10
"""Names in a message."""


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
    shared = isinstance(error, IndentationError) and textwrap.dedent(text) != text
    hint = "remove the indentation that all lines share" if shared else None
    text, span = _placed(lines, number, start, max(stop, start + 1))
    return RunError("EL610", f"line {number} does not parse: {error.msg}", text=text, span=span, hint=hint)


def refusal(id: str, message: str, text: str, node: ast.AST, hint: str) -> RunError:
    """Return an error with its caret under the first line of `node`."""
    lines = text.split("\n")
    number, column = line_of(node), getattr(node, "col_offset", 0)
    line = lines[number - 1].encode()
    start = len(line[:column].decode())
    one_line = getattr(node, "end_lineno", number) == number
    stop = len(line[: getattr(node, "end_col_offset", 0)].decode()) if one_line else len(line)
    text, span = _placed(lines, number, start, stop)
    return RunError(id, message, text=text, span=span, hint=hint)


def _placed(lines: Sequence[str], number: int, start: int, stop: int) -> tuple[str, Span]:
    """Return a text and where in it a part of a line is: of a very long line only what is around that part."""
    line = lines[number - 1]
    if len(line) > LONGEST_LINE:
        first = max(start - LONGEST_LINE // 4, 0)
        part = line[first : first + LONGEST_LINE]
        return part, Span(start=start - first, stop=min(stop - first, len(part)))
    before = sum(len(line) + 1 for line in lines[: number - 1])
    return "\n".join(lines), Span(start=before + start, stop=before + stop)


def listed(names: Iterable[str], between: str = ", ") -> str:
    """Return names in one line, so many of them that it can be read.

    >>> listed("ab"), listed(map(str, range(100)))
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 90 more')
    """
    every = list(names)
    more = f" and {len(every) - MOST_LISTED:,} more" if len(every) > MOST_LISTED + 2 else ""
    return between.join(every[:MOST_LISTED] if more else every) + more


OF_ARRAYS = frozenset({
    "T", "all", "any", "astype", "conj", "dot", "dtype", "fill", "flat", "flatten", "max", "mean", "min", "mT", "ndim",
    "prod", "ravel", "reshape", "shape", "size", "strides", "sum", "swapaxes", "tolist", "trace", "transpose",
})  # fmt: skip
"""Attributes that arrays have and lists have not."""


def on_lists(source: str) -> bool:
    """Return whether a text has loops that can run on nested lists: no `.shape`, no `@`, no `A[i, j]` of an input.

    Where it uses an array library, it must measure as lists do: `len(B[0])` cannot say all empty axes.

    >>> on_lists("C = [[0] * len(B[0]) for _ in A]"), on_lists("C = [[0] * B.shape[1] for _ in A]")
    (True, False)
    >>> on_lists("C = np.zeros((len(A), len(B[0])))"), on_lists("C = np.zeros(len(A))")
    (True, False)
    """
    nodes = list(ast.walk(parse(source)))
    libraries = _libraries(nodes)
    loaded = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    uses_library = "*" in libraries or not libraries.isdisjoint(loaded)
    if not any(map(_walks, nodes)) or (uses_library and not _measures_elements(nodes)):
        return False
    made = {name for node in nodes if _is_made(node, libraries) for name in _targets(node)}
    return not any(_needs_arrays(node, libraries | made) for node in nodes)


def _walks(node: ast.AST) -> bool:
    walkers = ("enumerate", "len", "map", "sum", "zip")
    return (
        isinstance(node, ast.For | ast.While | ast.comprehension | ast.Name) and getattr(node, "id", "len") in walkers
    )


def _libraries(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names that stand for numpy and for what is imported from outside the standard library."""
    names = {"np", "numpy"}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                origin = (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
                if origin.split(".")[0] not in sys.stdlib_module_names:
                    names.add(alias.asname or alias.name.split(".")[0])
    return frozenset(names)


def _measures_elements(nodes: Sequence[ast.AST]) -> bool:
    """Return whether the length of an element is asked for, as in `len(B[0])` or `row = B[0]; len(row)`."""
    rows = {
        name for node in nodes if isinstance(node, ast.Assign) and _is_element(node.value) for name in _targets(node)
    }
    return any(
        _is_element(argument) or getattr(argument, "id", "") in rows
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len"
        for argument in node.args
    )


def _is_element(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Tuple | ast.Slice)


def _is_made(node: ast.AST, libraries: frozenset[str]) -> bool:
    """Return whether `node` assigns what a library makes, not of its old value: an array, whatever the inputs are."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return False
    return _owner(node.value.func) in libraries and loaded_names(node.value).isdisjoint(_targets(node))


def _owner(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _targets(node: ast.AST) -> Iterator[str]:
    return (target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name))


def _needs_arrays(node: ast.AST, made: Collection[str]) -> bool:
    """Return whether lists cannot do what `node` does to a name that is not in `made`."""
    match node:
        case ast.Attribute(attr=name, value=value):
            return name in OF_ARRAYS and _owner(value) not in made
        case ast.Subscript(slice=ast.Tuple(), value=value):
            return _owner(value) not in made
    return isinstance(node, ast.MatMult)
