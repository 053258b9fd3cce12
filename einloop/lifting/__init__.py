"""Code that computes sums of products in, the einsums that it computes out. Runs nothing; knows no notation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from math import prod
from typing import TYPE_CHECKING

from ..core.combination import Statements
from ..core.effort import TooMuchError, limited
from ..core.errors import LiftError
from ..core.source import Notation, Source, Span
from ..core.topic import Topic
from .lift import MOST, lifted, shapes_in
from .sizes import PART, TOO_LONG, Factor, Key, Refusal, Sizes, said
from .trials import LiftedCode

if TYPE_CHECKING:
    from .results import PythonProgram

__all__ = ["LiftedCode", "lift", "lifted_code"]


Shapes = Mapping[str, tuple[int | str | None, ...]]
"""The shapes of arrays by name; a length that is not known is a text or None."""
NUMBERS_HELP = frozenset({
    Topic.WINDOW, Topic.UNLIKE, Topic.OTHER_SIZES, Topic.UNKNOWN_AXES, Topic.UNFIT, Topic.NO_WORDS,
})  # fmt: skip
"""Refusals that known lengths may not meet."""
MAX_ELEMENTS = 20_000
"""Elements of arrays that are run at their own lengths."""


def lift(
    text: str, notation: Notation, ranks: Mapping[str, int] | None = None, shapes: Shapes | None = None
) -> Statements:
    """Return what Python or C text computes. Raises LiftError where that is no sum of einsums, with the place.

    `ranks`: how many axes arrays have; `shapes`: how long these are too, as far as that is known. Lengths are used
    where the text means nothing without them: an axis of length 1, a shape that only they make sense of.

    >>> lift("y = A @ x + y", Notation.NUMPY, {"A": 2, "x": 1, "y": 1}).text()
    "y += np.einsum('ij,j->i', A, x)"
    """
    return lifted_code(text, notation, ranks, shapes).statements


def lifted_code(
    text: str,
    notation: Notation,
    ranks: Mapping[str, int] | None = None,
    shapes: Shapes | None = None,
    *,
    torch: bool = False,
) -> LiftedCode:
    """Return what `lift` does, with what to run the code on to prove it. Raises LiftError.

    `torch`: its arrays are torch's, whatever the text says.

    >>> code = lifted_code("for i in range(n): y[i] += a * x[i]", Notation.LOOPS)
    >>> code.trials[0]
    {'n': 2, 'y': (2,), 'a': (), 'x': (2,)}
    """
    source = Source(text=text, notation=notation)
    try:
        with limited(MOST):
            if notation is Notation.C:
                return _lifted_c(text, source)
            return _of_python(source, ranks or {}, shapes or {}, torch=torch)
    except TooMuchError:
        raise LiftError("EL816", TOO_LONG, text=text, hint=PART) from None
    except Refusal as refusal:
        raise LiftError(
            refusal.id, refusal.reason, text=text, span=span_of(text, refusal.node), hint=refusal.hint or None
        ) from None


def _lifted_c(text: str, source: Source) -> LiftedCode:
    if find_spec("pycparser") is None:
        raise Refusal("EL818", "C is read with pycparser, which is not installed", hint="pip install 'einloop[c]'")
    from .c import lifted as lifted_c

    return lifted_c(text, source)


def _of_python(source: Source, ranks: Mapping[str, int], shapes: Shapes, *, torch: bool) -> LiftedCode:
    """Return what a Python text computes; with the lengths that are known where nothing holds without them."""
    from .free import uses_of
    from .ranks import settled
    from .results import PythonProgram

    lengths = {(name, n): length for name, shape in shapes.items() for n, length in enumerate(shape)}
    known: dict[Key, tuple[Factor, ...]] = {k: (length,) for k, length in lengths.items() if isinstance(length, int)}
    given = {**{name: len(shape) for name, shape in shapes.items()}, **ranks}
    uses = uses_of(source.text, PythonProgram(source.text).facts.ranks)

    def read(composed: Mapping[Key, tuple[Factor, ...]]) -> LiftedCode:
        def program(ranks: Mapping[str, int]) -> PythonProgram:
            made = PythonProgram(source.text, ranks, composed, frozenset(ranks.keys() - given.keys()))
            made.torch = made.torch or torch
            return made

        return settled(
            lambda ranks: shapes_in(program(ranks)),
            lambda ranks: _settled(program(ranks), source),
            given,
            uses,
        )

    try:
        return _of_any_length(read, known)
    except Refusal as refusal:
        elements = prod(n for n in lengths.values() if isinstance(n, int))
        if refusal.topic not in NUMBERS_HELP or set(known.values()) <= {(1,)} or elements > MAX_ELEMENTS:
            raise
        try:
            found = read(known)
        except Refusal as other:
            if refusal.topic is Topic.UNKNOWN_AXES and not refusal.unknown:
                raise  # it asked for these lengths
            node = refusal.node or other.node
            raise Refusal(refusal.id, refusal.reason, node, refusal.hint, unknown=refusal.unknown) from None
    note = "right for these shapes: " + ", ".join(f"{name} {_said(shape)}" for name, shape in shapes.items())
    return found.noted(note)


def _of_any_length(
    read: Callable[[Mapping[Key, tuple[Factor, ...]]], LiftedCode], known: Mapping[Key, tuple[Factor, ...]]
) -> LiftedCode:
    """Return what a text computes for axes of any length; one of length 1 that the text stretches is no other, it says.

    `read`: reads the text with some lengths fixed; `known`: the lengths that are given.
    """
    ones = [key for key, parts in known.items() if parts == (1,)]
    fixed: list[Key] = []
    while True:
        try:
            found = read(dict.fromkeys(fixed, (1,)))
        except Refusal as refusal:
            if len(fixed) == len(ones) or refusal.unknown:
                raise
            fixed = ones  # a shape that only they make sense of
            continue
        stretched = [key for key in ones if key in fixed or _stretched(found.sizes, key, known)]
        if stretched == fixed:
            _check_known(found.sizes, known)
            return found.noted(*(f"right where {said(key)} is 1" for key in fixed))
        fixed = stretched


def _check_known(sizes: Sizes, known: Mapping[Key, tuple[Factor, ...]]) -> None:
    """Raise Refusal where the text fixes a length otherwise than it is given, or needs two to be one that are not."""
    homes: dict[Key, Key] = {}
    for key, (length,) in known.items():
        other = homes.setdefault(sizes.home(key), key)
        if known[other] != (length,) and 1 not in (length, *known[other]):
            one = f"{said(other)} is {known[other][0]}"
            raise Refusal("EL813", f"{one}, {said(key)} is {length}, and here they have to be equal")
        parts = sizes.composed.get(sizes.home(key), ())
        fixed = [part for part in parts if isinstance(part, int)]
        if parts and len(fixed) == len(parts) and prod(fixed) != length and length != 1:
            raise Refusal("EL813", f"{said(key)} is {length}, and this is for {said(key)} = {prod(fixed)}")


def _stretched(sizes: Sizes, one: Key, known: Mapping[Key, tuple[Factor, ...]]) -> bool:
    """Return whether an axis of length 1 is taken to be as long as something else that is longer."""
    home = sizes.home(one)
    same = [parts[0] for key, parts in known.items() if sizes.home(key) == home]
    made_of = sizes.composed.get(home, ())
    return any(length != 1 for length in same) or any(isinstance(part, int) and part != 1 for part in made_of)


def _said(shape: tuple[int | str | None, ...]) -> str:
    return "x".join("?" if length is None else str(length) for length in shape)


def _settled(program: PythonProgram, source: Source) -> LiftedCode:
    """Return what a program computes; where numbers of the text do not stand for any length, they are themselves."""
    while True:
        try:
            return lifted(program, source)
        except Refusal as refusal:
            if refusal.unknown or not program.taken_literally():
                raise program.explained(refusal) from None


def span_of(text: str, node: object) -> Span | None:
    """Return the characters of a node of a syntax tree, None where it has no place."""
    if isinstance(node, Span):
        return node
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
    end, stop = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
    if line is None or column is None or end is None or stop is None:
        return None
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
    return Span(start=start, stop=sum(map(len, lines[: end - 1])) + len(lines[end - 1].encode()[:stop].decode()))
