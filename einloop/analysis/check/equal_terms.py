"""EL707: two equal terms and no output, where the shapes fit a matrix product as well."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ...core.spec import MATHEMATICAL_LETTERS
from ..repair import fix_for
from ..repair.draft import DraftExpression
from ..repair.edits import fresh
from .case import CheckCase, operand_words, present
from .doubts import doubtful


def equal_terms(case: CheckCase) -> Iterator[Finding]:
    """Yield a note that the result is one number. Where `->` is written, it is meant."""
    spec = case.spec
    if len(spec.operands) != 2 or not spec.implicit or spec.output:
        return
    first, second = spec.operands
    if (
        first.labels != second.labels
        or len(first.labels) != 2
        or len(set(first.labels)) != 2
        or (first.name and first.name == second.name)
    ):
        return
    if first.shape is None or second.shape is None or first.shape[1] != second.shape[0]:
        return
    row, column = first.labels
    new = fresh(first.labels, MATHEMATICAL_LETTERS)
    product = DraftExpression(terms=((row, column), (column, new)), output=(row, new))
    fix = fix_for(spec, product, (first.shape, second.shape), {}, doubtful=doubtful)
    yield Finding(
        id="EL707",
        severity=Severity.NOTE,
        message=Message(
            "diagnose.equal",
            {
                "term": Code(spec.term(first.labels)),
                "first": operand_words(spec, 0),
                "second": operand_words(spec, 1),
            },
        ),
        text=spec.source.text,
        spans=present((first.span, second.span)),
        operand=1,
        fixes=() if fix is None else (fix,),
    )
