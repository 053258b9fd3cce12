"""EL766 to EL768: what the dtypes of a sum do: bools and unsigned integers that are subtracted, what goes in place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...core.dtypes import COMPLEXES, FLOATS, SIGNED, UNSIGNED, common_dtype
from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from .sum_case import SumCase

BOOL = "bool"


def bool_difference(case: SumCase) -> Iterator[Finding]:
    """Yield a warning where bools are subtracted, which numpy refuses."""
    plain = all(abs(summand.coefficient) == 1 and not summand.divisors for summand in case.combination.summands)
    if _dtype(case) == BOOL and plain and any(summand.negative for summand in case.combination.summands):
        yield case.finding("EL766", Severity.WARNING, Message("sumcheck.bools", {"call": Code("np.int64")}))


def unsigned_difference(case: SumCase) -> Iterator[Finding]:
    """Yield a warning where a difference of unsigned integers wraps around below 0."""
    dtype = _dtype(case)
    if dtype in UNSIGNED and any(summand.negative for summand in case.combination.summands):
        yield case.finding("EL767", Severity.WARNING, Message("sumcheck.unsigned", {"dtype": Code(str(dtype))}))


def in_place(case: SumCase) -> Iterator[Finding]:
    """Yield a warning where a result that is added to has a dtype that does not hold what is added."""
    combination = case.combination
    own, other = case.dtypes.get(combination.result), _dtype(case)
    if combination.adds and own is not None and other is not None and _level(other) > _level(own):
        values: dict[str, Value] = {"result": Code(combination.result), "own": Code(own), "other": Code(other)}
        yield case.finding("EL768", Severity.WARNING, Message("sumcheck.in_place", values))


def _dtype(case: SumCase) -> str | None:
    """Return the dtype of a sum as numpy computes it, None where it is not known for all operands."""
    if not case.combination.operands or any(name not in case.dtypes for name in case.combination.operands):
        return None
    known = [case.dtypes[name] for name in case.combination.operands]
    summands = case.combination.summands
    numbers = [summand.coefficient for summand in summands]
    found = common_dtype(known)
    if any(isinstance(number, complex) for number in numbers):
        return found if found in COMPLEXES else "complex128"
    fractions = any(isinstance(x, float) or Fraction(x).denominator != 1 for x in numbers if not isinstance(x, complex))
    if (fractions or any(summand.divisors for summand in summands)) and _level(found) < _level("float64"):
        return "float64"
    if any(abs(number) != 1 for number in numbers) and found == BOOL:
        return "int64"
    return found


def _level(dtype: str) -> int:
    """Return where a kind of dtype stands: numpy adds in place only what does not stand higher."""
    kinds = ((BOOL,), UNSIGNED, SIGNED, FLOATS, COMPLEXES)
    return next((level for level, kind in enumerate(kinds) if dtype in kind), len(kinds))
