"""A text for one shape only, too large for plain np.einsum: run once as it is on whole numbers, whose sums are exact.

What exact sums cost by matrix products is estimated first, and so is what memory and time the text takes: elements of
the result are sampled where all of them would take too long, and nothing is run that goes beyond its budget.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from ..core.slices import at_place
from ..core.verification import Verification
from .cases import Sampler
from .compare import Difference, Rule, as_result, difference, shown
from .einsum import Array, einsum
from .given import take_given
from .judge import Judge, attempt
from .plan import Allowance, Plan, plan_large
from .subject import Subject
from .verifier import MAIN_NOT_RUN, contract_words
from .whole import narrowed, whole_draw, whole_numbers, widened

MAX_CORNERS = 32
"""Corners of the result among the elements that are sampled: what is left over from blocks ends there."""
Tell = Callable[[str], None]


def verify_large(
    subject: Subject,
    allowance: Allowance,
    *,
    seed: int = 0,
    given: Sequence[Array] | None = None,
    command: str = "",
    tell: Tell | None = None,
) -> Verification:
    """Return what running `subject` at the size that its text is for found.

    `given`: the user's own arrays, one per distinct input, compared after whole numbers. `tell` takes words for a
    person who waits.
    """
    sampler = Sampler(subject.spec, subject.operands, subject.contract, random.Random(seed))
    plan = plan_large(subject, allowance)
    found = Verification(
        subscripts=subject.spec.subscripts, cases=(), seed=seed, contract=contract_words(subject, sampler),
        skipped=plan.refused, command=command,
    )  # fmt: skip
    if plan.refused is not None:
        return found
    if tell is not None and plan.seconds > 1:
        tell(f"running the text at its full size, about {plan.seconds:.0f} s")
    judge = Judge(subject=subject, rng=np.random.default_rng(seed))
    try:
        found = replace(found, mismatch=_run(judge, plan), notes=(_how_much(subject, plan),))
        if given is not None and found.mismatch is None:
            found = _with_given(found, judge, plan, given)
        if subject.main is not None and found.mismatch is None:
            if allowance.text + allowance.plain > allowance.every:
                found = replace(found, notes=(*found.notes, MAIN_NOT_RUN))
            else:
                found = replace(found, mismatch=judge.main(subject.main))
    except MemoryError:
        why = "there is not memory enough for the operands, the result and what it is compared with"
        found = replace(found, skipped=why)
    return replace(found, cases=tuple(judge.cases), source=subject.source if found.mismatch is not None else "")


def _with_given(found: Verification, judge: Judge, plan: Plan, given: Sequence[Array]) -> Verification:
    """Return a verification with the arrays given as one more case."""
    if not plan.again:
        why = "the arrays given take too long to compare; whole numbers of their shapes are equal"
        return replace(found, skipped=why)
    subject = judge.subject
    taken = take_given(subject.spec, subject.operands, given, whole=True, rng=random.Random(found.seed))
    mismatch, untold = judge.given(replace(taken, covered=True))
    reason = None if untold is None else f"on the arrays given, {untold}; whole numbers of their shapes are equal"
    return replace(found, mismatch=mismatch, skipped=reason, notes=(*found.notes, taken.note))


def _how_much(subject: Subject, plan: Plan) -> str:
    every = prod(plan.sizes[label] for label in subject.spec.output)
    part = "" if plan.sampled is None else f", {min(plan.sampled, every):,} of {every:,} elements compared"
    return f"at the full size{part}"


def _run(judge: Judge, plan: Plan) -> Any:
    """Run the text and return the mismatch, None where it is right."""
    subject = judge.subject
    spec = subject.spec
    terms = prod(plan.sizes[index.label] for index in spec.summed)
    draw = whole_draw(plan.shapes, subject.dtypes, factors=len(spec.operands), terms=terms)
    arrays = whole_numbers(draw, subject, judge.rng)
    for array in arrays:
        array.flags.writeable = False
    got = attempt(lambda: subject.run(*arrays), memory=True)
    found = got if isinstance(got, Difference) else _compared(subject, plan, arrays, got, judge.rng)
    mismatch = judge.ended(draw, arrays, found)
    return mismatch and replace(mismatch, terms=())


def _compared(
    subject: Subject, plan: Plan, arrays: Sequence[Array], got: Any, rng: np.random.Generator
) -> Difference | None:
    """Return how the result differs from the exact one, all of it or in the elements that are sampled."""
    operands, dtype = subject.per_operand(arrays), np.result_type(*arrays)
    rule = Rule(exact=True, factors=len(operands), terms=1, scalars=subject.scalars)
    if plan.sampled is None:
        exact = einsum(subject.spec.subscripts, [widened(array, dtype) for array in operands], quick=True)
        return difference(got, narrowed(exact, dtype), rule)
    shape = tuple(plan.sizes[label] for label in subject.spec.output)
    found = as_result(got, np.broadcast_to(np.zeros((), dtype), shape), rule)
    if isinstance(found, Difference):
        return found
    for element in _elements(shape, plan.sampled, rng):
        value = _element(subject, operands, element, dtype)
        if found[element] != value:
            reason = f"elements differ, the first of {plan.sampled:,} that were compared"
            return Difference(reason=reason, element=element, got=shown(found[element]), expected=shown(value))
    return None


def _element(subject: Subject, operands: Sequence[Array], element: tuple[int, ...], dtype: Any) -> Any:
    """Return one element of the exact result, from the parts of the operands that it is made of."""
    spec = subject.spec
    place = dict(zip(spec.output, element, strict=True))
    numbers = {index.label: number for number, index in enumerate(spec.summed)}
    words: list[Any] = []
    for op, array in zip(spec.operands, operands, strict=True):
        view, left = at_place(array, op.labels, place)
        words += [widened(view, dtype), [numbers[label] for label in left]]
    return narrowed(np.einsum(*words, [], optimize=True), dtype)[()]


def _elements(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return places in a result, corners first."""
    if not prod(shape):
        return []
    corners = islice(product(*(sorted({0, size - 1}, reverse=True) for size in shape)), MAX_CORNERS)
    drawn = zip(*(rng.integers(size, size=count).tolist() for size in shape), strict=True) if shape else ()
    return list(dict.fromkeys([*corners, *drawn]))[:count]
