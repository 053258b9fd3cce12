"""Runs a person's loops on what can tell them from np.einsum, and says for which shapes they are right.

Shapes that are known decide: loops that are right for them are verified, for them only where other sizes differ.
Cases with an empty axis come last, so that a mismatch there says that all others are equal.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from ..core.dtypes import ARITHMETIC, COMPLEXES, FLOATS, common_dtype
from ..core.errors import EinloopError
from ..core.generated import Values
from ..core.verification import Case, Mismatch, Outcome, Verification
from .awkward import AWKWARD, fill_awkward, magnitudes, unsure
from .cases import Draw, Kind, Sampler, relative_tolerance
from .compare import Difference, Rule, difference
from .data import Array, fill
from .manner import Manner, passed
from .source_cases import Sized, SourceCases
from .verifier import NOT_A_VERDICT, Subject, contract_words, einsum_of, given_draw, mismatch_of

CASE_SECONDS, LONG_SECONDS, STATED_SECONDS = 0.6, 1.0, 2.0
"""What one case with long axes may be expected to take, what all of them may take, and all cases of stated shapes."""

QUICK_POINTS = 50_000_000
"""Loop points from which on np.einsum is left to order its own steps; whole numbers are exact in any order."""

CARRIED_BYTES = 64 << 20
"""Bytes of a result that the child process can bring back."""

DEADLINE = "EL620"

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


def verify_loops(
    loops: Loops, tries: Tries, *, seed: int = 0, given: Sequence[Array] | None = None, command: str = ""
) -> Verification:
    """Return what comparing a person's loops with np.einsum found.

    `given`: the person's own arrays, one per distinct input, compared first.
    """
    trial = _Trial(loops=loops, tries=tries, seed=seed)
    known = _known(trial.sampler)
    problem: str | None = None
    wrong: Mismatch | None = None
    if known:
        wrong, problem = trial.stated(known, given)
    stated = bool(trial.cases)
    elsewhere = None if wrong or tries.stated_only else trial.elsewhere(known)
    only = ""
    notes = list(trial.notes)
    if known and wrong is None and problem is None and (tries.stated_only or elsewhere):
        only = known.words(loops.subject)
        notes.append(f"at other sizes the loops differ: {_brief(elsewhere)}" if elsewhere else "no other sizes tried")
    elif known and stated and wrong is None and problem is None:
        notes.append(f"right for the shapes given, {known.words(loops.subject)}, and at other sizes too")
    if problem is not None:
        equal = sum(case.outcome is Outcome.EQUAL for case in trial.cases)
        after = f"{equal} cases of other sizes are equal, and are all that is tried without shapes"
        problem = f"{problem}; {f'at other sizes they differ: {_brief(elsewhere)}' if elsewhere else after}"
    return Verification(
        subscripts=loops.subject.spec.subscripts,
        cases=tuple(trial.cases),
        seed=seed,
        contract=contract_words(loops.subject, trial.sampler),
        mismatch=wrong or (None if known else elsewhere),
        skipped=problem,
        notes=(*(() if only else trial.tried()), *notes),
        source=loops.subject.source if wrong or (elsewhere and not known) else "",
        command=command,
        only=only,
    )


def _brief(wrong: Mismatch) -> str:
    shapes = " ".join("x".join(map(str, shape)) or "()" for shape in wrong.case.shapes)
    return f"for {shapes}, {wrong.reason}"


@dataclass(frozen=True, slots=True)
class _Known:
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


def _known(sampler: Sampler) -> _Known:
    extents: dict[str, int] = {}
    for group in sampler.groups:
        sizes = {index.extent for index in group if isinstance(index.extent, int)} - {1}
        ones = any(index.extent == 1 for index in group)
        if sizes or ones:
            size = min(sizes, default=1)
            extents |= {index.label: 1 if index.label in sampler.pinned else size for index in group}
    return _Known(extents)


def fitting(loops: Loops, *, seed: int, given: Sequence[Array] | None = None) -> Loops | None:
    """Return loops that pass the first case: as they are, or taking nested lists where they may; None where neither."""
    subject = loops.subject
    tried = [loops]
    if loops.on_lists and subject.contract.values is not Values.LISTS:
        contract = replace(subject.contract, values=Values.LISTS)
        tried.append(replace(loops, subject=replace(subject, contract=contract)))
    for candidate in tried:
        trial = _Trial(loops=candidate, tries=Tries(empty=False), seed=seed)
        known = _known(trial.sampler)
        cases = trial.stated_cases(known) if known else trial.plan.ordinary()
        if known and _result_bytes(subject, known) > CARRIED_BYTES:
            return loops
        try:
            if given is None:
                wrong = trial.first_wrong(islice(cases, 1))
            else:
                wrong = trial.judge(Sized(draw=given_draw(subject, given), points=0), given)
        except EinloopError as error:
            if error.id != DEADLINE:
                raise
            return candidate
        if wrong is None:
            return candidate
    return None


@dataclass(slots=True)
class _Trial:
    """The cases of one verification as they are run."""

    loops: Loops
    tries: Tries
    seed: int
    cases: list[Case] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    slow: bool = False
    sampler: Sampler = field(init=False)
    plan: SourceCases = field(init=False)
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        subject = self.loops.subject
        self.sampler = Sampler(subject.spec, subject.operands, subject.contract, random.Random(self.seed))
        on_lists = self.loops.on_lists or subject.contract.values is Values.LISTS
        self.plan = SourceCases(
            sampler=self.sampler, on_lists=on_lists, empty=self.tries.empty, in_place=self.loops.in_place
        )
        self.rng = np.random.default_rng(self.seed)

    def _begin(self, stage: int) -> None:
        """Draw the values of a stage's cases from a seed of its own: how many ran before it depends on time."""
        self.rng = np.random.default_rng([self.seed, stage] if stage else self.seed)

    def stated_cases(self, known: _Known) -> Iterator[Sized]:
        """Yield the cases of the extents that are known; where some are not, these vary."""
        whole = len(known.extents) == sum(map(len, self.sampler.groups))
        for number in range(1 if whole else 2):
            sizes = self.sampler.by_label([1] * len(self.sampler.groups)) if whole else self.sampler.distinct()
            sizes |= known.extents
            yield from self.plan.battery(sizes, self.sampler.covered(number, sizes))

    def stated(self, known: _Known, given: Sequence[Array] | None) -> tuple[Mismatch | None, str | None]:
        """Return the first mismatch for the extents that are known, and why they could not be tried."""
        self._begin(1)
        cases = list(self.stated_cases(known))
        if not cases:
            return None, "no inputs of these shapes and dtypes have sums that two orders of adding agree on"
        if _result_bytes(self.loops.subject, known) > CARRIED_BYTES:
            return None, f"the result for the shapes given takes more than {CARRIED_BYTES >> 20} MiB"
        start = perf_counter()
        try:
            if given is not None:
                self.notes.append("the arrays given among them")
                wrong = self.judge(Sized(draw=given_draw(self.loops.subject, given), points=cases[0].points), given)
                if wrong:
                    return wrong, None
            for number, case in enumerate(cases):
                before = perf_counter()
                wrong = self.judge(case)
                if wrong:
                    return wrong, None
                last = perf_counter() - before
                if number and perf_counter() + last - start > STATED_SECONDS:
                    break
        except EinloopError as error:
            if error.id != DEADLINE or (not self.cases and self.tries.stated_only):
                raise
            return None, f"for the shapes given, {error.message}"
        return None, None

    def elsewhere(self, known: _Known) -> Mismatch | None:
        """Return the first mismatch at sizes of all kinds, those with an empty axis last."""
        shapes = {case.draw.shapes for case in self.stated_cases(known)} if known else set()
        ordinary = [case for case in self.plan.ordinary() if case.draw.shapes not in shapes]
        telling = list(self.plan.telling())
        self._begin(0)
        wrong = self.first_wrong(case for case in ordinary if not case.empty)
        self._begin(2)
        wrong = wrong or self.first_wrong(telling)
        self._begin(3)
        wrong = wrong or self._first_wrong_long()
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

    def _first_wrong_long(self) -> Mismatch | None:
        """Run the cases with long axes, while they are likely to be quick."""
        start, last, points = perf_counter(), 0.0, 0
        for case in self.plan.long():
            before = perf_counter()
            expected = last * case.points / points if points else 0.0
            if expected > CASE_SECONDS or before - start + expected > LONG_SECONDS:
                self.slow = True
                return None
            wrong = self.judge(case)
            if wrong is not None:
                return wrong
            last, points = perf_counter() - before, case.points
        return None

    def judge(self, sized: Sized, given: Sequence[Array] | None = None) -> Mismatch | None:
        """Run one case, append it to those that were run, and return the mismatch if it is one."""
        draw, subject = sized.draw, self.loops.subject
        arrays = self._arrays(draw) if given is None else tuple(given)
        earlier = self._arrays(draw) if draw.manner is Manner.AGAIN else None
        if draw.manner is Manner.SHARED:
            arrays = (arrays[0],) * len(arrays)
        outcome, found = Outcome.EQUAL, None
        try:
            results = self._results(draw, [arrays] if earlier is None else [earlier, arrays])
        except EinloopError as error:
            if error.id in NOT_A_VERDICT:
                raise
            told = error.message if error.id == "EL627" else f"the loops failed: {error.message}"
            found = Difference(reason=told)
            if error.id == "EL621" and draw.manner.may_be_refused:
                self.notes.append(f"arrays {draw.manner.value} are refused: {error.message}")
                outcome, found = Outcome.REFUSED, None
        else:
            found = self._difference(sized, arrays, results[-1])
            if found is not None and earlier is not None:
                found = replace(found, reason=f"right when called once, wrong when called again: {found.reason}")
            if found is None and earlier is not None and self._difference(sized, earlier, results[0]):
                found = Difference(reason="a second call changes the result of the first")
        case = Case(
            shapes=draw.shapes,
            dtypes=draw.dtypes,
            kind=draw.words,
            outcome=outcome if found is None else Outcome.DIFFERENT,
            exact=draw.exact,
        )
        self.cases.append(case)
        return None if found is None else mismatch_of(subject, case, arrays, found)

    def _arrays(self, draw: Draw) -> tuple[Array, ...]:
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

    def _difference(self, sized: Sized, arrays: tuple[Array, ...], got: Any) -> Difference | None:
        draw, subject = sized.draw, self.loops.subject
        by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
        factors = [by_name[name] for name in subject.operands]
        objects = "object" in draw.dtypes or "|O" in draw.dtypes
        signed = draw.exact or draw.kind in (Kind.SIGNED, Kind.LARGE, Kind.TINY, Kind.GIVEN)
        scale = magnitudes(subject.spec, factors) if signed and _inexact(draw) else None
        rule = Rule(
            exact=draw.exact and (scale is None or not _whole_numbers_tell(draw, scale)),
            factors=draw.factors,
            terms=draw.terms,
            plain_zero=True,
            lists=subject.contract.values is Values.LISTS,
            objects=objects,
            scalars=subject.scalars,
            lenient=True,
            scale=scale,
            unsure=unsure(subject.spec, factors) if draw.kind is Kind.ZEROS else None,
        )
        with np.errstate(all="ignore"):
            if draw.exact and sized.points > QUICK_POINTS:
                expected: Any = np.einsum(subject.spec.subscripts, *factors, optimize=True)
            else:
                expected = einsum_of(subject, arrays)
            return difference(got, expected, rule)

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
        slow = ["longer ones would take too long"] if self.slow else []
        return (words, *slow, *limits)


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


def _result_bytes(subject: Subject, known: _Known) -> int:
    return 8 * prod(known.extents.get(label, 1) for label in subject.spec.output)
