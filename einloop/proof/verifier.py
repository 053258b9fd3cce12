"""Runs what it is given on every case and compares with np.einsum(optimize=False). Chooses and formats nothing."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np

from ..core.errors import EinloopError, RaisedError, RunError
from ..core.generated import Contract, Values
from ..core.spec import Dots, Spec
from ..core.topic import Topic
from ..core.verification import Case, Mismatch, Outcome, Verification
from .blocks import not_passed
from .cases import POINTS, Draw, Sampler, ValueKind, outside
from .compare import Difference, Rule, difference, shown
from .data import Array, broken_lists, fill
from .given import GIVEN_POINTS, Given, take_given
from .narrow import exact_result, narrow_cases, narrow_values
from .rounding import Sums
from .terms import element_terms
from .whole import whole_draw, whole_numbers

SENT = 64 << 20
"""Bytes of a result up to which nothing but the loops themselves keeps it from being brought back from a process."""

LONGEST_SUMS = 60.0
"""Seconds that the exact sums of given arrays may take."""

MAIN_NOT_RUN = "the program's own inputs are too large to be run"
"""A note: the function of a program was verified, its main was not run."""

UNFINISHED = (Topic.DEADLINE, Topic.NOT_CARRIED)
"""Errors that say that a person's loops are too slow, or the arrays too large to be handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is verified: how to run it, the expression, its operand names and the contract it must keep.

    `lenient` for a person's own loops, whose contract is only assumed.
    """

    spec: Spec
    operands: tuple[str, ...]
    contract: Contract
    run: Callable[..., object]
    source: str = ""
    lenient: bool = False
    scalars: bool = False
    """A result without axes must be a scalar: a function returns one, a snippet may leave an array."""
    main: Callable[[], tuple[int, str]] | None = None
    """Runs a whole program; gives its exit code and what it printed."""

    blocks: Mapping[str, int] = field(default_factory=dict)
    """The size of the blocks that its loops are cut into, by label of the index."""

    @property
    def places(self) -> tuple[int, ...]:
        """Which distinct input each operand is."""
        distinct = list(dict.fromkeys(self.operands))
        return tuple(distinct.index(name) for name in self.operands)


def verify(
    subject: Subject, *, seed: int = 0, given: Sequence[Array] | None = None, command: str = "", points: int = POINTS
) -> Verification:
    """Return what comparing `subject` with np.einsum on all of its contract found.

    `given`: the user's own arrays, one per distinct input, compared first. Stops at the first mismatch.
    """
    sampler = Sampler(
        subject.spec, subject.operands, subject.contract, random.Random(seed), points, blocks=subject.blocks
    )
    rng = np.random.default_rng(seed)
    cases: list[Case] = []
    mismatch: Mismatch | None = None
    untold: str | None = None
    notes: list[str] = []
    if given is not None:
        whole = subject.contract.literal or subject.lenient
        taken = take_given(subject.spec, subject.operands, given, whole=whole, rng=random.Random(seed))
        notes.append(taken.note)
        mismatch, untold = judge_given(subject, taken, rng, cases)
    for draw in chain(sampler.cases(), narrow_cases(sampler)) if mismatch is None else ():
        arrays = _values(subject, draw, rng)
        sums = _narrow_sums(subject, arrays) if draw.kind is ValueKind.NARROW else None
        mismatch = _judge(subject, draw, arrays, cases, sums)
        if mismatch is not None:
            break
    if mismatch is None and subject.main is not None:
        if subject.contract.literal or not _shrunk(subject.spec, GIVEN_POINTS):
            mismatch = judge_main(subject.main, cases)
        else:
            notes.append(MAIN_NOT_RUN)
    if mismatch is None and subject.contract.checked:
        mismatch = _judge_refusals(subject, sampler, rng, cases)
    if untold is not None and mismatch is None:
        equal = sum(case.outcome is Outcome.EQUAL for case in cases)
        untold = f"on the arrays given, {untold}; {equal} other cases are equal"
    if untried := () if subject.contract.literal else not_passed(sampler.groups, subject.blocks):
        notes.append(f"blocks of {', '.join(untried)} too large to be passed")
    if _shrunk(subject.spec, points) and not subject.contract.literal:
        notes.append(f"sizes shrunk to {points:,} loop points a case")
    return Verification(
        subscripts=subject.spec.subscripts,
        cases=tuple(cases),
        seed=seed,
        contract=contract_words(subject, sampler),
        mismatch=mismatch,
        skipped=untold if mismatch is None else None,
        notes=tuple(notes),
        source=subject.source if mismatch is not None else "",
        command=command,
    )


def judge_given(
    subject: Subject, given: Given, rng: np.random.Generator, cases: list[Case]
) -> tuple[Mismatch | None, str | None]:
    """Return what comparing on given arrays found: a mismatch, or why nothing can be told.

    Where rounding may hide a fault, or a single term would not stand out from it, whole numbers of the same shapes are
    tried too.
    """
    sums = given.sums
    if given.seconds > LONGEST_SUMS:
        cases.append(_case(given.draw, Outcome.NOT_RUN))
        return None, f"np.einsum alone would take about {given.seconds:.0f} s"
    try:
        wrong = _judge(subject, given.draw, given.arrays, cases, sums)
        hidden = wrong is not None and wrong.case.outcome is Outcome.UNTOLD
        if hidden or (wrong is None and sums is not None and not sums.tells_terms):
            told = None if given.covered else _judge_whole(subject, given, rng, cases)
            if told is None and wrong is not None:
                return None, f"{wrong.reason}: right loops cannot be told from wrong ones"
            wrong = told
    except RunError as error:
        if error.topic not in UNFINISHED:
            raise
        cases.append(_case(given.draw, Outcome.NOT_RUN))
        return None, error.message
    return wrong, None


def _judge_whole(subject: Subject, given: Given, rng: np.random.Generator, cases: list[Case]) -> Mismatch | None:
    """Return the mismatch on whole numbers of the shapes given, whose sums are exact in any order."""
    draw = whole_draw(given.draw.shapes, given.draw.dtypes, factors=given.draw.factors, terms=given.draw.terms)
    numbers = whole_numbers(draw, subject.spec.subscripts, subject.places, rng)
    return _judge(subject, draw, numbers, cases, quick=given.points > GIVEN_POINTS)


def _values(subject: Subject, draw: Draw, rng: np.random.Generator) -> tuple[Array, ...]:
    if draw.kind is ValueKind.NARROW:
        return narrow_values(subject.spec, subject.operands, draw)
    return fill(draw, rng)


def _narrow_sums(subject: Subject, arrays: tuple[Array, ...]) -> Sums | None:
    return take_given(subject.spec, subject.operands, arrays, whole=True, rng=random.Random(0)).sums


def _judge(
    subject: Subject,
    draw: Draw,
    arrays: tuple[Array, ...],
    cases: list[Case],
    sums: Sums | None = None,
    *,
    quick: bool = False,
) -> Mismatch | None:
    """Run one case, append it to `cases`, and return the mismatch if it is one. `quick`: any order gives the same."""
    narrow = draw.kind is ValueKind.NARROW
    quick = quick or (sums is not None and sums.quick)
    expected = exactly(subject, arrays) if narrow else einsum_of(subject, arrays, quick=quick)
    lists = subject.contract.values is Values.LISTS
    rule = Rule(
        exact=draw.exact,
        factors=0 if narrow else draw.factors,
        terms=0 if narrow else draw.terms,
        plain_zero=subject.contract.plain_zero or subject.lenient,
        lists=lists,
        objects="object" in draw.dtypes or "|O" in draw.dtypes,
        scalars=subject.scalars,
        lenient=subject.lenient,
        sums=sums,
        sizes=_object_sizes(subject, arrays) if draw.kind is ValueKind.GIVEN and "object" in draw.dtypes else None,
        by_steps=subject.contract.stepwise or (subject.lenient and draw.factors > 2),
    )
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            got = subject.run(*_passed(subject, arrays))
    except EinloopError as error:
        unsent = error.topic in UNFINISHED and draw.kind is ValueKind.GIVEN and np.asarray(expected).nbytes > SENT
        if unsent or error.undecided:
            raise
        found: Difference | None = Difference(reason=failure(error))
    except Exception as error:
        found = Difference(reason=f"the loops raised {type(error).__name__}: {error}")
    else:
        with np.errstate(all="ignore"):
            found = difference(got, expected, rule)
            if found is not None and narrow and subject.lenient:
                # a person's loops may round as often as np.einsum does
                found = difference(got, einsum_of(subject, arrays), replace(rule, sums=None, terms=1))
    outcome = Outcome.EQUAL if found is None else Outcome.UNTOLD if found.untold else Outcome.DIFFERENT
    case = _case(draw, outcome)
    cases.append(case)
    return None if found is None else mismatch_of(subject, case, arrays, found)


def failure(error: EinloopError) -> str:
    """Return in words how loops failed."""
    return error.message if error.topic is Topic.INPUT_CHANGED else f"the loops failed: {error.message}"


def mismatch_of(subject: Subject, case: Case, arrays: tuple[Array, ...], found: Difference) -> Mismatch:
    """Return the mismatch of a case, with the terms of the element that differs first."""
    terms: tuple[str, ...] = ()
    if found.element is not None:
        by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
        terms = element_terms(subject.spec, subject.operands, by_name, found.element)
    return Mismatch(
        case=case, reason=found.reason, element=found.element,
        got=found.got, expected=found.expected, exact=found.exact, terms=terms,
    )  # fmt: skip


def judge_main(main: Callable[[], tuple[int, str]], cases: list[Case]) -> Mismatch | None:
    """Run a program as a person would, and believe its verdict only where it ends well."""
    code, printed = main()
    outcome = Outcome.DIFFERENT if code else Outcome.EQUAL
    case = Case(shapes=(), dtypes=(), kind="the program's own inputs", outcome=outcome)
    cases.append(case)
    return Mismatch(case=case, reason="the program says so", got=printed.strip()) if code else None


def _judge_refusals(subject: Subject, sampler: Sampler, rng: np.random.Generator, cases: list[Case]) -> Mismatch | None:
    """Return a mismatch where inputs outside the contract are not refused."""
    for what, draw in outside(subject.spec, sampler, subject.contract):
        wrong = _judge_refusal(subject, what, draw, _passed(subject, fill(draw, rng)), cases)
        if wrong is not None:
            return wrong
    if subject.contract.values is Values.LISTS:
        draws = list(sampler.cases())
        for draw in (draws[0], *(draw for draw in draws if any(0 in shape for shape in draw.shapes))):
            wrong = _judge_broken_lists(subject, draw, rng, cases)
            if wrong is not None:
                return wrong
    return None


def _judge_refusal(
    subject: Subject, what: str, draw: Draw, inputs: Sequence[object], cases: list[Case]
) -> Mismatch | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = subject.run(*inputs)
    except Exception as error:
        if isinstance(error, EinloopError) and error.undecided:
            raise
        if _refuses(error):
            cases.append(_case(draw, Outcome.REFUSED))
            return None
        got = error
    case = _case(draw, Outcome.DIFFERENT)
    cases.append(case)
    return Mismatch(case=case, reason=f"inputs outside the contract ({what}) were not refused", got=shown(got))


def _refuses(error: Exception) -> bool:
    """Return whether loops that raise an error refuse their inputs by it."""
    if isinstance(error, EinloopError):
        return isinstance(error, RaisedError) and error.refuses
    return isinstance(error, ValueError | TypeError)


def _judge_broken_lists(subject: Subject, draw: Draw, rng: np.random.Generator, cases: list[Case]) -> Mismatch | None:
    inputs = _passed(subject, fill(draw, rng))
    for place, value in enumerate(inputs):
        for what, broken in broken_lists(value, len(draw.shapes[place])):
            given = [*inputs[:place], broken, *inputs[place + 1 :]]
            wrong = _judge_refusal(subject, what, draw, given, cases)
            if wrong is not None:
                return wrong
    return None


def einsum_of(subject: Subject, arrays: tuple[Array, ...], *, quick: bool = False) -> Any:
    """Return what np.einsum says; `quick` where exact sums decide, and this one is for shape and dtype.

    Where a product of two operands is empty, numpy 2.4 adds 0 to the memory behind its result (one stride-0 inner
    loop ignores its count); operands in the other byte order are buffered and do not reach that loop.
    """
    if len(subject.operands) > 1 and any(array.size == 0 for array in arrays):
        arrays = tuple(_byte_swapped(array) for array in arrays)
    by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
    with np.errstate(all="ignore"):
        return np.einsum(subject.spec.subscripts, *(by_name[name] for name in subject.operands), optimize=quick)


def _object_sizes(subject: Subject, arrays: tuple[Array, ...]) -> Any:
    """Return the sums of the terms' absolute values as floats; None of objects that have none."""
    try:
        return np.asarray(einsum_of(subject, tuple(np.abs(array) for array in arrays))).astype("float64")
    except (TypeError, ValueError, OverflowError):
        return None


