"""Two ways to say what a text computes in, whether the one that keeps its statements is better out."""

from __future__ import annotations

from ..core.combination import Combination, Statements


def better(kept: Statements, whole: Statements) -> bool:
    """Return whether statements that keep what a text computes on the way are better than those that do not.

    What is one einsum stays one. Else what takes loops over fewer indices is better, then what reads far less.
    """
    if kept.temporaries and all(_terms(one) < 2 for one in whole.combinations) and len(whole.combinations) == 1:
        return False
    if depth(kept) != depth(whole):
        return depth(kept) < depth(whole)
    return read(kept) < read(whole)


def _terms(one: Combination) -> int:
    return len(one.summands)


def depth(statements: Statements) -> int:
    """Return over how many indices the longest loops go that compute these as they stand."""
    specs = [summand.spec for one in statements.combinations for summand in one.summands]
    return max((len({label for operand in spec.operands for label in operand.labels}) for spec in specs), default=0)


def read(statements: Statements) -> int:
    """Return how many operands stand in these."""
    return sum(len(summand.spec.operands) for one in statements.combinations for summand in one.summands)
