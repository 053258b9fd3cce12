"""Statements in, findings out: those of each term, with the term named, and those of the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...core.bind_sum import alone
from ...core.combination import Summand
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.registry import topic_of
from ...core.report import Finding, Severity
from ...core.source import Notation, Source
from ...core.topic import Topic
from ..sums import term_text
from . import diagnose
from .sum_case import SumCase, SumRule
from .sum_dtypes import bool_difference, in_place, unsigned_difference
from .sum_terms import common_factor, expanded_square, repeated, stretched_between

RULES: tuple[SumRule, ...] = (
    expanded_square,
    stretched_between,
    bool_difference,
    unsigned_difference,
    in_place,
    common_factor,
    repeated,
)


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
    source = Source(text=summand.spec.subscripts, notation=Notation.SUBSCRIPTS)
    spec = replace(alone(summand.spec), source=source, site=None, unread=())
    for finding in diagnose(spec, known if any(known) else (), memory=memory):
        if topic_of(finding.id) is not Topic.ALONE:
            values: dict[str, Value] = {"term": Code(said), "said": finding.message}
            message = Message("sumcheck.term", values) if said else finding.message
            yield replace(finding, message=message, text="", spans=())
