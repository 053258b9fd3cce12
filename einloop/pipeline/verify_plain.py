"""Loops run against einloop's own evaluation, on nested lists or plain arrays: where numpy is not installed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.dtypes import DTYPES, DtypeKind
from ..core.generated import Form, Generated, Values
from ..core.plain_array import PlainArray, positions
from ..core.verification import Case, Mismatch, Outcome, Verification, not_run
from ..evaluate import evaluate
from ..notation.subscripts import read_subscripts
from ..proof.cases import MAX_POINTS, Draw, Sampler
from ..runners.presence import MISSING
from ..runners.stand_in import BeyondError, run_on_stand_ins

MAX_STAND_IN_POINTS = 400
"""Loop iterations of one case on plain arrays, of which each takes a microsecond or two."""
SAME_IN_PYTHON = frozenset({"float64", "int64"})
"""Dtypes in which whole numbers that are small are Python's own."""
EVALUATION = "einloop's own evaluation"


def verify_plain(
    generated: Generated, *, seed: int = 0, given: Sequence[PlainArray] | None = None, command: str = ""
) -> Verification:
    """Return what running a text on whole numbers found; sums of einsums, and texts that need numpy, are not run."""
    skipped = not_run(generated.expression, MISSING, seed=seed, command=command)
    lists = generated.contract.values is Values.LISTS
    plain = lists or (generated.contract.values is Values.ARRAYS and generated.form is Form.SNIPPET)
    if not plain or generated.joint is not None or generated.foreign or generated.runner is None:
        return skipped
    cases: list[Case] = []
    mismatch: Mismatch | None = None
    notes = [f"whole numbers only{'' if lists else ', on plain arrays'}, as numpy is not installed"]
    inputs = list(_drawn(generated, seed))
    if not inputs and not lists:
        return skipped
    if given is not None and lists and all(DTYPES[array.dtype].kind in WHOLE for array in given):
        inputs.insert(0, (tuple(given), "the arrays given"))
        notes.append("the arrays given among them")
    elif given is not None:
        notes.append("the arrays given are not compared")
    try:
        for arrays, kind in inputs:
            mismatch = _compared(generated, arrays, kind, cases)
            if mismatch is not None:
                break
    except BeyondError:
        return skipped
    return Verification(
        subscripts=generated.spec.subscripts,
        cases=tuple(cases),
        seed=seed,
        contract="Python numbers" if lists else "float64",
        mismatch=mismatch,
        skipped=None if cases else "no inputs of these shapes are quick to sum",
        notes=tuple(notes),
        source=generated.source if mismatch is not None else "",
        command=command,
        against=EVALUATION,
    )


WHOLE = (DtypeKind.SIGNED, DtypeKind.UNSIGNED)


def _drawn(generated: Generated, seed: int) -> Iterator[tuple[tuple[PlainArray, ...], str]]:
    """Yield inputs, one for each distinct name, with what they are."""
    rng = random.Random(seed)
    lists = generated.contract.values is Values.LISTS
    points = MAX_POINTS if lists else MAX_STAND_IN_POINTS
    for draw in Sampler(generated.spec, generated.operands, generated.contract, rng, points).cases():
        known = "bool" not in draw.dtypes if lists else set(draw.dtypes) <= SAME_IN_PYTHON
        if draw.exact and not draw.empty and known:
            yield tuple(_array(draw, place, rng) for place in range(len(draw.shapes))), draw.words


def _array(draw: Draw, place: int, rng: random.Random) -> PlainArray:
    shape, dtype = draw.shapes[place], draw.dtypes[place]
    bound = max(draw.bound, 1)
    cast = arithmetic(dtype).cast
    return PlainArray(shape, dtype, tuple(cast(rng.randint(-bound, bound)) for _ in range(prod(shape))))


def _compared(generated: Generated, arrays: Sequence[PlainArray], kind: str, cases: list[Case]) -> Mismatch | None:
    """Run one case and add it to those that were run; return the difference that it shows."""
    assert generated.runner is not None
    by_name = dict(zip(generated.inputs, arrays, strict=True))
    spec = read_subscripts(generated.spec.subscripts)
    whole = evaluate(spec, [by_name[name] for name in generated.operands]).whole()
    wanted = whole.tolist()
    reason, got = "", None
    try:
        got = _run(generated, arrays)
    except BeyondError:
        raise
    except Exception as error:  # whatever a text raises
        reason = f"the loops raise {type(error).__name__}: {error}"
    if not reason and got != wanted:
        reason = "the values differ"
    case = Case(
        shapes=tuple(array.shape for array in arrays),
        dtypes=tuple(array.dtype for array in arrays),
        kind=kind,
        outcome=Outcome.DIFFERENT if reason else Outcome.EQUAL,
    )
    cases.append(case)
    if not reason:
        return None
    place = next((at for at in positions(whole.shape) if _at(got, at) != whole.at(at)), None)
    return Mismatch(
        case=case,
        reason=reason,
        element=place,
        got="" if place is None else repr(_at(got, place)),
        expected="" if place is None else repr(whole.at(place)),
    )


def _run(generated: Generated, arrays: Sequence[PlainArray]) -> Any:
    """Return the result of a text as nested lists. Raises BeyondError where it needs numpy, and what it raises."""
    assert generated.runner is not None
    if generated.contract.values is Values.LISTS:
        return generated.runner(*(array.tolist() for array in arrays))
    return run_on_stand_ins(generated, arrays)


def _at(value: Any, place: Sequence[int]) -> Any:
    """Return an element of nested lists, None where they have none there."""
    for number in place:
        if not isinstance(value, list) or number >= len(value):
            return None
        value = value[number]
    return value