def exactly(subject: Subject, arrays: tuple[Array, ...]) -> Any:
    """Return the exact sums, rounded once."""
    by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
    return exact_result(subject.spec.subscripts, [by_name[name] for name in subject.operands])


def _byte_swapped(array: Array) -> Array:
    return array.astype(array.dtype.newbyteorder()) if array.dtype.kind in "iufc" else array


def _passed(subject: Subject, arrays: tuple[Array, ...]) -> list[object]:
    """Return the inputs as the text takes them: nested lists, arrays that may not be written to, or scalars.

    What a person's loops write into is told afterwards.
    """
    if subject.contract.values is Values.LISTS:
        return [array.tolist() for array in arrays]
    ranks_vary = {name for name, op in zip(subject.operands, subject.spec.operands, strict=True) if op.dots is not None}
    passed: list[object] = []
    for name, array in zip(dict.fromkeys(subject.operands), arrays, strict=True):
        copy = array.copy()
        copy.flags.writeable = subject.lenient
        is_array = array.ndim or subject.contract.checked or name in ranks_vary
        passed.append(copy if is_array else copy[()])
    return passed


def _case(draw: Draw, outcome: Outcome) -> Case:
    return Case(shapes=draw.shapes, dtypes=draw.dtypes, kind=draw.words, outcome=outcome, exact=draw.exact)


