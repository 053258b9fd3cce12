"""Statements in, findings out: those of each term, with the term named, and those of the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...core.bind_sum import alone
from ...core.combination import Combination, Summand
from ...core.indices import index_table
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.registry import topic_of
from ...core.report import Finding, Severity
from ...core.source import Notation, Source
from ...core.topic import Topic
from ..sums import ones_of, term_text
from . import diagnose
from .sum_case import SumCase, SumRule
from .sum_dtypes import bool_difference, in_place, unsigned_difference
from .sum_squares import expanded_mean, expanded_square
from .sum_terms import common_factor, repeated, stretched_between

RULES: tuple[SumRule, ...] = (
    expanded_square,
    expanded_mean,
    stretched_between,
    bool_difference,
    unsigned_difference,
    in_place,
    common_factor,
    repeated,
)


PAIRING = frozenset({Topic.PAIRING, Topic.ONE_LETTER})
"""What is said of an index that is summed inside one operand: nobody wrote the einsum that code was lifted to."""


def diagnose_sums(joined: Joined, dtypes: Mapping[str, str], *, memory: int | None = None) -> tuple[Finding, ...]:
    """Return what there is to say about statements, warnings first. `dtypes`: of the arrays whose dtype is known."""
    found: list[Finding] = []
    for combination in joined.statements.combinations:
        several = len(combination.summands) > 1 or len(joined.statements.combinations) > 1
        for summand in combination.summands:
            said = term_text(joined, combination, summand) if several else ""
            unwritten = _unwritten(combination)
            found += [
                finding
                for finding in _of_term(combination, summand, said, dtypes, memory)
                if topic_of(finding.id) not in unwritten
            ]
        case = SumCase(joined=joined, combination=combination, dtypes=dtypes)
        found += [finding for rule in RULES for finding in rule(case)]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.WARNING))


def _unwritten(combination: Combination) -> frozenset[Topic]:
    """Return the topics that say nothing of a statement, as nobody wrote its subscripts."""
    source = combination.source
    return PAIRING if source.notation.traits.code and "einsum" not in source.text else frozenset()


def _of_term(
    combination: Combination, summand: Summand, said: str, dtypes: Mapping[str, str], memory: int | None
) -> Iterator[Finding]:
    """Yield the findings of one term. `said`: how it is called, '' where it is alone. Ones are no operand of it."""
    summand = _without_ones(combination, summand)
    if not summand.spec.operands:
        return
    known = tuple(dtypes.get(name) for name in summand.names)
    source = Source(text=summand.spec.subscripts, notation=Notation.SUBSCRIPTS)
    spec = replace(alone(summand.spec), source=source, site=None, unread=())
    for finding in diagnose(spec, known if any(known) else (), memory=memory):
        if topic_of(finding.id) is not Topic.ALONE:
            if topic_of(finding.id) is Topic.PAIRING and len(set(summand.names)) < len(summand.names):
                continue  # the square of a total
            values: dict[str, Value] = {"term": Code(said), "said": finding.message}
            message = Message("sumcheck.term", values) if said else finding.message
            yield replace(finding, message=message, text="", spans=())


def _without_ones(combination: Combination, summand: Summand) -> Summand:
    """Return a term without the ones that repeat it, and without the indices of the result that it lacks."""
    spec, ones = summand.spec, ones_of(combination, summand)
    if not ones:
        return summand
    operands = tuple(op for number, op in enumerate(spec.operands) if number not in ones)
    left = {label for op in operands for label in op.labels}
    output = tuple(label for label in spec.output if label in left)
    extents = {index.label: index.extent for index in spec.indices}
    spans = (None,) * len(output)
    indices = index_table(operands, output, extents)
    return replace(summand, spec=replace(spec, operands=operands, output=output, output_spans=spans, indices=indices))
