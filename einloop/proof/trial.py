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
from .compare import Difference, difference
from .data import fill
from .einsum import Array, einsum
from .given import take_given
from .judge import Judge, failure
from .manner import passed
from .narrow import exact_result, narrow_values
from .source_cases import SourceCases
from .subject import Subject
from .tolerance import relative_tolerance
from .ways import Manner
from .written_out import divided_labels

MAX_CASE_SECONDS = 0.6
"""What one case with long axes may be expected to take."""
MAX_LONG_SECONDS, MAX_AWKWARD_SECONDS, MAX_STATED_SECONDS = 1.0, 1.0, 2.0
"""What all of a stage may take: those with long axes, with awkward values, for the shapes stated. Loops that are slow
on short axes get half of what these took."""

QUICK_POINTS = 50_000_000
"""Loop points from which on np.einsum may order its steps: finite sums are as near to the exact ones then."""

MAX_CARRIED_BYTES = 64 << 20
"""Bytes of a result that the child process can bring back."""

CANCELLING = (ValueKind.INTEGERS, ValueKind.SPARSE, ValueKind.SIGNED, ValueKind.LARGE, ValueKind.TINY)
"""Kinds of values of both signs: rounding is bounded by the magnitudes of the terms, not of their sum."""

MAX_WHOLE_ERROR = 1e-3
"""How far a whole number may be off."""


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

    def carried(self, subject: Subject) -> bool:
        """Return whether a result of float64 can be brought back."""
        return 8 * prod(self.extents.get(label, 1) for label in subject.spec.output) <= MAX_CARRIED_BYTES


def known_extents(sampler: Sampler) -> Known:
    """Return the extents that an expression states; indices that go together have one if any of them has."""
    extents: dict[str, int] = {}
    for group in sampler.groups:
        sizes = {index.extent for index in group if isinstance(index.extent, int)}
        if sizes:
            size = min(sizes - {1}, default=1)
            extents |= {index.label: 1 if index.label in sampler.pinned else size for index in group}
    return Known(extents)


