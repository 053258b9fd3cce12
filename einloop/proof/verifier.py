"""Compares a text with np.einsum(optimize=False) on every case of its contract. Chooses no cases."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain
from math import prod

import numpy as np

from ..core.errors import EinloopError, RaisedError
from ..core.generated import Values
from ..core.spec import Dots, Spec
from ..core.verification import Mismatch, Outcome, Verification
from .blocks import not_passed
from .cases import MAX_POINTS, Draw, Sampler, ValueKind
from .compare import shown
from .data import broken_lists, fill
from .einsum import Array
from .given import MAX_GIVEN_POINTS, take_given
from .judge import Judge
from .manner import passed
from .narrow import narrow_cases, narrow_values
from .outside import outside
from .rounding import Sums
from .subject import Subject
from .through_views import ThroughViews
from .viewed_cases import ViewedCases
from .written_out import divided_labels

MAIN_NOT_RUN = "the program's own inputs are too large to be run"
"""A note: the function of a program was verified, its main was not run."""


def verify(
    subject: Subject,
    *,
    seed: int = 0,
    given: Sequence[Array] | None = None,
    command: str = "",
    points: int = MAX_POINTS,
    judge: Judge | None = None,
) -> Verification:
    """Return what comparing `subject` with np.einsum on all of its contract found.

    `given`: the user's own arrays, one per distinct input, compared first. Stops at the first mismatch.
    """
    contract = subject.contract
    sampler = _sampler(subject, random.Random(seed), points)
    judge = judge or Judge(subject=subject, rng=np.random.default_rng(seed))
    mismatch: Mismatch | None = None
    untold: str | None = None
    notes: list[str] = []
    if given is not None and isinstance(sampler, ViewedCases):
        notes.append("the arrays given among them")
        mismatch = judge.drawn(sampler.given(given), tuple(given))
    elif given is not None:
        whole = contract.literal or subject.lenient
        taken = take_given(subject.spec, subject.operands, given, whole=whole, rng=random.Random(seed))
        notes.append(taken.note)
        mismatch, untold = judge.given(taken)
    if mismatch is None:
        mismatch = next(_wrong_cases(judge, sampler), None)
    if mismatch is None and subject.main is not None:
        if contract.literal or not _shrunk(subject.spec, MAX_GIVEN_POINTS):
            mismatch = judge.main(subject.main)
        else:
            notes.append(MAIN_NOT_RUN)
    if mismatch is None and contract.checked:
        mismatch = next(_taken_in(judge, sampler), None)
    if untold is not None and mismatch is None:
        equal = sum(case.outcome is Outcome.EQUAL for case in judge.cases)
        untold = f"on the arrays given, {untold}; {equal} other cases are equal"
    if untried := () if contract.literal else not_passed(sampler.groups, subject.blocks):
        notes.append(f"blocks of {', '.join(untried)} too large to be passed")
    if _shrunk(subject.spec, points) and not contract.literal:
        notes.append(f"sizes shrunk to {points:,} loop points a case")
    return Verification(
        subscripts=subject.spec.subscripts,
        cases=tuple(judge.cases),
        seed=seed,
        contract=contract_words(subject, sampler),
        mismatch=mismatch,
        skipped=untold if mismatch is None else None,
        notes=tuple(notes),
        source=subject.source if mismatch is not None else "",
        command=command,
        statements="" if subject.yardstick is None else subject.yardstick.text,
    )


def _sampler(subject: Subject, rng: random.Random, points: int) -> Sampler | ViewedCases:
    """Return what draws the cases."""
    yardstick = subject.yardstick
    if subject.viewed is not None and isinstance(yardstick, ThroughViews):
        return ViewedCases(
            joint=yardstick.inner.joint,
            viewed=subject.viewed,
            operands=subject.operands,
            contract=subject.contract,
            rng=rng,
            bound=yardstick.bound,
        )
    return Sampler(
        subject.spec,
        subject.operands,
        subject.contract,
        rng,
        points,
        blocks=subject.blocks,
        bound=None if yardstick is None else yardstick.bound,
        whole=divided_labels(yardstick),
        imaginary=yardstick is not None and yardstick.imaginary,
    )


def _wrong_cases(judge: Judge, sampler: Sampler | ViewedCases) -> Iterator[Mismatch]:
    """Run every case and yield the mismatches."""
    subject = judge.subject
    narrow_draws = narrow_cases(sampler) if subject.yardstick is None and isinstance(sampler, Sampler) else ()
    for draw in chain(sampler.cases(), narrow_draws):
        narrow = draw.kind is ValueKind.NARROW
        arrays = narrow_values(subject.spec, subject.operands, draw) if narrow else fill(draw, judge.rng)
        wrong = judge.drawn(draw, arrays, _sums(subject, arrays) if narrow else None)
        if wrong is not None:
            yield wrong


def _sums(subject: Subject, arrays: Sequence[Array]) -> Sums | None:
    return take_given(subject.spec, subject.operands, arrays, whole=True, rng=random.Random(0)).sums


def _taken_in(judge: Judge, sampler: Sampler | ViewedCases) -> Iterator[Mismatch]:
    """Yield a mismatch for every input outside the contract that is not refused."""
    subject = judge.subject
    on_parts = not isinstance(sampler, Sampler)
    wrong = outside(subject.spec, sampler, subject.contract) if isinstance(sampler, Sampler) else sampler.outside()
    for what, draw in wrong:
        yield from _taken(judge, what, draw, passed(subject, fill(draw, judge.rng)))
    if subject.contract.values is not Values.LISTS or on_parts:
        return
    draws = list(sampler.cases())
    for draw in (draws[0], *(draw for draw in draws if draw.empty)):
        inputs = passed(subject, fill(draw, judge.rng))
        for place, value in enumerate(inputs):
            for what, broken in broken_lists(value, len(draw.shapes[place])):
                yield from _taken(judge, what, draw, [*inputs[:place], broken, *inputs[place + 1 :]])


def _taken(judge: Judge, what: str, draw: Draw, inputs: Sequence[object]) -> Iterator[Mismatch]:
    """Yield a mismatch where inputs are not refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = judge.subject.run(*inputs)
    except Exception as error:
        if isinstance(error, EinloopError) and error.undecided:
            raise
        if _refuses(error) or (judge.subject.viewed is not None and isinstance(error, IndexError)):
            judge.note(draw, Outcome.REFUSED)
            return
        got = error
    case = judge.note(draw, Outcome.DIFFERENT)
    yield Mismatch(case=case, reason=f"inputs outside the contract ({what}) were not refused", got=shown(got))


