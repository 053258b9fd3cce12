"""Which candidates give the values of a given result, up to one factor; and where none does, which comes closest.

A candidate is computed at a few elements first, which refutes nearly all; what is left is compared everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from typing import Any

import numpy as np

from .agreement import Scalar, Yardstick, close, ratio, times
from .closest import Near, closest
from .evaluate import Array
from .factor import Factor, written
from .search import Candidate

PROBES = 5
"""Elements that a candidate is computed at first."""
SEED = 20_000
"""Of the choice of these elements."""
MAX_PROBED = 500
"""Candidates that are computed at all these elements whether they give the first or not, to know which is close."""
MAX_NEAR = 12
"""Candidates that agree in some elements, of which the closest is looked for."""
TELL_EVERY = 50
"""Candidates after which the clock is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is tried: `most` candidates where some of them give the values, all others until `seconds` are over."""

    most: int = 5_000
    seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A candidate that gives the values: times `factor`, None for 1. `cast`: the dtype that the call has to state."""

    candidate: Candidate
    factor: Factor | None = None
    cast: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came out: those found in the order in which they were tried, and how many were tried.

    `late`: the time was over. `factors`: one factor was tried too. `near`: what comes closest where nothing is found.
    """

    found: tuple[Found, ...]
    tried: int
    late: bool
    factors: bool
    near: Near | None = None


class Trial:
    """The comparison of candidates with one result. `near`: those that give some elements looked at, and how many."""

    def __init__(self, by: Yardstick) -> None:
        self.by, self.result, self.rule = by, by.result, by.rule
        self.near: list[tuple[int, Candidate]] = []
        self.places = _places(by.result)
        self.tests = 0

    def test(self, candidate: Candidate) -> Found | None:
        """Return the candidate with its factor if it gives the result, else None."""
        terms = self.by.terms(candidate)
        first = self.by.values.at(candidate, self.places[0])
        agrees = self._agrees(candidate, self.places[0], first, terms)
        self.tests += 1
        if agrees or self.tests <= MAX_PROBED:
            others = self.places[1:]
            hits = sum(self._agrees(candidate, p, self.by.values.at(candidate, p), terms) for p in others)
            if agrees and hits == len(others) and self._everywhere(candidate):
                return Found(candidate=candidate, cast=self.rule.cast(terms))
            self.near += [(hits + agrees, candidate)] if hits or agrees else []
        if not self.rule.factors(terms):
            return None
        factor = ratio(self.result[self.places[0]], first, exact=self.rule.exact)
        if factor is None or factor == 1:
            return None
        spread = self._spread(candidate, terms, first)
        if not self._scaled(candidate, terms, factor, spread):
            return None
        shown = written(factor, spread, tuple(self.by.lengths(candidate).values()))
        if self.result.size == 1 and not _plausible(shown):
            return None
        return Found(candidate=candidate, factor=shown, cast=self.rule.cast(terms))

    def _agrees(self, candidate: Candidate, place: tuple[int, ...], value: Any, terms: int) -> bool:
        """Return whether one element is that of the result."""
        wanted = self.result[place]
        if self.rule.exact:
            return bool(np.asarray(value).astype(self.rule.wrap) == wanted.astype(self.rule.wrap))
        tolerance = self.rule.tolerance(terms)
        if close(value, wanted, tolerance * np.abs(wanted)):
            return True
        with np.errstate(all="ignore"):
            if not np.abs(value - wanted) <= tolerance * self.rule.bound(terms):
                return False
        return bool(close(value, wanted, tolerance * self.by.sizes.at(candidate, place)))

    def _scaled(self, candidate: Candidate, terms: int, factor: Scalar, spread: float) -> bool:
        """Return whether a factor from one element holds for all, the other probes first."""
        rough = 0.0 if self.rule.exact else self.rule.tolerance(terms) * self.rule.bound(terms) * _size(factor)
        for place in self.places[1:]:
            value, wanted = np.asarray(self.by.values.at(candidate, place)), np.asarray(self.result[place])
            if self.rule.exact:
                agrees = bool(times(factor, value, wanted).all())
            else:
                allowed = spread * np.abs(wanted) + rough
                agrees = not np.isfinite(allowed) or bool(close(factor * value, wanted, allowed))
            if not agrees:
                return False
        return self._everywhere(candidate, factor, spread)

    def _everywhere(self, candidate: Candidate, factor: Scalar | None = None, spread: float = 0.0) -> bool:
        """Return whether all elements agree; `spread`: how far a factor may be off, relative to itself."""
        value = self.by.values.whole(candidate)
        if self.rule.exact:
            same = self.by.same(value) if factor is None else times(factor, value, self.result)
            return bool(same.all())
        allowed = self.by.allowed(candidate)
        if factor is None:
            return bool(np.all(close(value, self.result, allowed)))
        with np.errstate(all="ignore"):
            allowed = allowed * _size(factor) + spread * np.abs(self.result)
            return bool(np.all(close(factor * value, self.result, allowed)))

    def _spread(self, candidate: Candidate, terms: int, first: Any) -> float:
        """Return how far the factor that one element gives may be off, relative to itself."""
        if self.rule.exact:
            return 0.0
        size = self.by.sizes.at(candidate, self.places[0])
        return float(self.rule.tolerance(terms) * size / np.abs(first))


def try_values(
    candidates: Iterable[Candidate],
    arrays: Sequence[Array],
    result: Array,
    limits: Limits,
    tell: Callable[[int], None] = lambda tried: None,
) -> Tried:
    """Return which candidates give `result`, which has elements. `tell` hears now and then how many were tried.

    >>> from .fitting import Sample
    >>> from .search import BestFirst
    >>> a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    >>> candidates = BestFirst(Sample(operands=((2, 3), (3, 4)), result=(2, 4)))
    >>> [found.candidate.subscripts for found in try_values(candidates, [a, b], a @ b, Limits()).found]
    ['ij,jk->ik']
    """
    with np.errstate(all="ignore"):
        return _try(candidates, Trial(Yardstick(arrays, result)), limits, tell)


def _try(candidates: Iterable[Candidate], trial: Trial, limits: Limits, tell: Callable[[int], None]) -> Tried:
    found, tried, late = list[Found](), 0, False
    begun, simplest = monotonic(), list[Candidate]()
    for candidate in candidates:
        if found and tried >= limits.most:
            break
        if tried % TELL_EVERY == 0:
            late = monotonic() - begun > limits.seconds
            if late:
                break
            tell(tried)
        simplest += [candidate] if tried < MAX_NEAR else []
        hit = trial.test(candidate)
        found += [] if hit is None else [hit]
        tried += 1
    near = None
    if not found:
        likely = [candidate for _, candidate in sorted(trial.near, key=lambda one: -one[0])[:MAX_NEAR]]
        near = closest(likely, simplest, trial.by)
    return Tried(found=tuple(found), tried=tried, late=late, factors=trial.rule.factors(1), near=near)


def _places(result: Array) -> tuple[tuple[int, ...], ...]:
    """Return the places of the elements that are looked at first: the largest finite one, and some drawn by chance."""
    finite = np.flatnonzero(np.isfinite(result))
    flat = result.reshape(-1)
    with np.errstate(all="ignore"):
        sizes = np.abs(flat[finite].astype(np.complex128 if flat.dtype.kind == "c" else np.float64))
    largest = [int(finite[int(sizes.argmax())])] if finite.size else []
    pool = finite if finite.size else np.arange(flat.size)
    drawn = np.random.default_rng(SEED).choice(pool, size=min(PROBES, pool.size), replace=False)
    places = dict.fromkeys([*largest, *(int(n) for n in drawn)])
    return tuple(tuple(int(n) for n in np.unravel_index(place, result.shape)) for place in list(places)[:PROBES])


def _size(factor: Scalar) -> float:
    """Return the magnitude of a factor."""
    return abs(complex(factor))


def _plausible(factor: Factor) -> bool:
    """Return whether a factor would be written by a person: of one number any expression is some multiple."""
    if isinstance(factor.value, Fraction) and factor.under == "" and factor.before not in ("-1", "2"):
        return False
    return factor.before in ("", "-1", "2") and (factor.under != "" or factor.before != "")
