"""EL719: an index that does not pair up, where one letter changed makes every index of the expression pair up."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from ...core.spec import Index, Spec
from ..repair import one_letter_away
from .case import CheckCase, lone_sums, operand_words, places_of


def one_letter_off(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where an index that is summed inside one operand of a product looks like a slip.

    `np,npj,n->n` is left in peace: no letter changed would keep the output and what all operands share. So is a
    diagonal alone: `ij,jj,jk->ik` scales columns.
    """
    spec = case.spec
    lone = lone_sums(spec)
    if len(lone) != 1 or not one_letter_away(spec, lone[0]):
        return
    values: dict[str, Value] = {"index": Code(lone[0].label), "operand": operand_words(spec, lone[0].operands[0])}
    twice = _diagonals(spec)
    for index, number in twice[:1]:
        values |= {"twice": Code(index.label), "there": operand_words(spec, number)}
    yield Finding(
        id="EL719",
        severity=Severity.WARNING,
        message=Message("diagnose.near.diagonal" if twice else "diagnose.near.lone", values),
        text=spec.source.text,
        spans=places_of((lone[0], *(index for index, _ in twice))),
        operand=lone[0].operands[0],
    )


def _diagonals(spec: Spec) -> list[tuple[Index, int]]:
    """Return each index that stands twice in an operand and elsewhere too, with the operand."""
    return [
        (index, number)
        for index in spec.indices
        if index.diagonal and not index.covered and index.extent != 1 and (index.shared or index.label in spec.output)
        for number in index.operands
        if spec.operands[number].labels.count(index.label) > 1
    ]
