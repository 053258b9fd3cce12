"""A person's Python text as a syntax tree: one walk over it, the names in it, errors with a caret. Runs nothing."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ..core.errors import RunError
from ..core.source import Span

MAX_LINE_SHOWN = 400
"""Characters of a line that an error shows."""
MAX_NAMES_LISTED = 10
"""Names in a message."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda | ast.ClassDef
N = TypeVar("N", bound=ast.AST)


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


def find(kind: type[N] | tuple[type[N], ...], *roots: ast.AST, own: bool = False) -> Iterator[N]:
    """Yield the nodes of a kind, from the top down; `own`: without those inside functions, lambdas and classes.

    >>> [node.id for node in find(ast.Name, parse("a = b\\ndef f(): return c"), own=True)]
    ['a', 'b']
    """
    waiting = [*reversed(roots)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            yield node
        if not (own and isinstance(node, Scope)):
            waiting += reversed([*ast.iter_child_nodes(node)])


def loaded_names(*roots: ast.AST) -> set[str]:
    """Return the names that are read anywhere below `roots`."""
    return {node.id for node in find(ast.Name, *roots) if isinstance(node.ctx, ast.Load)}


def names_bound(*targets: ast.AST) -> Iterator[str]:
    """Yield the names that assigning to `targets` binds or stores into."""
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, ast.Tuple | ast.List):
            yield from names_bound(*target.elts)
        elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
            yield from names_bound(target.value)


def is_size(value: ast.expr) -> bool:
    """Return whether `value` is a shape, an extent, or several of them."""
    if isinstance(value, ast.Tuple):
        return all(map(is_size, value.elts))
    while isinstance(value, ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name in ("shape", "size", "ndim", "len")


def line_of(node: ast.AST) -> int:
    """Return the line a node begins on, from 1."""
    return int(getattr(node, "lineno", 1))


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


def listed(names: Iterable[str], between: str = ", ") -> str:
    """Return names in one line, at most as many as can be read.

    >>> listed("ab"), listed(map(str, range(100)))
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 90 more')
    """
    every = list(names)
    more = f" and {len(every) - MAX_NAMES_LISTED:,} more" if len(every) > MAX_NAMES_LISTED + 2 else ""
    return between.join(every[:MAX_NAMES_LISTED] if more else every) + more


def _syntax_refusal(text: str, error: SyntaxError) -> RunError:
    lines = text.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    start = min(max((error.offset or 1) - 1, 0), len(lines[number - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == number else 0
    shared = isinstance(error, IndentationError) and textwrap.dedent(text) != text
    hint = "remove the indentation that all lines share" if shared else None
    text, span = _placed(lines, number, start, max(stop, start + 1))
    return RunError("EL610", f"line {number} does not parse: {error.msg}", text=text, span=span, hint=hint)


def _placed(lines: Sequence[str], number: int, start: int, stop: int) -> tuple[str, Span]:
    """Return a text and the span of part of a line in it; of a very long line only what is around that part."""
    line = lines[number - 1]
    if len(line) > MAX_LINE_SHOWN:
        first = max(start - MAX_LINE_SHOWN // 4, 0)
        part = line[first : first + MAX_LINE_SHOWN]
        return part, Span(start=start - first, stop=min(stop - first, len(part)))
    before = sum(len(line) + 1 for line in lines[: number - 1])
    return "\n".join(lines), Span(start=before + start, stop=before + stop)
