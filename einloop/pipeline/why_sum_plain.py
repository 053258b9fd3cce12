"""Statements and plain arrays in, what makes one element of their result out: where numpy is not installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..analysis.why.cause import Cause
from ..analysis.why.plain import plain_cause, plain_findings, plain_number, plain_trace, rows_of
from ..analysis.why.traced import Traced
from ..analysis.why.values import Exact, exact, is_finite
from ..core.combination import Summand
from ..core.dtypes import DTYPES, SIGNED, UNSIGNED
from ..core.joined import Joined
from ..core.names import Names
from ..core.plain_array import PlainArray, positions
from ..core.report import Finding
from ..core.spec import Spec
from ..evaluate import StatementValue, evaluate, evaluate_statements


@dataclass(frozen=True, kw_only=True)
class PlainSums:
    """The value of the last statement, and the element that is asked for, each term with `top` products."""

    statement: StatementValue
    summands: tuple[Summand, ...]
    at: tuple[int, ...]
    top: int

    @property
    def dtype(self) -> str:
        """The dtype of the result."""
        return self.statement.dtype

    @property
    def bits(self) -> int:
        """How many bits a float of it has, 0 for what is no float."""
        return DTYPES[self.dtype].bits or 0

    @property
    def sure(self) -> bool:
        """Integers come to the same in whatever order they are added."""
        return self.dtype in (*SIGNED, *UNSIGNED)

    def value(self) -> Any:
        """Return the element."""
        return plain_number(self.statement.cell(self.at), self.dtype)

    def old(self) -> Any:
        """Return what was there before."""
        return plain_number(self.statement.before.at(self.at), self.dtype)

    def term(self, summand: Summand) -> Any:
        """Return a term without its sign."""
        number = next(number for number, one in enumerate(self.summands) if one is summand)
        found = self.statement.term(number, self.at)
        return plain_number(found.value, found.dtype)

    def scalar(self, text: str) -> Any:
        """Return the value of a factor."""
        return self.statement.scalar(text).value

    def exact(self, value: Any) -> Exact:
        """Return a value exactly."""
        return value if isinstance(value, Fraction) else exact(value)

    def traced(self, summand: Summand, spec: Spec, names: Names, own: tuple[int, ...]) -> Traced:
        """Return the products of a term."""
        found = evaluate(spec, [self.statement.operands[name] for name in summand.names])
        value, dtype = found.cell(own), found.dtype
        traced, _ = plain_trace(found.spec, names, found.operands, own, value=value, dtype=dtype, top=self.top)
        return traced

    def cause(self, traced: Traced) -> Cause | None:
        """Return why a term is not finite."""
        return plain_cause(traced, rows_of(traced.factors))

    def findings(self, traced: Traced) -> Iterable[Finding]:
        """Return what its dtype does to a term."""
        return plain_findings(traced)


def last_statement(found: Joined, arrays: Mapping[str, PlainArray]) -> StatementValue:
    """Return the value of the last statement, of the earlier ones their results computed."""
    return evaluate_statements(found.statements, arrays)[-1]


def first_odd(statement: StatementValue) -> tuple[int, ...] | None:
    """Return the first element in C order that is nan or inf, None where there is none."""
    if DTYPES[statement.dtype].bits is None:
        return None
    return next((at for at in positions(statement.shape) if not is_finite(statement.cell(at))), None)
