"""A Spec in, findings out: what is probably not meant (warnings), and what is worth knowing (notes).

A rule is a function from a case to findings, one file for what is alike; `diagnose` adds the fixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...core.expected import Expected
from ...core.registry import topic_of
from ...core.report import Finding, Severity
from ...core.spec import Spec
from ...core.topic import Topic
from ..repair import repairs, sizes_at_hand
from .case import CheckCase, Rule
from .doubts import doubtful, doubts
from .memory import large_arrays
from .precision import many_terms, no_bfloat16
from .speed import path_costs, plain_call
from .unexpected import unexpected
from .values import logic, masked, wrapping
from .written import (
    dots_of_nothing,
    doubled_comma,
    empty_expression,
    equal_terms,
    forgotten_comma,
    implicit_order,
    lost_dots,
)

__all__ = ["diagnose", "diagnose_values", "doubtful"]

VALUES: tuple[Rule, ...] = (wrapping, logic, masked)
"""Rules about values: no other expression would help."""

WRITTEN: tuple[Rule, ...] = (forgotten_comma, doubled_comma, empty_expression, lost_dots, dots_of_nothing)
"""Rules about how the text is written; they bring their own fixes."""

NOTES: tuple[Rule, ...] = (implicit_order, equal_terms, no_bfloat16, many_terms, large_arrays, path_costs)


def diagnose(
    spec: Spec,
    dtypes: tuple[str | None, ...] = (),
    values: Sequence[Any] = (),
    *,
    memory: int | None = None,
    numpy: bool = True,
    computed: str | None = None,
    notes: bool = True,
    expected: Expected | None = None,
) -> tuple[Finding, ...]:
    """Return what there is to say about a legal expression, warnings first, each with the fixes that fit its shapes.

    `dtypes`: one per operand where they are known. `values`: the operands' arrays where they are at hand; then sums
    that could leave their dtype are computed, to say whether they do. `memory`: the bytes this machine has.
    `numpy`: np.einsum computes it; another library does so in the dtype `computed`. `notes`: with what is only
    worth knowing, which takes longest to find. `expected`: what the result should look like, and then that of every
    fix.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [(finding.id, finding.fixes[0].expression) for finding in diagnose(read_subscripts("ij,kl->il"))]
    [('EL703', 'ij,jl->il')]
    """
    case = CheckCase(
        spec=spec, dtypes=dtypes, values=values, memory=memory, numpy=numpy, computed=computed, expected=expected
    )
    found = [_repaired(case, finding) for finding in (*unexpected(case), *doubts(case))]
    found = [finding for finding in found if finding.fixes or topic_of(finding.id) is not Topic.ONE_LETTER]
    rules = (*VALUES, *WRITTEN, *(NOTES if notes else ()))
    found += [finding for rule in rules for finding in rule(case)]
    if notes and all(finding.severity is not Severity.WARNING for finding in found):
        found += plain_call(case)  # how fast something runs matters once it is right
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.WARNING))


def diagnose_values(spec: Spec, dtypes: tuple[str | None, ...] = (), values: Sequence[Any] = ()) -> tuple[Finding, ...]:
    """Return what there is to say about sums and products in these dtypes, whatever else is wrong.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [finding.id for finding in diagnose_values(read_subscripts("i->"), ("bool",))]
    ['EL709']
    """
    case = CheckCase(spec=spec, dtypes=dtypes, values=values)
    return tuple(finding for rule in VALUES for finding in rule(case))


def _repaired(case: CheckCase, finding: Finding) -> Finding:
    """Return the finding with the fixes that fit the shapes and sizes at hand."""
    spec, operands = case.spec, () if finding.operand is None else (finding.operand,)
    sizes = sizes_at_hand(spec)
    fixes = repairs(spec, sizes=sizes, operands=operands, doubtful=doubtful, cure=finding.id, expected=case.expected)
    return replace(finding, fixes=fixes)
