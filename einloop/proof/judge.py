"""Runs one case after the other and says of each whether the result is np.einsum's. Chooses no cases."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np

from ..core.errors import EinloopError, RunError
from ..core.generated import Values
from ..core.spec import Dots
from ..core.topic import Topic
from ..core.verification import Case, Mismatch, Outcome
from .cases import Draw, ValueKind
from .compare import Difference, Rule, difference
from .einsum import Array, einsum
from .given import MAX_GIVEN_POINTS, Given
from .manner import passed
from .narrow import exact_result
from .rounding import Sums
from .subject import Subject, Yardstick
from .whole import whole_draw, whole_numbers

MAX_SENT_BYTES = 64 << 20
"""Bytes of a result up to which nothing but the loops themselves keeps it from being brought back from a process."""

MAX_SUMS_SECONDS = 60.0
"""Seconds that the exact sums of given arrays may take."""

MAX_TERMS_SHOWN = 8
"""Products of the element that differs first."""

UNFINISHED = (Topic.DEADLINE, Topic.NOT_CARRIED)
"""Errors that say that a person's loops are too slow, or the arrays too large to be handed over."""


@dataclass(slots=True, kw_only=True)
class Judge:
    """What is verified, where values are drawn from, and the cases that were run."""

    subject: Subject
    rng: np.random.Generator
    cases: list[Case] = field(default_factory=list)
    max_sent_bytes: int = MAX_SENT_BYTES
    max_sums_seconds: float = MAX_SUMS_SECONDS

    def given(self, given: Given) -> tuple[Mismatch | None, str | None]:
        """Return what comparing on given arrays found: a mismatch, or why nothing can be told.

        Where rounding may hide a fault, or a single term would not stand out from it, whole numbers of the same shapes
        are tried too.
        """
        sums = given.sums
        if given.seconds > self.max_sums_seconds:
            self.note(given.draw, Outcome.NOT_RUN)
            return None, f"np.einsum alone would take about {given.seconds:.0f} s"
        try:
            wrong = self.drawn(given.draw, given.arrays, sums)
            hidden = wrong is not None and wrong.case.outcome is Outcome.UNTOLD
            if hidden or (wrong is None and sums is not None and not sums.tells_terms):
                told = None if given.covered else self._whole(given)
                if told is None and wrong is not None:
                    return None, f"{wrong.reason}: right loops cannot be told from wrong ones"
                wrong = told
        except RunError as error:
            if error.topic not in UNFINISHED:
                raise
            self.note(given.draw, Outcome.NOT_RUN)
            return None, error.message
        return wrong, None

    def _whole(self, given: Given) -> Mismatch | None:
        """Return the mismatch on whole numbers of the shapes given, whose sums are exact in any order."""
        draw = whole_draw(given.draw.shapes, given.draw.dtypes, factors=given.draw.factors, terms=given.draw.terms)
        numbers = whole_numbers(draw, self.subject, self.rng)
        return self.drawn(draw, numbers, quick=given.points > MAX_GIVEN_POINTS)

    def drawn(
        self, draw: Draw, arrays: tuple[Array, ...], sums: Sums | None = None, *, quick: bool = False
    ) -> Mismatch | None:
        """Run one case and return the mismatch if it is one. `quick`: any order gives the same."""
        subject = self.subject
        if subject.yardstick is not None:
            return self._by(subject.yardstick, draw, arrays)
        narrow = draw.kind is ValueKind.NARROW
        operands = subject.per_operand(arrays)
        quick = quick or (sums is not None and sums.quick)
        subscripts = subject.spec.subscripts
        expected = exact_result(subscripts, operands) if narrow else einsum(subscripts, operands, quick=quick)
        objects = "object" in draw.dtypes and draw.kind is ValueKind.GIVEN
        rule = self.rule(draw, sums=sums, sizes=_object_sizes(subject, operands) if objects else None)
        unsent = draw.kind is ValueKind.GIVEN and np.asarray(expected).nbytes > self.max_sent_bytes
        got = attempt(lambda: subject.run(*passed(subject, arrays)), raising=UNFINISHED if unsent else ())
        with np.errstate(all="ignore"):
            found = got if isinstance(got, Difference) else difference(got, expected, rule)
            if found is not None and found is not got and narrow and subject.lenient:
                # a person's loops may round as often as np.einsum does
                found = difference(got, einsum(subscripts, operands), replace(rule, sums=None, terms=1))
        return self.ended(draw, arrays, found)

    def _by(self, yardstick: Yardstick, draw: Draw, arrays: tuple[Array, ...]) -> Mismatch | None:
        """Run one case of a sum of einsums, and return the mismatch if it is one."""
        got = attempt(lambda: self.subject.run(*passed(self.subject, arrays)))
        found = got if isinstance(got, Difference) else self.off(yardstick, draw, arrays, got)
        return self.ended(draw, arrays, found)

    def off(self, yardstick: Yardstick, draw: Draw, arrays: tuple[Array, ...], got: Any) -> Difference | None:
        """Return how a result differs from a sum of einsums."""
        scale = yardstick.scale(arrays)
        rule = self.rule(draw, scale=scale, sizes=scale if "object" in draw.dtypes else None)
        if not yardstick.exact or len(set(draw.dtypes)) > 1:
            rule = replace(rule, exact=False)
        with np.errstate(all="ignore"):
            return _first_difference(got, yardstick.value(arrays), rule, scale)

    def rule(self, draw: Draw, **more: Any) -> Rule:
        """Return how to compare a case. Narrow sums are as exact as the yardstick: it rounds as often as loops may."""
        subject, narrow = self.subject, draw.kind is ValueKind.NARROW
        return Rule(
            exact=draw.exact,
            factors=0 if narrow else draw.factors,
            terms=0 if narrow else draw.terms,
            plain_zero=subject.contract.plain_zero or subject.lenient,
            lists=subject.contract.values is Values.LISTS,
            objects="object" in draw.dtypes or "|O" in draw.dtypes,
            scalars=subject.scalars,
            lenient=subject.lenient,
            by_steps=subject.contract.stepwise or (subject.lenient and draw.factors > 2),
            kinds=subject.contract.numbers and draw.empty,
            **more,
        )

    def ended(
        self, draw: Draw, arrays: Sequence[Array], found: Difference | None, *, exact: bool | None = None
    ) -> Mismatch | None:
        """Note a case and return the mismatch if it is one, with the terms of the element that differs first."""
        outcome = Outcome.EQUAL if found is None else Outcome.UNTOLD if found.untold else Outcome.DIFFERENT
        case = self.note(draw, outcome, exact=exact)
        if found is None:
            return None
        terms: tuple[str, ...] = ()
        if found.element is not None:
            terms = _element_terms(self.subject, arrays, found.element)
        return Mismatch(
            case=case, reason=found.reason, element=found.element,
            got=found.got, expected=found.expected, exact=found.exact, terms=terms,
        )  # fmt: skip

    def note(self, draw: Draw, outcome: Outcome, *, exact: bool | None = None) -> Case:
        """Append a case to those that were run."""
        exact = draw.exact if exact is None else exact
        case = Case(shapes=draw.shapes, dtypes=draw.dtypes, kind=draw.words, outcome=outcome, exact=exact)
        self.cases.append(case)
        return case

    def main(self, main: Callable[[], tuple[int, str]]) -> Mismatch | None:
        """Run a program as a person would, and believe its verdict only where it ends well."""
        code, printed = main()
        outcome = Outcome.DIFFERENT if code else Outcome.EQUAL
        case = Case(shapes=(), dtypes=(), kind="the program's own inputs", outcome=outcome)
        self.cases.append(case)
        return Mismatch(case=case, reason="the program says so", got=printed.strip()) if code else None