def _refuses(error: Exception) -> bool:
    """Return whether loops that raise an error refuse their inputs by it."""
    if isinstance(error, EinloopError):
        return isinstance(error, RaisedError) and error.refuses
    return isinstance(error, ValueError | TypeError)


def _shrunk(spec: Spec, points: int) -> bool:
    return prod(index.extent for index in spec.indices if isinstance(index.extent, int)) > points


def contract_words(subject: Subject, sampler: Sampler | ViewedCases) -> str:
    """Return the contract in words: dtypes, shapes, what happens outside."""
    contract = subject.contract
    if contract.values is Values.LISTS:
        dtypes = "Python numbers"
    elif contract.dtypes is None:
        dtypes = "every dtype of numbers" if contract.numbers else "every dtype"
    elif len(set(contract.dtypes)) == 1:
        dtypes = contract.dtypes[0]
    else:
        dtypes = ", ".join(f"{name} {dtype}" for name, dtype in zip(subject.inputs, contract.dtypes, strict=True))
    words = [dtypes, _shape_words(subject, sampler)]
    if subject.spec.dots is Dots.KEPT:
        words.append("any rank under '...'")
    if contract.plain_zero:
        words.append("an empty sum is a plain 0")
    if contract.values is Values.LISTS:
        words.append("only last axes empty")
    if contract.checked:
        words.append("anything else refused")
    return ", ".join(words)


def _shape_words(subject: Subject, sampler: Sampler | ViewedCases) -> str:
    stretched = [
        f"{subject.operands[place.operand]} axis {place.axis} stretched along {shown}"
        for index in subject.spec.indices
        for shown in ["an axis of '...'" if index.covered else index.label]
        for place in index.places
        if place.stretched
    ]
    ties = [f"extents {' = '.join(i.label for i in group)}" for group in sampler.groups if len(group) > 1]
    return ", ".join(["agreeing shapes", *stretched, *(ties if subject.told else ())])
