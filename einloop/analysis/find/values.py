"""Which candidates give the values of a given result, up to one factor; and where none does, which comes closest.

A candidate is computed at a few elements first, which refutes nearly all; what is left is compared everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, log10
from time import monotonic
from typing import Any

import numpy as np

from .agreement import Scalar, ValueYardstick, close, close_numbers, ratio, times
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
MAX_CHANCE, MAX_CHANCE_OF_ONE = -1.0, -6.0
"""Logarithms of the chance up to which a factor is believed: of several elements, and of one number."""
SURE = -2.0
"""Of the chance that one of all that were tried agrees though it has nothing to do with the result."""
TELL_EVERY = 50
"""Candidates after which the clock is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLimits:
    """How much is tried: `most` candidates where some of them give the values, all others until `seconds` are over."""

    most: int = 3_000
    seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMatch:
    """A candidate that gives the values: times `factor`, None for 1. `cast`: the dtype that the call has to state.

    `chance`: the logarithm of how likely numbers of this size agree so far, by rounding, though they have nothing to do
    with each other; -inf where values are exact.
    """

    candidate: Candidate
    chance: float
    factor: Factor | None = None
    cast: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came out: those found, without a factor first and else in the order in which they were tried; and how many
    were tried.

    `late`: the time was over. `factors`: one factor was tried too. `loose`: rounding is so coarse, or the result so
    small, that some may fit by chance. `near`: what comes closest where nothing is found.
    """

    found: tuple[ValueMatch, ...]
    tried: int
    late: bool
    factors: bool
    loose: bool = False
    near: Near | None = None


class ValueTrial:
    """The comparison of candidates with one result. `near`: those that give some elements looked at, and how many."""

    def __init__(self, by: ValueYardstick) -> None:
        self.by, self.result, self.rule = by, by.result, by.rule
        self.near: list[tuple[int, Candidate]] = []
        self.places = _places(by.result)
        self.tests = 0

    def test(self, candidate: Candidate) -> ValueMatch | None:
        """Return the candidate with its factor if it gives the result, else None."""
        terms = self.by.terms(candidate)
        first = self.by.values.at(candidate, self.places[0])
        agrees = self._agrees(candidate, self.places[0], first, terms)
        self.tests += 1
        if agrees or self.tests <= MAX_PROBED:
            others = self.places[1:]
            hits = sum(self._agrees(candidate, p, self.by.values.at(candidate, p), terms) for p in others)
            chances = self._everywhere(candidate) if agrees and hits == len(others) else None
            if chances is not None:
                return ValueMatch(candidate=candidate, chance=float(chances.sum()), cast=self.rule.cast(terms))
            self.near += [(hits + agrees, candidate)] if hits or agrees else []
        factor = ratio(self.result[self.places[0]], first, exact=self.rule.exact) if self.rule.factors(terms) else None
        return None if factor is None or factor == 1 else self._multiple(candidate, terms, factor, first)

    def _multiple(self, candidate: Candidate, terms: int, factor: Scalar, first: Any) -> ValueMatch | None:
        """Return the candidate times a factor that was taken from one element, if all others bear it out."""
        if not self.rule.exact and not self._may_scale(candidate, terms, factor, first):
            return None
        spread = self._spread(candidate, terms, first)
        chances = self._scaled(candidate, terms, factor, spread)
        if chances is None:
            return None
        shown = written(factor, spread, tuple(self.by.lengths(candidate).values()))
        chance = float(chances.sum() - chances.min()) if chances.size > 1 else 0.0
        if chances.size < 2 and not (chances.sum() < MAX_CHANCE_OF_ONE and _plausible(shown)):
            return None  # any expression is some multiple of one number
        if chances.size > 1 and chance > MAX_CHANCE:
            return None
        return ValueMatch(candidate=candidate, chance=chance, factor=shown, cast=self.rule.cast(terms, scaled=True))

    def _agrees(self, candidate: Candidate, place: tuple[int, ...], value: Any, terms: int) -> bool:
        """Return whether one element is that of the result."""
        wanted = self.result[place]
        if self.rule.exact:
            return bool(np.asarray(value).astype(self.rule.wrap) == wanted.astype(self.rule.wrap))
        tolerance = self.rule.tolerance(terms)
        one, other = value.item(), wanted.item()
        if close_numbers(one, other, tolerance * _magnitude(other)):
            return True
        bound = tolerance * self.rule.bound(terms)
        if isfinite(bound) and not close_numbers(one, other, bound):
            return False
        return close_numbers(one, other, tolerance * self.by.sizes.at(candidate, place).item())

    def _may_scale(self, candidate: Candidate, terms: int, factor: Scalar, first: Any) -> bool:
        """Return whether a second element bears a factor out, if rounding was as coarse as it ever is."""
        bound = self.rule.tolerance(terms) * self.rule.bound(terms)
        for place in self.places[1:2]:
            value, wanted = self.by.values.at(candidate, place).item(), self.result[place].item()
            allowed = bound / abs(first.item()) * _magnitude(wanted) + bound * _size(factor)
            return not isfinite(allowed) or close_numbers(factor * value, wanted, allowed)
        return True

    def _scaled(self, candidate: Candidate, terms: int, factor: Scalar, spread: float) -> Array | None:
        """Return what `_everywhere` does for a factor from one element; the other probes come first."""
        rough = 0.0 if self.rule.exact else self.rule.tolerance(terms) * self.rule.bound(terms) * _size(factor)
        for place in self.places[1:]:
            value, wanted = np.asarray(self.by.values.at(candidate, place)), np.asarray(self.result[place])
            if self.rule.exact:
                agrees = bool(times(factor, value, wanted).all())
            else:
                allowed = spread * np.abs(wanted) + rough
                agrees = not np.isfinite(allowed) or bool(close(factor * value, wanted, allowed))
            if not agrees:
                return None
        return self._everywhere(candidate, factor, spread)

    def _everywhere(self, candidate: Candidate, factor: Scalar | None = None, spread: float = 0.0) -> Array | None:
        """Return the logarithm of each element's chance to agree by rounding alone, None where some do not agree.

        `spread`: how far a factor may be off, relative to itself. Elements that are 0 or not finite count for nothing.
        """
        value, wanted = self.by.values.whole(candidate), self.result
        telling = (wanted != 0) & np.isfinite(wanted)
        if self.rule.exact:
            same = self.by.same(value) if factor is None else times(factor, value, wanted)
            return np.full(np.count_nonzero(telling), -np.inf) if same.all() else None
        allowed = self.by.allowed(candidate)
        if factor is not None:
            allowed = allowed * _size(factor) + spread * np.abs(wanted)
        if not np.all(close(value if factor is None else factor * value, wanted, allowed)):
            return None
        shares = (np.broadcast_to(allowed, wanted.shape) / np.abs(wanted))[telling]
        return np.asarray(np.log10(np.clip(shares, 1e-300, 1.0)))

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
    limits: ValueLimits,
    tell: Callable[[int], None] = lambda tried: None,
) -> Tried:
    """Return which candidates give `result`, which has elements. `tell` hears now and then how many were tried.

    >>> from .fitting import Sample
    >>> from .search import BestFirst
    >>> a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    >>> candidates = BestFirst(Sample(operands=((2, 3), (3, 4)), result=(2, 4)))
    >>> [found.candidate.subscripts for found in try_values(candidates, [a, b], a @ b, ValueLimits()).found]
    ['ij,jk->ik']
    """
    with np.errstate(all="ignore"):
        return _try(candidates, ValueTrial(ValueYardstick(arrays, result)), limits, tell)


def _try(candidates: Iterable[Candidate], trial: ValueTrial, limits: ValueLimits, tell: Callable[[int], None]) -> Tried:
    found, tried, late = list[ValueMatch](), 0, False
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
    near, found = None, sorted(found, key=lambda one: one.factor is not None)
    if not found:
        likely = [candidate for _, candidate in sorted(trial.near, key=lambda one: -one[0])[:MAX_NEAR]]
        near = closest(likely, simplest, trial.by)
    loose = any(one.chance + log10(tried) > SURE for one in found)
    return Tried(found=tuple(found), tried=tried, late=late, factors=trial.rule.factors(1), loose=loose, near=near)


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


def _magnitude(number: complex) -> float:
    """Return the magnitude of a number, inf where it is beyond the largest float."""
    try:
        return abs(number)
    except OverflowError:
        return inf


def _plausible(factor: Factor) -> bool:
    """Return whether a factor would be written by a person: a whole denominator, 2 or -1."""
    return (factor.before == "" and factor.under != "") or (factor.before in ("-1", "2") and factor.under == "")
