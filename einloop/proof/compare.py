"""Is this result np.einsum's? Shape, dtype and value; the first element where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.dtypes import COMPLEXES, FLOATS
from .cases import relative_tolerance
from .data import Array

FITTING = {"b": "b", "i": "bi", "u": "bi", "f": "bif", "c": "bifc"}
"""The kinds of plain Python numbers that lose nothing beside each kind of dtype."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a result differs: in words, and at which element first."""

    reason: str
    element: tuple[int, ...] | None = None
    got: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How to compare one case.

    `exact`: values are equal, else within a tolerance from `factors` and `terms`. `plain_zero`: a plain Python
    0 may stand for an empty sum. `lists`: the result is a nested list. `objects`: the dtype is object, so a
    scalar is any Python value. `scalars`: a result without axes must be a scalar, as np.einsum's is, not a 0-d
    array. `lenient`: a person's loops may return plain Python numbers or lists in place of arrays. `scale`: the sum of
    the magnitudes of each element's terms, which bounds what rounding does where terms of both signs cancel.
    `unsure`: where nan and inf alike are right, as it is the order of multiplying and adding that decides.
    """

    exact: bool
    factors: int
    terms: int
    plain_zero: bool = False
    lists: bool = False
    objects: bool = False
    scalars: bool = False
    lenient: bool = False
    scale: Array | None = None
    unsure: Array | None = None


def difference(got: Any, expected: Any, rule: Rule) -> Difference | None:
    """Return how `got` differs from what np.einsum returned, or None where it does not."""
    wanted = _boxed(expected) if rule.objects else np.asarray(expected)
    if rule.lists:
        return _compare_lists(got, wanted, rule)
    if rule.lenient and isinstance(got, list) and not wanted.size and _list_shape(got) == _list_shape(wanted.tolist()):
        return None  # nested lists show no axis behind an empty one
    found = None if got is None else _as_array(got, wanted)
    if found is None:
        return Difference(reason=f"the result is a {type(got).__name__}, which is no array of numbers")
    reason = _wrong_kind(got, found, wanted, rule)
    return Difference(reason=reason) if reason else _first_difference(found, wanted, rule)


def _wrong_kind(got: Any, found: Array, wanted: Array, rule: Rule) -> str | None:
    """Return in words how shape, dtype or kind of the result differ, or None."""
    if rule.scalars and not wanted.ndim and isinstance(got, np.ndarray):
        return "a 0-d array, np.einsum gives a scalar"
    if found.shape != wanted.shape:
        return f"shape {found.shape}, np.einsum gives {wanted.shape}"
    plain = type(got) in (int, float, complex, bool, list, tuple)
    zero_allowed = rule.plain_zero and type(got) in (int, bool) and rule.terms == 0
    fits = rule.lenient and plain and found.dtype.kind in FITTING.get(wanted.dtype.kind, "")
    if found.dtype != wanted.dtype and not zero_allowed and not fits:
        return f"dtype {found.dtype}, np.einsum gives {wanted.dtype}"
    return None


def _as_array(got: Any, wanted: Array) -> Array | None:
    if wanted.dtype == object:
        return _boxed(got)
    try:
        return np.asarray(got)
    except ValueError:
        return None


def _boxed(value: Any) -> Array:
    """Return an array of objects as it is, and anything else as the one element of an array without axes."""
    if isinstance(value, np.ndarray):
        return value
    box = np.empty((), object)
    box[()] = value
    return box


def _compare_lists(got: Any, wanted: Array, rule: Rule) -> Difference | None:
    shape = _list_shape(got)
    visible = _list_shape(wanted.tolist())
    if shape != visible:
        return Difference(reason=f"the list nests as {shape}, np.einsum's as {visible}")
    flat = np.empty(wanted.size, object)
    for place, value in enumerate(_leaves(got)):
        flat[place] = value
    kinds = {type(value).__name__ for value in flat}
    expected_kinds = {type(value).__name__ for value in wanted.reshape(-1).tolist()}
    if not kinds <= {*expected_kinds, "int"} and wanted.size:
        return Difference(reason=f"elements of type {sorted(kinds)}, np.einsum gives {sorted(expected_kinds)}")
    try:
        found = flat.reshape(wanted.shape).astype(wanted.dtype)
    except (TypeError, ValueError, OverflowError):
        return Difference(reason=f"elements that do not fit {wanted.dtype}")
    return _first_difference(found, wanted, rule)


def _list_shape(value: Any) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return ()
    inner = {_list_shape(item) for item in value}
    if len(inner) > 1 or None in inner:
        return None
    return (len(value), *(inner.pop() or () if inner else ()))


def _leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]


def _first_difference(found: Array, wanted: Array, rule: Rule) -> Difference | None:
    wrong = np.argwhere(~_equal(found, wanted, rule))
    if not len(wrong):
        return None
    element = tuple(int(n) for n in wrong[0])
    count = f"{len(wrong)} of {found.size} elements differ"
    return Difference(reason=count, element=element, got=repr(found[element]), expected=repr(wanted[element]))


def _equal(found: Array, wanted: Array, rule: Rule) -> Array:
    """Return where the values agree."""
    if wanted.dtype == object:
        same = [_same_object(a, b, rule) for a, b in zip(found.reshape(-1), wanted.reshape(-1), strict=True)]
        return np.array(same, bool).reshape(wanted.shape)
    name = _inexact_name(wanted.dtype)
    if rule.exact or name is None:
        same_values = np.asarray(found == wanted)
        return same_values if name is None else np.asarray(same_values | (_isnan(found) & _isnan(wanted)))
    tolerance = relative_tolerance(name, rule.factors, rule.terms)
    with np.errstate(all="ignore"):
        scale = np.abs(wanted.astype(_wide(name)) if rule.scale is None else rule.scale)
        close = np.abs(found.astype(_wide(name)) - wanted) <= tolerance * scale
    alike = (close & np.isfinite(wanted)) | (found == wanted) | (_isnan(found) & _isnan(wanted))
    return np.asarray(alike if rule.unsure is None else alike | (rule.unsure & ~np.isfinite(found)))


def _same_object(a: Any, b: Any, rule: Rule) -> bool:
    if isinstance(b, float | complex) and not rule.exact:
        return bool(abs(a - b) <= relative_tolerance("float64", rule.factors, rule.terms) * abs(b))
    return type(a) is type(b) and bool(a == b)


def _inexact_name(dtype: Any) -> str | None:
    return next((name for name in (*FLOATS, *COMPLEXES) if np.dtype(name) == dtype), None)


def _wide(name: str) -> str:
    return "clongdouble" if name in COMPLEXES else "longdouble"


def _isnan(values: Array) -> Array:
    return np.asarray(np.isnan(values))
