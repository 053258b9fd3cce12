"""Numbers that stand in a C text, and what C makes of them where nothing else is in an expression."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from pycparser import c_ast as c

from ..sizes import Refusal
from .types import DOUBLE, FLOAT, INT, LONG, SIZE, UINT, Arithmetic

MAX_SHIFT = 64
SMALL = 4
"""The largest number that always stands for itself: offsets and steps of unrolled loops are no lengths."""


def number(node: c.Constant) -> int | Fraction:
    """Return a number as it stands in the text. Raises Refusal."""
    text = node.value
    try:
        if node.type == "char":
            return _character(text)
        if "int" in node.type or text.rstrip("uUlL").isdigit():
            bare = text.rstrip("uUlL")
            return int(bare, 8) if bare.isdigit() and bare[0] == "0" else int(bare, 0)
        if text[:2].lower() == "0x":
            return Fraction(float.fromhex(text.rstrip("fFlL") if "p" in text.lower() else text))
        found = text.rstrip("fFlL")
        if abs(int(found.lower().partition("e")[2] or 0)) > 400:
            raise ValueError
        return Fraction(found)
    except ValueError:
        raise Refusal("EL802", "this number is not supported", node) from None


def _character(text: str) -> int:
    inner = text.strip("L")[1:-1]
    if len(inner) != 1:
        raise ValueError
    return ord(inner)


def constant_type(node: c.Constant) -> Arithmetic:
    """Return the type of a number that stands in the text: the first that holds it."""
    if node.type != "char" and "int" not in node.type:
        return FLOAT if node.value[-1] in "fF" else DOUBLE
    if node.type == "char":
        return INT  # C's characters are ints
    digits = node.value.lower().rstrip("ul")
    suffix = node.value.lower()[len(digits) :]
    value, kind = number(node), SIZE
    signed = () if "u" in suffix else (INT, LONG)
    unsigned = (UINT, SIZE) if "u" in suffix or digits[0] == "0" else ()
    for kind in sorted((*signed, *unsigned), key=lambda one: (one.size, one.unsigned)):
        if kind.size >= 8 * ("l" in suffix) and value < 1 << (8 * kind.size - (not kind.unsigned)):
            break
    return kind


def wider(one: Arithmetic, other: Arithmetic) -> Arithmetic:
    """Return the type of a sum: with a fraction where one has, else the larger.

    Of whole numbers, what is narrower than an int becomes one, and of two of one size that without a sign wins.
    """
    if one.whole != other.whole:
        return other if one.whole else one
    least = INT if one.whole else one
    kinds = [kind for kind in (one, other, least) if kind.size >= least.size]
    return max(kinds, key=lambda kind: (kind.size, kind.unsigned))


def wrapped(value: int | Fraction, kind: Arithmetic, node: object) -> int:
    """Return a number as whole numbers of a type hold it. Raises Refusal where C does not say what that is."""
    bits = 8 * kind.size
    least, after = (0, 1 << bits) if kind.unsigned else (-(1 << (bits - 1)), 1 << (bits - 1))
    whole = int(value)
    if least <= whole < after:
        return whole
    if isinstance(value, Fraction):
        raise Refusal("EL813", f"{whole} does not fit into {bits} bits", node)
    return (whole - least) % (1 << bits) + least


Folded = tuple[int, Arithmetic]
"""A number and its type."""
Named = Callable[[c.ID], Folded | None]
"""What says which number of the text a name stands for."""


def folded(node: Any, named: Named = lambda node: None) -> int | None:
    """Return what whole numbers of the text give, None where an expression has anything else. Raises Refusal."""
    found = _folded(node, named)
    return None if found is None else found[0]


def remade(node: Any) -> int | None:
    """Return what an expression of numbers without a sign wraps to, None where it does not. Raises Refusal."""
    exact, bare = _folded(node), _folded(node, wraps=False)
    return None if exact is None or exact == bare else exact[0]


def _folded(node: Any, named: Named = lambda node: None, *, wraps: bool = True) -> Folded | None:
    match node:
        case c.Constant():
            kind = constant_type(node)
            return (int(number(node)), kind) if kind.whole else None
        case c.ID():
            return named(node)
        case c.UnaryOp(op="-" | "+" | "~"):
            inner = _folded(node.expr, named, wraps=wraps)
            return inner and fitting(SIGNS[node.op](inner[0]), wider(inner[1], INT), node, wraps=wraps)
        case c.BinaryOp() if node.op in FOLDS:
            left = _folded(node.left, named, wraps=wraps)
            right = _folded(node.right, named, wraps=wraps) if left else None
            return left and right and _combined(node, left, right, wraps=wraps)
    return None


def _combined(node: c.BinaryOp, left: Folded, right: Folded, *, wraps: bool) -> Folded | None:
    """Return what an operator makes of two numbers, None where C does not say what that is."""
    shifts = node.op in ("<<", ">>")
    if (node.op in ("/", "%") and not right[0]) or (shifts and not 0 <= right[0] < MAX_SHIFT):
        return None
    kind = wider(left[1], INT if shifts else right[1])
    return fitting(FOLDS[node.op](left[0], right[0]), kind, node, wraps=wraps)


def fitting(value: int, kind: Arithmetic, node: Any, *, wraps: bool = True) -> Folded:
    """Return a number in its type, which wraps where it has no sign. Raises Refusal where it does not fit."""
    bits = 8 * kind.size
    if kind.unsigned:
        return value % (1 << bits) if wraps else value, kind
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise Refusal("EL813", f"{value} does not fit into {bits} bits", node)
    return value, kind


def _quotient(a: int, b: int) -> int:
    return int(Fraction(a, b))


FOLDS: Mapping[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient, "%": lambda a, b: a - b * _quotient(a, b),
    "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip
SIGNS: Mapping[str, Callable[[int], int]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
