"""Code that computes sums of products in, the einsums that it computes out. Runs nothing; knows no notation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from ..core.combination import Statements
from ..core.errors import LiftError
from ..core.source import Notation, Source, Span
from .lift import lifted
from .results import PythonProgram
from .sizes import Refusal

__all__ = ["lift"]


def lift(text: str, notation: Notation, ranks: Mapping[str, int] | None = None) -> Statements:
    """Return what Python or C text computes. Raises LiftError where that is no sum of einsums, with the place.

    >>> lift("y = A @ x + y", Notation.NUMPY, {"A": 2, "x": 1, "y": 1}).text()
    "y += np.einsum('ij,j->i', A, x)"
    """
    source = Source(text=text, notation=notation)
    try:
        return _lifted_c(text, source) if notation is Notation.C else _lifted_python(text, ranks or {}, source)
    except Refusal as refusal:
        raise LiftError(
            refusal.id, refusal.reason, text=text, span=span_of(text, refusal.node), hint=refusal.hint or None
        ) from None


def _lifted_c(text: str, source: Source) -> Statements:
    if find_spec("pycparser") is None:
        raise Refusal("EL818", "C is read with pycparser, which is not installed", hint="pip install 'einloop[c]'")
    from .c import lifted as lifted_c

    return lifted_c(text, source)


def _lifted_python(text: str, ranks: Mapping[str, int], source: Source) -> Statements:
    """Return what Python computes; where numbers of the text do not stand for any length, they are themselves."""
    program = PythonProgram(text, ranks)
    while True:
        try:
            return lifted(program, source)
        except Refusal as refusal:
            if not program.taken_literally():
                raise program.explained(refusal) from None


def span_of(text: str, node: object) -> Span | None:
    """Return the characters of a node of a syntax tree, None where it has no place."""
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    end, stop = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if line is None or column is None or end is None or stop is None:
        return None
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
    return Span(start=start, stop=sum(map(len, lines[: end - 1])) + len(lines[end - 1].encode()[:stop].decode()))
