"""Is this result np.einsum's? Shape, dtype and value; the first element where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.dtypes import COMPLEXES, FLOATS
from ..core.errors import with_article
from .einsum import Array
from .rounding import Sums
from .tolerance import relative_tolerance

MAX_SHARE_TOLD = 10.0
"""Differences above this share of a sum are not told in numbers: it nearly cancels out."""

MAX_SHOWN = 300
"""Characters of a value in a message."""

FITTING = {"b": "b", "i": "bi", "u": "bi", "f": "bif", "c": "bifc"}
"""The kinds of plain Python numbers that lose nothing beside each kind of dtype."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a result differs: in words, and at which element first. `untold`: rounding alone may be why."""

    reason: str
    element: tuple[int, ...] | None = None
    got: str = ""
    expected: str = ""
    exact: str = ""
    untold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How to compare one case.

    `exact`: values are equal, else within a tolerance from `factors` and `terms`. `plain_zero`: a plain Python
    0 may stand for an empty sum. `lists`: the result is a nested list. `objects`: the dtype is object, so a
    scalar is any Python value. `scalars`: a result without axes must be a scalar, as np.einsum's is, not a 0-d
    array. `lenient`: a person's loops may return plain Python numbers or lists in place of arrays. `sums`: the exact
    sums, where terms may cancel; of objects, `sizes`, the sums of their absolute values. `by_steps`: sums of sums.
    `kinds`: an int may stand for a float of its value, and the other way, as an empty sum adds no number of its kind.

    `scale`: the sum of the magnitudes of each element's terms, which bounds what rounding does where terms of both
    signs cancel. `unsure`: where nan and inf alike are right, as the order of multiplying and adding decides.
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
    sums: Sums | None = None
    sizes: Array | None = None
    by_steps: bool = False
    kinds: bool = False


def difference(got: Any, expected: Any, rule: Rule) -> Difference | None:
    """Return how `got` differs from what np.einsum returned, or None where it does not."""
    wanted = _boxed(expected) if rule.objects else np.asarray(expected)
    if rule.lists:
        return _compare_lists(got, wanted, rule)
    if rule.lenient and isinstance(got, list) and not wanted.size and _list_shape(got) == _list_shape(wanted.tolist()):
        return None  # nested lists show no axis after an empty one
    found = as_result(got, wanted, rule)
    return found if isinstance(found, Difference) else _first_difference(found, wanted, rule)


def as_result(got: Any, wanted: Array, rule: Rule) -> Array | Difference:
    """Return a result as an array, or how its shape, dtype or kind differ from what is wanted."""
    found = None if got is None else _as_array(got, wanted)
    if found is None:
        return Difference(reason=f"the result is {with_article(type(got).__name__)}, which is not an array of numbers")
    reason = _wrong_kind(got, found, wanted, rule)
    return found if reason is None else Difference(reason=reason)


def _wrong_kind(got: Any, found: Array, wanted: Array, rule: Rule) -> str | None:
    """Return in words how shape, dtype or kind of the result differ, or None."""
    if rule.scalars and not wanted.ndim and isinstance(got, np.ndarray):
        return "a 0-d array, np.einsum gives a scalar"
    if found.shape != wanted.shape:
        return f"shape {found.shape}, np.einsum gives {wanted.shape}"
    plain = type(got) in (int, float, complex, bool, list, tuple)
    zero_allowed = rule.plain_zero and type(got) in (int, bool) and rule.terms == 0
    fits = rule.lenient and plain and found.dtype.kind in FITTING.get(wanted.dtype.kind, "")
    if not _same_dtype(found, wanted) and not zero_allowed and not fits:
        return f"dtype {found.dtype}, np.einsum gives {wanted.dtype}"
    return None


def _same_dtype(found: Array, wanted: Array) -> bool:
    """Return whether two arrays have one dtype, in whatever byte order."""
    return bool(found.dtype.newbyteorder("=") == wanted.dtype.newbyteorder("="))


