"""What every rule about a sum looks at: one statement, its terms as structure, and dtypes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ...core.combination import Combination, Summand
from ...core.joined import Joined
from ...core.like_terms import LikeTerms, term_of
from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ..sums import term_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SumCase:
    """One statement of several, and the dtypes of arrays where they are known."""

    joined: Joined
    combination: Combination
    dtypes: Mapping[str, str]

    @property
    def terms(self) -> tuple[LikeTerms, ...]:
        """The terms as structure, parts of arrays by their texts."""
        return tuple(term_of(self.called(summand)) for summand in self.combination.summands)

    def called(self, summand: Summand) -> Summand:
        """Return a term whose operands are called by what they stand for."""
        return summand.called(self.combination.texts)

    def said(self, number: int) -> Code:
        """Return how a page calls a term: by its formula."""
        return Code(term_text(self.joined, self.combination, self.combination.summands[number]))

    def finding(self, id: str, severity: Severity, message: Message) -> Finding:
        """Return a finding about the statement."""
        return Finding(id=id, severity=severity, message=message)


SumRule = Callable[[SumCase], Iterator[Finding]]
