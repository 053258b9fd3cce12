"""How many operands, axes and labels: limits that only np.einsum has, or only a dialect."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.build import MAX_AXES, MAX_LABELS, MAX_OCCURRENCES, MAX_OPERANDS
from ...core.report import Finding, Severity
from ...core.topic import Topic
from .dialect import DialectCase
from .spelling import Respelled, respell

BEYOND: tuple[tuple[Topic, str, int], ...] = (
    (Topic.OPERANDS, "operands", MAX_OPERANDS),
    (Topic.OCCURRENCES, "occurrences", MAX_OCCURRENCES),
    (Topic.AXES, "axes", MAX_AXES),
)
"""np.einsum's refusal, the message where a dialect does not refuse, and the limit."""


def beyond(case: DialectCase) -> Iterator[Finding]:
    """Say that np.einsum's own limits do not hold for the dialect."""
    dialect, error, theirs = case.dialect, case.error, case.theirs
    for topic, message, most in BEYOND:
        if error is not None and error.topic is topic and topic in dialect.beyond:
            at_once = dialect.products_at_once and theirs is not None and not theirs.summed
            if topic is not Topic.OPERANDS or not at_once:
                yield case.finding("EL737", Severity.WARNING, message, most=most)


def many_symbols(case: DialectCase) -> Iterator[Finding]:
    """Say that an expression has more labels than there are letters, in a dialect that takes other characters."""
    if case.error is None or case.error.topic is not Topic.CHARACTER or case.theirs is not None:
        return
    if respell(case.dialect, case.text) == Respelled():
        if Topic.LABELS in case.dialect.beyond:
            yield case.finding("EL737", Severity.WARNING, "labels", most=MAX_LABELS)
        else:
            yield case.finding("EL744", Severity.WARNING, "letters_perhaps", most=MAX_LABELS)


def letters_run_out(case: DialectCase) -> Iterator[Finding]:
    """Say that labels and covered axes are together more than there are letters: the dialect gives each a letter."""
    if case.theirs is None or len(case.theirs.indices) <= MAX_LABELS:
        return
    count = len(case.theirs.indices)
    if case.dialect.pairwise_letters and len(case.theirs.operands) > 2:
        yield case.finding("EL744", Severity.WARNING, "letters_perhaps", most=MAX_LABELS)
    else:
        yield case.finding("EL732", Severity.ERROR, "letters", count=count, most=MAX_LABELS)
