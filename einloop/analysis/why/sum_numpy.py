"""What numpy computes for one element of a sum of einsums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...core.combination import Combination, Summand
from ...core.names import Names
from ...core.report import Finding
from ...core.spec import Spec
from .cause import Cause, cause
from .element import trace
from .factors import factors_of
from .odd_inputs import first_terms, odd_inputs
from .sum_traced import exact_number
from .sum_values import computed, held_before, operand_at, operands_of, scalar_of, term_value
from .traced import Limits, Traced
from .traps import traps
from .values import Exact, exact


@dataclass(frozen=True, kw_only=True)
class NumpySums:
    """A statement, the arrays that it reads, and the element that is asked for, each term with `top` products."""

    combination: Combination
    arrays: Mapping[str, Any]
    at: tuple[int, ...]
    top: int
    limits: Limits
    sure: bool = True

    @cached_property
    def operands(self) -> Mapping[str, Any]:
        """What every operand stands for."""
        return operands_of(self.combination, self.arrays)

    @cached_property
    def _value(self) -> Any:
        return computed(self.combination, self.arrays, self.at).reshape(-1)[0]

    @property
    def _dtype(self) -> Any:
        return np.asarray(self._value).dtype

    @property
    def dtype(self) -> str:
        """The dtype of the result, in numpy's words."""
        return str(self._dtype)

    @property
    def bits(self) -> int:
        """How many bits a float of it has, 0 for what is no float."""
        return int(np.finfo(self._dtype).nmant) + 1 if self._dtype.kind in "fc" else 0

    def value(self) -> Any:
        """Return the element."""
        return self._value

    def old(self) -> Any:
        """Return what was there before."""
        return np.asarray(operand_at(held_before(self.combination, self.arrays), self.at)).reshape(-1)[0]

    def term(self, summand: Summand) -> Any:
        """Return a term without its sign."""
        return np.asarray(term_value(self.combination, summand, self.operands, self.at)).reshape(-1)[0]

    def scalar(self, text: str) -> Any:
        """Return the value of a factor."""
        return scalar_of(text, self.operands)

    def exact(self, value: Any) -> Exact:
        """Return a value exactly."""
        return exact(value) if isinstance(value, np.generic) else exact_number(value)

    def traced(self, summand: Summand, spec: Spec, names: Names, own: tuple[int, ...]) -> Traced:
        """Return the products of a term."""
        arrays = [np.asarray(self.operands[name]) for name in summand.names]
        return trace(factors_of(spec, names, arrays, own), self.top, self.limits)

    def cause(self, traced: Traced) -> Cause:
        """Return why a term is not finite."""
        return cause(traced, odd_inputs(traced.factors), first_terms)

    def findings(self, traced: Traced) -> Iterable[Finding]:
        """Return what its dtype does to a term."""
        return traps(traced)
