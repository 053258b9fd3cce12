"""Runs what it is given on every case and compares with np.einsum(optimize=False). Chooses and formats nothing."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import EinloopError
from ..core.generated import Contract, Values
from ..core.spec import Dots, Spec
from ..core.verification import Case, Mismatch, Outcome, Verification
from .cases import POINTS, Draw, Kind, Sampler, outside
from .compare import Difference, Rule, difference
from .data import Array, broken_lists, fill
from .terms import element_terms

NOT_A_VERDICT = (
    "EL601", "EL620", "EL624", "EL630", "EL631", "EL632", "EL633", "EL634", "EL635", "EL636", "EL637", "EL640", "EL641",
)  # fmt: skip
"""Errors that say nothing of the loops: no runner, stopped at the deadline, no child process, no compiler or Numba, no
room for these."""

GIVEN_POINTS = 2_000_000
"""Arrays the user gave are looped over up to this many points, a second or so of plain Python."""


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


def verify(
    subject: Subject, *, seed: int = 0, given: Sequence[Array] | None = None, command: str = "", points: int = POINTS
) -> Verification:
    """Return what comparing `subject` with np.einsum on all of its contract found.

    `given`: the user's own arrays, one per distinct input, compared first. Stops at the first mismatch.
    """
    sampler = Sampler(subject.spec, subject.operands, subject.contract, random.Random(seed), points)
    rng = np.random.default_rng(seed)
    cases: list[Case] = []
    mismatch: Mismatch | None = None
    notes: list[str] = []
    if given is not None:
        fits = _loop_points(subject, given) <= GIVEN_POINTS
        notes.append("the arrays given among them" if fits else "the arrays given are too large for loops")
        if fits:
            mismatch = _judge(subject, _given_draw(subject, given), tuple(given), cases)
    for draw in sampler.cases() if mismatch is None else ():
        mismatch = _judge(subject, draw, fill(draw, rng), cases)
        if mismatch is not None:
            break
    if mismatch is None and subject.main is not None and not _shrunk(subject.spec, GIVEN_POINTS):
        mismatch = _judge_main(subject.main, cases)
    if mismatch is None and subject.contract.checked:
        mismatch = _judge_refusals(subject, sampler, rng, cases)
    if _shrunk(subject.spec, points) and not subject.contract.literal:
        notes.append(f"sizes shrunk to {points:,} loop points a case")
    return Verification(
        subscripts=subject.spec.subscripts,
        cases=tuple(cases),
        seed=seed,
        contract=contract_words(subject, sampler),
        mismatch=mismatch,
        notes=tuple(notes),
        source=subject.source if mismatch is not None else "",
        command=command,
    )


def _judge(subject: Subject, draw: Draw, arrays: tuple[Array, ...], cases: list[Case]) -> Mismatch | None:
    """Run one case, append it to `cases`, and return the mismatch if it is one."""
    expected = _einsum(subject, arrays)
    lists = subject.contract.values is Values.LISTS
    rule = Rule(
        exact=draw.exact,
        factors=draw.factors,
        terms=draw.terms,
        plain_zero=subject.contract.plain_zero or subject.lenient,
        lists=lists,
        objects="object" in draw.dtypes or "|O" in draw.dtypes,
        scalars=subject.scalars,
        lenient=subject.lenient,
    )
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            got = subject.run(*_passed(subject, arrays))
    except EinloopError as error:
        if error.id in NOT_A_VERDICT:
            raise
        found: Difference | None = Difference(reason=f"the loops failed: {error.message}")
    except Exception as error:
        found = Difference(reason=f"the loops raised {type(error).__name__}: {error}")
    else:
        with np.errstate(all="ignore"):
            found = difference(got, expected, rule)
    outcome = Outcome.EQUAL if found is None else Outcome.DIFFERENT
    case = _case(draw, outcome)
    cases.append(case)
    return None if found is None else _mismatch(subject, case, arrays, found)


def _mismatch(subject: Subject, case: Case, arrays: tuple[Array, ...], found: Difference) -> Mismatch:
    terms: tuple[str, ...] = ()
    if found.element is not None:
        by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
        terms = element_terms(subject.spec, subject.operands, by_name, found.element)
    return Mismatch(
        case=case, reason=found.reason, element=found.element, got=found.got, expected=found.expected, terms=terms
    )


def _judge_main(main: Callable[[], tuple[int, str]], cases: list[Case]) -> Mismatch | None:
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
    except (ValueError, TypeError):
        cases.append(_case(draw, Outcome.REFUSED))
        return None
    except Exception as error:
        got = error
    case = _case(draw, Outcome.DIFFERENT)
    cases.append(case)
    return Mismatch(case=case, reason=f"inputs outside the contract ({what}) were not refused", got=repr(got))


def _judge_broken_lists(subject: Subject, draw: Draw, rng: np.random.Generator, cases: list[Case]) -> Mismatch | None:
    inputs = _passed(subject, fill(draw, rng))
    for place, value in enumerate(inputs):
        for what, broken in broken_lists(value, len(draw.shapes[place])):
            given = [*inputs[:place], broken, *inputs[place + 1 :]]
            wrong = _judge_refusal(subject, what, draw, given, cases)
            if wrong is not None:
                return wrong
    return None


def _einsum(subject: Subject, arrays: tuple[Array, ...]) -> Any:
    """Return what np.einsum says.

    Where a product of two operands is empty, numpy 2.4 adds 0 to the memory behind its result (one stride-0 inner
    loop ignores its count); operands in the other byte order are buffered and do not reach that loop.
    """
    if len(subject.operands) > 1 and any(array.size == 0 for array in arrays):
        arrays = tuple(_byte_swapped(array) for array in arrays)
    by_name = dict(zip(dict.fromkeys(subject.operands), arrays, strict=True))
    with np.errstate(all="ignore"):
        return np.einsum(subject.spec.subscripts, *(by_name[name] for name in subject.operands), optimize=False)


def _byte_swapped(array: Array) -> Array:
    return array.astype(array.dtype.newbyteorder()) if array.dtype.kind in "iufc" else array


def _passed(subject: Subject, arrays: tuple[Array, ...]) -> list[object]:
    """Return the inputs as the text takes them: nested lists, arrays that may not be written to, or scalars."""
    if subject.contract.values is Values.LISTS:
        return [array.tolist() for array in arrays]
    ranks_vary = {name for name, op in zip(subject.operands, subject.spec.operands, strict=True) if op.dots is not None}
    passed: list[object] = []
    for name, array in zip(dict.fromkeys(subject.operands), arrays, strict=True):
        copy = array.copy()
        copy.flags.writeable = False
        is_array = array.ndim or subject.contract.checked or name in ranks_vary
        passed.append(copy if is_array else copy[()])
    return passed


def _case(draw: Draw, outcome: Outcome) -> Case:
    return Case(shapes=draw.shapes, dtypes=draw.dtypes, kind=draw.kind.value, outcome=outcome, exact=draw.exact)


def _given_draw(subject: Subject, given: Sequence[Array]) -> Draw:
    terms = 1
    for index in subject.spec.summed:
        terms *= index.extent if isinstance(index.extent, int) else 1
    return Draw(
        shapes=tuple(array.shape for array in given),
        dtypes=tuple(str(array.dtype) for array in given),
        kind=Kind.GIVEN,
        factors=len(subject.spec.operands),
        terms=terms,
    )


def _loop_points(subject: Subject, given: Sequence[Array]) -> int:
    points = 1
    for index in subject.spec.indices:
        points *= index.extent if isinstance(index.extent, int) else 1
    return points if all(isinstance(i.extent, int) for i in subject.spec.indices) else max(a.size for a in given)


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
