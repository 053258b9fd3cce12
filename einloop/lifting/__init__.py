"""Code that computes sums of products in, the einsums that it computes out. Runs nothing; knows no notation."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.combination import Statements
from ..core.errors import LiftError
from ..core.source import Notation, Source, Span
from .computed import Program
from .lift import lifted
from .sizes import Refusal

__all__ = ["lift"]


def lift(text: str, notation: Notation, ranks: Mapping[str, int] | None = None) -> Statements:
    """Return what Python or C text computes. Raises LiftError where that is no sum of einsums, with the place.

    >>> lift("y = A @ x + y", Notation.NUMPY, {"A": 2, "x": 1, "y": 1}).text()
    "y += np.einsum('ij,j->i', A, x)"
    """
    source = Source(text=text, notation=notation)
    try:
        return _lifted(_program(text, notation, ranks or {}), source)
    except Refusal as refusal:
        raise LiftError(
            refusal.id, refusal.reason, text=text, span=span_of(text, refusal.node), hint=refusal.hint or None
        ) from None


def _lifted(program: Program, source: Source) -> Statements:
    """Return what a program computes; where numbers of the text do not stand for any length, they are themselves."""
    from .results import PythonProgram

    if not isinstance(program, PythonProgram):
        return lifted(program, source)
    while True:
        try:
            return lifted(program, source)
        except Refusal as refusal:
            if not program.taken_literally():
                raise program.explained(refusal) from None


def _program(text: str, notation: Notation, ranks: Mapping[str, int]) -> Program:
    if notation is Notation.C:
        from .c import CProgram  # pycparser, an extra

        return CProgram(text)
    from .results import PythonProgram

    return PythonProgram(text, ranks)


def span_of(text: str, node: object) -> Span | None:
    """Return the characters of a node of a syntax tree, None where it has no place."""
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    end, stop = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if line is None or column is None or end is None or stop is None:
        return None
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
    return Span(start=start, stop=sum(map(len, lines[: end - 1])) + len(lines[end - 1].encode()[:stop].decode()))
