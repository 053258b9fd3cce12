"""On which line of the emitted text each statement of its nest stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from ...core.nest import Loop, Remark, Statement, Walk
from ...core.preparation import Extents
from ...core.program import Program


def lines_of(program: Program) -> Mapping[int, int]:
    """Return for each statement of the nest, by its `id`, the line of the text on which it begins, from 1.

    Of what stands before the loops only what is written right before each loop, or after the last, has a line.
    """
    tree = ast.parse(program.text)
    body: Sequence[ast.stmt] = tree.body
    if program.entry is not None:
        body = next(node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        body = body[:-1] if isinstance(body[-1], ast.Return) else body
    body = body[: len(body) - program.after]
    return dict(_matched((*program.nest.prepare, *program.nest.body), body))


def _matched(statements: Sequence[Statement], lines: Sequence[ast.stmt]) -> Iterator[tuple[int, int]]:
    """Yield each statement with its line. Loops are matched in order; what is between two of them, from its end."""
    ours = [number for number, one in enumerate(statements) if isinstance(one, Loop | Walk)]
    theirs = [number for number, line in enumerate(lines) if isinstance(line, ast.For)]
    start = begin = 0
    for own, their in zip((*ours, len(statements)), (*theirs, len(lines)), strict=True):
        between = [one for one in statements[start:own] if _has_line(one)]
        for one, line in zip(reversed(between), reversed(lines[begin:their]), strict=False):
            yield id(one), line.lineno
        if own < len(statements):
            loop, line = statements[own], lines[their]
            assert isinstance(loop, Loop | Walk)
            assert isinstance(line, ast.For)
            yield id(loop), line.lineno
            yield from _matched(loop.body, line.body)
        start, begin = own + 1, their + 1


def _has_line(statement: Statement) -> bool:
    return not isinstance(statement, Remark) and (not isinstance(statement, Extents) or statement.reads)
