"""What makes one kind of call: calls of one kind get one verdict. Loads numpy only where lists and numbers come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.libraries import is_tensor

PLAIN = (list, tuple, int, float, complex, bool)
"""What np.einsum makes arrays of, beside arrays."""
LABELS = (list, tuple, range)
CHECKED: set[type] = set()
"""Types of arrays that a verdict was given on: of no other type is an attribute read."""


def key_of(operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> object | None:
    """Return what tells one kind of call from another: subscripts, and type, shape and dtype of every operand.

    None where a call cannot be told by these. It takes a microsecond: this is all that is done for a known kind.
    """
    try:
        text = isinstance(operands[0], str | bytes)
        key: list[object] = [operands[0] if text else _labels_of(operands)]
        for value in operands[1:] if text else operands[: len(operands) - 1 : 2]:
            kind = type(value)
            if kind not in CHECKED:
                return _converted_key(operands, keywords)
            key += (kind, value.shape, value.dtype)
        if keywords:
            key += _keywords_key(keywords)
        hash(found := tuple(key))
    except Exception:  # labels that are none, keywords that are not values
        return None
    return found


def _labels_of(operands: tuple[Any, ...]) -> tuple[object, ...]:
    """Return the lists of labels of a call, the output's among them. Raises TypeError for what is read only once."""
    lists = [*operands[1::2], *(operands[-1:] if len(operands) % 2 else ())]
    if not all(type(x) in LABELS for x in lists):
        raise TypeError
    return tuple(map(tuple, lists))


def _converted_key(operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> object | None:
    """Return the key of a call with lists or numbers among its operands, as the arrays that numpy makes of them.

    Arrays of a type that is not known are not touched: None. Raises where a list makes no array.
    """
    import numpy as np

    text = isinstance(operands[0], str | bytes)
    key: list[object] = [operands[0] if text else _labels_of(operands)]
    for value in operands_of(operands):
        kind = type(value)
        if kind not in PLAIN and kind not in CHECKED:
            return None
        array = np.asarray(value) if kind in PLAIN else value
        key += (kind, array.shape, array.dtype)
    return (*key, *_keywords_key(keywords))


def _keywords_key(keywords: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what keywords change about a verdict."""
    out = keywords.get("out")
    given = (keywords.get(name) for name in ("dtype", "casting", "preferred_element_type"))
    return *given, None if out is None else out.dtype, keywords.get("optimize", False) is not False


def operands_of(operands: tuple[Any, ...]) -> list[Any]:
    """Return the arrays of any call form."""
    if not operands:
        return []
    if not isinstance(operands[0], str | bytes):
        return list(operands[: len(operands) - len(operands) % 2 : 2])
    listed = len(operands) == 2 and issubclass(type(operands[1]), list | tuple) and any(map(is_tensor, operands[1]))
    return list(operands[1] if listed else operands[1:])
