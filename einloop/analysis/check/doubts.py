"""Whether an expression itself is doubtful: the rules whose findings have fixes, and which no fix may break."""

from __future__ import annotations

from ...core.report import Finding, Severity
from ...core.spec import Role, Spec
from .case import CheckCase, Rule
from .pairing import lone_in_two, lone_uncontracted, one_letter_off, only_total
from .stretched import stretched_free, stretched_sum

DOUBTS: tuple[Rule, ...] = (stretched_sum, stretched_free, lone_in_two, lone_uncontracted, only_total)
"""Rules about the expression itself: what they find has fixes, and no fix may be found by them."""


def doubtful(spec: Spec, id: str | None = None) -> bool:
    """Return whether an expression gets a warning for what it is, or any finding of this id, whatever its values.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> doubtful(read_subscripts("ij,kl->il")), doubtful(read_subscripts("ij,jl->il"))
    (True, False)
    """
    return any(finding.severity is Severity.WARNING or finding.id == id for finding in doubts(CheckCase(spec=spec)))


def doubts(case: CheckCase) -> list[Finding]:
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
