"""What comes closest to a result that no candidate gives: most elements agree, or all but for something added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from .agreement import ValueYardstick, close
from .evaluate import Array
from .search import Candidate

MIN_SHARE = 0.1
"""Elements that have to agree for an expression to be told as the closest."""


class ClosestDifference(Enum):
    """How the closest differs from the result."""

    SOME = "some"
    """In some elements."""
    CLIPPED = "clipped"
    """Where its elements are negative, the result has 0."""
    ZEROED = "zeroed"
    """Where it differs, the result has 0."""
    ADDED = "added"
    """By something that is added, the same along some axes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The closest candidate: of `size` elements `agree` are its. `along`: the axes along which what is added varies."""

    candidate: Candidate
    how: ClosestDifference
    agree: int
    size: int
    along: tuple[int, ...] = ()


def closest(likely: Sequence[Candidate], simplest: Sequence[Candidate], by: ValueYardstick) -> Near | None:
    """Return the closest of the candidates that agree in some elements, or the first of the simplest to which something
    is added; None where nothing is close.
    """
    best: Near | None = None
    for candidate in likely:
        near = _agreeing(candidate, by)
        best = near if near is not None and (best is None or near.agree > best.agree) else best
    if best is not None:
        return best
    return next((near for candidate in simplest if (near := _shifted(candidate, by)) is not None), None)


def _agreeing(candidate: Candidate, by: ValueYardstick) -> Near | None:
    value, result = by.values.whole(candidate), by.result
    same = by.same(value) if by.rule.exact else np.asarray(close(value, result, by.allowed(candidate)))
    agree = int(np.count_nonzero(same))
    if agree < max(MIN_SHARE * result.size, 2):
        return None
    how = ClosestDifference.SOME
    if not result[~same].any():
        negative = value.dtype.kind in "if" and bool((value[~same] < 0).all())
        how = ClosestDifference.CLIPPED if negative else ClosestDifference.ZEROED
    return Near(candidate=candidate, how=how, agree=agree, size=result.size)


def _shifted(candidate: Candidate, by: ValueYardstick) -> Near | None:
    """Return the candidate if the result minus it is the same along an axis of two elements or more."""
    result, rule = by.result, by.rule
    if max(result.shape, default=0) < 2 or result.dtype.kind == "b" or not np.isfinite(result).all():
        return None
    value = by.values.whole(candidate)
    if value.dtype.kind == "b" or not np.isfinite(value).all():
        return None
    allowed: Any = 0
    if not rule.exact:
        allowed = 4 * by.allowed(candidate).max() + rule.tolerance(1) * np.abs(result).max()
    added = result.astype(value.dtype) - value if rule.exact else result - value
    same = [n > 1 and _constant(added, axis, allowed) for axis, n in enumerate(result.shape)]
    if not any(same):
        return None
    along = tuple(axis for axis, alike in enumerate(same) if not alike and result.shape[axis] > 1)
    return Near(candidate=candidate, how=ClosestDifference.ADDED, agree=0, size=result.size, along=along)


def _constant(values: Array, axis: int, allowed: Any) -> bool:
    """Return whether values are the same along an axis, but for what is allowed."""
    return bool((np.abs(values - values.take([0], axis=axis)) <= allowed).all())