@dataclass(slots=True)
class Trial:
    """The cases of one verification as they are run. `must_end`: loops that do not end in time end the verification."""

    loops: Loops
    tries: Tries
    seed: int
    notes: list[str] = field(default_factory=list)
    slow: bool = False
    must_end: bool = True
    plan: SourceCases = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        subject, yardstick = self.loops.subject, self.loops.subject.yardstick
        self.plan = SourceCases(
            subject.spec,
            subject.operands,
            subject.contract,
            random.Random(self.seed),
            on_lists=self.loops.on_lists or subject.contract.values is Values.LISTS,
            empty=self.tries.empty,
            in_place=self.loops.in_place,
            bound=None if yardstick is None else yardstick.bound,
            whole=divided_labels(yardstick),
            imaginary=yardstick is not None and yardstick.imaginary,
        )
        self.judge = Judge(subject=subject, rng=np.random.default_rng(self.seed))

    @property
    def cases(self) -> list[Case]:
        """The cases that were run."""
        return self.judge.cases

    def _begin(self, stage: int) -> None:
        """Draw the values of a stage's cases from a seed of its own: how many ran before it depends on time."""
        self.judge.rng = np.random.default_rng([self.seed, stage] if stage else self.seed)

    def stated(self, known: Known, given: Sequence[Array] | None) -> tuple[Mismatch | None, str | None]:
        """Return the first mismatch for the extents that are known, and why they could not be tried."""
        self._begin(1)
        cases = list(self.plan.stated(known.extents))
        if not known.carried(self.loops.subject):
            return None, f"the result for the shapes given takes more than {MAX_CARRIED_BYTES >> 20} MiB"
        start = perf_counter()
        try:
            if given is not None:
                wrong, untold = self.given(given)
                if wrong or untold:
                    return wrong, untold
            elif not cases:
                return None, self._why_none(known)
            for case in filter(self._tells, cases):
                before = perf_counter()
                wrong = self.run(case)
                if wrong:
                    return wrong, None
                if 2 * perf_counter() - before - start > MAX_STATED_SECONDS:  # one more would take too long
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
        wrong, untold = self.judge.given(taken)
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
        shapes = {draw.shapes for draw in self.plan.stated(known.extents)} if known else set()
        ordinary = [draw for draw in self.plan.ordinary() if draw.shapes not in shapes]
        telling = list(self.plan.telling())
        start = perf_counter()
        self._begin(0)
        wrong = self.first_wrong(draw for draw in ordinary if not draw.empty)
        seconds = perf_counter() - start
        each = seconds / max(len(self.cases), 1)
        self._begin(2)
        wrong = wrong or self._first_wrong_in_time(telling, each, max(MAX_AWKWARD_SECONDS, seconds / 2))
        self._begin(3)
        wrong = wrong or self._first_wrong_in_time(self.plan.long(), each, max(MAX_LONG_SECONDS, seconds / 2))
        if wrong is not None:
            return wrong
        self._begin(4)
        equal = len(self.cases)
        wrong = self.first_wrong(draw for draw in ordinary if draw.empty)
        hint = f"the {equal} cases without an empty axis are equal; --no-empty or no_empty=True tries these only"
        return wrong if wrong is None else replace(wrong, hint=hint)

    def first_wrong(self, cases: Iterable[Draw]) -> Mismatch | None:
        """Run cases until one is wrong."""
        return next((wrong for draw in filter(self._tells, cases) if (wrong := self.run(draw)) is not None), None)

    def _tells(self, draw: Draw) -> bool:
        """Return whether a case has one right result: awkward values in a sum of einsums give what the order makes."""
        return self.loops.subject.yardstick is None or draw.kind in (ValueKind.INTEGERS, ValueKind.REALS)

    def _first_wrong_in_time(self, cases: Iterable[Draw], each: float, allowed: float) -> Mismatch | None:
        """Run cases until one is wrong, while they are likely to be quick, as what loop points cost shows.

        `each`: seconds that an ordinary case took; `allowed`: seconds that all may take.
        """
        start, last, points = perf_counter(), 0.0, 0
        for draw in filter(self._tells, cases):
            before = perf_counter()
            growth = draw.points / points if points else 0.0
            expected = each + max(last - each, 0.0) * growth
            if expected > each + MAX_CASE_SECONDS or before - start + expected > allowed:
                self.slow = True
                return None
            wrong = self.run(draw)
            if wrong is not None:
                return wrong
            last, points = perf_counter() - before, draw.points
        return None

    def run(self, draw: Draw) -> Mismatch | None:
        """Run one case and return the mismatch if it is one."""
        arrays = self._arrays(draw)
        earlier = self._arrays(draw) if draw.manner is Manner.AGAIN else None
        if draw.manner is Manner.SHARED:
            arrays = (arrays[0],) * len(arrays)
        try:
            results = self._results(draw, [arrays] if earlier is None else [earlier, arrays])
        except EinloopError as error:
            if error.undecided and (self.must_end or error.topic is not Topic.DEADLINE):
                raise
            if error.topic is Topic.RAISED and draw.manner.may_be_refused:
                self.notes.append(f"arrays {draw.manner.value} are refused: {error.message}")
                self.judge.note(draw, Outcome.REFUSED)
                return None
            return self.judge.ended(draw, arrays, Difference(reason=failure(error)))
        found, exact = self._difference(draw, arrays, results[-1])
        if found is not None and earlier is not None:
            found = replace(found, reason=f"right when called once, wrong when called again: {found.reason}")
        if found is None and earlier is not None and self._difference(draw, earlier, results[0])[0]:
            found = Difference(reason="a second call changes the result of the first")
        return self.judge.ended(draw, arrays, found, exact=exact)

    def _arrays(self, draw: Draw) -> tuple[Array, ...]:
        if draw.kind is ValueKind.NARROW:
            return narrow_values(self.plan.spec, self.plan.operands, draw)
        return fill_awkward(draw, self.judge.rng) if draw.kind in AWKWARD else fill(draw, self.judge.rng)

    def _results(self, draw: Draw, calls: Sequence[tuple[Array, ...]]) -> tuple[object, ...]:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return self.loops.repeated(*(passed(self.loops.subject, arrays, draw.manner) for arrays in calls))

    def _difference(self, draw: Draw, arrays: tuple[Array, ...], got: Any) -> tuple[Difference | None, bool]:
        """Return how a result differs, and whether it was compared exactly: whole numbers may be off by rounding."""
        subject = self.loops.subject
        if subject.yardstick is not None:
            return self.judge.off(subject.yardstick, draw, arrays, got), draw.exact
        subscripts, factors = subject.spec.subscripts, subject.per_operand(arrays)
        quick = draw.points > QUICK_POINTS and all(map(_is_finite, factors))
        rule = self.judge.rule(draw, unsure=unsure(subject.spec, factors) if draw.kind is ValueKind.ZEROS else None)
        with np.errstate(all="ignore"):
            if draw.kind is ValueKind.NARROW:  # loops may round as often as np.einsum does
                found = difference(got, exact_result(subscripts, factors), rule)
                return found and difference(got, einsum(subscripts, factors), rule), False
            expected = einsum(subscripts, factors, quick=quick)
            found = difference(got, expected, rule) if draw.exact or not _cancels(draw) else None
            if not _cancels(draw) or (draw.exact and found is None):
                return found, draw.exact
            scale = magnitudes(subject.spec, factors, quick=quick)
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


def _cancels(draw: Draw) -> bool:
    """Return whether terms of both signs are rounded: floats or complex numbers of fixed width."""
    if draw.kind not in CANCELLING or any(name not in ARITHMETIC for name in draw.dtypes):
        return False
    common = common_dtype(draw.dtypes)
    return common in FLOATS or common in COMPLEXES


def _whole_numbers_tell(draw: Draw, scale: Array) -> bool:
    """Return whether rounding as much as a tolerance allows stays far below 1, which a wrong term costs at least.

    Then a mean times a count is as right as a sum.
    """
    tolerance = relative_tolerance(common_dtype(draw.dtypes), draw.factors, draw.terms)
    return bool(tolerance * scale.max(initial=0.0) < MAX_WHOLE_ERROR)
