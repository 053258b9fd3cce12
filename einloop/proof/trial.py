"""The cases of a person's loops as they are run: what may take how long, and what a case found.

Cases with an empty axis come last, so that a mismatch there says that all others are equal.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from ..core.dtypes import ARITHMETIC, COMPLEXES, FLOATS, common_dtype
from ..core.errors import EinloopError
from ..core.generated import Values
from ..core.topic import Topic
from ..core.verification import Case, Mismatch, Outcome
from .awkward import AWKWARD, fill_awkward, magnitudes, unsure
from .cases import Draw, Sampler, ValueKind
from .compare import Difference, Rule, difference
from .data import Array, fill
from .given import take_given
from .manner import Manner, passed
from .narrow import narrow_values
from .source_cases import Sized, SourceCases
from .tolerance import relative_tolerance
from .verifier import Subject, einsum_of, exactly, failure, judge_given, mismatch_of

CASE_SECONDS, LONG_SECONDS, TELLING_SECONDS, STATED_SECONDS = 0.6, 1.0, 1.0, 2.0
"""What one case with long axes may be expected to take, and what all of a stage may take: those with long axes, with
awkward values, for the shapes stated. Loops that are slow on short axes get half of what these took."""

QUICK_POINTS = 50_000_000
"""Loop points from which on np.einsum may order its steps: finite sums are as near to the exact ones then."""

CARRIED_BYTES = 64 << 20
"""Bytes of a result that the child process can bring back."""

CANCELLING = (ValueKind.INTEGERS, ValueKind.SPARSE, ValueKind.SIGNED, ValueKind.LARGE, ValueKind.TINY)
"""Kinds of values of both signs: rounding is bounded by the magnitudes of the terms, not of their sum."""

WHOLE = 1e-3
"""How far a whole number may be off, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """A person's loops: the subject, and how to call them several times in a row.

    `on_lists`: they measure and index as nested lists allow, so such are tried where arrays do not fit. `in_place`:
    an input is their result.
    """

    subject: Subject
    repeated: Callable[..., tuple[object, ...]]
    on_lists: bool = False
    in_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What to try: `stated_only`, no other sizes than those that are known; `empty`, axes without elements too."""

    stated_only: bool = False
    empty: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """The extents that are known, by label, ties included."""

    extents: dict[str, int]

    def __bool__(self) -> bool:
        return bool(self.extents)

    def words(self, subject: Subject) -> str:
        """Return them as shapes, or index by index where some shape is not known."""
        shapes = [op.shape for op in subject.spec.operands]
        if all(shape is not None and all(isinstance(n, int) for n in shape) for shape in shapes):
            return " ".join("x".join(map(str, shape or ())) or "()" for shape in shapes)
        return ", ".join(f"{label}={extent}" for label, extent in self.extents.items())


def known_extents(sampler: Sampler) -> Known:
    """Return the extents that an expression states; indices that go together have one if any of them has."""
    extents: dict[str, int] = {}
    for group in sampler.groups:
        sizes = {index.extent for index in group if isinstance(index.extent, int)} - {1}
        ones = any(index.extent == 1 for index in group)
        if sizes or ones:
            size = min(sizes, default=1)
            extents |= {index.label: 1 if index.label in sampler.pinned else size for index in group}
    return Known(extents)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    """Seconds: what each of the ordinary cases took, and what a stage may take."""

    each: float
    allowed: float


@dataclass(slots=True)
class Trial:
    """The cases of one verification as they are run."""

    loops: Loops
    tries: Tries
    seed: int
    cases: list[Case] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    slow: bool = False
    must_end: bool = True
    plan: SourceCases = field(init=False)
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        subject = self.loops.subject
        on_lists = self.loops.on_lists or subject.contract.values is Values.LISTS
        self.plan = SourceCases(
            subject.spec,
            subject.operands,
            subject.contract,
            random.Random(self.seed),
            on_lists=on_lists,
            empty=self.tries.empty,
            in_place=self.loops.in_place,
        )
        self.rng = np.random.default_rng(self.seed)

    def _begin(self, stage: int) -> None:
        """Draw the values of a stage's cases from a seed of its own: how many ran before it depends on time."""
        self.rng = np.random.default_rng([self.seed, stage] if stage else self.seed)

    def stated(self, known: Known, given: Sequence[Array] | None) -> tuple[Mismatch | None, str | None]:
        """Return the first mismatch for the extents that are known, and why they could not be tried."""
        self._begin(1)
        cases = list(self.plan.stated(known.extents))
        if result_bytes(self.loops.subject, known) > CARRIED_BYTES:
            return None, f"the result for the shapes given takes more than {CARRIED_BYTES >> 20} MiB"
        start = perf_counter()
        try:
            if given is not None:
                wrong, untold = self.given(given)
                if wrong or untold:
                    return wrong, untold
            elif not cases:
                return None, self._why_none(known)
            for case in cases:
                before = perf_counter()
                wrong = self.judge(case)
                if wrong:
                    return wrong, None
                if 2 * perf_counter() - before - start > STATED_SECONDS:  # one more would take too long
                    break
        except EinloopError as error:
            if error.topic is not Topic.DEADLINE:
                raise
            return None, f"for the shapes given, {error.message}"
        return None, None

    def given(self, arrays: Sequence[Array]) -> tuple[Mismatch | None, str | None]:
        """Return the mismatch on the arrays given, and why they cannot tell."""
        subject = self.loops.subject
        taken = take_given(subject.spec, subject.operands, arrays, whole=True, rng=random.Random(self.seed))
        self.notes.append(taken.note)
        wrong, untold = judge_given(subject, taken, self.rng, self.cases)
        return wrong, None if untold is None else f"on the arrays given, {untold}"

    def _why_none(self, known: Known) -> str:
        if 0 not in known.extents.values():
            return "no inputs of these shapes and dtypes have sums that two orders of adding agree on"
        if not self.tries.empty:
            return "the shapes given have an empty axis, and no empty axes are to be tried"
        return "nested lists cannot show the shapes given"

    def elsewhere(self, known: Known) -> Mismatch | None:
        """Return the first mismatch at sizes of all kinds, those with an empty axis last.

        Where shapes are known, not to end elsewhere is a mismatch like others.
        """
        self.must_end = not known
        shapes = {case.draw.shapes for case in self.plan.stated(known.extents)} if known else set()
        ordinary = [case for case in self.plan.ordinary() if case.draw.shapes not in shapes]
        telling = list(self.plan.telling())
        start = perf_counter()
        self._begin(0)
        wrong = self.first_wrong(case for case in ordinary if not case.empty)
        seconds = perf_counter() - start
        pace = _Pace(each=seconds / max(len(self.cases), 1), allowed=max(TELLING_SECONDS, seconds / 2))
        self._begin(2)
        wrong = wrong or self._first_wrong_in_time(telling, pace)
        self._begin(3)
        pace = replace(pace, allowed=max(LONG_SECONDS, seconds / 2))
        wrong = wrong or self._first_wrong_in_time(self.plan.long(), pace)
        if wrong is not None:
            return wrong
        self._begin(4)
        equal = len(self.cases)
        wrong = self.first_wrong(case for case in ordinary if case.empty)
        hint = f"the {equal} cases without an empty axis are equal; --no-empty or no_empty=True tries these only"
        return wrong if wrong is None else replace(wrong, hint=hint)

    def first_wrong(self, cases: Iterable[Sized]) -> Mismatch | None:
        """Run cases until one is wrong."""
        for case in cases:
            wrong = self.judge(case)
            if wrong is not None:
                return wrong
        return None

    def _first_wrong_in_time(self, cases: Iterable[Sized], pace: _Pace) -> Mismatch | None:
        """Run cases until one is wrong, while they are likely to be quick, as what loop points cost shows."""
        start, last, points = perf_counter(), 0.0, 0
        for case in cases:
            before = perf_counter()
            growth = case.points / points if points else 0.0
            expected = pace.each + max(last - pace.each, 0.0) * growth
            if expected > pace.each + CASE_SECONDS or before - start + expected > pace.allowed:
                self.slow = True
                return None
            wrong = self.judge(case)
            if wrong is not None:
                return wrong
            last, points = perf_counter() - before, case.points
        return None

    def judge(self, sized: Sized) -> Mismatch | None:
        """Run one case, append it to those that were run, and return the mismatch if it is one."""
        draw, subject = sized.draw, self.loops.subject
        arrays = self._arrays(draw)
        earlier = self._arrays(draw) if draw.manner is Manner.AGAIN else None
        if draw.manner is Manner.SHARED:
            arrays = (arrays[0],) * len(arrays)
        outcome, found, exact = Outcome.EQUAL, None, draw.exact
        try:
            results = self._results(draw, [arrays] if earlier is None else [earlier, arrays])
        except EinloopError as error:
            if error.undecided and (self.must_end or error.topic is not Topic.DEADLINE):
                raise
            found = Difference(reason=failure(error))
            if error.topic is Topic.RAISED and draw.manner.may_be_refused:
                self.notes.append(f"arrays {draw.manner.value} are refused: {error.message}")
                outcome, found = Outcome.REFUSED, None
        else:
            found, exact = self._difference(sized, arrays, results[-1])
            if found is not None and earlier is not None:
                found = replace(found, reason=f"right when called once, wrong when called again: {found.reason}")
            if found is None and earlier is not None and self._difference(sized, earlier, results[0])[0]:
                found = Difference(reason="a second call changes the result of the first")
        case = Case(
            shapes=draw.shapes,
            dtypes=draw.dtypes,
            kind=draw.words,
            outcome=outcome if found is None else Outcome.DIFFERENT,
            exact=exact,
        )
        self.cases.append(case)
        return None if found is None else mismatch_of(subject, case, arrays, found)

    def _arrays(self, draw: Draw) -> tuple[Array, ...]:
        if draw.kind is ValueKind.NARROW:
            return narrow_values(self.plan.spec, self.plan.operands, draw)
        return fill_awkward(draw, self.rng) if draw.kind in AWKWARD else fill(draw, self.rng)

    def _results(self, draw: Draw, calls: Sequence[tuple[Array, ...]]) -> tuple[object, ...]:
        subject = self.loops.subject
        if subject.contract.values is Values.LISTS:
            return self.loops.repeated(*([array.tolist() for array in arrays] for arrays in calls))
        dotted = {name for name, op in zip(subject.operands, subject.spec.operands, strict=True) if op.dots is not None}
        boxed = [name in dotted for name in dict.fromkeys(subject.operands)]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return self.loops.repeated(*(passed(arrays, boxed, draw.manner) for arrays in calls))

    def _difference(self, sized: Sized, arrays: tuple[Array, ...], got: Any) -> tuple[Difference | None, bool]:
        """Return how a result differs, and whether it was compared exactly: whole numbers may be off by rounding."""
        draw, subject = sized.draw, self.loops.subject
        by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
        factors = [by_name[name] for name in subject.operands]
        quickly = sized.points > QUICK_POINTS and all(_is_finite(factor) for factor in factors)
        rule = Rule(
            exact=draw.exact,
            factors=draw.factors,
            terms=draw.terms,
            plain_zero=True,
            lists=subject.contract.values is Values.LISTS,
            objects="object" in draw.dtypes or "|O" in draw.dtypes,
            scalars=subject.scalars,
            lenient=True,
            unsure=unsure(subject.spec, factors) if draw.kind is ValueKind.ZEROS else None,
        )
        with np.errstate(all="ignore"):
            if draw.kind is ValueKind.NARROW:  # loops may round as often as np.einsum does
                rule = replace(rule, factors=0, terms=0)
                found = difference(got, exactly(subject, arrays), rule)
                return found and difference(got, einsum_of(subject, arrays), rule), False
            if quickly:
                expected: Any = np.einsum(subject.spec.subscripts, *factors, optimize=True)
            else:
                expected = einsum_of(subject, arrays)
            if not _inexact(draw) or draw.kind not in CANCELLING:
                return difference(got, expected, rule), draw.exact
            found = difference(got, expected, rule) if draw.exact else None
            if draw.exact and found is None:
                return None, True
            scale = magnitudes(subject.spec, factors, quickly=quickly)
            if draw.exact and not _whole_numbers_tell(draw, scale):
                return found, True
            off = difference(got, expected, replace(rule, exact=False, scale=scale))
            return (found, True) if draw.exact and off is not None else (off, False)

    def tried(self) -> tuple[str, ...]:
        """Return in words which sizes were tried."""
        sizes = [sorted({n for shape in case.shapes for n in shape}) for case in self.cases]
        alone = max((part[-1] for part in sizes if part), default=0)
        together = max((part[-2] for part in sizes if len(part) > 1), default=0)
        if not alone:
            return ()
        words = f"axes up to {alone:,} long"
        if together > 3:
            words += f", several at once up to {together:,}"
        limits = ["no empty axes"] if not self.tries.empty else []
        if self.loops.on_lists and self.loops.subject.contract.values is not Values.LISTS and self.tries.empty:
            limits.append("no empty axes whose length nested lists cannot say")
        slow = ["more would take too long"] if self.slow else []
        return (words, *slow, *limits)


def _is_finite(array: Array) -> bool:
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def _inexact(draw: Draw) -> bool:
    """Return whether the result is a float or complex number, all inputs being numbers of fixed width."""
    common = "object" if "object" in draw.dtypes or "|O" in draw.dtypes else ""
    if not common and all(name in ARITHMETIC for name in draw.dtypes):
        common = common_dtype(draw.dtypes)
    return common in FLOATS or common in COMPLEXES


def _whole_numbers_tell(draw: Draw, scale: Array) -> bool:
    """Return whether rounding as much as a tolerance allows stays far below 1, which a wrong term costs at least.

    Then a mean times a count is as right as a sum.
    """
    tolerance = relative_tolerance(common_dtype(draw.dtypes), draw.factors, draw.terms)
    return bool(tolerance * scale.max(initial=0.0) < WHOLE)


def result_bytes(subject: Subject, known: Known) -> int:
    """Return how large a result of float64 is for the extents that are known."""
    return 8 * prod(known.extents.get(label, 1) for label in subject.spec.output)
