"""A cell's syntax tree in, its einsum calls out: where each stands, and its text as einloop reads it. Runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..core.errors import EinloopError
from ..notation import read

NAMES = ("einsum", "contract")
"""How the names of functions that are looked at end."""
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class CallSite(Enum):
    """What a call stands in, which decides how often it runs."""

    NOTHING = "nothing"
    LOOP = "loop"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCall:
    """A call: its line, where its text ends (line and column as in bytecode), and what it stands in.

    `written` is the statement where that only names the result, else the call alone. `within`: the name of the
    function that it stands in.
    """

    node: ast.Call
    written: str
    line: int
    end: tuple[int, int]
    around: CallSite = CallSite.NOTHING
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellArray:
    """What a call is given when it runs: subscripts or a pattern, and the arrays; or labels for each array."""

    pattern: str | None
    operands: tuple[Any, ...]
    labels: tuple[Any, ...] = ()
    last: bool = False


def calls_in(tree: ast.Module, text: str, aliases: Collection[str] = ()) -> tuple[CellCall, ...]:
    """Return the einsum calls of a cell, in the order of the text; `aliases` are other names of such functions.

    >>> cell = "for x in xs:\\n    y = np.einsum('i->', x)"
    >>> [(call.written, call.line, call.around.value) for call in calls_in(ast.parse(cell), cell)]
    [("y = np.einsum('i->', x)", 2, 'loop')]
    """
    imports = [one for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names]
    known = {*aliases, *(one.asname for one in imports if one.asname and one.name.endswith(NAMES))}
    return tuple(sorted(_calls(tree, text, known, CallSite.NOTHING, ""), key=lambda call: call.end))


def _calls(node: ast.AST, text: str, known: set[str], around: CallSite, within: str) -> Iterator[CellCall]:
    for child in ast.iter_child_nodes(node):
        inner, name = around, within
        if isinstance(child, FUNCTIONS):
            inner, name = CallSite.FUNCTION, getattr(child, "name", "lambda")
        elif isinstance(child, LOOPS) and around is CallSite.NOTHING:
            inner = CallSite.LOOP
        if isinstance(child, ast.Call) and _is_einsum(child.func, known):
            end = (child.end_lineno or child.lineno, child.end_col_offset or 0)
            written = _written(node, child, text)
            yield CellCall(node=child, written=written, line=child.lineno, end=end, around=around, within=within)
        yield from _calls(child, text, known, inner, name)


def _is_einsum(node: ast.expr, known: set[str]) -> bool:
    return _last_name(node).endswith(NAMES) or (isinstance(node, ast.Name) and node.id in known)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _written(parent: ast.AST, call: ast.Call, text: str) -> str:
    """Return the text of a call, with the name that it is assigned to."""
    segment = ast.get_source_segment(text, call) or ast.unparse(call)
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"{name} = {segment}"
    return segment


def given(args: Sequence[Any], kwargs: dict[str, Any]) -> CellArray:
    """Return what a call was given, from its arguments.

    >>> given(("ij,j->i", [[1]], [2]), {}).operands, given(([[1]], [0, 1], [2], [1], [0]), {}).labels
    (([[1]], [2]), ([0, 1], [1], [0]))
    """
    named = kwargs.get("subscripts", kwargs.get("equation"))
    operands = list(args)
    pattern, last = named, False
    if pattern is None and operands and isinstance(operands[0], str | bytes):
        pattern = operands.pop(0)
    elif pattern is None and len(operands) > 1 and isinstance(operands[-1], str):
        pattern, last = operands.pop(), True
    if pattern is None:
        pairs = len(operands) // 2 * 2
        return CellArray(
            pattern=None, operands=tuple(operands[0:pairs:2]), labels=tuple(operands[1::2] + operands[pairs:])
        )
    pattern = pattern.decode("latin-1") if isinstance(pattern, bytes) else str(pattern)
    operands = operands or list(kwargs.get("operands", ()))
    if len(operands) == 1 and isinstance(operands[0], list | tuple) and "," in pattern:
        operands = list(operands[0])  # as torch takes them
    return CellArray(pattern=pattern, operands=tuple(operands), last=last)


def text_of(call: CellCall, found: CellArray | None) -> str:
    """Return a call as einloop reads it: as it is written, or with the subscripts that it was given when it ran."""
    try:
        read(call.written)
    except EinloopError:
        if found is None:
            return call.written
        rebuilt = _rebuilt(call, found)
        try:
            read(rebuilt)
        except EinloopError:
            return call.written
        return rebuilt
    return call.written


def _rebuilt(call: CellCall, found: CellArray) -> str:
    """Return a call with its subscripts written out, and its arrays by the names that they have in the cell."""
    names = _operand_names(call.node, found) or [f"operand_{number}" for number in range(len(found.operands))]
    callee = ast.unparse(call.node.func) if _last_name(call.node.func).endswith(NAMES) else NAMES[0]
    if found.pattern is None:
        lists = [f"[{', '.join('...' if x is ... else str(x) for x in labels)}]" for labels in found.labels]
        words = [word for pair in zip(names, lists, strict=False) for word in pair] + lists[len(names) :]
    else:
        words = [*names, repr(found.pattern)] if found.last else [repr(found.pattern), *names]
    prefix = call.written.partition(" = ")[0] + " = " if call.written.partition(" = ")[0].isidentifier() else ""
    return f"{prefix}{callee}({', '.join(words)})"


def _operand_names(node: ast.Call, found: CellArray) -> list[str]:
    """Return the texts of the arrays of a call, nothing where it does not show them one by one."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        return []
    given_as = {keyword.arg for keyword in node.keywords}
    nodes = node.args
    if found.pattern is None:
        nodes = node.args[0 : len(found.operands) * 2 : 2]
    elif not given_as & {"subscripts", "equation"}:
        nodes = node.args[:-1] if found.last else node.args[1:]
    if len(nodes) == 1 and isinstance(nodes[0], ast.List | ast.Tuple):
        nodes = nodes[0].elts
    texts = [ast.unparse(one) for one in nodes]
    return texts if len(texts) == len(found.operands) and not any("\n" in text for text in texts) else []
