"""A Spec in, findings out: what is probably not meant (warnings), and what is worth knowing (notes).

One file a rule; a rule says what it found, `diagnose` adds the fixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ...core.report import Finding, Severity
from ...core.spec import Spec
from ..repair import repairs
from .case import Case
from .commas import doubled_comma, empty_expression, forgotten_comma
from .ellipsis import dots_of_nothing, lost_dots
from .equal_terms import equal_terms
from .integers import wrapping
from .logic import logic
from .lone import lone_in_two, lone_uncontracted
from .memory import large_arrays
from .order import implicit_order
from .path import path_costs
from .plain import plain_call
from .precision import many_terms, no_bfloat16
from .stretched import stretched_free, stretched_sum
from .total import only_total

__all__ = ["diagnose", "diagnose_values", "doubtful"]

Rule = Callable[[Case], Iterator[Finding]]

DOUBTS: tuple[Rule, ...] = (stretched_sum, stretched_free, lone_in_two, lone_uncontracted, only_total)
"""Rules about the expression itself: what they find has fixes, and no fix may be found by them."""

VALUES: tuple[Rule, ...] = (wrapping, logic)
"""Rules about values: no other expression would help."""

WRITTEN: tuple[Rule, ...] = (forgotten_comma, doubled_comma, empty_expression, lost_dots, dots_of_nothing)
"""Rules about how the text is written; they bring their own fixes."""

NOTES: tuple[Rule, ...] = (implicit_order, equal_terms, no_bfloat16, many_terms, large_arrays, path_costs, plain_call)


def diagnose(
    spec: Spec,
    dtypes: tuple[str | None, ...] = (),
    values: Sequence[Any] = (),
    *,
    memory: int | None = None,
    numpy: bool = True,
    computed: str | None = None,
    notes: bool = True,
) -> tuple[Finding, ...]:
    """Return what there is to say about a legal expression, warnings first, each with the fixes that fit its shapes.

    `dtypes`: one per operand where they are known. `values`: the operands' arrays where they are at hand; then sums
    that could leave their dtype are computed, to say whether they do. `memory`: the bytes that there are here.
    `numpy`: np.einsum computes it; another library does so in the dtype `computed`. `notes`: with what is only
    worth knowing, which takes longest to find.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [(finding.id, finding.fixes[0].expression) for finding in diagnose(read_subscripts("ij,kl->il"))]
    [('EL703', 'ij,jl->il')]
    """
    case = Case(spec=spec, dtypes=dtypes, values=values, memory=memory, numpy=numpy, computed=computed)
    found = [_repaired(spec, finding) for rule in DOUBTS for finding in rule(case)]
    rules = (*VALUES, *WRITTEN, *(NOTES if notes else ()))
    found += [finding for rule in rules for finding in rule(case)]
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
    case = Case(spec=spec)
    found = (finding for rule in DOUBTS for finding in rule(case))
    return any(finding.severity is Severity.WARNING or finding.id == id for finding in found)


def _repaired(spec: Spec, finding: Finding) -> Finding:
    """Return the finding with the fixes that fit the shapes and sizes at hand."""
    unshaped = {label for op in spec.operands if op.shape is None for label in op.labels}
    sizes = {x.label: x.extent for x in spec.indices if x.label in unshaped and x.extent is not None}
    operands = () if finding.operand is None else (finding.operand,)
    return replace(finding, fixes=repairs(spec, sizes=sizes, operands=operands, cure=finding.id))
