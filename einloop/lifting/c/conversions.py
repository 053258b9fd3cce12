"""Where values of C meet types: what a type holds of a number, and what is taken for granted where it is not known."""

from __future__ import annotations

from fractions import Fraction
from struct import pack, unpack
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial
from ..kinds import FITS, SIGNED, TRUTH
from ..sizes import Extent, Refusal
from .arithmetic import COMPARISONS
from .constants import folded, number, wrapped
from .memory import Pointer, Record
from .names import CNames, Literal
from .types import INT, Arithmetic, CType, PointerType

NOT_ZERO = "right where {text} is not 0"


def converted(run: CNames, value: Any, kind: CType, node: Any) -> Any:
    """Return a value as a type holds it; `node` computes it, None where nothing does. Raises Refusal."""
    if isinstance(value, Pointer) and isinstance(kind, PointerType):
        same = value.to is kind.to or value.to == kind.to
        return value if same else Pointer(value.memory, value.offset, kind.to)
    if not isinstance(kind, Arithmetic) or kind.void or isinstance(value, (Pointer, Record)):
        return value
    known = _known(run, value, node)
    if not kind.whole:
        return _rounded(value, known, kind)
    if known is not None:
        held = int(known != 0) if kind.truth else wrapped(known, kind, node)
        return value if held == known and isinstance(value, int) else held
    return _assumed(run, value, kind, node)


def _known(run: CNames, value: Any, node: Any) -> int | Fraction | None:
    """Return the number that a value is whatever the lengths are, None where that cannot be told."""
    if isinstance(value, Literal):
        return value.true
    if isinstance(value, (Polynomial, Extent)):
        return None
    if node is None:
        return value  # type: ignore[no-any-return]
    if isinstance(node, c.Constant):
        return number(node)
    return folded(node, run.literal_of) if run.literals else folded(node)


def _rounded(value: Any, known: int | Fraction | None, kind: Arithmetic) -> Any:
    """Return a number with a fraction; a whole one that is known as near as the type comes to it."""
    if known is not None and known == int(known):
        near = _nearest(int(known), kind)
        if near != known:
            return Fraction(near)
    return Fraction(value) if isinstance(value, int) else value


def _nearest(known: int, kind: Arithmetic) -> int:
    """Return the whole number of a type that is nearest to one; itself where the type has none so large."""
    try:
        return int(float(known)) if kind.size > 4 else int(unpack("f", pack("f", known))[0])
    except OverflowError:
        return known


def _assumed(run: CNames, value: Any, kind: Arithmetic, node: Any) -> Any:
    """Return what depends on lengths or elements, as it is; take note of what that is right for. Raises Refusal."""
    source = run.source_type(node)
    if isinstance(value, Polynomial) and not source.whole:
        place = node.rvalue if isinstance(node, c.Assignment) else node
        raise Refusal("EL807", "a number loses its fraction here", place, "einsum keeps fractions")
    value = int(value) if isinstance(value, Fraction) else value
    if kind.truth:
        return _truth(run, value, source, node)
    said = None if _bounded(run, node) else _need(value, kind, source)
    if said:
        run.note(node, said)
    if said or isinstance(value, Polynomial):
        return value
    held = wrapped(value, kind, node)
    if held != value and not kind.unsigned:
        raise Refusal("EL813", f"{value} does not fit into {8 * kind.size} bits", node)
    return value if held == value else held


def _truth(run: CNames, value: Any, source: CType, node: Any) -> Any:
    if isinstance(value, Polynomial):
        if not (isinstance(source, Arithmetic) and source.truth):
            run.note(node, TRUTH)
        return value
    if isinstance(value, Extent):
        run.note(node, NOT_ZERO)
    return int(value != 0)


def _need(value: Any, kind: Arithmetic, source: CType) -> str | None:
    """Return what has to hold for a type to hold a value of another, None where it always does."""
    if not isinstance(source, Arithmetic) or source.truth:
        return None
    wide = source.whole and (source.size > kind.size or (source.size == kind.size and source.unsigned > kind.unsigned))
    below = source.whole and kind.unsigned and not source.unsigned
    if kind.size < INT.size:
        fits = source.whole and not wide and not below
    elif isinstance(value, Polynomial):
        if below and source.size <= kind.size:
            return SIGNED
        fits = not wide
    else:
        fits = True
    name = f"{'u' if kind.unsigned else ''}int{8 * kind.size}"
    return None if fits else FITS.format(kind=name)


def _bounded(run: CNames, node: Any) -> bool:
    """Return whether what a construct gives is small whatever it works on, or counts the turns of a loop."""
    match node:
        case c.BinaryOp():
            return node.op in COMPARISONS or node.op in ("&&", "||") or (
                node.op in ("%", "&") and isinstance(node.right, c.Constant) and number(node.right) < 1 << 7
            )  # fmt: skip
        case c.UnaryOp():
            return bool(node.op == "!")
        case c.Assignment():
            return node in run.shared.codes.steps
    return False
