"""Loops run against einloop's own evaluation, on nested lists or plain arrays: where numpy is not installed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from math import isclose, prod
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.bind_sum import input_names
from ..core.dtypes import DTYPES, DtypeKind
from ..core.generated import Form, Generated, Values
from ..core.plain_array import PlainArray, positions
from ..core.verification import Case, Mismatch, Outcome, Verification, not_run
from ..evaluate import evaluate, evaluate_statements
from ..notation.subscripts import read_subscripts
from ..proof.cases import MAX_POINTS, Draw, Sampler
from ..runners.presence import MISSING
from ..runners.stand_in import BeyondError, run_on_stand_ins

MAX_STAND_IN_POINTS = 400
"""Loop iterations of one case on plain arrays, of which each takes a microsecond or two."""
SAME_IN_PYTHON = frozenset({"float64", "int64"})
"""Dtypes in which whole numbers that are small are Python's own."""
ROUNDING = 1e-12
"""How far apart sums of quotients may be, which are rounded in another order."""
EVALUATION = "einloop's own evaluation"


def verify_plain(
    generated: Generated, *, seed: int = 0, given: Sequence[PlainArray] | None = None, command: str = ""
) -> Verification:
    """Return what running a text on whole numbers found; several statements, and texts that need numpy, are not run."""
    skipped = not_run(generated.expression, MISSING, seed=seed, command=command)
    lists = generated.contract.values is Values.LISTS
    if not _can_be_run(generated) or generated.foreign or generated.runner is None:
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
        subscripts=generated.expression,
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


def _can_be_run(generated: Generated) -> bool:
    """Return whether nested lists, or plain arrays, are all that a text needs; of sums the arrays are to be whole."""
    if generated.contract.values is Values.LISTS:
        return generated.joint is None
    if generated.contract.values is not Values.ARRAYS or generated.form is not Form.SNIPPET:
        return False
    if generated.statements is None:
        return True
    named = set(generated.inputs) == set(input_names(generated.statements))
    return named and not generated.steps and generated.viewed is None


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
    lists = generated.contract.values is Values.LISTS
    whole = _wanted(generated, by_name)
    reason, got = "", None
    try:
        got = _run(generated, arrays)
    except BeyondError:
        raise
    except ArithmeticError as error:
        if not lists:
            return None  # floats of numpy have inf and nan where Python's raise
        reason = f"the loops raise {type(error).__name__}: {error}"
    except Exception as error:  # whatever a text raises
        reason = f"the loops raise {type(error).__name__}: {error}"
    exact = generated.statements is None
    places = None if reason else (at for at in positions(whole.shape) if not _alike(_at(got, at), whole.at(at), exact))
    place = None if places is None else next(places, None)
    if place is not None or (not reason and exact and got != whole.tolist()):
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
    return Mismatch(
        case=case,
        reason=reason,
        element=place,
        got="" if place is None else repr(_at(got, place)),
        expected="" if place is None else repr(whole.at(place)),
    )


def _wanted(generated: Generated, arrays: Mapping[str, PlainArray]) -> PlainArray:
    """Return what the result should be."""
    if generated.statements is not None:
        return evaluate_statements(generated.statements, arrays)[-1].whole()
    spec = read_subscripts(generated.spec.subscripts)
    return evaluate(spec, [arrays[name] for name in generated.operands]).whole()


def _alike(one: Any, other: Any, exact: bool) -> bool:
    """Return whether two numbers are the same; where they are not `exact`, as far as roundings reach."""
    if one == other:
        return True
    return not exact and isinstance(one, int | float) and isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING)


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