def _first_difference(got: Any, expected: Any, rule: Rule, scale: Any) -> Difference | None:
    """Return how a result differs, or the first of several that does."""
    if not isinstance(expected, tuple):
        return difference(got, expected, rule)
    if not isinstance(got, tuple) or len(got) != len(expected):
        return Difference(reason=f"not the {len(expected)} results of the statements")
    each = zip(got, expected, scale, strict=True)
    objects = rule.sizes is not None
    found = (difference(g, e, replace(rule, scale=s, sizes=s if objects else None)) for g, e, s in each)
    return next((difference for difference in found if difference is not None), None)


def attempt(run: Callable[[], Any], *, raising: Sequence[Topic] = (), memory: bool = False) -> Any:
    """Return the result of loops, or how they failed.

    Raises errors that are not a verdict, those of topics `raising` and, where `memory` says so, MemoryError.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return run()
    except EinloopError as error:
        if error.undecided or error.topic in raising:
            raise
        return Difference(reason=failure(error))
    except Exception as error:
        if memory and isinstance(error, MemoryError):
            raise
        return Difference(reason=f"the loops raised {type(error).__name__}: {error}")


def failure(error: EinloopError) -> str:
    """Return in words how loops failed."""
    return error.message if error.topic is Topic.INPUT_CHANGED else f"the loops failed: {error.message}"


def _object_sizes(subject: Subject, operands: Sequence[Array]) -> Any:
    """Return the sums of the terms' absolute values as floats; None of objects that have none."""
    try:
        sums = einsum(subject.spec.subscripts, [np.abs(array) for array in operands])
        return np.asarray(sums).astype("float64")
    except (TypeError, ValueError, OverflowError):
        return None


def _element_terms(subject: Subject, arrays: Sequence[Array], element: tuple[int, ...]) -> tuple[str, ...]:
    """Return the first terms of one output element, like `A[0, 1] * B[1, 2] = 3 * 4 = 12`.

    `arrays`: one per distinct input. Empty where an ellipsis of unknown rank stands in the way.
    """
    spec = subject.spec
    if spec.dots is not Dots.ABSENT or spec.joint:
        return ()
    operands = list(zip(subject.operands, spec.operands, subject.per_operand(arrays), strict=True))
    sizes: dict[str, int] = {}
    for _, op, array in operands:
        for label, size in zip(op.labels, array.shape, strict=True):
            sizes[label] = size if sizes.get(label, 1) == 1 else sizes[label]
    summed = [index.label for index in spec.summed]
    lines = []
    for values in islice(product(*(range(sizes[label]) for label in summed)), MAX_TERMS_SHOWN):
        at = dict(zip((*spec.output, *summed), (*element, *values), strict=True))
        read = [tuple(at[x] if n > 1 else 0 for x, n in zip(op.labels, a.shape, strict=True)) for _, op, a in operands]
        pairs = list(zip(operands, read, strict=True))
        names = (f"{name}[{', '.join(map(str, place))}]" if place else name for (name, _, _), place in pairs)
        lines.append(f"{' * '.join(names)} = {' * '.join(str(array[place]) for (_, _, array), place in pairs)}")
    total = prod(sizes[label] for label in summed)
    return (*lines, f"... and {total - MAX_TERMS_SHOWN} more terms") if total > MAX_TERMS_SHOWN else tuple(lines)
