"""A Spec in, findings out: what is probably not meant (warnings), and what is worth knowing (notes).

One file a rule; a rule says what it found, `diagnose` adds the fixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...core.expected import Expected
from ...core.report import Finding, Severity
from ...core.spec import Role, Spec
from ..repair import repairs, sizes_at_hand
from .case import Case
from .commas import doubled_comma, empty_expression, forgotten_comma
from .ellipsis import dots_of_nothing, lost_dots
from .equal_terms import equal_terms
from .integers import wrapping
from .logic import logic
from .lone import lone_in_two, lone_uncontracted
from .near import one_letter_off
from .order import implicit_order
from .path import path_costs
from .plain import plain_call
from .precision import many_terms
from .stretched import stretched_free, stretched_sum
from .total import only_total
from .unexpected import unexpected

__all__ = ["diagnose", "diagnose_values", "doubtful"]

Rule = Callable[[Case], Iterator[Finding]]

DOUBTS: tuple[Rule, ...] = (stretched_sum, stretched_free, lone_in_two, lone_uncontracted, only_total)
"""Rules about the expression itself: what they find has fixes, and no fix may be found by them."""

NEAR = "EL719"
"""What is found only where one letter changed is a fix."""

VALUES: tuple[Rule, ...] = (wrapping, logic)
"""Rules about values: no other expression would help."""

WRITTEN: tuple[Rule, ...] = (forgotten_comma, doubled_comma, empty_expression, lost_dots, dots_of_nothing)
"""Rules about how the text is written; they bring their own fixes."""

NOTES: tuple[Rule, ...] = (implicit_order, equal_terms, many_terms, path_costs, plain_call)


def diagnose(
    spec: Spec,
    dtypes: tuple[str | None, ...] = (),
    values: Sequence[Any] = (),
    *,
    notes: bool = True,
    expected: Expected | None = None,
) -> tuple[Finding, ...]:
    """Return what there is to say about a legal expression, warnings first, each with the fixes that fit its shapes.

    `dtypes`: one per operand where they are known. `values`: the operands' arrays where they are at hand; then sums
    that could leave their dtype are computed, to say whether they do. `notes`: with what is only worth knowing, which
    takes longest to find. `expected`: what the result should look like, and then that of every fix.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [(finding.id, finding.fixes[0].expression) for finding in diagnose(read_subscripts("ij,kl->il"))]
    [('EL703', 'ij,jl->il')]
    """
    case = Case(spec=spec, dtypes=dtypes, values=values, expected=expected)
    found = [_repaired(case, finding) for finding in (*unexpected(case), *_doubts(case))]
    found = [finding for finding in found if finding.fixes or finding.id != NEAR]
    found += diagnose_values(spec, dtypes, values)
    found += [finding for rule in (*WRITTEN, *(NOTES if notes else ())) for finding in rule(case)]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.WARNING))


def diagnose_values(spec: Spec, dtypes: tuple[str | None, ...] = (), values: Sequence[Any] = ()) -> tuple[Finding, ...]:
    """Return what there is to say about sums and products in these dtypes, whatever else is wrong.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [finding.id for finding in diagnose_values(read_subscripts("i->"), ("bool",))]
    ['EL709']
    """
    case = Case(spec=spec, dtypes=dtypes, values=values)
    return tuple(finding for rule in VALUES for finding in rule(case))


def doubtful(spec: Spec, id: str | None = None) -> bool:
    """Return whether an expression gets a warning for what it is, or any finding of this id, whatever its values.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> doubtful(read_subscripts("ij,kl->il")), doubtful(read_subscripts("ij,jl->il"))
    (True, False)
    """
    return any(finding.severity is Severity.WARNING or finding.id == id for finding in _doubts(Case(spec=spec)))


def _doubts(case: Case) -> list[Finding]:
    """Return what is doubtful about the expression itself; of one letter only where nothing else warns."""
    if not _odd(case.spec):
        return []
    found = [finding for rule in DOUBTS for finding in rule(case)]
    if any(finding.severity is Severity.WARNING for finding in found):
        return found
    return [*found, *one_letter_off(case)]


def _odd(spec: Spec) -> bool:
    """Return whether an axis is stretched or an index of a product is summed alone; if not, no rule finds a thing."""
    product = len(spec.operands) > 1
    return any(
        any(place.stretched for place in index.places)
        or (product and index.role is Role.SUMMED and (len(index.places) == 1 or index.alone))
        for index in spec.indices
    )


def _repaired(case: Case, finding: Finding) -> Finding:
    """Return the finding with the fixes that fit the shapes and sizes at hand."""
    spec, operands = case.spec, () if finding.operand is None else (finding.operand,)
    sizes = sizes_at_hand(spec)
    fixes = repairs(spec, sizes=sizes, operands=operands, cure=finding.id, expected=case.expected)
    return replace(finding, fixes=fixes)