def _as_array(got: Any, wanted: Array) -> Array | None:
    if wanted.dtype == object:
        return _boxed(got)
    try:
        return np.asarray(got)
    except (ValueError, TypeError, OverflowError, MemoryError):
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
    if rule.sums is not None:
        return _beyond_rounding(found, wanted, rule.sums, by_steps=rule.by_steps)
    wrong = np.argwhere(~_equal(found, wanted, rule))
    if not len(wrong):
        return None
    element = tuple(int(n) for n in wrong[0])
    count = f"{len(wrong)} of {found.size} elements differ"
    return Difference(reason=count, element=element, got=shown(found[element]), expected=shown(wanted[element]))


def _beyond_rounding(found: Array, wanted: Array, sums: Sums, *, by_steps: bool) -> Difference | None:
    """Return how `found` differs from the exact sums by more than rounding, or that this cannot be told."""
    weighed = sums.weigh(found, by_steps=by_steps)
    untold = not weighed.wrong.any()
    places = np.argwhere(weighed.lost if untold else weighed.wrong)
    if not len(places) or (untold and weighed.told):
        return None
    element = tuple(int(n) for n in places[0])
    count = f"{len(places):,} of {found.size:,} elements differ"
    share = float(np.max(weighed.share[tuple(places.T)]))
    count += f" by up to {share:.2%} of the exact sum" if share < MAX_SHARE_TOLD else ""
    if untold:
        count += f", and rounding {sums.terms:,} terms in {sums.dtype} may do so"
    elif sums.once and _same_value(sums.stepwise(element), found[element]):
        count += f": the loops add in {sums.dtype} and round at every step (add in a wider dtype, and round once)"
    elif sums.once and np.isfinite(found[element]):
        count += "; adding in a wider dtype and rounding once comes closer"
    exact = shown(sums.exact[element])
    return Difference(
        reason=count,
        element=element,
        got=shown(found[element]),
        expected=shown(wanted[element]),
        exact=exact,
        untold=untold,
    )


def _same_value(one: Any, other: Any) -> bool:
    return one is not None and bool(one == other or (np.isnan(one) and np.isnan(other)))


def _equal(found: Array, wanted: Array, rule: Rule) -> Array:
    """Return where the values agree."""
    if wanted.dtype == object:
        sizes = [None] * wanted.size if rule.sizes is None else list(rule.sizes.reshape(-1))
        each = zip(found.reshape(-1), wanted.reshape(-1), sizes, strict=True)
        same = [_same_object(*values, rule) for values in each]
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


def _same_object(a: Any, b: Any, size: Any, rule: Rule) -> bool:
    """Return whether two Python values are equal, floats within rounding of sums whose terms add up to `size`."""
    if isinstance(b, float | complex) and isinstance(a, float | complex | int) and not rule.exact:
        scale = abs(b) if size is None else 2 * size  # np.einsum rounds too
        try:
            near = abs(a - b) <= relative_tolerance("float64", rule.factors, rule.terms) * scale
        except OverflowError:  # an integer that no float is near to
            return False
        return bool(near or _same_value(a, b))
    numbers = rule.kinds and all(type(value) in (int, float, complex) for value in (a, b))
    return (type(a) is type(b) or numbers) and bool(a == b)


def shown(value: Any) -> str:
    """Return a value as Python writes it, cut where it is long.

    >>> shown(2.5), shown(10**5000), len(shown([0] * 1000))
    ('2.5', 'an integer of 16,610 bits', 303)
    """
    try:
        text = repr(value)
    except ValueError:  # Python writes no integers of thousands of digits
        return f"an integer of {value.bit_length():,} bits" if isinstance(value, int) else "a number of many digits"
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def _inexact_name(dtype: Any) -> str | None:
    return next((name for name in (*FLOATS, *COMPLEXES) if np.dtype(name) == dtype), None)


def _wide(name: str) -> str:
    return "clongdouble" if name in COMPLEXES else "longdouble"


def _isnan(values: Array) -> Array:
    return np.asarray(np.isnan(values))
