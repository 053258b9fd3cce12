"""A text for one shape only, too large for plain np.einsum: run once as it is on whole numbers, whose sums are exact.

What exact sums cost by matrix products is estimated first, and so is what memory and time the text takes: elements of
the result are sampled where all of them would take too long, and nothing is run that goes beyond its budget.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from ..core.errors import EinloopError
from ..core.verification import Case, Mismatch, Outcome, Verification
from .cases import Sampler
from .compare import Difference, Rule, as_result, difference, shown
from .data import Array
from .given import take_given
from .plan import Plan, plan_large
from .verifier import MAIN_NOT_RUN, Subject, contract_words, judge_given, judge_main
from .whole import whole_draw, whole_numbers

CORNERS = 32
"""Of the elements that are sampled, so many corners of the result: what is left over from blocks ends there."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """About how many seconds the text itself runs, and plain loops in its language, and how many all may take."""

    text: float
    plain: float
    every: float


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
    plan = plan_large(subject.spec, subject.operands, _dtypes(subject), allowance.text, allowance.every)
    found = Verification(
        subscripts=subject.spec.subscripts, cases=(), seed=seed, contract=contract_words(subject, sampler),
        skipped=plan.refused, command=command,
    )  # fmt: skip
    if plan.refused is not None:
        return found
    if tell is not None and plan.seconds > 1:
        tell(f"running the text at its full size, about {plan.seconds:.0f} s")
    rng = np.random.default_rng(seed)
    try:
        case, mismatch = _run(subject, plan, rng)
        found = replace(found, cases=(case,), mismatch=mismatch, notes=(_how_much(subject, plan),))
        if given is not None and mismatch is None:
            found = _with_given(found, subject, plan, given, rng)
        if subject.main is not None and found.mismatch is None:
            found = _with_main(found, subject.main, allowance)
    except MemoryError:
        why = "there is not memory enough for the operands, the result and what it is compared with"
        return replace(found, skipped=why)
    return found if found.mismatch is None else replace(found, source=subject.source)


def _with_given(
    found: Verification, subject: Subject, plan: Plan, given: Sequence[Array], rng: np.random.Generator
) -> Verification:
    """Return a verification with the arrays given as one more case."""
    if not plan.again:
        return replace(
            found, skipped="the arrays given take too long to compare; whole numbers of their shapes are equal"
        )
    taken = take_given(subject.spec, subject.operands, given, whole=True, rng=random.Random(found.seed))
    cases = list(found.cases)
    mismatch, untold = judge_given(subject, replace(taken, covered=True), rng, cases)
    reason = None if untold is None else f"on the arrays given, {untold}; whole numbers of their shapes are equal"
    return replace(found, cases=tuple(cases), mismatch=mismatch, skipped=reason, notes=(*found.notes, taken.note))


def _with_main(found: Verification, main: Callable[[], tuple[int, str]], allowance: Allowance) -> Verification:
    """Return a verification with a run of the whole program as one more case."""
    if allowance.text + allowance.plain > allowance.every:
        return replace(found, notes=(*found.notes, MAIN_NOT_RUN))
    cases = list(found.cases)
    mismatch = judge_main(main, cases)
    return replace(found, cases=tuple(cases), mismatch=mismatch)


def _how_much(subject: Subject, plan: Plan) -> str:
    every = prod(plan.sizes[label] for label in subject.spec.output)
    part = "" if plan.sampled is None else f", {min(plan.sampled, every):,} of {every:,} elements compared"
    return f"at the full size{part}"


def _dtypes(subject: Subject) -> tuple[str, ...]:
    return subject.contract.dtypes or ("float64",) * len(set(subject.operands))


def _run(subject: Subject, plan: Plan, rng: np.random.Generator) -> tuple[Case, Mismatch | None]:
    """Run the text and compare; return the case, and the mismatch if it is one."""
    spec = subject.spec
    terms = prod(plan.sizes[index.label] for index in spec.summed)
    draw = whole_draw(plan.shapes, _dtypes(subject), factors=len(spec.operands), terms=terms)
    arrays = whole_numbers(draw, spec.subscripts, subject.places, rng)
    for array in arrays:
        array.flags.writeable = False
    rule = Rule(exact=True, factors=draw.factors, terms=draw.terms, scalars=subject.scalars)
    per_operand = [arrays[place] for place in subject.places]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            got = subject.run(*arrays)
    except EinloopError as error:
        if error.undecided:
            raise
        found: Difference | None = Difference(reason=f"the loops failed: {error.message}")
    except MemoryError:
        raise
    except Exception as error:
        found = Difference(reason=f"the loops raised {type(error).__name__}: {error}")
    else:
        dtype = np.result_type(*arrays)
        found = _compared(Wanted(subject=subject, plan=plan, arrays=per_operand, dtype=dtype), got, rule, rng)
    outcome = Outcome.EQUAL if found is None else Outcome.DIFFERENT
    case = Case(shapes=draw.shapes, dtypes=draw.dtypes, kind=draw.kind.value, outcome=outcome)
    if found is None:
        return case, None
    return case, Mismatch(case=case, reason=found.reason, element=found.element, got=found.got, expected=found.expected)


def _compared(wanted: Wanted, got: Any, rule: Rule, rng: np.random.Generator) -> Difference | None:
    """Return how the result differs from the exact one, all of it or in the elements that are sampled."""
    sampled = wanted.plan.sampled
    if sampled is None:
        return difference(got, wanted.whole(), rule)
    found = as_result(got, np.broadcast_to(np.zeros((), wanted.dtype), wanted.shape), rule)
    if isinstance(found, Difference):
        return found
    for element in _elements(wanted.shape, sampled, rng):
        value = wanted.element(element)
        if found[element] != value:
            reason = f"elements differ, the first of {sampled:,} that were compared"
            return Difference(reason=reason, element=element, got=shown(found[element]), expected=shown(value))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The exact result of whole numbers: one array per operand, `dtype` that of the result."""

    subject: Subject
    plan: Plan
    arrays: Sequence[Array]
    dtype: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        return tuple(self.plan.sizes[label] for label in self.subject.spec.output)

    def whole(self) -> Array:
        """Return all of it."""
        wide = (array.astype(self._wide) for array in self.arrays)
        return _narrowed(np.einsum(self.subject.spec.subscripts, *wide, optimize=True), self.dtype)

    def element(self, element: tuple[int, ...]) -> Any:
        """Return one element, from the parts of the operands that it is made of."""
        spec = self.subject.spec
        place = dict(zip(spec.output, element, strict=True))
        numbers = {index.label: number for number, index in enumerate(spec.summed)}
        words: list[Any] = []
        for op, array in zip(spec.operands, self.arrays, strict=True):
            axes = zip(op.labels, array.shape, strict=True)
            at = [min(place[label], n - 1) if label in place else slice(None) for label, n in axes]
            words += [array[tuple(at)].astype(self._wide), [numbers[x] for x in op.labels if x not in place]]
        return _narrowed(np.einsum(*words, [], optimize=True), self.dtype)[()]

    @property
    def _wide(self) -> str:
        return "complex128" if self.dtype.kind == "c" else "float64"


def _elements(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return places in a result, corners first."""
    if not prod(shape):
        return []
    corners = islice(product(*(sorted({0, size - 1}, reverse=True) for size in shape)), CORNERS)
    drawn = zip(*(rng.integers(size, size=count).tolist() for size in shape), strict=True) if shape else ()
    return list(dict.fromkeys([*corners, *drawn]))[:count]


def _narrowed(exact: Any, dtype: Any) -> Array:
    """Return whole numbers in another dtype, where integers wrap."""
    values = np.asarray(exact)
    if dtype.kind == "b":
        return values > 0
    return values.astype("int64").astype(dtype) if dtype.kind in "iu" else values.astype(dtype)
