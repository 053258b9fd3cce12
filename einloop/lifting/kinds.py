"""The type of elements that a call names: one of whole numbers or truth values cuts off the rest of a number."""

from __future__ import annotations

import ast
import re

from .scopes import LIBRARIES

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "intp")
WHOLE = frozenset({"int", "bool", "bool_", "long", "short", "int_", "integer", *INTEGERS})
"""Types whose elements are whole numbers or truth values."""
CODE = re.compile(r"[<>=|]?(?:[?]|[iu][1248]?|[bhlqBHLQ]|u?int\d*|bool)")
"""What strings say them."""
CONVERTS = frozenset(
    {"astype", "to", "type", "array", "asarray", "as_tensor", "tensor", "asanyarray", "ascontiguousarray"}
)
"""Calls that give elements a type."""
CHANGES = "a conversion to {kind} may change elements, which no sum of products does"
CUTS = "{name} holds whole numbers ({kind}): what comes after the point is cut off, which no sum of products does"
WRAPS = "{name} holds numbers without a sign ({kind}): others wrap around, which no sum of products does"
FITS = "right where {{text}} fits into {kind}: what does not wraps"
SIGNED = "right where {text} >= 0: numbers without a sign wrap below"
TRUTH = "right where {text} is 0 or 1: a bool holds no other number"
HELD = tuple(said.rpartition(":")[2] for said in (FITS, SIGNED, TRUTH))
"""How notes end that say which numbers the types of a text hold."""
FLOATS = "leave the type out: the elements are float64 then"
KEEP = "leave it out where it changes nothing"


def whole_type(node: ast.Call, *, truths: bool = True) -> ast.expr | None:
    """Return the argument of a call that is a type of whole numbers, or of `truths`, None where there is none.

    >>> calls = ("np.zeros(n, dtype=int)", "A.astype('i8')", "np.zeros(n, np.int32)", "np.zeros(n, float)")
    >>> [getattr(whole_type(ast.parse(text, mode="eval").body), "col_offset", None) for text in calls]
    [18, 9, 12, None]
    """
    named = [keyword.value for keyword in node.keywords if keyword.arg == "dtype"]
    found = next((one for one in (*named, *node.args) if _is_whole(one)), None)
    return None if found is None or (not truths and "bool" in ast.unparse(found)) else found


def unsigned(kind: ast.expr) -> bool:
    """Return whether a type of whole numbers has none below zero."""
    text = ast.unparse(kind)
    return "uint" in text or re.fullmatch(r"'[<>=|]?(u[1248]|[BHLQ])'", text) is not None


def _is_whole(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name):
            return name in ("int", "bool")
        case ast.Attribute(value=ast.Name(id=root), attr=name):
            return root in LIBRARIES and name in WHOLE
        case ast.Constant(value=str(text)):
            return CODE.fullmatch(text) is not None
    return False
