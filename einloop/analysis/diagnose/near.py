"""EL719: an index that does not pair up, where one letter changed makes every index of the expression pair up."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ...core.spec import Index, Spec
from ..repair import one_letter_away
from .case import Case, lone_sums, operand_words, places_of


def one_letter_off(case: Case) -> Iterator[Finding]:
    """Yield a warning where a sum inside one operand of a product, or a diagonal in it, looks like a slip.

    `np,npj,n->n` is left in peace: no letter changed would keep the output and what all operands share.
    """
    spec = case.spec
    lone, diagonals = lone_sums(spec), _diagonals(spec)
    odd = tuple(dict.fromkeys((*lone, *(index for index, _ in diagonals))))
    if not odd or not one_letter_away(spec, [number for index in odd for number in index.operands]):
        return
    values = {}
    if lone:
        values |= {"index": Code(lone[0].label), "operand": operand_words(spec, lone[0].operands[0])}
    if diagonals:
        index, number = diagonals[0]
        values |= {"twice": Code(index.label), "there": operand_words(spec, number)}
    kind = "both" if lone and diagonals else "lone" if lone else "diagonal"
    yield Finding(
        id="EL719",
        severity=Severity.WARNING,
        message=Message(f"diagnose.near.{kind}", values),
        text=spec.source.text,
        spans=places_of(odd),
        operand=odd[0].operands[0],
    )


def _diagonals(spec: Spec) -> list[tuple[Index, int]]:
    """Return each index that stands twice in an operand and elsewhere too, with the operand."""
    if len(spec.operands) == 1:
        return []
    return [
        (index, number)
        for index in spec.indices
        if index.diagonal and not index.covered and index.extent != 1 and (index.shared or index.label in spec.output)
        for number in index.operands
        if spec.operands[number].labels.count(index.label) > 1
    ]