def _shrunk(spec: Spec, points: int) -> bool:
    known = 1
    for index in spec.indices:
        known *= index.extent if isinstance(index.extent, int) else 1
    return known > points


def contract_words(subject: Subject, sampler: Sampler) -> str:
    """Return the contract in words: dtypes, shapes, what happens outside."""
    contract, spec = subject.contract, subject.spec
    inputs = tuple(dict.fromkeys(subject.operands))
    if contract.values is Values.LISTS:
        dtypes = "Python numbers"
    elif contract.dtypes is None:
        dtypes = "every dtype"
    elif len(set(contract.dtypes)) == 1:
        dtypes = contract.dtypes[0]
    else:
        dtypes = ", ".join(f"{name} {dtype}" for name, dtype in zip(inputs, contract.dtypes, strict=True))
    words = [dtypes, _shape_words(spec, subject.operands, sampler)]
    if spec.dots is Dots.KEPT:
        words.append("any rank under '...'")
    if contract.plain_zero:
        words.append("an empty sum is a plain 0")
    if contract.values is Values.LISTS:
        words.append("only last axes empty")
    if contract.checked:
        words.append("anything else refused")
    return ", ".join(words)


def _shape_words(spec: Spec, operands: tuple[str, ...], sampler: Sampler) -> str:
    stretched = [
        f"{operands[place.operand]} axis {place.axis} stretched along {shown}"
        for index in spec.indices
        for shown in ["an axis of '...'" if index.covered else index.label]
        for place in index.places
        if place.stretched
    ]
    tied = [" = ".join(i.label for i in group) for group in sampler.groups if len(group) > 1]
    ties = [f"extents {tie}" for tie in tied]
    return ", ".join(["agreeing shapes", *stretched, *ties])
