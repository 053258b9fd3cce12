"""Statements in, findings out: those of each term, with the term named, and those of the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...core.bind import bind_sizes
from ...core.build import index_table
from ...core.combination import Summand
from ...core.joined import Joined
from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ...core.source import Notation, Source
from ...core.spec import Spec
from ..sums import term_text
from . import diagnose
from .sum_case import SumCase, SumRule
from .sum_dtypes import bool_difference, in_place, unsigned_difference
from .sum_terms import cancelling, common_factor, expanded_square, like, repeated, stretched_between

RULES: tuple[SumRule, ...] = (
    cancelling,
    expanded_square,
    stretched_between,
    bool_difference,
    unsigned_difference,
    in_place,
    like,
    common_factor,
    repeated,
)
NOT_FOR_TERMS = frozenset({"EL706", "EL707", "EL713", "EL716", "EL718"})
"""Findings about how one einsum is written, or that a plain call computes it."""


def diagnose_sums(joined: Joined, dtypes: Mapping[str, str], *, memory: int | None = None) -> tuple[Finding, ...]:
    """Return what there is to say about statements, warnings first. `dtypes`: of the arrays whose dtype is known."""
    found: list[Finding] = []
    for combination in joined.statements.combinations:
        several = len(combination.summands) > 1 or len(joined.statements.combinations) > 1
        for summand in combination.summands:
            said = term_text(joined, combination, summand) if several else ""
            found += _of_term(summand, said, dtypes, memory)
        case = SumCase(joined=joined, combination=combination, dtypes=dtypes)
        found += [finding for rule in RULES for finding in rule(case)]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.WARNING))


def _of_term(summand: Summand, said: str, dtypes: Mapping[str, str], memory: int | None) -> Iterator[Finding]:
    """Yield the findings of one term. `said`: how it is called, '' where it is alone."""
    if not summand.spec.operands:
        return
    known = tuple(dtypes.get(name) for name in summand.names)
    for finding in diagnose(_alone(summand.spec), known if any(known) else (), memory=memory):
        if finding.id not in NOT_FOR_TERMS:
            values = {"term": Code(said), "said": finding.message}
            message = Message("sumcheck.term", values) if said else finding.message
            yield replace(finding, message=message, text="", spans=())


def _alone(spec: Spec) -> Spec:
    """Return a term as an einsum of its own, in subscripts: what other terms say of its extents is left out."""
    shapes = [operand.shape for operand in spec.operands]
    operands = tuple(replace(op, shape=None, stretched=()) for op in spec.operands)
    source = Source(text=spec.subscripts, notation=Notation.SUBSCRIPTS)
    bare = replace(
        spec, source=source, operands=operands, indices=index_table(operands, spec.output), site=None, unread=()
    )
    return bind_sizes(bare, shapes) if any(shape is not None for shape in shapes) else bare


